"""An SQLite file: one connection for life that writes, a few that read, each in a thread of its own.

SQLite takes one writer at a time. Writers of this process wait in a queue, in order, rather than at SQLite's lock,
where who is served next is chance and waiting is polling. Those who wait for a commit share the next one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StorageError
from bot.storage.database_file import is_writable, make_private
from bot.storage.faults import translated
from bot.storage.threads import Job, Threads

T = TypeVar("T")

#: Seconds that SQLite itself waits at a time for another process's lock: nothing can break this off.
LOCK_WAIT_SLICE = 0.1
#: Seconds that emptying the write-ahead log waits for readers: everybody who writes waits as long.
CHECKPOINT = 0.25
#: Seconds in which others may still join a writer's transaction, who waits for them.
TOGETHER = 0.02
#: Connections that read side by side.
READERS = 2
#: What may be wrong with a connection alone, such as one to a disk that was away: the file is opened anew.
_CONNECTION_S_OWN = frozenset(
    {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
)
#: What SQLite fails by at a commit before its mark, which is written last, is whole: it is undone for certain. After
#: another I/O error, as of syncing, the mark is in the write-ahead log: nobody sees it, but who opens it after a crash.
_UNDONE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_IOERR_WRITE})


@dataclass(frozen=True, slots=True)
class _Commit:
    """What writes together those jobs that the same guard lets in."""

    backend: SqliteBackend
    guard: Callable[[Connection], None]

    def __call__(self, jobs: Iterator[Job[Any]]) -> Sequence[Job[Any]]:
        return self.backend.write_together(jobs, self.guard)


class SqliteBackend:
    """``lock_timeout``: the seconds that another process's lock is waited for, from when it was asked for."""

    def __init__(self, file: Path, lock_timeout: float) -> None:
        make_private(file)
        self._file = file
        self._lock_timeout = lock_timeout
        self._piece = min(lock_timeout, LOCK_WAIT_SLICE)
        self._waiting_stopped = threading.Event()
        self._local = threading.local()
        self._closing = threading.Lock()
        self.engine = self._make_engine()
        self._writer = Threads("database-writer", 1, self._close_connection)
        self._readers = Threads("database-reader", READERS, self._close_connection)

    @property
    def under_way(self) -> int:
        return self._writer.under_way + self._readers.under_way

    def stop_waiting(self) -> None:
        """From now on nobody waits for another process's lock."""
        self._waiting_stopped.set()

    async def close(self) -> None:
        await self._writer.close()
        await self._readers.close()
        self.engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        def job(_: Job[T]) -> T:
            with self._connected() as connection:
                _begin(connection)
                with connection.begin() as transaction:
                    try:
                        return work(connection)
                    finally:
                        transaction.rollback()

        return await self._readers.run(job)

    async def write(
        self, work: Callable[[Connection], T], guard: Callable[[Connection], None], after: Callable[[bool], None]
    ) -> T:
        def job(this: Job[T]) -> T:
            result = work(self._local.connection)
            this.afterwards = after
            return result

        return await self._writer.run(job, _Commit(self, guard))

    async def write_unchecked(self, work: Callable[[Connection], T]) -> T:
        """A writing transaction in which no foreign key is looked after.

        With them on, a table that is rebuilt would take the rows of others with it; and they can't be switched inside a
        transaction.
        """

        def job(this: Job[T]) -> T:
            with self._connected() as connection:
                _pragma(connection, "foreign_keys=OFF")
                try:
                    with self._begun(connection, this):
                        return work(connection)
                finally:
                    _pragma(connection, "foreign_keys=ON")

        return await self._writer.run(job)

    async def rewrite(self) -> bool:
        """Write the whole file anew and empty the write-ahead log; False while somebody reads."""

        def job(_: Job[bool]) -> bool:
            with self._connected() as connection, self._waiting(connection, CHECKPOINT):
                with translated(sqlite3.Error):
                    _driver(connection).execute("VACUUM")
                row = _pragma(connection, "wal_checkpoint(TRUNCATE)")
                return row is not None and row[0] == 0

        return await self._writer.run(job)

    async def renew_statistics(self) -> bool:
        """Nothing makes any here."""
        return True

    # --- in the threads ---------------------------------------------------------------------------------------------

    def write_together(self, jobs: Iterator[Job[Any]], guard: Callable[[Connection], None]) -> Sequence[Job[Any]]:
        """Do these in one transaction; where one of them raises, each in its own, so that it fails alone.

        A commit waits for the disk, and most of a step's time may be that. Whoever writes meanwhile shares the next.
        """
        first = next((job for job in jobs if job.begin()), None)
        if first is None:
            return []
        begun, done, failed = [first], False, None
        try:
            with self._connected() as connection, self._begun(connection, first):
                guard(connection)
                _do(first, connection)
                until = time.monotonic() + TOGETHER
                while time.monotonic() < until and (job := next(jobs, None)):
                    if job.begin():
                        begun.append(job)
                        _do(job, connection)
                done = True
        except BaseException as error:  # noqa: BLE001 - it belongs to the callers, whatever it is
            failed = error
        if failed is None:
            return begun
        if done and isinstance(failed, StorageError):
            cause = failed.__cause__
            failed.maybe_committed = _UNDONE.isdisjoint({_code(cause), _extended_code(cause)})
        for job in begun:
            # After the commit was tried it is not known whether it was done: nothing is done a second time then.
            if done or len(begun) == 1:
                job.fail(failed)
            else:
                job.undo()
                self.write_together(iter([job]), guard)
        return begun

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        """This thread's connection, opened anew where it has gone bad."""
        with translated((SQLAlchemyError, sqlite3.Error)):
            connection: Connection | None = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = self.engine.connect()
            stale = False
            try:
                yield connection
            except (DBAPIError, sqlite3.Error) as error:
                stale = _code(error) in _CONNECTION_S_OWN
                raise
            finally:
                # A transaction whose end failed would stand in the way of every other one.
                if stale or connection.invalidated or _driver(connection).in_transaction:
                    self._close_connection()

    def _close_connection(self) -> None:
        connection: Connection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            # The last connection that closes empties the write-ahead log into the file. Where two close at once SQLite
            # takes neither for the last, and the file alone lacks what was written since.
            with self._closing:
                connection.close()

    @contextlib.contextmanager
    def _begun(self, connection: Connection, job: Job[Any]) -> Iterator[None]:
        """A transaction that is committed when the block ends; another process's lock is waited for piece by piece."""
        while True:
            left = self._lock_timeout - (time.monotonic() - job.asked_at)
            if self._waiting_stopped.is_set() or job.abandoned:
                left = 0.0
            try:
                # Set only where it differs, since every transaction begins here.
                with contextlib.nullcontext() if left >= self._piece else self._waiting(connection, left):
                    _begin(connection, "IMMEDIATE")
            except sqlite3.OperationalError as error:
                if left <= self._piece or _code(error) != sqlite3.SQLITE_BUSY:
                    raise
            else:
                break
        with connection.begin():
            yield

    @contextlib.contextmanager
    def _waiting(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Have SQLite itself wait for so long, instead of a piece."""
        _pragma(connection, _busy_timeout(max(seconds, 0.0)))
        try:
            yield
        finally:
            _pragma(connection, _busy_timeout(self._piece))

    # --- the engine -------------------------------------------------------------------------------------------------

    def _make_engine(self) -> Engine:
        engine = create_engine("sqlite://", creator=self._open, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "connect", self._set_pragmas)
        return engine

    def _open(self) -> sqlite3.Connection:
        if self._file.exists() and not (is_writable(self._file) and is_writable(self._file.parent)):
            # SQLite would open it all the same, and never write, even when it may again.
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return sqlite3.connect(self._file)

    def _set_pragmas(self, connection: sqlite3.Connection, _record: object) -> None:
        # The driver would otherwise begin transactions by its own lights: none for a SELECT, and none around DDL.
        connection.isolation_level = None
        # In temporary files of a migration an earlier version's secrets would stay readable.
        rules = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")
        for rule in (_busy_timeout(self._lock_timeout), *rules, _busy_timeout(self._piece)):
            connection.execute(f"PRAGMA {rule}").close()


def _pragma(connection: Connection, statement: str) -> tuple[Any, ...] | None:
    """Run a PRAGMA outside of any transaction, such as SQLAlchemy would begin; its first row."""
    with translated(sqlite3.Error):
        row: tuple[Any, ...] | None = _driver(connection).execute(f"PRAGMA {statement}").fetchone()
    return row


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - this engine has no other
    return driver


def _busy_timeout(seconds: float) -> str:
    return f"busy_timeout={int(seconds * 1000)}"


def _begin(connection: Connection, kind: str = "") -> None:
    """Begin what SQLAlchemy's transaction, which begins nothing by itself here, is to end.

    In its event ``begin`` this would do as well; with any event of a connection each statement takes a third longer.
    """
    _driver(connection).execute(f"BEGIN {kind}").close()


def _do(job: Job[Any], connection: Connection) -> None:
    """Do the job, and see that it has not gone on although SQLite itself has undone all, as it does without room."""
    job.do()
    if not _driver(connection).in_transaction:
        raise sqlite3.OperationalError("disk I/O error")


def _code(error: BaseException | None) -> int:
    """SQLite's primary code of what went wrong."""
    return _extended_code(error) & 0xFF


def _extended_code(error: BaseException | None) -> int:
    original = error.orig if isinstance(error, DBAPIError) else error
    code: int = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code
