"""ixBrowser is closed in the middle of everything, for a minute or a day: nothing is lost, nothing happens twice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import Fault, cut_before, slow
from tests.standins.ixbrowser_world import TakesExtraction
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import all_run, timed, until
from tests.support.journeys import LINK, newcomer, walk
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")

SET_LINK = "profile-update-proxy-for-api-extraction"
CREATE = "group-create"
TITLE = "Shops Asia"
DAY = 24 * 3600.0

#: Seconds that each call under way still takes when ixBrowser is closed. None is answered: some are carried out in its
#: cloud all the same, some are not.
LEFT = 20.0
FATES = [pytest.param(slow(before=LEFT), id="carried out"), pytest.param(cut_before(before=LEFT), id="not carried out")]


@dataclass(frozen=True, slots=True)
class Middle:
    """An import of Ana's is being sent, one of Cy's waits, a link of Mai's is being set, a group of Bo's being made.

    What is under way has met ``fate``, and ixBrowser has just been closed.
    """

    world: World
    clock: JumpingClock
    bo: Person
    cy: Person
    fate: Fault

    @classmethod
    async def of(cls, world: World, clock: JumpingClock, fate: Fault) -> Middle:
        browser = world.browser
        await world.let_in(world.mai)
        middle = cls(world, clock, await newcomer(world, "Bo"), await newcomer(world, "Cy"), fate)
        link = ("[Extraction link]", LINK, "[socks5]", "[ip:port]", "[At every opening]")
        for person, way in (
            (world.mai, link),
            (world.ana, ["[Keep]"]),
            (middle.bo, ["[Keep]", "[Change group]", "[➕ New group]"]),
            (middle.cy, ["[Keep]"]),
        ):
            await walk(world, browser.offer(person.first_name), *way, person=person)
        browser.takes_extraction = TakesExtraction.IGNORED
        browser.fail(SET_LINK, fate)
        browser.fail(CREATE, fate)
        world.telegram.press(world.mai, world.card(world.mai), "✅ Import")
        await middle.until_called(SET_LINK)
        browser.fail(IMPORT, fate)
        world.telegram.press(world.ana, world.card(), "✅ Import")
        await middle.until_called(IMPORT, 2)
        world.telegram.say(middle.bo, TITLE)
        await middle.until_called(CREATE)
        browser.running = False
        world.telegram.press(middle.cy, world.card(middle.cy), "✅ Import")
        await middle.until_told(middle.cy, "not running")
        return middle

    async def until_called(self, action: str, times: int = 1) -> None:
        await until(self.world, self.clock, lambda: self.calls(action) == times, step=0.1, seconds=5)

    def calls(self, action: str) -> int:
        return [called for called, _ in self.world.browser.requests].count(action)

    async def stays_closed_for(self, seconds: float, step: float) -> None:
        for _ in range(round(seconds / step)):
            self.clock.jump(step)
            await all_run(self.world)

    async def press(self, person: Person, label: str, words: str) -> None:
        """Somebody presses this on their newest card, and is told this, at once or later."""
        card = self.newest(person)
        self.world.telegram.press(person, card, button_of(card, label))
        await self.until_told(person, words)

    async def until_told(self, person: Person, words: str) -> None:
        await until(self.world, self.clock, lambda: words in self.newest(person).text)

    def newest(self, person: Person) -> Message:
        return self.world.newest(person.id)

    async def judge(self) -> None:
        """Every code is imported once, the link set once, the group made once at most, and nothing done blindly."""
        for person in (self.world.ana, self.world.mai, self.cy):
            await self.until_told(person, "Imported")
        await until(self.world, self.clock, lambda: "Setting the proxy" not in self.newest(self.world.mai).text)
        browser = self.world.browser
        assert browser.violations() == []
        assert sorted(browser.made.values()) == [1, 1, 1]
        imported = [row["proxy_status"] for row in await self.world.log() if row["status"] == "imported"]
        assert imported == ["set", None, None]
        assert [one["proxy_url"] for one in browser.profiles.values() if one["proxy_mode"] == 4] == [LINK]
        assert self.calls(SET_LINK) == (1 if self.fate.done else 2)
        assert list(browser.groups.values()).count(TITLE) <= 1
        assert "missing" not in self.newest(self.world.mai).text


@pytest.mark.parametrize("fate", FATES)
async def test_closed_for_a_minute_everything_goes_on_by_itself(tmp_path: Path, fate: Fault) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60, ixbrowser_grace=15, ixbrowser_concurrency=4) as (world, clock):
        middle = await Middle.of(world, clock, fate)
        await middle.stays_closed_for(60, step=5)
        world.browser.running = True
        await middle.until_told(middle.bo, "Import this profile?")
        assert f"Group: {TITLE}" in middle.newest(middle.bo).text
        assert middle.calls(CREATE) == (1 if fate.done else 2)
        await middle.judge()


@pytest.mark.parametrize("fate", FATES)
async def test_closed_for_a_day_everybody_is_asked_and_then_served(tmp_path: Path, fate: Fault) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60, ixbrowser_grace=15, ixbrowser_concurrency=4) as (world, clock):
        middle = await Middle.of(world, clock, fate)
        await middle.stays_closed_for(DAY + 3600, step=3600)
        for person, words in (
            (world.ana, "Result unknown"),
            (middle.bo, "closed this"),
            (middle.cy, "waited for a day"),
            (world.mai, "Setting the proxy"),
        ):
            assert words in middle.newest(person).text
        world.browser.running = True
        await middle.press(world.ana, "Check again", "Imported" if fate.done else "Not imported")
        await middle.press(middle.cy, "Keep waiting", "Imported")
        if not fate.done:
            await middle.press(world.ana, "Try again", "Import this profile?")
            await middle.press(world.ana, "✅ Import", "Imported")
        await middle.judge()
