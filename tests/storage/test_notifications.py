"""What one process commits on a PostgreSQL server wakes the others, whatever becomes of the connection that listens."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

import pytest

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.notifications import Notifications
from bot.storage.signals import CollectedSignals, Signal, SignalHandlers
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import ANA, NOW, STATION, draft_of, opened, unlocked
from tests.support.postgresql_databases import Databases

PATIENCE = 30.0
#: Seconds within which a signal is there; every look that nobody has asked for comes later.
SOON = 1.0
LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'transfer-bot listen'"


class Process:
    """What a process has that is woken by others. ``told`` counts what its handlers were told."""

    def __init__(self, database: Database, kind: type[SqlStore] = SqlStore) -> None:
        self.told: Counter[str] = Counter()
        self._changed = asyncio.Event()
        handlers = SignalHandlers(chat_behind=lambda chat_id: self._note(f"chat {chat_id}"))
        for signal in set(Signal) - {Signal.CHATS_BEHIND}:
            setattr(handlers, signal, lambda signal=signal: self._note(signal))
        self.store = kind(database, handlers)
        self.notifications = Notifications(database.engine, self.store, handlers)

    def _note(self, name: str) -> None:
        self.told[name] += 1
        self._changed.set()

    async def hears(self, name: str, times: int = 1, *, within: float = SOON) -> None:
        async with asyncio.timeout(within):
            while self.told[name] < times:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def listening(url: str, kind: type[SqlStore] = SqlStore) -> AsyncIterator[Process]:
    database = Database(url, STATION)
    process = Process(database, kind)
    await unlock(database)
    task = asyncio.create_task(process.notifications.run())
    try:
        # Once it listens it looks at everything.
        await process.hears(Signal.MENUS_DUE, within=PATIENCE)
        process.told.clear()
        yield process
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await database.close()


@pytest.fixture
async def other(postgresql_url: str) -> AsyncIterator[SqlStore]:
    """The store of another process."""
    database = await unlocked(postgresql_url)
    yield SqlStore(database)
    await database.close()


def test_every_signal_has_a_handler_and_leaves_the_process() -> None:
    # The end of an import is told where it is committed, and to no other process.
    names = {handler.name for handler in fields(SignalHandlers)} - {"chat_behind", "import_ended"}
    assert names == set(Signal) - {Signal.CHATS_BEHIND}
    collected = CollectedSignals()
    collected.chat_behind(7)
    for name in names:
        getattr(collected, name)()
    assert collected.names() == set(Signal)


@pytest.mark.parametrize("signal", sorted(set(Signal) - {Signal.CHATS_BEHIND}))
async def test_what_another_process_commits_wakes_this_one(postgresql_url: str, other: SqlStore, signal: str) -> None:
    async with listening(postgresql_url) as process:
        await other.write(lambda work: getattr(work.signals, signal)())
        await process.hears(signal)
        assert process.told == {signal: 1}


async def test_a_chat_that_another_process_has_left_behind_is_found(postgresql_url: str, other: SqlStore) -> None:
    async with listening(postgresql_url) as process:
        await opened(other, draft_of())
        await other.write(lambda work: work.signals.chat_behind(ANA.chat_id))
        await process.hears(f"chat {ANA.chat_id}")


class Unreadable(SqlStore):
    async def read(self, *_: Any, **__: Any) -> Any:
        raise StorageError("not now")


async def test_where_the_chats_cannot_be_read_the_other_signals_are_passed_on(
    postgresql_url: str, other: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    def change(work: SqlWork) -> None:
        work.signals.chat_behind(ANA.chat_id)
        work.signals.imports_queued()

    async with listening(postgresql_url, Unreadable) as process:
        await other.write(change)
        await process.hears(Signal.IMPORTS_QUEUED)
    assert "the chats that another process has told of can't be read: not now" in caplog.text


async def test_what_is_not_committed_wakes_nobody(postgresql_url: str, other: SqlStore) -> None:
    def fail(work: SqlWork) -> None:
        work.signals.imports_queued()
        work.updates.is_new(1, NOW)
        raise ValueError("not this time")

    async with listening(postgresql_url) as process:
        with pytest.raises(ValueError, match="not this time"):
            await other.write(fail)
        # What is heard comes in the order in which it was committed.
        await other.write(lambda work: work.signals.menus_due())
        await process.hears(Signal.MENUS_DUE)
        assert process.told == {Signal.MENUS_DUE: 1}


async def test_of_its_own_a_process_is_told_once(postgresql_url: str, other: SqlStore) -> None:
    async with listening(postgresql_url) as process:
        await process.store.write(lambda work: work.signals.imports_queued())
        await other.write(lambda work: work.signals.menus_due())
        await process.hears(Signal.MENUS_DUE)
        assert process.told == {Signal.IMPORTS_QUEUED: 1, Signal.MENUS_DUE: 1}


async def test_a_connection_that_is_lost_is_made_anew_and_what_was_missed_is_looked_for(
    postgresql_url: str, other: SqlStore, postgresql: Databases
) -> None:
    async with listening(postgresql_url) as process:
        with postgresql.connection(postgresql_url) as admin:
            assert admin.execute(f"SELECT pg_terminate_backend(pid, 5000) {LISTENING}").fetchone() == (True,)
        await process.hears(Signal.LISTS_REQUESTED, within=PATIENCE)
        await other.write(lambda work: work.signals.lists_requested())
        await process.hears(Signal.LISTS_REQUESTED, 2)


async def test_every_loss_is_logged_also_of_the_same_kind(
    postgresql_url: str, postgresql: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(postgresql_url) as process:
        for number in (1, 2):
            with postgresql.connection(postgresql_url) as admin:
                assert admin.execute(f"SELECT pg_terminate_backend(pid, 5000) {LISTENING}").fetchone() == (True,)
            await process.hears(Signal.LISTS_REQUESTED, number, within=PATIENCE)
            assert sum("is not heard now" in record.getMessage() for record in caplog.records) == number


async def test_at_its_end_no_thread_and_no_connection_is_left(postgresql_url: str, postgresql: Databases) -> None:
    async with listening(postgresql_url):
        assert [thread.name for thread in threading.enumerate() if thread.name.startswith("listen")] == ["listen-0"]
    assert not any(thread.name.startswith("listen") for thread in threading.enumerate())
    with postgresql.connection(postgresql_url) as admin:
        await asyncio.wait_for(asyncio.to_thread(gone, admin), PATIENCE)


def gone(admin: Any) -> None:
    """The server notices only in a moment that a connection was closed."""
    while admin.execute(f"SELECT count(*) {LISTENING}").fetchone() != (0,):
        pass


async def test_where_no_server_can_be_reached_it_can_be_ended_all_the_same() -> None:
    database = Database("postgresql://ana@127.0.0.1:1/bot", "office")
    process = Process(database)
    task = asyncio.create_task(process.notifications.run())
    await asyncio.wait([task], timeout=0.1)
    assert not task.done()
    task.cancel()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(task, return_exceptions=True)
    assert not any(thread.name.startswith("listen") for thread in threading.enumerate())
    await database.close()
