"""One bot that is killed, restored, copied and moved again and again, its people, and what they see of it."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.domain.transfer_code import mask
from tests.end_to_end.computers import Computer
from tests.end_to_end.givers import Post
from tests.end_to_end.killer import Killer
from tests.end_to_end.mischief import MischievousIxBrowser, Moment, WatchedTelegram
from tests.end_to_end.process import PATIENCE
from tests.end_to_end.restored_result import RestoredResult
from tests.end_to_end.restored_verdict import Breaks, complaints
from tests.end_to_end.result import unsettled
from tests.end_to_end.snapshot import Snapshot, goes_on, is_over, newest_recovery
from tests.end_to_end.survivors import Lives, Restorer, Survivor
from tests.standins.ixbrowser_world import Row
from tests.standins.telegram_state import Message

PEOPLE = ("Ana", "Mai", "Eva", "Noa")
ADMINS = {4001: "Kim", 4002: "Lee"}
#: Seconds within which a recovery is over once the bot is left alone, and all is told in the end.
LIMIT = 60.0
LOOK_EVERY = 0.05
#: How often something happens to the database after a kill, and how often a recovery is left as it is by that.
BREAKS, BREAKS_AGAIN = 0.3, 0.12
#: Exit status of a second process.
OK = 0
BEGINS = "a recovery begins"


class RestoredLane(Killer[RestoredResult]):
    """The same seed gives the same people, moments and breaks."""

    def __init__(
        self,
        computers: Sequence[Computer],
        telegram: WatchedTelegram,
        browser: MischievousIxBrowser,
        seed: str,
        saved: Path,
    ) -> None:
        super().__init__(computers[0].office, telegram, browser, seed, RestoredResult(seed))
        self.computers = computers
        self._computer, self._other = computers
        self._saved = saved
        self._backups: list[Path] = []
        self._working, self._over = asyncio.Event(), asyncio.Event()
        self._post, self.lives = Post(), Lives()
        self.breaks = Breaks(self)
        self._people = [self._somebody(number, name) for number, name in enumerate(PEOPLE, 1)]
        self._admins = [
            Restorer(telegram, telegram.add_person(number, name), self._chance(name), self.lives)
            for number, name in ADMINS.items()
        ]
        self.lives.when_let_go_on = self._let_go_on
        for computer in computers:
            computer.way.asked = self._watcher(computer)
        self._readings_before: dict[int, int] = {}
        self.counts: Counter[str] = Counter()

    def _somebody(self, number: int, name: str) -> Survivor:
        person = self._telegram.add_person(number, name)
        chance = self._chance(name)
        return Survivor(self._telegram, person, chance, self._offer, [], post=self._post, lives=self.lives)

    @property
    def people(self) -> Sequence[Survivor]:
        return self._people

    @property
    def computer(self) -> Computer:
        return self._computer

    @property
    def browser(self) -> MischievousIxBrowser:
        return self._browser

    # --- what must not happen while it does -------------------------------------------------------------------------

    def _watcher(self, computer: Computer) -> Callable[[str, Row], None]:
        def asked(action: str, _request: Row) -> None:
            recovery = newest_recovery(computer.office)
            if recovery is None:
                return
            generation = recovery["generation"]
            if not goes_on(recovery) or generation not in self.lives.let_go_on:
                self.result.wrong.append(f"{action} was sent before anybody let generation {generation} go on")
            elif computer.way.audit.readings < self._readings_before[generation] + 2:
                self.result.wrong.append(f"{action} was sent before the records were read twice: {generation}")

        return asked

    def _let_go_on(self, generation: int) -> None:
        self.lives.let_go_on[generation] = self.lives.let_go_on.get(generation, 0) + 1
        self._readings_before.setdefault(generation, self._computer.way.audit.readings)

    # --- the whole of it --------------------------------------------------------------------------------------------

    async def run(self, moments: int) -> None:
        await self._found()
        living = [asyncio.create_task(each.live(self._over, self._working), name=each.person.first_name)
                  for each in self._people]  # fmt: skip
        living += [asyncio.create_task(each.live(self._over)) for each in self._admins]
        self._working.set()
        try:
            while len(self.result.moments) < moments:
                await self._kill(Moment(self._random))
                if self._random.random() < BREAKS:
                    await self._break(moments)
            await self._end(living)
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
        self.result.wrong += complaints(self, self._names)
        self.result.count(self._computer.office, self._browser, self.counts)

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
        await self._back_up()

    async def _end(self, living: Sequence[asyncio.Task[None]]) -> None:
        self._browser.behave()
        bot = await (await self._spawn()).ready()
        await self._recovered()
        # For a while all goes well: what was begun is done.
        await bot.runs_on(3.0)
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
                self.result.wrong.append(f"{task.get_name()} gave up: {error!r}")

    # --- what happens to the database -------------------------------------------------------------------------------

    async def _strike(self) -> None:
        if self._random.random() < 0.25:
            await asyncio.sleep(self._random.uniform(0, 1.0))
            await self._back_up(killed=self._random.random() < 0.2)

    async def _back_up(self, *, killed: bool = False) -> None:
        file = self._saved / f"{len(self._backups) + self.counts['backups broken off']}{self._computer.suffix}"
        command = await self._computer.command("backup", str(file))
        if killed and await command.runs_on(self._random.uniform(0, 1.0)):
            command.kill()
        status = await command.ended()
        if status == OK:
            self._backups.append(file)
            self.counts["backups"] += 1
        elif killed:
            self.counts["backups broken off"] += 1
            if file.exists():
                self._backups.append(file)
        else:
            self.result.wrong.append(f"backup ended with {status}:\n{command.said}")

    async def _break(self, moments: int) -> None:
        """Something happens to the database, and a recovery begins and ends: or before that the next thing happens."""
        self._working.clear()
        while True:
            # Copies of one that is being recovered are copied too.
            ways: list[Callable[[], Awaitable[bool]]] = [self._restore, self._restore, self._copy]
            happened = await self._random.choice(ways)()
            self.result.moments[-1] += ", broken" if happened else ", not broken"
            again = await self._recover(moments) if happened else False
            if not again:
                break
        self._next_life()
        self._working.set()

    def _next_life(self) -> None:
        self.lives.number += 1
        recovery = newest_recovery(self._office)
        self.lives.generation = 1 if recovery is None else int(recovery["generation"])
        for somebody in self._people:
            self._telegram.changed(somebody.person.id)

    def _newest_message(self) -> int:
        chats = [each.chat for each in self._people] + [each.chat for each in self._admins]
        return max((message.id for chat in chats for message in chat.messages[-5:]), default=0)

    async def _restore(self) -> bool:
        """Restore some backup, and break that off now and then; whether another database is there now."""
        before = self._computer.identity()
        backup = self._random.choice([*self._backups[-6:], *self._computer.backups()[-4:]])
        self.counts["restores"] += 1
        command = await self._computer.command("restore", str(backup))
        killed = self._random.random() < 0.3
        if killed and await command.runs_on(self._random.uniform(0.2, 1.2) * max(1.0, self._start_takes)):
            command.kill()
        status = await command.ended()
        self._printed.append(command.said)
        self.breaks.what = f"restore {backup}: {status}: {command.said}"
        if status == -signal.SIGKILL:
            self.counts["restores broken off"] += 1
            changed = self._computer.identity() != before
            self.counts["restores broken off and done"] += changed
            return changed
        if status != OK or "Traceback" in command.said:
            self.result.wrong.append(f"restore of {backup} ended with {status}:\n{command.said}")
        return True

    async def _copy(self) -> bool:
        """Copy all to the other computer, and go on with one of them; whether that is the copy."""
        marker = self._random.random() < 0.7
        await self._other.copy_from(self._computer, marker=marker)
        self.counts["copies"] += 1
        goes_there = self._random.random() < 0.6
        if self._random.random() < 0.6:
            self.counts["copies beside the first"] += 1
            await self._beside()
        if goes_there:
            self.counts["copies that go on"] += 1
            self._computer, self._other = self._other, self._computer
            self._office = self._computer.office
        else:
            # What the copy has asked is of no bot any more.
            self.lives.asked_since = self._newest_message()
        return goes_there

    async def _beside(self) -> None:
        """Both serve for a while, and both are killed."""
        recovery = newest_recovery(self._office)
        if is_over(recovery):
            # They don't know of it, and go on.
            self._working.set()
        self.lives.undecided = True
        first = await self._spawn()
        second = await self._other.office.spawn()
        with suppress(AssertionError):
            await asyncio.wait_for(self._first(second.ready()), PATIENCE)
        await second.runs_on(self._random.uniform(0, 2.5))
        bots = [first, second]
        self._random.shuffle(bots)
        for bot in bots:
            bot.kill()
            self._ended(await bot.ended(), -signal.SIGKILL, bot)
        self._working.clear()
        self.lives.undecided = False

    # --- and what follows -------------------------------------------------------------------------------------------

    async def _recover(self, moments: int) -> bool:
        """A recovery begins and ends, with kills in between; True where it is to be broken again before its end."""
        found = Snapshot.of(self._office)
        self.breaks.begin(found, self._newest_message())
        self.lives.since = self.lives.asked_since = self._newest_message()
        self.counts["recoveries"] += 1
        while self._random.random() < 0.4 and len(self.result.moments) < moments:
            await self._kill(Moment(self._random))
            self.breaks.kills += 1
            if self._random.random() < BREAKS_AGAIN:
                return True
        bot = await (await self._spawn()).ready()
        self._prod()
        await self._recovered()
        await self.breaks.judge(bot)
        bot.kill()
        self._ended(await bot.ended(), -signal.SIGKILL, bot)
        return False

    def _prod(self) -> None:
        """Some do something although nobody knows yet who they are."""
        for somebody in self._people:
            if self._random.random() < 0.4 and (pressed := somebody.press_old()) is not None:
                self.breaks.pressed.append(pressed)
            if self._random.random() < 0.2:
                self._telegram.say(somebody.person, "76686828-89727101")

    async def _recovered(self) -> None:
        """Wait until nothing is to be answered any more, and imports go on."""
        nobody_tells = asyncio.Event()
        try:
            async with asyncio.timeout(LIMIT):
                while not is_over(newest_recovery(self._office)):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(nobody_tells.wait(), LOOK_EVERY)
        except TimeoutError:
            seen = "\n".join(_end(each.chat.messages) for each in self._admins)
            self.result.wrong.append(f"a recovery does not end: {newest_recovery(self._office)}\n{seen}")

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


def _end(messages: Sequence[Message]) -> str:
    return "\n".join(f"#{message.id} {message.transcript()}" for message in messages[-5:])
