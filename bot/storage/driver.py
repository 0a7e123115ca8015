"""The SQLite driver: aiosqlite, with only those calls in its thread that may have to wait."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiosqlite

#: Statements that may wait for another process, or for the disk.
_MAY_WAIT = ("PRAGMA journal_mode", "PRAGMA wal_checkpoint")
#: What waits only while another process holds the lock.
_SELDOM_WAITS = "BEGIN IMMEDIATE"


class PromptConnection(aiosqlite.Connection):
    """A connection whose quick calls are made at once, in the event loop's own thread.

    aiosqlite hands every call to a thread: four times for a SELECT, and each time the loop's thread and that one pass
    Python's lock to and fro. A statement of this program takes microseconds, the handing over a good part of a
    millisecond (measured: 12 ms a conversation step instead of 4). A commit, which waits for the disk, and whatever has
    to wait for another process's lock stay in the thread.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        # Calls given to the thread and calls that it has ended: each is counted by one thread alone.
        self._given = self._ended = 0

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except sqlite3.Error:
            # Its thread has been told to end, which it tells the event loop: it must not find that closed.
            self._thread.join()
            raise

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # aiosqlite's one way to the thread. It is not public: a test sees that it is still the way.
        statement = str(args[0]) if args else ""
        waits = fn.__name__ == "commit" or statement.startswith(_MAY_WAIT)
        # Whoever was cancelled while waiting has left the thread at work: what comes next comes after that.
        if not waits and self._given == self._ended:
            if not statement.startswith(_SELDOM_WAITS):
                return fn(*args, **kwargs)
            with contextlib.suppress(_Busy), self._without_waiting():
                return fn(*args, **kwargs)

        def in_turn() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._ended += 1

        self._given += 1
        in_thread: Any = super()._execute
        return await in_thread(in_turn)

    @contextlib.contextmanager
    def _without_waiting(self) -> Iterator[None]:
        """Raise ``_Busy`` at once where SQLite would wait for another process's lock."""
        [patience] = self._conn.execute("PRAGMA busy_timeout").fetchone()
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise _Busy from error
            raise
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={patience}")


class _Busy(Exception):
    """Another process holds the lock."""


def connect(file: Path) -> PromptConnection:
    """A connection that opens when it is awaited; for reading alone it does not."""

    def open_it() -> sqlite3.Connection:
        if file.exists() and not (_is_writable(file) and _is_writable(file.parent)):
            # SQLite would open it all the same, and never write, even when it may again.
            raise sqlite3.OperationalError("attempt to write a readonly database")
        # One task uses a connection at a time, be it from the loop's thread or from its own.
        return sqlite3.connect(file, check_same_thread=False)

    connection = PromptConnection(open_it, iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with those that it opens
    return connection


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
