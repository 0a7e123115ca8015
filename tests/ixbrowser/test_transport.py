"""Connections as a server sees them that does what no HTTP library would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from bot.errors import BrowserNoAnswer, BrowserNotRunning
from bot.ixbrowser.client import LocalApi
from bot.ixbrowser.transport import LoopbackTransport
from tests.ixbrowser.scripted import envelope

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PAGE = envelope({"total": 0, "data": []})


def answer(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """A whole request, empty when the other side has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return head + await reader.readexactly(int(length.partition(b":")[2]))


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[str]:
    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(closing, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()


@asynccontextmanager
async def client(url: str, seconds: float = 10) -> AsyncIterator[LocalApi]:
    api = LocalApi(url, timeout=seconds)
    try:
        yield api
    finally:
        await api.close()


async def test_a_request_names_the_host_and_leaves_in_one_piece() -> None:
    pieces: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pieces.append(await reader.read(2**16))
        writer.write(answer(PAGE))

    async with server(serve) as url, client(url) as api:
        assert await api.ping() == 0
    head, _, body = pieces[0].partition(b"\r\n\r\n")
    first, *headers = head.split(b"\r\n")
    assert first == b"POST /api/v2/group-list HTTP/1.1"
    assert b"Host: " + url.removeprefix("http://").encode() in headers
    assert b"Content-Type: application/json" in headers
    assert body == b'{"page": 1, "limit": 1}'


@pytest.mark.parametrize("extra", [b"", b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
async def test_an_idle_connection_that_was_closed_or_speaks_unasked_is_not_used_again(extra: bytes) -> None:
    connections = 0
    at_rest, over = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await request_of(reader)
        writer.write(answer(PAGE))
        await at_rest.wait()
        writer.write(extra)
        if not extra:
            writer.close()
            await writer.wait_closed()
        over.set()
        await request_of(reader)

    async with server(serve) as url, client(url) as api:
        assert await api.ping() == 0
        at_rest.set()
        await over.wait()
        assert await api.ping() == 0
    assert connections == 2


async def test_an_answer_of_many_pieces_is_whole() -> None:
    title = "x" * 5_000_000

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer(envelope({"total": 1, "data": [{"id": 1, "title": title}]})))
        await writer.drain()

    async with server(serve) as url, client(url) as api:
        assert [group.title for group in await api.groups()] == [title]


async def test_who_sends_more_than_is_read_is_held_back() -> None:
    sent = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        megabytes = 0
        with suppress(TimeoutError):
            while megabytes < 100:
                writer.write(b" " * 2**20)
                async with asyncio.timeout(0.5):
                    await writer.drain()
                megabytes += 1
        sent.set_result(megabytes)

    async with server(serve) as url:
        transport = LoopbackTransport()
        response = await transport.handle_async_request(httpx.Request("POST", url, content=b"{}"))
        assert await sent < 50
        await response.aclose()
        await transport.aclose()


async def test_a_connection_that_ends_in_the_middle_of_an_answer_is_no_answer() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer(PAGE)[:-5])
        await writer.drain()

    async with server(serve) as url, client(url) as api:
        with pytest.raises(BrowserNoAnswer):
            await api.ping()


async def test_who_never_answers_is_given_up_and_hung_up_on() -> None:
    hung_up = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        assert await request_of(reader) == b""
        hung_up.set()

    async with server(serve) as url, client(url, seconds=0.2) as api:
        with pytest.raises(BrowserNoAnswer, match=r"within 0\.2 s"):
            await api.ping()
        await asyncio.wait_for(hung_up.wait(), 5)


async def test_who_speaks_no_tls_where_it_is_asked_for_is_sent_nothing() -> None:
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.read(2**16))
        writer.write(answer(PAGE))

    async with server(serve) as url, client(url.replace("http:", "https:")) as api:
        with pytest.raises(BrowserNotRunning):
            await api.ping()
    assert not any(b"group-list" in piece for piece in received)
