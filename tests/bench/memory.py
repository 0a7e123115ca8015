"""What the process takes: memory at rest and after many updates, and how soon it asks for the first ones."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.process import RUN, started
from tests.bench.report import show, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.http_ixbrowser import ServedIxBrowser
from tests.support.http_telegram import HttpTelegram

_PEOPLE = 200


async def compare(updates: int) -> None:
    """Print the table: after half of the updates and after all of them, so that growth shows."""
    telegram = FakeTelegram()
    people = [telegram.add_person(10_000 + number, f"Person {number}") for number in range(_PEOPLE)]
    browser = ServedIxBrowser(FakeIxBrowser())
    await browser.start()
    with tempfile.TemporaryDirectory() as folder:
        async with HttpTelegram(telegram) as served:
            environment = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": served.origin,
                "IXBROWSER_URL": browser.url,
                "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}",
                "ADMIN_IDS": ",".join(str(person.id) for person in people),
                "LOG_LEVEL": "WARNING",
                "XDG_DATA_HOME": folder,
            }
            began = time.perf_counter()
            async with started(RUN, environment) as running:
                await telegram.settled(lambda: any(method == "getUpdates" for method, _ in telegram.calls), 30)
                first = time.perf_counter() - began
                rows = [("start to first getUpdates", times(first)), ("idle", f"{running.memory():.0f} MB")]
                for part in (updates // 2, updates):
                    await _talk(telegram, people, updates // 2)
                    rows.append((f"after {part:,} updates", f"{running.memory():.0f} MB"))
    await browser.stop()
    show("The process", ("", "figure"), rows)


async def _talk(telegram: FakeTelegram, people: Sequence[Person], count: int) -> None:
    for first in range(0, count, _PEOPLE):
        for person in people[: min(_PEOPLE, count - first)]:
            telegram.say(person, "What is this?")
        await telegram.handled(120)
        telegram.calls.clear()
        for person in people:
            telegram.chat(person.id).messages.clear()
