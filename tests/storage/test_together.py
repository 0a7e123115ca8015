"""Writes that wait for the same commit: each is done once, in its turn, or fails alone."""

from __future__ import annotations

import asyncio
import contextvars
import tempfile
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ixbrowser_objects import Group
from bot.domain.remote_lists import Listing
from bot.errors import StorageError, Superseded
from bot.storage import sqlite
from bot.storage.holders import HUB, Holder
from bot.storage.signals import SignalHandlers
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.remote_lists import ListRequest, publish
from tests.storage.support import NOW, unlocked
from tests.storage.waiting import PATIENCE, Queue, Refused, asked, handle, refuse
from tests.support.clock import settle
from tests.support.migrated import put_database

#: What a write does: it ends well, raises, or its caller goes away before it has begun.
KINDS = ("well", "raises", "given up")


@pytest.fixture
async def queue(file: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Queue]:
    """With all the time for a commit that a slow machine may take."""
    monkeypatch.setattr(sqlite, "TOGETHER", PATIENCE)
    database = await unlocked(f"sqlite:///{file}")
    queue = Queue(database)
    await queue.stand_still()
    yield queue
    await database.close()


async def test_those_who_wait_share_a_commit(queue: Queue) -> None:
    tasks = await asked(queue, *(lambda work, n=n: handle(work, n) for n in range(20)))
    await queue.go_on()
    await asyncio.gather(*tasks)
    assert queue.commits() == 1
    assert await queue.handled() == list(range(20))


async def test_a_commit_whose_time_has_come_is_not_put_off(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "TOGETHER", 0)
    tasks = await asked(queue, *(lambda work, n=n: handle(work, n) for n in range(4)))
    await queue.go_on()
    await asyncio.gather(*tasks)
    assert queue.commits() == 4
    assert await queue.handled() == list(range(4))


async def test_what_can_not_be_done_together_keeps_its_turn(queue: Queue) -> None:
    order: list[int] = []
    first = await asked(queue, lambda _: order.append(1))
    second = asyncio.create_task(queue.database.write_unchecked(lambda _: order.append(2)))
    await settle()
    third = await asked(queue, lambda _: order.append(3), lambda _: order.append(4))
    await queue.go_on()
    await asyncio.gather(*first, second, *third)
    assert (order, queue.commits()) == ([1, 2, 3, 4], 3)


async def test_nobody_reads_what_is_not_committed_yet(queue: Queue) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def stand(_: SqlWork) -> None:
        begun.set()
        assert may_end.wait(PATIENCE)

    tasks = await asked(queue, lambda work: handle(work, 1), stand)
    await queue.go_on()
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    assert await queue.handled() == []
    assert not any(task.done() for task in tasks)
    may_end.set()
    await asyncio.gather(*tasks)
    assert await queue.handled() == [1]


async def test_each_sees_what_those_before_it_have_written(queue: Queue) -> None:
    seen: list[bool] = []
    tasks = await asked(queue, *(lambda work: seen.append(work.updates.is_new(1, NOW)) for _ in range(3)))
    await queue.go_on()
    await asyncio.gather(*tasks)
    assert (seen, queue.commits()) == ([True, False, False], 1)


async def test_what_raises_fails_alone_and_the_others_are_done_once(queue: Queue) -> None:
    tasks = await asked(
        queue,
        lambda work: handle(work, 1),
        lambda work: refuse(work, 2),
        lambda work: handle(work, 3),
    )
    await queue.go_on()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), Refused, type(None)]
    assert await queue.handled() == [1, 3]


async def test_a_commit_that_fails_is_no_reason_to_do_anything_again(queue: Queue) -> None:
    # Whether a commit that was cut off has come through can't be known.
    done: list[int] = []

    def count(work: SqlWork, number: int) -> None:
        done.append(number)
        handle(work, number)

    def break_the_commit(work: SqlWork) -> None:
        count(work, 2)
        work.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        work.connection.exec_driver_sql(
            "INSERT INTO draft_codes (draft_id, code_hash, code_encrypted, own) VALUES (7, x'00', x'00', '{}')"
        )

    tasks = await asked(queue, lambda work: count(work, 1), break_the_commit, lambda work: count(work, 3))
    await queue.go_on()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(result) for result in results} == {StorageError}
    assert (done, await queue.handled()) == ([1, 2, 3], [])
    # The transaction that could not be ended is in nobody's way.
    await queue.store.write(lambda work: handle(work, 4))
    assert await queue.handled() == [4]


