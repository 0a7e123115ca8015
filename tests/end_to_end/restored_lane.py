"""One bot that is killed, restored, copied and moved again and again, its people, and what they see of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from traceback import format_exception

from bot.domain.transfer_code import mask
from tests.end_to_end.breaking import Breaking
from tests.end_to_end.computers import Computer
from tests.end_to_end.givers import Post
from tests.end_to_end.mischief import MischievousIxBrowser, Moment, WatchedTelegram
from tests.end_to_end.process import PATIENCE
from tests.end_to_end.restored_verdict import Breaks, complaints
from tests.end_to_end.result import end, unsettled
from tests.end_to_end.snapshot import goes_on, is_over, newest_recovery
from tests.end_to_end.survivors import Restorer, Survivor
from tests.standins.ixbrowser_world import Row

PEOPLE = ("Ana", "Mai", "Eva", "Noa")
ADMINS = {4001: "Kim", 4002: "Lee"}
#: Seconds within which a recovery is over once the bot is left alone, and all is told in the end.
LIMIT = 60.0
LOOK_EVERY = 0.05
#: How often ixBrowser is closed between two kills.
CLOSED = 0.35
#: How often admins hesitate to let it go on, and for how many seconds: longer than it takes to prove that a code has
#: not arrived.
HESITATES, HESITATES_FOR = 0.35, 4.0
#: How often something happens to the database after a kill, and how often a recovery is left as it is by that.
BREAKS, BREAKS_AGAIN = 0.4, 0.12
#: Exit status of a second process.
OK = 0


class RestoredLane(Breaking):
    """The same seed gives the same people, moments and breaks."""

    def __init__(
        self,
        computers: Sequence[Computer],
        telegram: WatchedTelegram,
        browser: MischievousIxBrowser,
        seed: str,
        saved: Path,
    ) -> None:
        super().__init__(computers, telegram, browser, seed, saved)
        self._over = asyncio.Event()
        self._post = Post()
        self.breaks = Breaks(self)
        self._people = [self._somebody(number, name) for number, name in enumerate(PEOPLE, 1)]
        self._admins = [
            Restorer(telegram, telegram.add_person(number, name), self._chance(name), self.lives)
            for number, name in ADMINS.items()
        ]
        self._chats = [*(each.chat for each in self._people), *(each.chat for each in self._admins)]
        self.lives.when_let_go_on = self._let_go_on
        for computer in computers:
            computer.way.asked = self._watcher(computer)
        # By when a recovery has begun: how often the records had been read when it was first let go on.
        self._readings_before: dict[str, int] = {}

    def _somebody(self, number: int, name: str) -> Survivor:
        person = self._telegram.add_person(number, name)
        chance = self._chance(name)
        return Survivor(self._telegram, person, chance, self._offer, [], post=self._post, lives=self.lives)

    @property
    def people(self) -> Sequence[Survivor]:
        return self._people

    @property
    def browser(self) -> MischievousIxBrowser:
        return self._browser

    # --- what must not happen while it does -------------------------------------------------------------------------

    def _watcher(self, computer: Computer) -> Callable[[str, Row], None]:
        def asked(action: str, _request: Row) -> None:
            recovery = newest_recovery(computer.office)
            if recovery is None:
                return
            before = self._readings_before.get(str(recovery["begun_at"]))
            if not goes_on(recovery) or before is None:
                self.result.wrong.append(f"{action} was sent before anybody let it go on: {recovery}")
            elif computer.way.audit.readings < before + 2:
                self.result.wrong.append(f"{action} was sent before the records were read twice: {recovery}")

        return asked

    def _let_go_on(self, generation: int) -> None:
        recovery = newest_recovery(self._office)
        if recovery is not None and recovery["generation"] == generation:
            self._readings_before.setdefault(str(recovery["begun_at"]), self.computer.way.audit.readings)

    # --- the whole of it --------------------------------------------------------------------------------------------

    async def run(self, moments: int) -> None:
        await self._found()
        living = [asyncio.create_task(each.live(self._over, self._working), name=each.person.first_name)
                  for each in self._people]  # fmt: skip
        living += [asyncio.create_task(each.live(self._over)) for each in self._admins]
        self._working.set()
        try:
            while len(self.result.moments) < moments:
                # While it is closed there is something in the queue, and in the backups.
                self._browser.running = self._random.random() > CLOSED
                await self._kill(Moment(self._random))
                if not self._browser.running and self._random.random() < 0.6:
                    await self._back_up()
                is_last = len(self.result.moments) == moments
                # However few they are, something happens to the database.
                while self._random.random() < BREAKS or (is_last and not self.counts["recoveries"]):
                    await self._break(moments)
            await self._end(living)
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
        self.result.wrong += complaints(self, self._names)
        self.result.count(self.computer.office, self._browser, self.counts)

    async def _found(self) -> None:
        """Let everybody in, and make the first backup."""
        bot = await (await self._spawn()).ready()
        admin = self._admins[0]
        for somebody in self._people:
            self._telegram.say(somebody.person, "/start")
            self._telegram.say(admin.person, f"/allow {somebody.person.id}")
            await self._telegram.settled(partial(_may_import, somebody), PATIENCE)
        self._telegram.say(self._admins[1].person, "/start")
        await self._telegram.handled(PATIENCE)
        bot.kill()
        await bot.ended()
        # To whoever comes later, those that were made before they were let in are of no use.
        for early in self.computer.backups():
            early.unlink()
        await self._back_up()

    async def _end(self, living: Sequence[asyncio.Task[None]]) -> None:
        self._browser.behave()
        self._browser.running = True
        bot = await (await self._spawn()).ready()
        await self._recovered()
        # For a while all goes well: what was begun is done.
        await bot.runs_on(3.0)
        await self._comes_true(lambda: sum(self._browser.made.values()))
        self._over.set()
        self._next_life()
        _, waiting = await asyncio.wait(living[: len(self._people)], timeout=LIMIT)
        self.result.wrong += [f"{task.get_name()} waits for ever" for task in waiting]
        await self._telegram.handled(PATIENCE)
        still: Sequence[str] = ()
        try:
            async with asyncio.timeout(LIMIT):
                while still := unsettled(self._office):
                    await bot.runs_on(LOOK_EVERY)
        except TimeoutError:
            self.result.wrong.append(f"it does not come to rest: {still}")
        bot.terminate()
        self._ended(await bot.ended(), OK, bot)
        for task in living:
            if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                self.result.wrong.append(f"{task.get_name()} gave up:\n{''.join(format_exception(error))}")

    # --- what happens to the database -------------------------------------------------------------------------------

    async def _break(self, moments: int) -> None:
        """Something happens to the database, and a recovery begins and ends: or before that the next thing happens."""
        self._working.clear()
        while True:
            happened = await self._something()
            self.result.moments[-1] += f", {self.what.partition(chr(10))[0]}"
            again = await self._recover(moments) if happened else False
            if not again:
                break
        self._next_life()
        self._working.set()

    def _next_life(self) -> None:
        self.lives.number += 1
        self._know_generation()
        for somebody in self._people:
            self._telegram.changed(somebody.person.id)

    def _know_generation(self) -> None:
        recovery = newest_recovery(self._office)
        self.lives.generation = 1 if recovery is None else int(recovery["generation"])

    # --- and what follows -------------------------------------------------------------------------------------------

    async def _recover(self, moments: int) -> bool:
        """A recovery begins and ends, with kills in between; True where it is to be broken again before its end."""
        self.counts["recoveries"] += 1
        self._browser.running = True
        self.counts["codes that waited then"] += 0 if self.found is None else len(self.found.held)
        self.breaks.begin()
        bot, self._kept = self._kept, None
        while bot is None and self._random.random() < 0.4 and len(self.result.moments) < moments:
            await self._kill(Moment(self._random))
            self.kills += 1
            if self._random.random() < BREAKS_AGAIN:
                return True
        bot = bot or await (await self._spawn()).ready()
        # From here on it is known which cards are of before.
        self._know_generation()
        self._prod()
        if self._random.random() < HESITATES:
            self.lives.undecided = True
            await bot.runs_on(HESITATES_FOR)
            self.lives.undecided = False
        if self._random.random() < 0.2:
            await self._answer_at_terminal()
        await self._recovered()
        await self.breaks.judge(bot)
        await self._end_by_kill(bot)
        return False

    async def _answer_at_terminal(self) -> None:
        """While admins answer in the chat."""
        self._let_go_on(self.lives.generation)
        command = await self.computer.command("recover", typing=True)
        with suppress(ConnectionError):
            await command.type("yes")
            await command.type("yes")
        await command.ended()
        self._printed.append(command.said)
        self.counts["answered at the terminal"] += 1
        if "Traceback" in command.said:
            self.result.wrong.append(f"recover has met something unexpected:\n{command.said}")

    def _prod(self) -> None:
        """Some do something although nobody knows yet who they are."""
        for somebody in self._people:
            if self._random.random() < 0.4 and (pressed := somebody.press_old()) is not None:
                self.breaks.pressed.append(pressed)
            if self._random.random() < 0.2:
                self._telegram.say(somebody.person, "76686828-89727101")

    async def _recovered(self) -> None:
        """Wait until nothing is to be answered any more, and imports go on."""
        if not await self._comes_true(lambda: is_over(newest_recovery(self._office))):
            seen = "\n".join(end(each.chat) for each in self._admins)
            self.result.wrong.append(f"a recovery does not end: {newest_recovery(self._office)}\n{seen}")

    @staticmethod
    async def _comes_true(what: Callable[[], object]) -> bool:
        """Look again and again, for nobody tells of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT):
                while not what():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(asyncio.Event().wait(), LOOK_EVERY)
                return True
        return False

    def leaks(self) -> Sequence[str]:
        """What was printed that is secret."""
        printed = "".join(self._printed)
        secrets = {self._telegram.token, *(secret for each in self._people for secret in each.secrets)}
        return [
            *(f"the secret {secret} was printed" for secret in secrets if secret in printed),
            *(f"the code {mask(code)} was printed" for code in self._codes if code in printed),
        ]


def _may_import(somebody: Survivor) -> bool:
    return somebody.heard.may_import
