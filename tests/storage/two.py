"""Two that write to the one database, with one standing still between its reading and its writing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, text

from bot.domain.import_state import Status
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_rows import ImportRow
from bot.usecases.records import Batch
from tests.storage.support import CODE, EXTRACTION, NOW, batch_by_id, confirmed, draft_of, rewrite, unlocked

PATIENCE = 10.0

P = ParamSpec("P")
T = TypeVar("T")


class Pause:
    """Where a transaction stands still that has read, and has not written yet."""

    def __init__(self) -> None:
        self.has_read = threading.Event()
        self.may_write = threading.Event()


def paused_at_end(work: SqlWork, pause: Pause, function: Callable[[SqlWork], T]) -> T:
    """A use case that stands still before it is committed."""
    result = function(work)
    pause.has_read.set()
    assert pause.may_write.wait(PATIENCE)
    return result


def paused(
    work: SqlWork, pause: Pause, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """A use case that stands still between its reading and its writing."""
    save = work.imports.save

    def save_when_it_may(rows: Sequence[ImportRow]) -> None:
        pause.has_read.set()
        assert pause.may_write.wait(PATIENCE)
        save(rows)

    work.imports.save = save_when_it_may  # type: ignore[method-assign]  # of this transaction alone
    return function(work, *args, **kwargs)


def paused_at_change(work: SqlWork, pause: Pause, function: Callable[[SqlWork], T]) -> T:
    """A use case that stands still before it writes the draft that it has read."""
    change = work.drafts.change

    def change_when_it_may(*args: Any, **kwargs: Any) -> bool:
        pause.has_read.set()
        assert pause.may_write.wait(PATIENCE)
        return change(*args, **kwargs)

    work.drafts.change = change_when_it_may  # type: ignore[method-assign]  # of this transaction alone
    return function(work)


class Two:
    """Two that write to the one database, each with connections of its own, as two processes would."""

    def __init__(self, databases: tuple[Database, Database]) -> None:
        self.databases = databases
        self.first, self.second = (SqlStore(database, now=lambda: NOW) for database in self.databases)
        self.asks_for_lock = threading.Event()

    async def in_turn(
        self, one: Callable[[SqlWork], Any], other: Callable[[SqlWork], Any], where: Any = paused
    ) -> tuple[Any, Any]:
        """Have ``one`` read, ``other`` begin, and only then, when that has to wait or has ended, ``one`` go on.

        ``where``: at which moment ``one`` stands still.
        """
        pause = Pause()
        if self.databases[1].is_sqlite:
            await self.databases[1].write(self._watch)
        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self.first.write(where, pause, one))
            assert await asyncio.to_thread(pause.has_read.wait, PATIENCE)
            meanwhile = tasks.create_task(self.second.write(other))
            while not meanwhile.done() and not await self.is_waiting():
                pass
            pause.may_write.set()
        return writing.result(), meanwhile.result()

    async def is_waiting(self) -> bool:
        """Whether the second waits for the first."""
        if self.databases[1].is_sqlite:
            # SQLite lets in one that writes at a time.
            return await asyncio.to_thread(self.asks_for_lock.wait, 0.01)
        locks = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return await self.databases[0].read(lambda connection: bool(connection.scalar(locks)))

    def _watch(self, connection: Connection) -> None:
        """Note, in the thread that writes, when the lock of one that writes is asked for."""

        def traced(statement: str) -> None:
            if statement.startswith("BEGIN IMMEDIATE"):
                self.asks_for_lock.set()

        driver: Any = connection.connection.driver_connection
        driver.set_trace_callback(traced)
        self.asks_for_lock.clear()

    async def one_import(self, status: Status, **state: object) -> Batch:
        batch = await confirmed(self.first, draft_of(CODE, proxy=EXTRACTION), at=NOW)
        await rewrite(self.databases[0], batch.rows[0].id, status=status, **state)
        return await batch_by_id(self.first, batch.id)

    async def row(self, batch: Batch) -> ImportRow:
        [row] = await self.first.write(lambda work: work.imports.lock_batch(batch.id))
        return row


async def opened_twice(url: str) -> Two:
    return Two((await unlocked(url), await unlocked(url)))