async def test_a_process_that_holds_it_no_more_is_stopped_among_others_who_write(queue: Queue) -> None:
    gone = Holder(HUB)
    gone.epoch = 7
    superseded = SqlStore(queue.database, holder=gone)
    first = await asked(queue, lambda work: handle(work, 1))
    second = asyncio.create_task(superseded.write(lambda work: handle(work, 2)))
    await settle()
    last = await asked(queue, lambda work: handle(work, 3))
    await queue.go_on()
    await asyncio.gather(*first, *last)
    with pytest.raises(Superseded):
        await second
    assert gone.superseded.is_set()
    assert await queue.handled() == [1, 3]


async def test_what_was_undone_and_can_not_be_done_again_tells_nobody(queue: Queue) -> None:
    told: list[int] = []
    holder = Holder(HUB)
    store = SqlStore(queue.database, SignalHandlers(chat_behind=told.append), holder=holder)

    def lose_it(_: SqlWork) -> None:
        # By the time that they are done again another process has it.
        holder.epoch = 0
        raise Refused

    await queue.go_on()
    holder.epoch = await queue.database.write(holder.take)
    tasks = [
        asyncio.create_task(store.write(function)) for function in (lambda work: work.signals.chat_behind(7), lose_it)
    ]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [Superseded, Superseded]
    assert told == []


async def test_what_sqlite_itself_has_undone_fails_alone(queue: Queue) -> None:
    def hide(work: SqlWork) -> None:
        handle(work, 2)
        # As SQLite does when the disk is full, with an error that nobody looks at.
        work.connection.exec_driver_sql("ROLLBACK")

    tasks = await asked(queue, lambda work: handle(work, 1), hide, lambda work: handle(work, 3))
    await queue.go_on()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), StorageError, type(None)]
    assert await queue.handled() == [1, 3]


async def test_each_is_done_with_the_context_of_its_caller(queue: Queue) -> None:
    number: contextvars.ContextVar[int] = contextvars.ContextVar("number")

    async def write(value: int) -> int:
        number.set(value)
        return await queue.store.write(lambda _: number.get())

    writing = asyncio.gather(*(write(value) for value in range(5)))
    await settle()
    await queue.go_on()
    assert await writing == list(range(5))


async def test_a_list_is_not_remembered_that_was_seen_in_a_transaction_that_was_undone(queue: Queue) -> None:
    seen: list[object] = []

    def read(work: SqlWork) -> None:
        seen.append(work.lists.find(frozenset({Listing.GROUPS}))[Listing.GROUPS].rows)

    def have(work: SqlWork, group: Group) -> None:
        work.lists.request(frozenset({Listing.GROUPS}), NOW)
        publish(work, ListRequest(Listing.GROUPS, NOW), (group,))

    undone, kept = Group(1, "Undone"), Group(2, "Kept")

    def have_once(work: SqlWork) -> None:
        if seen:
            raise Refused
        have(work, undone)

    tasks = await asked(queue, have_once, read, lambda work: refuse(work, 1))
    await queue.go_on()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert seen == [(undone,), None]
    await queue.store.write(lambda work: have(work, kept))
    await queue.store.write(read)
    assert seen[2:] == [(kept,)]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
def test_whatever_waits_together_is_done_in_its_turn_once_or_not_at_all(kinds: Sequence[str]) -> None:
    async def write_all(file: Path) -> None:
        database = await unlocked(f"sqlite:///{file}")
        queue = Queue(database)
        await queue.stand_still()
        tasks = await asked(
            queue,
            *(
                lambda work, n=n, kind=kind: (refuse if kind == "raises" else handle)(work, n)
                for n, kind in enumerate(kinds)
            ),
        )
        for task, kind in zip(tasks, kinds, strict=True):
            if kind == "given up":
                task.cancel()
        await settle()
        await queue.go_on()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        expected = {"well": type(None), "raises": Refused, "given up": asyncio.CancelledError}
        assert [type(result) for result in results] == [expected[kind] for kind in kinds]
        assert await queue.handled() == [n for n, kind in enumerate(kinds) if kind == "well"]
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bot.db"
        put_database(file)
        asyncio.run(write_all(file))
