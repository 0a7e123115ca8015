"""What the process takes: how soon it asks for the first updates, and memory at rest and after many updates."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.process import RUN, served, started
from tests.bench.report import show, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person

_PEOPLE = 200
#: Seconds after which a process that has started is idle.
_REST = 1.0


def _crowd(telegram: FakeTelegram) -> list[Person]:
    return [telegram.add_person(10_000 + number, f"Person {number}") for number in range(_PEOPLE)]


async def start(rounds: int) -> None:
    """Print how soon the bot asks for updates and what it takes at rest: at its first start, and at later ones."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        found = [await _started(Path(name)) for _ in range(rounds + 1)]
    for which, some in (("with a new database", found[:1]), (f"median of {rounds} later ones", found[1:])):
        seconds, megabytes = (statistics.median(values) for values in zip(*some, strict=True))
        rows.append((which, times(seconds), f"{megabytes:.1f} MB"))
    show("A start", ("", "to the first getUpdates", "memory when idle"), rows)


async def _started(folder: Path) -> tuple[float, float]:
    """Seconds from the start of the process to its first getUpdates, and its megabytes at rest."""
    telegram = FakeTelegram()
    polled: list[float] = []

    def first_poll() -> bool:
        if not polled and any(method == "getUpdates" for method, _ in telegram.calls):
            polled.append(time.perf_counter())
        return bool(polled)

    async with served(telegram, FakeIxBrowser(), folder) as environment:
        watching = asyncio.ensure_future(telegram.settled(first_poll, 60))
        # Let the watching begin.
        await asyncio.sleep(0)
        began = time.perf_counter()
        async with started(RUN, environment) as running:
            await watching
            await asyncio.sleep(_REST)
            return polled[0] - began, running.memory()


async def growth(updates: int) -> None:
    """Print the memory at rest, after half of the updates and after all of them, so that growth shows."""
    telegram = FakeTelegram()
    people = _crowd(telegram)
    with tempfile.TemporaryDirectory() as name:
        admins = [person.id for person in people]
        async with (
            served(telegram, FakeIxBrowser(), Path(name), admins) as environment,
            started(RUN, environment) as running,
        ):
            await asyncio.sleep(_REST)
            rows = [("idle", f"{running.memory():.1f} MB")]
            for part in (updates // 2, updates):
                await _talk(telegram, people, updates // 2)
                rows.append((f"after {part:,} updates", f"{running.memory():.1f} MB"))
    show("Memory of the process", ("", "resident"), rows)


async def _talk(telegram: FakeTelegram, people: Sequence[Person], count: int) -> None:
    for first in range(0, count, _PEOPLE):
        for person in people[: min(_PEOPLE, count - first)]:
            telegram.say(person, "What is this?")
        await telegram.handled(120)
        telegram.calls.clear()
        for person in people:
            telegram.chat(person.id).messages.clear()
