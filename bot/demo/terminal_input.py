"""Lines that somebody types, or that are piped in, without holding up the event loop or the end of the program."""

from __future__ import annotations

import asyncio
import codecs
import io
import sys
import threading
from collections.abc import AsyncIterator, Callable

_CHUNK = 4096


def stdin_lines() -> AsyncIterator[str]:
    """The lines of standard input; none at all where there is no standard input."""
    # The raw file below the buffer: a thread that waits in the buffered one holds its lock, and Python aborts at exit
    # when it finds that lock taken.
    raw = getattr(getattr(sys.stdin, "buffer", None), "raw", None)
    return typed_lines(raw or io.BytesIO(), getattr(sys.stdin, "encoding", None) or "utf-8")


async def typed_lines(raw: io.RawIOBase | io.BytesIO, encoding: str) -> AsyncIterator[str]:
    """The lines of a file that may make its reader wait, without their ends.

    A daemon thread reads it, because no other way works for a console, a pipe and a file on every system.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def put(line: str | None) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, line)

    threading.Thread(target=_read, args=(raw, encoding, put), name="terminal-input", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line


def _read(raw: io.RawIOBase | io.BytesIO, encoding: str, put: Callable[[str | None], None]) -> None:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    rest = ""
    try:
        while chunk := _chunk(raw):
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            for line in lines:
                put(_bare(line))
        rest += decoder.decode(b"", final=True)
        if rest:
            put(_bare(rest))
        put(None)
    except RuntimeError:
        return  # The event loop is closed: nobody waits for lines any more.


def _chunk(raw: io.RawIOBase | io.BytesIO) -> bytes:
    try:
        return raw.read(_CHUNK) or b""
    except (OSError, ValueError):
        return b""  # The terminal is gone, or the file closed: that is the end of the input.


def _bare(line: str) -> str:
    """Without the rest of a Windows line end, and the mark that Windows puts before piped text."""
    return line.removesuffix("\r").removeprefix("\ufeff")
