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

from sqlalchemy import event

from tests.bench.conversation import Crowd
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.world import World, running, settings_for

PEOPLE = 40
#: Every kind of round is made so often. What else the machine does spoils some of them, a blocked loop most of them.
ROUNDS = 5
#: Seconds of a disturbance, and those before and after it that belong to the round too.
DISTURBED, AROUND = 0.4, 0.1
#: Seconds between two looks of a watcher.
LOOK_EVERY = 0.005
#: Seconds that a commit takes on the slow disk: as long as SQLite itself waits for a lock at a time.
SLOW_COMMIT = 0.1
#: Seconds of a pause that is too short to be one of these.
SHORT = 0.05

#: Given the application, and a list that grows with every thread that wants to write meanwhile.
Disturbance = Callable[[World, list[int]], AbstractAsyncContextManager[None]]


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
async def nothing(world: World, writers: list[int]) -> AsyncIterator[None]:
    with listening(world, "commit", lambda *_: writers.append(threading.get_ident())):
        yield


@asynccontextmanager
async def foreign_lock(world: World, writers: list[int]) -> AsyncIterator[None]:
    """Another program holds the database meanwhile."""
    assert world.app.database.file is not None
    other = sqlite3.connect(world.app.database.file, isolation_level=None, check_same_thread=False, timeout=20)
    await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")

    def execute(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement == "BEGIN IMMEDIATE":
            writers.append(threading.get_ident())

    try:
        with listening(world, "before_cursor_execute", execute):
            yield
    finally:
        await asyncio.to_thread(other.close)


@asynccontextmanager
async def slow_disk(world: World, writers: list[int]) -> AsyncIterator[None]:
    """Every commit takes long meanwhile."""

    def commit(*_arguments: object) -> None:
        writers.append(threading.get_ident())
        time.sleep(SLOW_COMMIT)

    with listening(world, "commit", commit):
        yield


@contextmanager
def listening(world: World, name: str, listener: Callable[..., None]) -> Iterator[None]:
    """Have what happens in the database told to the listener."""
    engine = world.app.database.engine
    event.listen(engine, name, listener)
    try:
        yield
    finally:
        event.remove(engine, name, listener)


async def longest_pause(world: World, disturbance: Disturbance, writers: list[int]) -> float:
    """Seconds that the event loop waited at most, by how much it was longer than that of any other thread."""
    machine, loop = MachineWatcher(), LoopWatcher()
    await asyncio.sleep(AROUND)
    async with disturbance(world, writers):
        await asyncio.sleep(DISTURBED)
    await asyncio.sleep(AROUND)
    loop.stop()
    machine.stop()
    return loop.longest - machine.longest


async def test_the_event_loop_never_waits_for_the_database_under_load(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    crowd = Crowd(telegram, PEOPLE)
    settings = settings_for(tmp_path, admin_ids=frozenset(person.id for person in crowd.people), log_level="WARNING")
    pauses: dict[Disturbance, list[float]] = {nothing: [], foreign_lock: [], slow_disk: []}
    writers: dict[Disturbance, list[int]] = {disturbance: [] for disturbance in pauses}
    async with running(settings, telegram=telegram, browser=browser) as world:
        talking = [asyncio.ensure_future(crowd.converse(person)) for person in crowd.people]
        try:
            # Until everybody has seen a card.
            await telegram.settled(lambda: all(telegram.chat(person.id).card for person in crowd.people), 30)
            for _ in range(ROUNDS):
                for disturbance, found in pauses.items():
                    found.append(await longest_pause(world, disturbance, writers[disturbance]))
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
