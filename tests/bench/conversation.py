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

from bot.domain.transfer_code import mask
from tests.bench import database
from tests.bench.process import ECHO, RUN, served, started
from tests.bench.report import percentile, show, spread, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.world import button_of

FIRST_PERSON = 10_000
#: Seconds within which a person gives up on an answer.
PATIENCE = 60.0
#: Seconds before the measuring begins.
WARM_UP = 2.0

Answered = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds`` that each step took from being sent to its answer in the chat.

    Of the bot, a step: ``cpu`` in seconds, and its ``calls`` and ``polls`` (getUpdates) of the Bot API.
    """

    steps_a_second: float
    cpu: float
    calls: float
    polls: float
    seconds: Sequence[float] = field(repr=False)


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
                # Nobody can go on before there is a list to choose from.
                complete = text in card.text and "Asking ixBrowser" not in card.text
                return complete and ("Code" not in card.text or mask(code) in card.text)

            return shown

        def tap(label: str) -> Callable[[], object]:
            return lambda: self.telegram.press(person, chat.card, button_of(chat.card, label))

        await self._step(person, lambda: self.telegram.say(person, code), shows("Which group?"))
        for label, expected in (
            ("Group 1", "Which proxy?"),
            ("Keep", "Import this profile?"),
            ("Change proxy", "Which proxy?"),
            ("Direct", "Import this profile?"),
            ("Change group", "Which group?"),
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
            self.telegram.calls.clear()
            began, cpu_began = time.perf_counter(), cpu()
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
            took, cpu_took, some = time.perf_counter() - began, cpu() - cpu_began, list(self._seconds)
            methods = [method for method, _ in self.telegram.calls]
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error
        polls, steps = methods.count("getUpdates"), max(1, len(some))
        return Measured(len(some) / took, cpu_took / steps, (len(methods) - polls) / steps, polls / steps, some)


async def measure(program: Sequence[str], people: int, seconds: float, delay: float) -> Measured:
    """One of the two programs, with a stand-in of Telegram that answers after ``delay`` seconds."""
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.add_group("Group 1")
    browser.add_group("Group 2")
    crowd = Crowd(telegram, people)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await database.make(folder)
        database.let_in(folder, [person.id for person in crowd.people])
        async with served(telegram, browser, folder) as environment, started(program, environment) as running:
            telegram.delay = delay
            return await crowd.run(crowd.echo if program is ECHO else crowd.converse, seconds, running.cpu)


async def compare(people: int, seconds: float, delays: Sequence[float], rounds: int) -> None:
    """Print the table: medians of ``rounds`` turns that echo bot and bot take one after the other."""
    rows = []
    for delay in delays:
        pairs = [
            (await measure(ECHO, people, seconds, delay), await measure(RUN, people, seconds, delay))
            for _ in range(rounds)
        ]
        echoes, bots = [echo for echo, _ in pairs], [own for _, own in pairs]
        for name, found in (("echo bot", echoes), ("this bot", bots)):
            beside = list(zip(found, echoes, strict=True))
            rows.append(
                (
                    f"{name}, {delay * 1000:.0f} ms",
                    spread([one.steps_a_second for one in found], 0),
                    spread([one.steps_a_second / echo.steps_a_second for one, echo in beside]),
                    times(statistics.median(one.cpu for one in found)),
                    spread([one.cpu / echo.cpu for one, echo in beside]),
                    spread([one.calls for one in found]),
                    f"{statistics.median(one.polls for one in found):.3f}",
                    times(statistics.median(percentile(one.seconds, 50) for one in found)),
                    times(statistics.median(percentile(one.seconds, 99) for one in found)),
                )
            )
    headings = ("", "steps a second", "of echo", "processor a step", "of echo", "calls a step", "polls", "p50", "p99")
    title = f"{people} people in conversation at once, Telegram answering after 0 or more ms; each step is committed"
    show(f"{title}; median (least-most) of {rounds} x {seconds:.0f} s", headings, rows)
