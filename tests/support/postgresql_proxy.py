"""What may be between a program and its PostgreSQL server: a way that falls silent or is cut, and a pooler."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

#: What a client asks before it logs in: for TLS, and for encryption by Kerberos.
_ASKS = frozenset({80877103, 80877104})
_LOGGED_IN = b"R" + struct.pack("!II", 8, 0)
_KEY = b"K" + struct.pack("!III", 12, 1, 1)
_READY = b"Z" + struct.pack("!I", 5) + b"I"

B = TypeVar("B", bound="_Between")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _until_one_ends(*ways: Coroutine[Any, Any, None]) -> None:
    """Forward in both directions until one is at its end, and end the other."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Between:
    """Listens on a port of its own for connections to the server of a URL."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The URL that leads through here."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return self._url.replace(str(urlsplit(self._url).netloc.rpartition("@")[2]), f"127.0.0.1:{port}")

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._begin, "127.0.0.1", 0)

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> Streams:
        parts = urlsplit(self._url)
        return await asyncio.open_connection(parts.hostname, parts.port)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._start(self._serve(reader, writer))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            await self._attend(reader, writer)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError


@dataclass(slots=True)
class _Link:
    said: bytes = b""
    speaks: asyncio.Event = field(default_factory=asyncio.Event)


class SilentWay(_Between):
    """Forwards everything until it is told to fall silent: then nobody learns what the other has said, or that it left.

    ``closed`` has new connections fall silent from their beginning. Once ``last_words`` have been said all fall silent,
    before that is forwarded, and ``fallen_silent`` is set.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.closed = False
        self.last_words = b""
        self.fallen_silent = asyncio.Event()
        self._links: list[_Link] = []

    def fall_silent(self, wanted: bytes = b"") -> int:
        """Stop forwarding for the connections whose first messages hold this; how many."""
        links = [link for link in self._links if wanted in link.said and link.speaks.is_set()]
        for link in links:
            link.speaks.clear()
        return len(links)

    def speak_again(self) -> None:
        """Forward what was kept, and all that comes."""
        for link in self._links:
            link.speaks.set()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link()
        if not self.closed:
            link.speaks.set()
        self._links.append(link)
        far_reader, far_writer = await self._connect()
        with contextlib.closing(far_writer):
            try:
                await _until_one_ends(self._pump(link, reader, far_writer), self._pump(link, far_reader, writer))
            finally:
                self._links.remove(link)

    async def _pump(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await reader.read(65536)
            link.said = (link.said + data)[:1024]
            if self.last_words and self.last_words in data:
                self.last_words = b""
                self.fall_silent()
                self.fallen_silent.set()
            await link.speaks.wait()
            if not data:
                return
            writer.write(data)
            await writer.drain()


@dataclass(slots=True)
class _Connection:
    chosen: bool = False
    committing: bool = False


class CutWay(_Between):
    """Forwards everything until the server has answered the commit of the first transaction that says ``statement``.

    That answer is not forwarded. Every connection is cut, and each new one, until ``closed`` is False again.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.statement = b""
        self.closed = False
        self.cut = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.closed:
            return
        connection = _Connection()
        far_reader, far_writer = await self._connect()
        with contextlib.closing(far_writer):
            self._writers |= {writer, far_writer}
            try:
                await _until_one_ends(
                    self._ask(connection, reader, far_writer), self._answer(connection, far_reader, writer)
                )
            finally:
                self._writers -= {writer, far_writer}

    async def _ask(self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            connection.chosen |= bool(self.statement) and self.statement in data
            connection.committing |= connection.chosen and b"COMMIT" in data
            writer.write(data)
            await writer.drain()

    async def _answer(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(65536):
            if connection.committing:
                self._cut()
                return
            writer.write(data)
            await writer.drain()

    def _cut(self) -> None:
        self.statement = b""
        self.closed = True
        self.cut.set()
        for writer in self._writers:
            writer.transport.abort()


class Pooler(_Between):
    """Gives each transaction, of whichever client, the session that was given back last; at most ``size`` of them.

    With ``whole_sessions`` a client keeps its session, as long as that is so.
    """

    def __init__(self, url: str, size: int = 10, *, whole_sessions: bool = False) -> None:
        super().__init__(url)
        self.whole_sessions = whole_sessions
        # None in place of each session that has not been opened, or not again.
        self._free: asyncio.LifoQueue[Streams | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)
        self._settings = b""

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        startup = await _startup(reader, writer)
        session = await self._session(startup)
        self._free.put_nowait(session)
        writer.write(_LOGGED_IN + self._settings + _KEY + _READY)
        kept: Streams | None = None
        try:
            while request := await _request(reader):
                session = kept or await self._session(startup)
                kept = session
                session[1].write(request)
                if await _answer(session[0], writer) == b"I" and not self.whole_sessions:
                    self._free.put_nowait(session)
                    kept = None
        finally:
            if kept is not None:
                kept[1].close()
                self._free.put_nowait(None)

    async def _session(self, startup: bytes) -> Streams:
        if (free := await self._free.get()) is not None:
            return free
        reader, writer = await self._connect()
        writer.write(startup)
        settings = b""
        while (message := await _message(reader))[:1] != b"Z":
            settings += message if message[:1] == b"S" else b""
        self._settings = settings
        return reader, writer

    async def close(self) -> None:
        await super().close()
        while not self._free.empty():
            if (session := self._free.get_nowait()) is not None:
                session[1].close()


async def _startup(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    while True:
        size, code = struct.unpack("!II", head := await reader.readexactly(8))
        if code not in _ASKS:
            return head + await reader.readexactly(size - 8)
        writer.write(b"N")


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)


async def _request(reader: asyncio.StreamReader) -> bytes:
    """All messages up to the one that asks for an answer; none at the end."""
    request = b""
    while True:
        message = await _message(reader)
        if message[:1] == b"X":
            return b""
        request += message
        if message[:1] in b"QS":
            return request


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """Pass on a whole answer; whether the session is within a transaction by then."""
    while True:
        message = await _message(reader)
        writer.write(message)
        if message[:1] == b"Z":
            return message[-1:]


@asynccontextmanager
async def opened(between: B) -> AsyncIterator[B]:
    """It serves while the block runs."""
    await between.open()
    try:
        yield between
    finally:
        await between.close()
