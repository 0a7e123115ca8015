"""The event loop is never blocked: whatever the database waits for, it waits for in a thread."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.bench.conversation import Crowd
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.world import World, running, settings_for

PEOPLE = 40
#: Every kind of round is made so often. What else the machine does spoils some of them, a blocked loop most of them.
ROUNDS = 5
#: Seconds of a disturbance, and those before and after it that belong to the round too.
DISTURBED, AROUND = 0.25, 0.05
#: Seconds between two looks of a watcher.
LOOK_EVERY = 0.005
#: Seconds that a commit takes on the slow disk: as long as SQLite itself waits for a lock at a time.
SLOW_COMMIT = 0.1
#: Seconds of a pause that is too short to be one of these.
SHORT = 0.05


class Watched:
    """What happens in the database: who writes, and how long a commit is made to take (seconds).

    It listens before the first connection is made: SQLAlchemy's lists of listeners must not change while a thread goes
    through them.
    """

    def __init__(self) -> None:
        self.commit_takes = 0.0
        self.writers: list[int] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        listeners = (("commit", self._commit), ("before_cursor_execute", self._execute))
        for name, listener in listeners:
            event.listen(Engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners:
                event.remove(Engine, name, listener)

    def _commit(self, _connection: object) -> None:
        self.writers.append(threading.get_ident())
        time.sleep(self.commit_takes)

    def _execute(self, _connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            self.writers.append(threading.get_ident())


#: Given the application and what happens in its database.
Disturbance = Callable[[World, Watched], AbstractAsyncContextManager[None]]


class LoopWatcher:
    """Looks how late the event loop comes to what is due.

    ``longest`` is in seconds, without those in which the loop's thread was computing: what is left it spent waiting.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._loop = asyncio.get_running_loop()
        self._computed = time.thread_time()
        self._next = self._loop.call_later(LOOK_EVERY, self._look)

    def _look(self) -> None:
        computed = time.thread_time()
        late = self._loop.time() - self._next.when()
        self.longest = max(self.longest, late - (computed - self._computed))
        self._computed = computed
        self._next = self._loop.call_later(LOOK_EVERY, self._look)

    def stop(self) -> None:
        # A pause that lasts until now has not been looked at.
        self._look()
        self._next.cancel()


class MachineWatcher:
    """Looks how late a thread comes to what is due that waits for nothing but a processor and Python's lock."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        due = time.monotonic() + LOOK_EVERY
        while not self._stop.wait(LOOK_EVERY):
            now = time.monotonic()
            self.longest = max(self.longest, now - due)
            due = now + LOOK_EVERY

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


@asynccontextmanager
async def nothing(_world: World, _watched: Watched) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def foreign_lock(world: World, _watched: Watched) -> AsyncIterator[None]:
    """Another program holds the database meanwhile."""
    assert world.app.database.file is not None
    other = sqlite3.connect(world.app.database.file, isolation_level=None, check_same_thread=False, timeout=20)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        await asyncio.to_thread(other.close)


@asynccontextmanager
async def slow_disk(_world: World, watched: Watched) -> AsyncIterator[None]:
    """Every commit takes long meanwhile."""
    watched.commit_takes = SLOW_COMMIT
    try:
        yield
    finally:
        watched.commit_takes = 0.0


async def longest_pause(world: World, disturbance: Disturbance, watched: Watched) -> float:
    """Seconds that the event loop waited at most, by how much it was longer than that of any other thread."""
    machine, loop = MachineWatcher(), LoopWatcher()
    await asyncio.sleep(AROUND)
    async with disturbance(world, watched):
        await asyncio.sleep(DISTURBED)
    await asyncio.sleep(AROUND)
    loop.stop()
    machine.stop()
    return loop.longest - machine.longest


@pytest.mark.not_followed
async def test_the_event_loop_never_waits_for_the_database_under_load(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    crowd = Crowd(telegram, PEOPLE)
    settings = settings_for(tmp_path, admin_ids=frozenset(person.id for person in crowd.people), log_level="WARNING")
    pauses: dict[Disturbance, list[float]] = {nothing: [], foreign_lock: [], slow_disk: []}
    writers: dict[Disturbance, set[int]] = {disturbance: set() for disturbance in pauses}
    watched = Watched()
    with watched.listening():
        async with running(settings, telegram=telegram, browser=browser) as world:
            talking = [asyncio.ensure_future(crowd.converse(person)) for person in crowd.people]
            try:
                # Until everybody has seen a card.
                await telegram.settled(lambda: all(telegram.chat(person.id).card for person in crowd.people), 30)
                for _ in range(ROUNDS):
                    for disturbance, found in pauses.items():
                        watched.writers.clear()
                        found.append(await longest_pause(world, disturbance, watched))
                        writers[disturbance].update(watched.writers)
            finally:
                for task in talking:
                    task.cancel()
                ended = await asyncio.gather(*talking, return_exceptions=True)
    assert [error for error in ended if not isinstance(error, asyncio.CancelledError)] == []
    shown = {disturbance.__name__: [f"{pause:.3f}" for pause in found] for disturbance, found in pauses.items()}
    # On a machine that is busy with something else the loop's thread waits longer for a processor than a small thread.
    allowed = SHORT + max(0.0, statistics.median(pauses[nothing]))
    assert all(statistics.median(found) < allowed for found in pauses.values()), f"longest pauses in seconds: {shown}"
    for disturbance, found_writers in writers.items():
        assert found_writers, f"nobody wanted to write during {disturbance.__name__}"
        assert threading.get_ident() not in found_writers, "a transaction ran in the event loop's thread"
