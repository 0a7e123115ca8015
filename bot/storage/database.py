"""The engine: one database, opened with the rules that nothing may be lost, and that nothing secret stays behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingError, StorageError
from bot.storage.driver import connect

#: Seconds after which it is given up to wait for another process's lock.
BUSY = 5.0
#: Seconds that SQLite itself waits at a time: it lets nobody break this off, neither who is cancelled nor the end.
PIECE = 0.1
#: Seconds that emptying the write-ahead log waits for readers: everybody who writes waits as long.
CHECKPOINT = 0.25
#: Connections to an SQLite file. Opening one costs more than many transactions, and has a thread of its own.
POOL = 16

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def async_url(url: str) -> URL:
    """A plain ``sqlite:///`` or ``postgresql://`` URL with the driver that this program uses.

    Raises ``SettingError`` for any other.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingError("DATABASE_URL is not a database URL: write for example sqlite:///transfer-bot.db.") from None
    name = parsed.drivername.partition("+")[0]
    if name not in _DRIVERS:
        raise SettingError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if name == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise SettingError("DATABASE_URL must name a file: write for example sqlite:///transfer-bot.db.")
    return parsed.set(drivername=_DRIVERS[name])


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, None for any other database."""
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


class Database:
    """Transactions on the one database. No SQLAlchemy exception leaves it: each becomes a ``StorageError``.

    SQLite takes one writer at a time; writers of this process queue up here, in order, rather than at SQLite's lock,
    where who is served next is chance and waiting is polling.
    """

    def __init__(self, url: str, station: str, *, busy: float = BUSY) -> None:
        """``busy``: the seconds that is waited for another process's lock."""
        self.url = async_url(url)
        self.station = station
        self.file = sqlite_file(self.url)
        self.is_sqlite = self.file is not None
        self._busy = busy
        self._piece = min(busy, PIECE)
        self._hurried = False
        self.engine = self._sqlite(self.file) if self.file is not None else _postgresql(self.url)
        self._writer = asyncio.Lock()
        self.secrets_deleted = asyncio.Event()

    def _sqlite(self, file: Path) -> AsyncEngine:
        _make_private(file)
        engine = create_async_engine(
            self.url, hide_parameters=True, async_creator=partial(connect, file), pool_size=POOL, max_overflow=0
        )
        event.listen(engine.sync_engine, "connect", self._set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin)
        event.listen(engine.sync_engine, "handle_error", _drop_if_stale)
        return engine

    def _set_pragmas(self, connection: Any, _record: object) -> None:
        # The driver would otherwise begin transactions by its own lights: none for a SELECT, and none around DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        # In temporary files secrets would stay readable.
        rules = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY")
        for pragma in (_busy_timeout(self._busy), *(f"PRAGMA {rule}" for rule in rules), _busy_timeout(self._piece)):
            cursor.execute(pragma)
        cursor.close()

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection, and no transaction yet."""
        with _translated(SQLAlchemyError):
            async with contextlib.AsyncExitStack() as stack:
                # What else the block raises is its own affair.
                with _translated(sqlite3.Error, OSError):
                    connection = await stack.enter_async_context(self.engine.connect())
                yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        # Begun by the first statement, ended by the connection's return: there is nothing to commit.
        async with self.connected() as connection:
            if not self.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed when its block ends, and rolled back when the block raises."""
        asked = time.monotonic()
        async with contextlib.AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._writer)
            connection = await stack.enter_async_context(self.connected())
            await connection.execution_options(writes=True)
            await self._begin(stack, connection, asked)
            yield connection

    async def _begin(self, stack: contextlib.AsyncExitStack, connection: AsyncConnection, asked: float) -> None:
        """Begin a transaction that ends with the stack, waiting for another process's lock piece by piece.

        Who has queued up behind others since ``asked`` has waited for it with them, and waits no longer than they do.
        """
        while True:
            left = 0.0 if self._hurried else self._busy - (time.monotonic() - asked)
            try:
                async with self._waiting_at_most(connection, left):
                    await stack.enter_async_context(connection.begin())
            except OperationalError as error:
                if left <= self._piece or not _is_locked(error):
                    raise
            else:
                return

    @contextlib.asynccontextmanager
    async def _waiting_at_most(self, connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
        """Have SQLite wait no longer than this, where a piece is longer."""
        if not self.is_sqlite or seconds >= self._piece:
            yield
            return
        await outside_transaction(connection, _busy_timeout(max(seconds, 0.0)))
        try:
            yield
        finally:
            await outside_transaction(connection, _busy_timeout(self._piece))

    def hurry(self) -> None:
        """From now on nobody waits for another process's lock, since the program is about to end."""
        self._hurried = True

    @contextlib.asynccontextmanager
    async def write_unchecked(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction of SQLite's in which no foreign key is looked after.

        With them on, a table that is rebuilt would take the rows of others with it; and they can't be switched inside a
        transaction.
        """
        asked = time.monotonic()
        async with self._writer, self.connected() as connection:
            await outside_transaction(connection, "PRAGMA foreign_keys=OFF")
            try:
                await connection.execution_options(writes=True)
                async with contextlib.AsyncExitStack() as stack:
                    await self._begin(stack, connection, asked)
                    yield connection
            finally:
                await outside_transaction(connection, "PRAGMA foreign_keys=ON")

    async def truncate_wal(self) -> bool:
        """Empty SQLite's write-ahead log, where deleted secrets would stay readable; False while somebody reads."""
        if not self.is_sqlite:
            return True
        async with self._writer, self.connected() as connection:
            await outside_transaction(connection, _busy_timeout(CHECKPOINT))
            try:
                row = await outside_transaction(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                await outside_transaction(connection, _busy_timeout(self._piece))
        return row is not None and row[0] == 0

    async def close(self) -> None:
        await self.engine.dispose()


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout={int(seconds * 1000)}"


def _postgresql(url: URL) -> AsyncEngine:
    try:
        return create_async_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise SettingError(
            "DATABASE_URL names a PostgreSQL database, for which a part is missing: run"
            " pip install 'ixbrowser-transfer-bot[postgresql]'."
        ) from None


async def outside_transaction(connection: AsyncConnection, statement: str) -> tuple[Any, ...] | None:
    """Run a statement of SQLite's that can't stand in a transaction, such as SQLAlchemy would begin; its first row."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    with _translated(sqlite3.Error):
        cursor = await driver.execute(statement)
        row: tuple[Any, ...] | None = await cursor.fetchone()
        await cursor.close()
    return row


@contextlib.contextmanager
def _translated(*errors: type[Exception]) -> Iterator[None]:
    """Turn these into a ``StorageError`` that holds no value."""
    try:
        yield
    except errors as error:
        raise StorageError(explain(error)) from error


def explain(error: BaseException) -> str:
    """Why the database can't be used, without what was being written."""
    original = getattr(error, "orig", None) or error
    text = str(original).splitlines()[0] if str(original) else type(original).__name__
    advice = {
        "database or disk is full": "the disk is full: make room on it",
        "disk I/O error": "the disk can't be written: look whether it is full or unplugged",
        "database is locked": "another program holds the database: close it",
        "readonly database": "the database file or its folder is read-only: allow this user to write there",
        "unable to open database file": "the database file can't be opened: look at DATABASE_URL and the folder",
        "file is not a database": "the file in DATABASE_URL is not a database",
        "Connect call failed": "the database's server can't be reached: look whether it runs, and at DATABASE_URL",
        "database disk image is malformed": "the database file is damaged: put a backup in its place",
    }
    return next((advice[key] for key in advice if key in text), f"the database can't be used ({text})")


def _is_locked(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF == sqlite3.SQLITE_BUSY


def _drop_if_stale(context: ExceptionContext) -> None:
    """Have the file opened anew after an error that may be the connection's own, such as of a disk that was away."""
    code = getattr(context.original_exception, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        context.is_disconnect = True


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_private(file: Path) -> None:
    """Make the database file for its owner alone; SQLite gives its side files the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            # Never opened where it is there: closing it would give up the locks that SQLite has on it in this process.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(
            f"the database file {file} can't be opened ({error.strerror}): look at DATABASE_URL and the folder's rights"
        ) from error
    # One that was put here by other means, such as a backup, may be open to others.
    for existing in (file, *(file.with_name(file.name + side) for side in ("-wal", "-shm"))):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            existing.chmod(existing.stat().st_mode & 0o700)
