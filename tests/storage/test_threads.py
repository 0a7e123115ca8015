"""Work in threads: in order, dropped while it is queued, awaited to its end once it has begun."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.signals import SignalHandlers
from bot.storage.tables import handled_updates
from bot.storage.threads import Job, Threads
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import NOW, rows, unlocked
from tests.support.clock import settle

PATIENCE = 10.0


class Gate:
    """Work that says when it has begun, and ends when it may."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, _: Job[str]) -> str:
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return "done"

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, PATIENCE)


@pytest.fixture
async def one() -> AsyncIterator[Threads]:
    threads = Threads("one", 1)
    yield threads
    await threads.close()


async def test_a_result_comes_back_as_soon_as_it_is_there(one: Threads) -> None:
    gate = Gate()
    quick = asyncio.create_task(one.run(lambda _: 7))
    slow = asyncio.create_task(one.run(gate))
    await gate.has_begun()
    assert await asyncio.wait_for(quick, PATIENCE) == 7
    assert not slow.done()
    gate.may_end.set()
    assert await slow == "done"


async def test_work_whose_caller_gives_up_while_it_is_queued_is_never_done(one: Threads) -> None:
    gate, done = Gate(), []
    first = asyncio.create_task(one.run(gate))
    await gate.has_begun()
    second = asyncio.create_task(one.run(lambda _: done.append(2)))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(second, PATIENCE)
    assert not first.done()
    gate.may_end.set()
    assert await first == "done"
    assert await one.run(lambda _: list(done)) == []


async def test_work_that_has_begun_is_awaited_to_its_end_however_often_its_caller_is_cancelled(one: Threads) -> None:
    gate, told = Gate(), []

    def work(job: Job[str]) -> str:
        job.afterwards = lambda _: told.append("committed")
        return gate(job)

    task = asyncio.create_task(one.run(work))
    await gate.has_begun()
    for _ in range(3):
        task.cancel()
        await settle()
        assert not task.done()
    gate.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["committed"]


async def test_an_error_reaches_its_caller_alone_and_the_thread_goes_on(one: Threads) -> None:
    def fail(_: Job[None]) -> None:
        raise ValueError("mine")

    failing = asyncio.create_task(one.run(fail))
    assert await one.run(lambda _: 8) == 8
    with pytest.raises(ValueError, match="mine"):
        await failing


async def test_an_error_that_no_future_takes_reaches_its_caller_as_another(one: Threads) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await asyncio.wait_for(one.run(lambda _: next(iter([]))), PATIENCE)


async def test_what_follows_and_fails_holds_nobody_up(one: Threads, caplog: pytest.LogCaptureFixture) -> None:
    def work(job: Job[int]) -> int:
        job.afterwards = fail
        return 1

    def fail(_: bool) -> None:
        raise ValueError("mine")

    first = asyncio.create_task(one.run(work))
    assert await one.run(lambda _: 2) == 2
    assert await first == 1
    assert "what follows a transaction failed" in caplog.text


async def test_context_variables_are_those_of_the_caller(one: Threads) -> None:
    number: contextvars.ContextVar[int] = contextvars.ContextVar("number")

    async def ask(value: int) -> int:
        number.set(value)
        return await one.run(lambda _: number.get())

    assert await asyncio.gather(*(ask(value) for value in range(5))) == list(range(5))


async def test_closing_ends_what_is_queued_and_the_next_work_starts_anew(one: Threads) -> None:
    asked = [asyncio.create_task(one.run(lambda _, n=n: n)) for n in range(20)]  # type: ignore[misc]  # a default
    await asyncio.sleep(0)
    await one.close()
    assert await asyncio.gather(*asked) == list(range(20))
    assert await one.run(lambda _: "again") == "again"


