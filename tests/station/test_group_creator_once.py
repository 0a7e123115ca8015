"""A group is made once, although a call that got no answer may have made it."""

from __future__ import annotations

import pytest

from bot.domain.ixbrowser_objects import Group
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from tests.support.group_requests import GRACE, TIMEOUT, TITLE, making


@pytest.mark.parametrize(
    "fault", [BrowserNoAnswer(), BrowserInvalidAnswer(), BrowserRefusal(1004, "System error"), RuntimeError("a bug")]
)
@pytest.mark.parametrize("done_after", [GRACE - 1, TIMEOUT + GRACE - 1], ids=["soon", "at the last moment"])
async def test_an_unanswered_making_that_was_done_is_found_within_a_grace(fault: Exception, done_after: float) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.request()
        await m.clock.advance(done_after)
        m.browser.known_groups.append(Group(9, TITLE))
        await m.clock.advance(1)
        assert (m.browser.created, m.made_as) == ([TITLE], {1: 9})


async def test_an_unanswered_making_is_repeated_only_after_a_look_when_it_can_no_longer_be_under_way() -> None:
    async with making() as m:
        m.browser.faults_once["create_group"].append(BrowserNoAnswer())
        await m.request()
        await m.clock.advance(TIMEOUT + GRACE - 0.1)
        assert m.browser.created == [TITLE]
        await m.clock.advance(0.1)
        assert (m.browser.created, m.made_as) == ([TITLE, TITLE], {1: 51})
        last_look, last_create = m.browser.times_of("groups")[-1], m.browser.times_of("create_group")[-1]
        assert last_look == last_create


async def test_while_a_making_may_be_under_way_nobody_else_s_wish_for_that_title_is_sent() -> None:
    async with making() as m:
        m.browser.faults_once["create_group"].append(BrowserNoAnswer())
        await m.request(1)
        await m.request(2)
        # Whoever has given it up and wants it again is nobody else.
        m.give_up(1)
        await m.clock.advance(30)
        await m.request(3)
        await m.request(4, "Another")
        await m.clock.advance(TIMEOUT + GRACE - 30 - 0.1)
        assert m.browser.created == [TITLE, "Another"]
        m.browser.known_groups.append(Group(9, TITLE))
        await m.clock.advance(0.1)
        assert (m.browser.created, m.made_as) == ([TITLE, "Another"], {2: 9, 3: 9, 4: 51})


async def test_a_wish_waits_too_for_what_an_earlier_process_has_sent_for_another_s() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE)
        m.add(2, TITLE, sent=True)
        await m.start()
        await m.clock.advance(TIMEOUT + GRACE - 0.1)
        assert m.browser.created == []
        await m.clock.advance(0.1)
        assert (m.browser.created, m.made_as) == ([TITLE], {1: 51, 2: 51})


async def test_without_a_grace_it_is_looked_no_more_often_than_every_five_seconds() -> None:
    async with making(started=False) as m:
        m.browser.faults_once["create_group"].append(BrowserNoAnswer())
        m.add(1, TITLE)
        await m.start(grace=0)
        await m.clock.advance(TIMEOUT - 1)
        looks = m.browser.times_of("groups")
        assert len(looks) <= 2 + TIMEOUT / 5
        await m.clock.advance(1)
        assert m.made_as == {1: 51}


@pytest.mark.parametrize(
    ("fault", "failure"),
    [(BrowserNoAnswer(), ("silent", None)), (BrowserRefusal(1016, "Request timeout"), ("refused", 1016))],
)
async def test_after_three_makings_without_proof_the_person_is_told(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.request()
        await m.clock.advance(3 * (TIMEOUT + GRACE))
        assert (len(m.browser.created), m.failures) == (3, {1: failure})


async def test_a_title_that_is_taken_meanwhile_is_looked_up_and_taken() -> None:
    async with making() as m:
        m.browser.lasts["create_group"] = 1
        m.browser.faults["create_group"] = BrowserRefusal(105002, "Group name already exists")
        await m.request()
        m.browser.known_groups.append(Group(9, TITLE))
        await m.clock.advance(1)
        assert m.made_as == {1: 9}


async def test_a_title_that_is_taken_by_a_group_that_is_not_listed_is_refused() -> None:
    async with making() as m:
        m.browser.faults["create_group"] = BrowserRefusal(105002, "Group name already exists")
        await m.request()
        assert (m.browser.created, m.failures) == ([TITLE], {1: ("refused", 105002)})


async def test_a_making_that_the_process_did_not_survive_is_repeated_when_it_can_no_longer_be_under_way() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE, sent=True)
        await m.start()
        await m.clock.advance(TIMEOUT + GRACE - 0.1)
        assert m.browser.created == []
        await m.clock.advance(0.1)
        assert m.made_as == {1: 51}


async def test_a_look_that_began_too_early_and_lasted_does_not_prove_that_a_group_was_not_made() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE, sent=True)
        m.browser.lasts["groups"] = 20
        await m.start()
        start = m.clock.awake()
        await m.clock.advance_until(lambda: bool(m.browser.created))
        began = [at - start for at in m.browser.times_of("groups")]
        assert began[-2] < TIMEOUT + GRACE < began[-2] + 20
        assert began[-1] >= TIMEOUT + GRACE


async def test_a_group_that_may_have_been_made_is_waited_for_while_ixbrowser_is_away() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE, sent=True)
        m.browser.faults["groups"] = BrowserNotRunning()
        await m.start()
        start = m.clock.awake()
        await m.clock.advance(100)
        assert [at - start for at in m.browser.times_of("groups")] == [0, 5, 15, 35, 75]
        m.browser.faults = {"create_group": BrowserNotRunning()}
        await m.clock.advance(60)
        assert m.failures == {}
        m.browser.faults.clear()
        await m.clock.advance(60)
        assert m.made_as == {1: 51}
