"""Conversation steps a second, and how long a step takes, beside a bare echo bot on the same stand-in."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import SystemClock
from bot.demo.ixbrowser import FakeIxBrowser
from bot.demo.telegram import TOKEN, FakeTelegram
from bot.demo.telegram_state import Person
from bot.domain.transfer_code import mask
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Role
from tests.bench.process import ECHO, RUN, started
from tests.bench.report import show, times
from tests.support.http_ixbrowser import ServedIxBrowser
from tests.support.http_telegram import HttpTelegram
from tests.support.world import button_of

FIRST_PERSON = 10_000
#: Seconds within which a person gives up on an answer.
PATIENCE = 60.0
#: Seconds before the measuring begins.
WARM_UP = 2.0

Answered = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds`` that each step took from being sent to its answer in the chat; ``cpu`` seconds of the bot a step."""

    steps_a_second: float
    cpu: float
    seconds: Sequence[float] = field(repr=False)

    def percentile(self, part: int) -> float:
        return statistics.quantiles(self.seconds, n=100)[part - 1]


class Crowd:
    """People who go on with their conversation as soon as they are answered."""

    def __init__(self, telegram: FakeTelegram, count: int) -> None:
        self.telegram = telegram
        self.people = [telegram.add_person(FIRST_PERSON + number, f"Person {number}") for number in range(count)]
        self._seconds: list[float] = []

    async def _step(self, person: Person, act: Callable[[], object], answered: Answered) -> None:
        began = time.perf_counter()
        act()
        await self.telegram.settled(answered, PATIENCE, chat=person.id)
        self._seconds.append(time.perf_counter() - began)

    async def echo(self, person: Person) -> None:
        """Says one thing after another and expects each back."""
        for number in itertools.count():
            await self._echo(person, f"{person.id} says {number}")

    async def _echo(self, person: Person, said: str) -> None:
        chat = self.telegram.chat(person.id)
        await self._step(person, lambda: self.telegram.say(person, said), lambda: chat.answer.text == said)

    async def converse(self, person: Person) -> None:
        """A code, group and proxy, two changes of mind, and Cancel: eight steps, again and again."""
        for number in itertools.count():
            await self._converse(person, f"{person.id:08}-{number:08}")

    async def _converse(self, person: Person, code: str) -> None:
        chat = self.telegram.chat(person.id)

        def shows(text: str) -> Answered:
            def shown() -> bool:
                card = chat.card
                if "Code" in card.text and mask(code) not in card.text and text != "Which group?":
                    raise AssertionError(f"somebody else's card in the chat of {person.id}: {card.text}")
                return text in card.text and ("Code" not in card.text or mask(code) in card.text)

            return shown

        def tap(label: str) -> Callable[[], object]:
            return lambda: self.telegram.press(person, chat.card, button_of(chat.card, label))

        await self._step(person, lambda: self.telegram.say(person, code), shows("Which group?"))
        for label, expected in (
            ("Group 1", "Which proxy?"),
            ("Keep", "Import this profile?"),
            ("Proxy", "Which proxy?"),
            ("Direct", "Import this profile?"),
            ("Group", "Which group?"),
            ("Group 2", "Import this profile?"),
            ("Cancel", "Cancelled"),
        ):
            await self._step(person, tap(label), shows(expected))

    async def run(
        self, behave: Callable[[Person], Awaitable[None]], seconds: float, cpu: Callable[[], float]
    ) -> Measured:
        """Everybody at once for so long. What one of them finds wrong is raised."""
        tasks = [asyncio.ensure_future(behave(person)) for person in self.people]
        try:
            await asyncio.wait(tasks, timeout=WARM_UP, return_when=asyncio.FIRST_EXCEPTION)
            self._seconds.clear()
            began, cpu_began = time.perf_counter(), cpu()
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
            took, cpu_took, some = time.perf_counter() - began, cpu() - cpu_began, list(self._seconds)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        return Measured(len(some) / took, cpu_took / max(1, len(some)), some)


async def _let_in(url: str, people: Sequence[Person]) -> None:
    database = Database(url, "bench")
    await bring_up_to_date(database)
    now = SystemClock().now()

    def change(work: SqlWork) -> None:
        for person in people:
            work.users.set_role(person.id, Role.MEMBER, 1, now)

    await SqlStore(database).write(change)
    await database.close()


async def measure(program: Sequence[str], people: int, seconds: float, delay: float) -> Measured:
    """One of the two programs, with a stand-in of Telegram that answers after ``delay`` seconds."""
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    crowd = Crowd(telegram, people)
    served_browser = ServedIxBrowser(browser)
    await served_browser.start()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await _let_in(url, crowd.people)
        async with HttpTelegram(telegram) as served:
            environment = {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": served.origin,
                "IXBROWSER_URL": served_browser.url,
                "DATABASE_URL": url,
                "ADMIN_IDS": "1",
                "LOG_LEVEL": "WARNING",
                "XDG_DATA_HOME": folder,
            }
            async with started(program, environment) as running:
                telegram.delay = delay
                measured = await crowd.run(crowd.echo if program is ECHO else crowd.converse, seconds, running.cpu)
    await served_browser.stop()
    return measured


async def compare(people: int, seconds: float, delays: Sequence[float]) -> None:
    """Print the table."""
    rows = []
    for delay in delays:
        echo = await measure(ECHO, people, seconds, delay)
        for name, found in (("echo bot", echo), ("this bot", await measure(RUN, people, seconds, delay))):
            rows.append(
                (
                    f"{name}, Telegram answers after {delay * 1000:.0f} ms",
                    f"{found.steps_a_second:.0f}",
                    f"{found.steps_a_second / echo.steps_a_second:.2f}",
                    times(found.cpu),
                    times(found.percentile(50)),
                    times(found.percentile(99)),
                )
            )
    headings = ("", "steps a second", "of the echo bot", "processor a step", "p50", "p99")
    show(f"{people} people in conversation at once; each step of this bot is a durable commit", headings, rows)