@pytest.mark.parametrize("count", [1, 4])
async def test_what_is_asked_for_while_they_close_is_done_once_and_closing_ends(count: int) -> None:
    threads, gate, done = Threads("some", count), Gate(), list[int]()

    async def ask(number: int) -> None:
        await threads.run(lambda _: done.append(number))

    def asked(*numbers: int) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(ask(number)) for number in numbers]

    busy = asyncio.create_task(threads.run(gate))
    await gate.has_begun()
    before = asked(1, 2, 3)
    await asyncio.sleep(0)
    closing = asyncio.create_task(threads.close())
    await asyncio.sleep(0)
    after = asked(4, 5, 6)
    try:
        # One thread takes no second job, not even with another in its place; with more the others go on.
        others = await asyncio.wait({*before, *after}, timeout=0.2 if count == 1 else PATIENCE)
        assert len(done) == len(others[0]) == (0 if count == 1 else 6)
        assert not closing.done()
        gate.may_end.set()
        await asyncio.wait_for(closing, PATIENCE)
        await asyncio.gather(busy, *before, *after)
    finally:
        gate.may_end.set()
        await threads.close()
    assert sorted(done) == [1, 2, 3, 4, 5, 6]


# --- the database's rules for waiting ---------------------------------------------------------------------------------


async def test_three_writers_behind_a_foreign_lock_are_given_up_together(file: Path) -> None:
    patience = 1.0
    database = await unlocked(f"sqlite:///{file}", lock_timeout=patience)
    store = SqlStore(database)
    assert await store.write(lambda work: work.updates.is_new(1, NOW))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        results = await asyncio.gather(
            *(store.write(lambda work, n=n: work.updates.is_new(n, NOW)) for n in (2, 3, 4)),  # type: ignore[misc]  # a default
            return_exceptions=True,
        )
        # Each waits from when it was asked for: together as long as the first, not three times as long.
        assert patience * 0.9 < time.monotonic() - began < 2 * patience
        assert {type(result) for result in results} == {StorageError}
        other.execute("ROLLBACK")
    assert len(await rows(database, handled_updates)) == 1
    await database.close()


async def test_a_stop_in_the_middle_of_waiting_ends_it_at_once_and_changes_nothing(file: Path) -> None:
    database = await unlocked(f"sqlite:///{file}", lock_timeout=60.0)
    store = SqlStore(database)
    assert await store.write(lambda work: work.updates.is_new(1, NOW))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.write(lambda work: work.updates.is_new(2, NOW)))
        await settle()
        database.stop_waiting()
        with pytest.raises(StorageError, match="another program is using the database"):
            await asyncio.wait_for(waiting, PATIENCE)
        other.execute("ROLLBACK")
    assert len(await rows(database, handled_updates)) == 1
    await database.close()


async def test_who_gives_up_while_waiting_for_a_foreign_lock_leaves_nothing_behind(file: Path) -> None:
    database = await unlocked(f"sqlite:///{file}", lock_timeout=60.0)
    store = SqlStore(database)
    assert await store.write(lambda work: work.updates.is_new(1, NOW))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await store.write(lambda work: work.updates.is_new(2, NOW))
        other.execute("ROLLBACK")
    assert await store.write(lambda work: work.updates.is_new(3, NOW))
    assert [row["update_id"] for row in await rows(database, handled_updates)] == [1, 3]
    await database.close()


async def test_signals_leave_after_the_commit_and_not_when_the_work_fails(file: Path) -> None:

    database = await unlocked(f"sqlite:///{file}")
    told: list[int] = []
    store = SqlStore(database, SignalHandlers(chat_behind=told.append))

    def fail(work: SqlWork) -> None:
        work.signals.chat_behind(7)
        raise ValueError("not this time")

    with pytest.raises(ValueError, match="not this time"):
        await store.write(fail)
    assert told == []

    seen_before: list[list[int]] = []

    def succeed(work: SqlWork) -> None:
        work.signals.chat_behind(8)
        work.signals.chat_behind(8)
        seen_before.append(list(told))

    await store.write(succeed)
    assert (seen_before, told) == ([[]], [8])
    await database.close()
