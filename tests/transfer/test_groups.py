"""Groups that people want to have made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.errors import BrowserAway, BrowserError, BrowserRefusal, BrowserSilent, BrowserUnreadable, StorageError
from bot.transfer.groups import GroupMaker
from bot.transfer.ports import Group
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle
from tests.support.group_desk import MemoryGroupDesk

TIMEOUT = 60.0
GRACE = 15.0
TITLE = "Магазины 商店 <b>"


@dataclass(slots=True)
class Making:
    clock: MovableClock
    desk: MemoryGroupDesk
    browser: ScriptedBrowser
    maker: GroupMaker = field(init=False)
    running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.maker = GroupMaker(self.desk, self.browser, self.clock, timeout=TIMEOUT, grace=GRACE)
        self.running = asyncio.create_task(self.maker.run())
        await settle()

    async def wish(self, draft_id: int = 1, title: str = TITLE) -> None:
        self.desk.wish(draft_id, title)
        self.maker.poke()
        await settle()


@asynccontextmanager
async def making(*, started: bool = True) -> AsyncIterator[Making]:
    clock = MovableClock()
    made = Making(clock, MemoryGroupDesk(), ScriptedBrowser(clock))
    if started:
        await made.start()
    try:
        yield made
    finally:
        if made.running is not None:
            made.running.cancel()
            with suppress(asyncio.CancelledError):
                await made.running


async def test_a_wanted_group_is_made() -> None:
    async with making() as m:
        await m.wish()
        assert (m.browser.created, m.desk.made_as) == ([TITLE], {1: 51})


async def test_a_group_that_is_there_already_is_taken() -> None:
    async with making() as m:
        m.browser.known_groups.append(Group(9, TITLE))
        await m.wish()
        assert (m.browser.created, m.desk.made_as) == ([], {1: 9})


async def test_of_several_groups_of_one_title_the_first_is_taken() -> None:
    async with making() as m:
        m.browser.known_groups += [Group(9, TITLE), Group(10, TITLE)]
        await m.wish()
        assert m.desk.made_as == {1: 9}


async def test_two_drafts_that_want_the_same_title_get_one_group() -> None:
    async with making(started=False) as m:
        m.desk.wish(1, TITLE)
        m.desk.wish(2, TITLE)
        m.desk.wish(3, "Another")
        await m.start()
        assert (m.browser.created, m.desk.made_as) == ([TITLE, "Another"], {1: 51, 2: 51, 3: 52})


async def test_nothing_is_asked_of_ixbrowser_while_nobody_wants_a_group() -> None:
    async with making() as m:
        await m.clock.advance(3600)
        assert m.browser.calls == []


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (BrowserAway(), ("away", None)),
        (BrowserRefusal(1002, "log in"), ("refused", 1002)),
        (BrowserUnreadable(), ("unreadable", None)),
        (BrowserSilent(), ("silent", None)),
    ],
)
async def test_where_the_groups_cannot_be_read_the_person_is_told_at_once(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["groups"] = fault
        await m.wish()
        assert (m.browser.created, m.desk.failures) == ([], {1: failure})
        m.browser.faults.clear()
        await m.wish()
        assert m.desk.made_as == {1: 51}


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (BrowserAway(), ("away", None)),
        (BrowserRefusal(1002, "log in"), ("refused", 1002)),
        (BrowserRefusal(105001, "Group name cannot be empty"), ("refused", 105001)),
    ],
)
async def test_where_the_group_is_certainly_not_made_the_person_is_told_at_once(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.wish()
        assert m.desk.failures == {1: failure}
        await m.clock.advance(300)
        assert len(m.browser.created) == 1


async def test_too_fast_is_tried_again() -> None:
    async with making() as m:
        m.browser.faults_once["groups"].append(BrowserRefusal(1010, "too fast"))
        m.browser.faults_once["create_group"].append(BrowserRefusal(1010, "too fast"))
        await m.wish()
        await m.clock.advance(4.9)
        assert m.browser.created == []
        await m.clock.advance(0.1)
        assert m.browser.created == [TITLE]
        await m.clock.advance(5)
        assert m.desk.made_as == {1: 51}


@pytest.mark.parametrize(
    "fault", [BrowserSilent(), BrowserUnreadable(), BrowserRefusal(1004, "System error"), RuntimeError("a bug")]
)
@pytest.mark.parametrize("done_after", [GRACE - 1, TIMEOUT + GRACE - 1], ids=["soon", "at the last moment"])
async def test_an_unanswered_making_that_was_done_is_found_within_a_grace(fault: Exception, done_after: float) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.wish()
        await m.clock.advance(done_after)
        m.browser.known_groups.append(Group(9, TITLE))
        await m.clock.advance(1)
        assert (m.browser.created, m.desk.made_as) == ([TITLE], {1: 9})


async def test_an_unanswered_making_is_repeated_only_after_a_look_when_it_can_no_longer_be_under_way() -> None:
    async with making() as m:
        m.browser.faults_once["create_group"].append(BrowserSilent())
        await m.wish()
        await m.clock.advance(TIMEOUT + GRACE - 0.1)
        assert m.browser.created == [TITLE]
        await m.clock.advance(0.1)
        assert (m.browser.created, m.desk.made_as) == ([TITLE, TITLE], {1: 51})
        last_look, last_create = m.browser.times_of("groups")[-1], m.browser.times_of("create_group")[-1]
        assert last_look == last_create


@pytest.mark.parametrize(
    ("fault", "failure"),
    [(BrowserSilent(), ("silent", None)), (BrowserRefusal(1016, "Request timeout"), ("refused", 1016))],
)
async def test_after_three_makings_without_proof_the_person_is_told(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.wish()
        await m.clock.advance(3 * (TIMEOUT + GRACE))
        assert (len(m.browser.created), m.desk.failures) == (3, {1: failure})


async def test_a_title_that_is_taken_meanwhile_is_looked_up_and_taken() -> None:
    async with making() as m:
        m.browser.lasts["create_group"] = 1
        m.browser.faults["create_group"] = BrowserRefusal(105002, "Group name already exists")
        await m.wish()
        m.browser.known_groups.append(Group(9, TITLE))
        await m.clock.advance(1)
        assert m.desk.made_as == {1: 9}


async def test_a_title_that_is_taken_by_a_group_that_is_not_listed_is_refused() -> None:
    async with making() as m:
        m.browser.faults["create_group"] = BrowserRefusal(105002, "Group name already exists")
        await m.wish()
        assert (m.browser.created, m.desk.failures) == ([TITLE], {1: ("refused", 105002)})


async def test_a_making_that_the_process_did_not_survive_is_repeated_when_it_can_no_longer_be_under_way() -> None:
    async with making(started=False) as m:
        m.desk.wish(1, TITLE, sent=True)
        await m.start()
        await m.clock.advance(TIMEOUT + GRACE - 0.1)
        assert m.browser.created == []
        await m.clock.advance(0.1)
        assert m.desk.made_as == {1: 51}


async def test_a_look_that_began_too_early_and_lasted_does_not_prove_that_a_group_was_not_made() -> None:
    async with making(started=False) as m:
        m.desk.wish(1, TITLE, sent=True)
        m.browser.lasts["groups"] = 20
        await m.start()
        start = m.clock.awake()
        await m.clock.advance_until(lambda: bool(m.browser.created))
        began = [at - start for at in m.browser.times_of("groups")]
        assert began[-2] < TIMEOUT + GRACE < began[-2] + 20
        assert began[-1] >= TIMEOUT + GRACE


async def test_a_group_that_may_have_been_made_is_waited_for_while_ixbrowser_is_away() -> None:
    async with making(started=False) as m:
        m.desk.wish(1, TITLE, sent=True)
        m.browser.faults["groups"] = BrowserAway()
        await m.start()
        start = m.clock.awake()
        await m.clock.advance(100)
        assert [at - start for at in m.browser.times_of("groups")] == [0, 5, 15, 35, 75]
        m.browser.faults = {"create_group": BrowserAway()}
        await m.clock.advance(60)
        assert m.desk.failures == {}
        m.browser.faults.clear()
        await m.clock.advance(60)
        assert m.desk.made_as == {1: 51}


async def test_a_new_wish_shortens_the_pause_but_not_below_five_seconds() -> None:
    async with making(started=False) as m:
        m.desk.wish(1, TITLE, sent=True)
        m.browser.faults["groups"] = BrowserAway()
        await m.start()
        await m.clock.advance(36)
        m.browser.faults.clear()
        await m.wish(2, "Another")
        await m.clock.advance(3.9)
        assert m.desk.made_as == {}
        await m.clock.advance(0.1)
        assert m.desk.made_as == {2: 51}


async def test_a_group_whose_draft_no_longer_wants_it_is_not_made() -> None:
    async with making() as m:
        m.browser.lasts["groups"] = 1
        await m.wish()
        m.desk.wishes.clear()
        await m.clock.advance(60)
        assert m.browser.created == []


async def test_a_group_that_could_not_be_noted_is_found_later_and_not_made_again() -> None:
    async with making() as m:
        m.desk.faults["made"] = StorageError("locked")
        await m.wish()
        m.desk.faults.clear()
        await m.clock.advance(60)
        assert (m.browser.created, m.desk.made_as) == ([TITLE], {1: 51})


async def test_stopping_gives_a_look_up_and_leaves_the_wish_for_the_next_start() -> None:
    async with making() as m:
        m.browser.lasts["groups"] = 100
        await m.wish()
        await m.maker.stop()
        assert (m.desk.failures, list(m.desk.wishes)) == ({}, [1])


async def test_stopping_waits_for_a_making_under_way_but_not_for_long() -> None:
    async with making() as m:
        m.browser.lasts["create_group"] = 100
        await m.wish()
        stopping = asyncio.create_task(m.maker.stop())
        await m.clock.advance(3)
        assert stopping.done()
        assert m.desk.wishes[1].sent


async def test_stopping_what_never_ran_returns_at_once() -> None:
    clock = MovableClock()
    await GroupMaker(MemoryGroupDesk(), ScriptedBrowser(clock), clock, timeout=TIMEOUT, grace=GRACE).stop()
    assert clock.awake() == 1000
