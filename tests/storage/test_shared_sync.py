"""Writes that wait one behind the other: each is a transaction of its own, and they wait for the disk together."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.sqlite import SqliteBackend
from bot.storage.tables import handled_updates
from bot.storage.threads import MOST_IN_BATCH
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import NOW, pragma, rows, unlocked
from tests.support.clock import settle
from tests.support.migrated import put_database

PATIENCE = 10.0
FULL = 2

#: What becomes of a write: it ends well, raises, or its caller goes away before it has begun.
KINDS = ("well", "raises", "given up")


class Refused(Exception):
    """What some work raises."""


class Queue:
    """A store whose writer stands still until ``go_on``, so that everything else that is asked for waits for it.

    ``seen`` are the statements since then, its own COMMIT first.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlStore(database)
        self.seen: list[str] = []
        self._go_on = threading.Event()
        self._standing: asyncio.Task[None] | None = None

    async def stand_still(self) -> None:
        await self.database.write(self._trace)
        begun = threading.Event()

        def wait(_: Connection) -> None:
            begun.set()
            assert self._go_on.wait(PATIENCE)

        self._standing = asyncio.create_task(self.database.write(wait))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        self.seen.clear()

    async def go_on(self) -> None:
        self._go_on.set()
        assert self._standing is not None
        await asyncio.wait_for(self._standing, PATIENCE)

    async def asked(self, *functions: Callable[[SqlWork], object]) -> Sequence[asyncio.Task[object]]:
        """All of them in the queue, in this order."""
        tasks = [asyncio.create_task(self.store.write(function)) for function in functions]
        await asyncio.sleep(0)
        return tasks

    async def handled(self) -> list[int]:
        return [row["update_id"] for row in await rows(self.database, handled_updates)]

    def _trace(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(self.seen.append)


@pytest.fixture
async def queue(file: Path) -> AsyncIterator[Queue]:
    database = await unlocked(f"sqlite:///{file}")
    queue = Queue(database)
    await queue.stand_still()
    yield queue
    await database.close()


def handling(number: int) -> Callable[[SqlWork], object]:
    return lambda work: work.updates.is_new(number, NOW)


def refusing(number: int) -> Callable[[SqlWork], object]:
    def refuse(work: SqlWork) -> None:
        work.updates.is_new(number, NOW)
        raise Refused(number)

    return refuse


async def test_each_has_its_own_commit_and_the_disk_is_waited_for_once(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        queue.seen.append("sync")

    monkeypatch.setattr(os, "fsync", noted)
    tasks = await queue.asked(*map(handling, range(20)))
    await queue.go_on()
    assert await asyncio.gather(*tasks) == [True] * 20
    kept = [each for each in queue.seen if each.startswith(("PRAGMA", "COMMIT", "sync"))]
    assert kept == ["COMMIT", "PRAGMA synchronous=NORMAL", *["COMMIT"] * 20, "PRAGMA synchronous=FULL", "sync"]
    assert await queue.handled() == list(range(20))


async def test_nobody_is_told_before_the_disk_has_it(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync, begun, may_end = os.fsync, threading.Event(), threading.Event()

    def slow(descriptor: int) -> None:
        begun.set()
        assert may_end.wait(PATIENCE)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    tasks = await queue.asked(*map(handling, range(3)))
    await queue.go_on()
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    await settle()
    assert not any(task.done() for task in tasks)
    may_end.set()
    assert await asyncio.gather(*tasks) == [True] * 3


async def test_who_writes_alone_is_synced_by_its_commit(queue: Queue) -> None:
    await queue.go_on()
    await queue.store.write(handling(1))
    assert not [each for each in queue.seen if each.startswith("PRAGMA")]
    assert await pragma(queue.database, "synchronous") == FULL


async def test_so_many_wait_for_each_other_that_nobody_waits_long(queue: Queue) -> None:
    many = 2 * MOST_IN_BATCH + 2
    tasks = await queue.asked(*map(handling, range(many)))
    await queue.go_on()
    await asyncio.gather(*tasks)
    assert queue.seen.count("PRAGMA synchronous=NORMAL") == 3
    assert await queue.handled() == list(range(many))


async def test_a_disk_that_fails_fails_all_of_them_and_the_next_is_written(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        tasks = await queue.asked(handling(1), refusing(2), handling(3))
        await queue.go_on()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(result) for result in results] == [
        "the disk can't be written to: check whether it is full or unplugged"
    ] * 3
    assert {type(result) for result in results} == {StorageError}
    assert await queue.store.write(handling(4))
    assert await pragma(queue.database, "synchronous") == FULL


async def test_without_a_write_ahead_log_each_waits_for_the_disk_by_itself(tmp_path: Path) -> None:
    backend = SqliteBackend(tmp_path / "bot.db", lock_timeout=PATIENCE)
    seen: list[str] = []

    def have_no_log(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.set_trace_callback(seen.append)

    event.listen(backend.engine, "connect", have_no_log)
    begun, may_end = threading.Event(), threading.Event()

    def first(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE numbers (number INTEGER)")
        begun.set()
        assert may_end.wait(PATIENCE)

    def count(connection: Connection) -> int:
        connection.exec_driver_sql("INSERT INTO numbers VALUES (1)")
        return int(connection.exec_driver_sql("SELECT count(*) FROM numbers").scalar_one())

    made = asyncio.create_task(backend.write(first, lambda: None))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    counting = [asyncio.create_task(backend.write(count, lambda: None)) for _ in range(3)]
    await asyncio.sleep(0)
    may_end.set()
    await made
    assert await asyncio.gather(*counting) == [1, 2, 3]
    assert not [each for each in seen if "synchronous" in each]
    await backend.close()


@settings(max_examples=25)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12))
def test_whatever_waits_together_is_done_in_its_turn_once_or_not_at_all(kinds: Sequence[str]) -> None:
    async def write_all(file: Path) -> None:
        database = await unlocked(f"sqlite:///{file}")
        queue = Queue(database)
        await queue.stand_still()
        tasks = await queue.asked(
            *(refusing(number) if kind == "raises" else handling(number) for number, kind in enumerate(kinds))
        )
        for task, kind in zip(tasks, kinds, strict=True):
            if kind == "given up":
                task.cancel()
        await asyncio.sleep(0)
        await queue.go_on()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        expected = {"well": bool, "raises": Refused, "given up": asyncio.CancelledError}
        assert [type(result) for result in results] == [expected[kind] for kind in kinds]
        assert await queue.handled() == [number for number, kind in enumerate(kinds) if kind == "well"]
        await database.close()

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bot.db"
        put_database(file)
        asyncio.run(write_all(file))
