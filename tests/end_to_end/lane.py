"""One office whose bot is killed again and again, its people, and what they and the log say in the end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress

from bot.domain.transfer_code import mask
from bot.usecases.records import Role
from tests.end_to_end.admins import Admin
from tests.end_to_end.couriers import Courier, FleetingCourier
from tests.end_to_end.givers import Post
from tests.end_to_end.handoff_verdict import Handoffs
from tests.end_to_end.heard import REMOVED
from tests.end_to_end.killer import Killer
from tests.end_to_end.mischief import MischievousIxBrowser, Moment, WatchedTelegram
from tests.end_to_end.newcomers import Doings, Newcomer
from tests.end_to_end.office import Office
from tests.end_to_end.people import Somebody
from tests.end_to_end.process import PATIENCE, BotProcess
from tests.end_to_end.result import Result, end, seen, stands_at, unsettled
from tests.end_to_end.server_mischief import ServerMischief
from tests.end_to_end.team_verdict import Team
from tests.end_to_end.verdict import complaints

#: Who imports all the time, and the admins, who let them in.
PEOPLE = ("Ana", "Mai", "Eva")
ADMINS = {4001: "Kim", 4002: "Lee"}
#: Who leave codes for one another all the time; beside them there is always one who comes and goes.
COURIERS = ("Noa", "Rui")
#: So many at a time come and go; the first has this number.
NEWCOMERS = 4
FIRST_NEWCOMER = 5001
#: Seconds between two looks at what the bot has done.
LOOK_EVERY = 0.05
#: Seconds within which, once nobody kills the bot any more, everybody has been told how everything ended.
LIMIT = 60.0
#: Kills after which the bot is left alone for a while, so that not all is at its beginning for ever.
REST_AFTER = 25


class Lane(Killer[Result]):
    """One office, its people, and the one who kills its bot. The same seed gives the same people and moments."""

    def __init__(
        self,
        office: Office,
        telegram: WatchedTelegram,
        browser: MischievousIxBrowser,
        seed: str,
        server: ServerMischief | None = None,
    ) -> None:
        super().__init__(office, telegram, browser, seed, Result(seed))
        self._server = server
        self._confirmed: list[str] = []
        self._working = asyncio.Event()
        self._doings, self._post = Doings(), Post()
        self._importing = [self._somebody(number, name) for number, name in enumerate(PEOPLE, 1)]
        self._importing += [self._courier(number, name) for number, name in enumerate(COURIERS, 1 + len(PEOPLE))]
        self._newcomers: list[Newcomer] = []
        self._admins = [self._admin(number, name) for number, name in ADMINS.items()]

    def _somebody(self, number: int, name: str) -> Somebody:
        person = self._telegram.add_person(number, name)
        return Somebody(self._telegram, person, self._chance(name), self._offer, self._confirmed)

    def _courier(self, number: int, name: str) -> Courier:
        person = self._telegram.add_person(number, name)
        # Nobody else sends their codes: who sends one that is left for somebody is only told so.
        return Courier(self._telegram, person, self._chance(name), self._offer, [], post=self._post)

    def _newcomer(self, *, courier: bool = False) -> Newcomer:
        number = FIRST_NEWCOMER + len(self._newcomers)
        person = self._telegram.add_person(number, f"New {number}")
        given = self._telegram, person, self._chance(person.first_name), self._offer
        if courier:
            self._newcomers.append(FleetingCourier(*given, [], doings=self._doings, post=self._post))
        else:
            self._newcomers.append(Newcomer(*given, self._confirmed, doings=self._doings))
        return self._newcomers[-1]

    def _admin(self, number: int, name: str) -> Admin:
        person = self._telegram.add_person(number, name)

        def theirs(user_id: int) -> bool:
            return user_id >= FIRST_NEWCOMER and user_id % len(ADMINS) == number % len(ADMINS)

        return Admin(self._telegram, person, self._chance(name), self._doings, theirs)

    @property
    def _people(self) -> Sequence[Somebody]:
        return [*self._importing, *self._newcomers]

    def _living(self, over: asyncio.Event) -> Sequence[asyncio.Task[None]]:
        first, *others = self._admins
        colleagues = [somebody.person for somebody in self._importing]

        async def come_and_go(*, courier: bool = False) -> None:
            while not over.is_set():
                await self._newcomer(courier=courier).live(over, self._working)

        lives = [
            *(somebody.live(over, self._working) for somebody in self._importing),
            first.live(over, self._working, colleagues),
            *(admin.live(over, self._working) for admin in others),
            *(come_and_go(courier=number == NEWCOMERS) for number in range(NEWCOMERS + 1)),
        ]
        newcomers = [*(f"newcomer {number}" for number in range(1, NEWCOMERS + 1)), "a courier who comes and goes"]
        names = [*PEOPLE, *COURIERS, *ADMINS.values(), *newcomers]
        return [asyncio.create_task(life, name=name) for life, name in zip(lives, names, strict=True)]

    async def run(self, moments: int) -> None:
        over = asyncio.Event()
        self._working.set()
        living = self._living(over)
        try:
            for number in range(1, moments + 1):
                await self._kill(Moment(self._random))
                if number % REST_AFTER == 0 and number < moments:
                    await self._rest()
            self._browser.behave()
            bot = await self._spawn()
            with suppress(TimeoutError):
                # However few the moments are, somebody was let in, somebody removed, and a code taken and imported.
                async with asyncio.timeout(2 * LIMIT):
                    await self._telegram.settled(self._has_happened, None)
            over.set()
            await self._all_told(living)
            await self._telegram.handled(PATIENCE)
            await self._come_to_rest(bot)
            bot.terminate()
            self._ended(await bot.ended(), 0, bot)
        finally:
            for task in living:
                task.cancel()
            await asyncio.gather(*living, return_exceptions=True)
        self._judge()

    def _has_happened(self) -> bool:
        came_and_went = {Role.MEMBER, REMOVED} <= {role for each in self._newcomers for role in each.heard.roles}
        return came_and_went and self._post.has_arrived(self._people)

    async def _strike(self) -> None:
        if self._server is not None and (struck := await self._server.strike()):
            self.result.moments[-1] += f" with {struck}"

    async def _rest(self) -> None:
        """Begin nothing new, and leave the bot alone until everybody has been told of all they have confirmed.

        Nor does ixBrowser do any mischief: to read thousands of records, a fault in every thirty pages, takes for ever.
        """
        self._working.clear()
        mischief, self._browser.mischief = self._browser.mischief, None
        confirmed = [(person, code) for person in self._people for code in person.promises]
        bot = await self._spawn()
        try:
            await self._telegram.settled(lambda: all(person.ending(code) for person, code in confirmed), LIMIT)
        except AssertionError:
            left = [mask(code) for person, code in confirmed if not person.ending(code)]
            self.result.wrong.append(f"after {len(self.result.moments)} kills nobody was told in time of {left}")
        bot.kill()
        self._ended(await bot.ended(), -signal.SIGKILL, bot)
        self._browser.mischief = mischief
        self._working.set()

    async def _all_told(self, living: Sequence[asyncio.Task[None]]) -> None:
        _, waiting = await asyncio.wait(living, timeout=LIMIT)
        for task in living:
            if task in waiting:
                self.result.wrong.append(f"{task.get_name()} waits for ever in {stands_at(task)}")
            elif (error := task.exception()) is not None:
                self.result.wrong.append(f"{task.get_name()} gave up: {error!r}")
        if waiting:
            handled = {row["update_id"] for row in self._office.rows("handled_updates")}
            self.result.wrong += [seen(each, handled) for each in self._people]
            self.result.wrong += [f"{each.person.first_name} sees:\n{end(each.chat)}" for each in self._admins]

    async def _come_to_rest(self, bot: BotProcess) -> None:
        """Wait until links are set, cards shown, those deleted that have moved, and secrets forgotten."""
        try:
            async with asyncio.timeout(PATIENCE):
                while still := [*unsettled(self._office), *self._left()]:
                    await bot.runs_on(LOOK_EVERY)
        except TimeoutError:
            self.result.wrong.append(f"it does not come to rest: {still}")

    def _judge(self) -> None:
        result = self.result
        team = Team(self._office, self._admins, self._importing, self._newcomers, self._doings)
        result.wrong += team.complaints()
        result.team = team.counts()
        kept = team.kept | team.given_back
        result.wrong += complaints(self._office, self._browser, self._people, self._names, kept=kept)
        handoffs = Handoffs(self._office, self._browser, self._people, self._post, ADMINS)
        result.wrong += handoffs.complaints()
        result.handoffs = handoffs.counts()
        result.wrong += self._leaks()
        rows = self._office.rows()
        result.imports = len(self._browser.imports)
        result.confirmed = len(rows)
        result.updates = len(self._office.rows("handled_updates"))
        result.good = sum(row["code"] in self._names and row["status"] != "cancelled" for row in rows)
        result.imported = sum(row["status"] == "imported" for row in rows)
        result.shared = sum(len(person.refused) for person in self._people)

    def _leaks(self) -> Sequence[str]:
        """Secrets that were printed, or that are still on the disk."""
        printed = "".join(self._printed)
        secrets = [*self._typed(), self._telegram.token]
        return [
            *(f"the secret {secret} was printed" for secret in secrets if secret in printed),
            *(f"the code {mask(code)} was printed" for code in self._codes if code in printed),
            *self._left(),
        ]

    def _typed(self) -> Sequence[str]:
        """Passwords and links that people have typed, and what the links of invitations hand over."""
        tokens = [link.partition("start=")[2] for link in self._doings.links]
        return [*(secret for person in self._people for secret in person.secrets), *tokens]

    def _left(self) -> Sequence[str]:
        """Secrets that are still on the disk."""
        files = b"".join(file.read_bytes() for file in self._office.folder.glob("bot.db*") if file.suffix != ".lock")
        spent = {row["code"] for row in self._office.rows() if row["status"] == "imported"}
        secrets = [*self._typed(), *(code for code in self._codes if code not in spent)]
        return [f"the secret {secret} is on the disk" for secret in secrets if secret.encode() in files]
