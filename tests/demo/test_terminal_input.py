from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator

import pytest

from bot.demo.terminal_input import stdin_lines, typed_lines

LIMIT = 5.0


async def everything(lines: AsyncIterator[str]) -> list[str]:
    async with asyncio.timeout(LIMIT):
        return [line async for line in lines]


async def test_lines_come_without_their_ends_and_the_last_needs_none() -> None:
    raw = io.BytesIO("\ufeffone\r\ntwo\n\ndrei 😀".encode())
    assert await everything(typed_lines(raw, "utf-8")) == ["one", "two", "", "drei 😀"]


async def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert await everything(typed_lines(io.BytesIO(b"caf\xe9\nok\xe2"), "utf-8")) == ["caf\ufffd", "ok\ufffd"]


async def test_a_character_cut_in_two_by_the_pipe_comes_whole() -> None:
    reading, writing = os.pipe()
    with io.FileIO(reading) as raw:
        lines = typed_lines(raw, "utf-8")
        first = asyncio.create_task(_next(lines))
        os.write(writing, b"one\nn\xc3")
        async with asyncio.timeout(LIMIT):
            assert await first == "one"
        os.write(writing, b"\xa9e\n")
        os.close(writing)
        assert await everything(lines) == ["née"]


async def test_a_closed_file_is_the_end() -> None:
    raw = io.BytesIO(b"one")
    raw.close()
    assert await everything(typed_lines(raw, "utf-8")) == []


async def test_without_standard_input_there_are_no_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert await everything(stdin_lines()) == []


async def _next(lines: AsyncIterator[str]) -> str:
    return await anext(lines)


def run(script: str, given: bytes | None) -> subprocess.CompletedProcess[bytes]:
    """A process whose standard input is this, or a pipe on which nothing ever comes."""
    never, kept_open = os.pipe()
    try:
        command = [sys.executable, "-X", "dev", "-W", "error", "-c", script]
        if given is None:
            return subprocess.run(command, stdin=never, capture_output=True, timeout=60, check=False)
        return subprocess.run(command, input=given, capture_output=True, timeout=60, check=False)
    finally:
        os.close(never)
        os.close(kept_open)


def test_standard_input_is_read_to_its_end() -> None:
    script = """
import asyncio
from bot.demo.terminal_input import stdin_lines

async def main():
    print([line async for line in stdin_lines()])

asyncio.run(main())
"""
    done = run(script, b"one\ntwo")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"['one', 'two']", b"")


def test_a_program_ends_although_nobody_types() -> None:
    script = """
import asyncio
from bot.demo.terminal_input import stdin_lines

async def main():
    await asyncio.wait({asyncio.ensure_future(anext(stdin_lines()))}, timeout=0.2)
    print("bye")

asyncio.run(main())
"""
    done = run(script, None)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"bye", b"")


def test_lines_for_a_loop_that_has_ended_are_dropped() -> None:
    reading, writing = os.pipe()
    with io.FileIO(reading) as raw:
        os.write(writing, b"one\n")
        assert asyncio.run(_next(typed_lines(raw, "utf-8"))) == "one"
        (reader,) = [thread for thread in threading.enumerate() if thread.name == "terminal-input"]
        os.write(writing, b"two\n")
        reader.join(LIMIT)
        assert not reader.is_alive()
        os.close(writing)
