"""The one who kills a bot again and again at random moments, and what is noted of it: the same for every such test."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Coroutine
from contextlib import suppress
from random import Random
from typing import Any, Generic, Protocol, TypeVar

from tests.end_to_end.mischief import MischievousIxBrowser, Moment, WatchedTelegram
from tests.end_to_end.office import Office
from tests.end_to_end.process import BotProcess

#: How much longer than on an idle machine a process lives at most before it is killed, where all is slow.
SLOWEST = 4.0


class Notes(Protocol):
    """What is noted: the seed, when it was killed, and sentences about what is wrong."""

    seed: str
    moments: list[str]
    wrong: list[str]


N = TypeVar("N", bound=Notes)


class Killer(Generic[N]):
    """The same seed gives the same codes and moments."""

    def __init__(
        self, office: Office, telegram: WatchedTelegram, browser: MischievousIxBrowser, seed: str, result: N
    ) -> None:
        self.result = result
        self._office = office
        self._telegram = telegram
        self._browser = browser
        self._random = Random(seed)
        self._names: dict[str, str] = {}
        self._codes: list[str] = []
        self._printed: list[str] = []
        # Seconds that a process needs until it serves: on a busy machine all takes that much longer.
        self._start_takes = 0.0
        for title in ("Shops EU", "Shops US", "Ads"):
            browser.add_group(title)

    def _chance(self, name: str) -> Random:
        return Random(f"{self.result.seed} {name}")

    def _offer(self) -> str:
        """A code, one in ten of them wrong. What is shown of it, its outer digits, is a number of its own."""
        number = len(self._codes) + 1
        shown = f"{number:08d}"
        code = f"{shown[:4]}{self._random.randrange(10**4):04d}-{self._random.randrange(10**4):04d}{shown[4:]}"
        if self._random.random() < 0.9:
            self._names[code] = f"Shop {number}"
            self._browser.offer(self._names[code], code=code)
        self._codes.append(code)
        return code

    async def _spawn(self) -> BotProcess:
        self._browser.begin_anew()
        return await self._office.spawn()

    async def _kill(self, moment: Moment) -> None:
        self.result.moments.append(str(moment))
        now = asyncio.Event()
        began = time.monotonic()
        bot = await self._spawn()

        def kill() -> None:
            # At once: nothing that was not answered yet reaches the bot.
            bot.kill()
            now.set()

        strike = asyncio.create_task(self._strike())
        moment.watch(self._telegram, self._browser, kill)
        if not moment.starting:
            # It may be over before.
            await self._first(bot.ready(), now.wait())
            self._start_takes = time.monotonic() - began
        with suppress(TimeoutError):
            await asyncio.wait_for(now.wait(), moment.longest * min(max(1.0, self._start_takes), SLOWEST))
        kill()
        self._ended(await bot.ended(), -signal.SIGKILL, bot)
        await strike

    async def _strike(self) -> None:
        """Do something else meanwhile."""

    @staticmethod
    async def _first(*waits: Coroutine[Any, Any, object]) -> None:
        """Wait until one of these has come true."""
        tasks = [asyncio.create_task(wait) for wait in waits]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, status: int, wanted: int, bot: BotProcess) -> None:
        self._printed.append(bot.said)
        if status != wanted:
            self.result.wrong.append(f"process {len(self._printed)} ended with {status}:\n{bot.said[-3000:]}")
        if "Traceback" in bot.said:
            self.result.wrong.append(f"process {len(self._printed)} has met something unexpected:\n{bot.said[-6000:]}")
