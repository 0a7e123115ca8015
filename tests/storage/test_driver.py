"""Which calls of SQLite are made at once, and which beside the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.storage.driver import PromptConnection, connect

Seen = list[tuple[str, bool]]


@pytest.fixture
async def connection(file: Path) -> AsyncIterator[PromptConnection]:
    opened = connect(file)
    await opened
    opened.isolation_level = None
    yield opened
    await opened.close()


def watched(connection: PromptConnection) -> Seen:
    """Every statement from now on, and whether the event loop's own thread runs it."""
    seen: Seen = []
    loop_thread = threading.get_ident()
    raw: Any = connection._conn
    raw.set_trace_callback(lambda statement: seen.append((statement, threading.get_ident() == loop_thread)))
    return seen


async def test_only_what_may_have_to_wait_is_handed_to_a_thread(connection: PromptConnection) -> None:
    seen = watched(connection)
    cursor = await connection.execute("PRAGMA journal_mode=WAL")
    await cursor.close()
    await connection.execute("BEGIN IMMEDIATE")
    cursor = await connection.execute("INSERT INTO handled_updates VALUES (7, '2026-03-01 12:00:00')")
    await cursor.close()
    await connection.commit()
    await connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = await connection.execute_fetchall("SELECT update_id FROM handled_updates")

    assert list(rows) == [(7,)]
    assert {statement.split("(")[0]: at_once for statement, at_once in seen if "busy_timeout" not in statement} == {
        "PRAGMA journal_mode=WAL": False,
        "BEGIN IMMEDIATE": True,
        "INSERT INTO handled_updates VALUES ": True,
        "COMMIT": False,
        "PRAGMA wal_checkpoint": False,
        "SELECT update_id FROM handled_updates": True,
    }


async def test_a_lock_that_another_process_holds_is_waited_for_in_a_thread(
    file: Path, connection: PromptConnection
) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await connection.execute("PRAGMA busy_timeout=60000")
        loop, loop_thread, waiting = asyncio.get_running_loop(), threading.get_ident(), asyncio.Event()

        def see(_statement: str) -> None:
            if threading.get_ident() != loop_thread:
                loop.call_soon_threadsafe(waiting.set)

        raw: Any = connection._conn
        raw.set_trace_callback(see)
        beginning = asyncio.create_task(connection.execute("BEGIN IMMEDIATE"))
        await asyncio.wait_for(waiting.wait(), 10)
        assert not beginning.done()
        other.execute("COMMIT")
        await beginning

    assert connection.in_transaction
    [patience] = await connection.execute_fetchall("PRAGMA busy_timeout")
    assert patience == (60000,)


async def test_a_closed_connection_says_so(connection: PromptConnection) -> None:
    await connection.close()
    with pytest.raises(ValueError, match="no active connection"):
        await connection.execute("SELECT 1")


async def test_a_connection_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    refused = connect(tmp_path / "nowhere" / "bot.db")
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await refused
    assert not refused._thread.is_alive()


async def test_what_sqlite_refuses_is_raised_from_either_thread(connection: PromptConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.execute("SELECT * FROM nowhere")
    await connection.execute("BEGIN")
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        await connection.execute("BEGIN IMMEDIATE")
