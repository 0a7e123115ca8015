"""How soon one person alone is served: from a code to its card, and from the tap on Import to its outcome."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.domain.transfer_code import mask
from tests.bench import database
from tests.bench.process import RUN, served, started
from tests.bench.report import percentile, show, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Chat, Person
from tests.support.world import button_of

PERSON = 10_000
#: Seconds within which an answer has to come.
PATIENCE = 30.0
#: Seconds of rest between two imports, so that each finds the bot idle.
REST = 0.1


class TimedIxBrowser(FakeIxBrowser):
    """Notes when an import's request arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.import_at = 0.0

    async def handle(self, action: str, body: bytes) -> tuple[int, bytes]:
        if action == IMPORT:
            self.import_at = time.perf_counter()
        return await super().handle(action, body)


class Somebody:
    """One person, the only one there is."""

    def __init__(self, telegram: FakeTelegram, browser: TimedIxBrowser) -> None:
        self.telegram = telegram
        self.browser = browser
        self.person: Person = telegram.add_person(PERSON, "Ana")
        self.chat: Chat = telegram.chat(PERSON)

    async def _timed(self, act: Callable[[], object], happened: Callable[[], object]) -> tuple[float, float]:
        """When this was done, and when the pretend Telegram first knew that the other had happened."""
        at: list[float] = []

        def noted() -> bool:
            if not at and happened():
                at.append(time.perf_counter())
            return bool(at)

        began = time.perf_counter()
        act()
        await self.telegram.settled(noted, PATIENCE)
        return began, at[0]

    async def tap(self, label: str, expected: str) -> tuple[float, float]:
        """Press a button of the card; when, and when the call arrived after which the card says this."""
        card = self.chat.card
        button = button_of(card, label)
        return await self._timed(
            lambda: self.telegram.press(self.person, card, button), lambda: expected in self.chat.card.text
        )

    async def send(self, code: str) -> tuple[float, float]:
        """Send a code; when, and when the call arrived that shows its card."""
        return await self._timed(
            lambda: self.telegram.say(self.person, code), lambda: mask(code) in self.chat.card.text
        )

    async def rest(self, name: str) -> None:
        await self.telegram.settled(lambda: name in self.chat.card.text, PATIENCE)
        await self.telegram.handled(PATIENCE)
        await asyncio.sleep(REST + 2 * self.telegram.delay)

    async def one_import(self, name: str) -> tuple[float, float, float]:
        """Seconds from code to card, from tap to the request at ixBrowser, and from tap to result."""
        code = self.browser.offer(name)
        sent, card = await self.send(code)
        await self.rest("Import this profile?")
        tapped, result = await self.tap("✅ Import", "Imported")
        await self.rest(name)
        return card - sent, self.browser.import_at - tapped, result - tapped


async def measure(tries: int, delay: float) -> Sequence[tuple[float, float, float]]:
    """The three durations of each of so many imports, with a Bot API that answers after ``delay`` seconds."""
    telegram, browser = FakeTelegram(), TimedIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    somebody = Somebody(telegram, browser)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await database.make(folder)
        database.let_in(folder, [PERSON])
        async with served(telegram, browser, folder) as environment, started(RUN, environment):
            telegram.delay = delay
            # The first import asks for group and proxy, which are proposed from then on.
            await somebody.send(browser.offer("Shop"))
            for label, expected in (
                ("Group 1", "Which proxy?"),
                ("Keep", "Import this profile?"),
                ("✅ Import", "Imported"),
            ):
                await somebody.tap(label, expected)
            await somebody.rest("Shop")
            return [await somebody.one_import(f"Shop {number}") for number in range(tries)]


async def compare(tries: int, delays: Sequence[float]) -> None:
    """Print the table."""
    rows = []
    for delay in delays:
        found = await measure(tries, delay)
        for name, seconds in zip(
            ("code to card", "tap to request", "tap to result"), zip(*found, strict=True), strict=True
        ):
            rows.append(
                (
                    f"{name}, Telegram answers after {delay * 1000:.0f} ms",
                    times(percentile(seconds, 50)),
                    times(percentile(seconds, 99)),
                )
            )
    show(f"One person alone, {tries} imports, until the call arrives", ("", "p50", "p99"), rows)
