"""Groups that people want to have made."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ixbrowser_objects import Group
from bot.errors import (
    BrowserError,
    BrowserInvalidAnswer,
    BrowserNoAnswer,
    BrowserNotRunning,
    BrowserRefusal,
    StorageError,
)
from tests.support.group_requests import TITLE, making


async def test_a_wanted_group_is_made() -> None:
    async with making() as m:
        await m.request()
        assert (m.browser.created, m.made_as) == ([TITLE], {1: 51})


async def test_after_a_group_was_made_the_list_of_groups_is_read_anew() -> None:
    async with making() as m:
        m.browser.known_groups.append(Group(9, "Shops"))
        await m.clock.advance(1)
        assert not m.groups_are_requested
        await m.request()
        assert m.groups_are_requested
        assert "lists_requested" in m.store.signals


async def test_a_group_that_is_there_already_is_taken() -> None:
    async with making() as m:
        m.browser.known_groups.append(Group(9, TITLE))
        await m.request()
        assert (m.browser.created, m.made_as) == ([], {1: 9})


async def test_of_several_groups_of_one_title_the_first_is_taken() -> None:
    async with making() as m:
        m.browser.known_groups += [Group(9, TITLE), Group(10, TITLE)]
        await m.request()
        assert m.made_as == {1: 9}


async def test_two_drafts_that_want_the_same_title_get_one_group() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE)
        m.add(2, TITLE)
        m.add(3, "Another")
        await m.start()
        assert (m.browser.created, m.made_as) == ([TITLE, "Another"], {1: 51, 2: 51, 3: 52})


async def test_nothing_is_asked_of_ixbrowser_while_nobody_wants_a_group() -> None:
    async with making() as m:
        await m.clock.advance(3600)
        assert m.browser.calls == []


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (BrowserNotRunning(), ("away", None)),
        (BrowserRefusal(1002, "log in"), ("refused", 1002)),
        (BrowserInvalidAnswer(), ("unreadable", None)),
        (BrowserNoAnswer(), ("silent", None)),
    ],
)
async def test_where_the_groups_cannot_be_read_the_person_is_told_at_once(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["groups"] = fault
        await m.request()
        assert (m.browser.created, m.failures) == ([], {1: failure})
        m.browser.faults.clear()
        await m.request()
        assert m.made_as == {1: 51}


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        (BrowserNotRunning(), ("away", None)),
        (BrowserRefusal(1002, "log in"), ("refused", 1002)),
        (BrowserRefusal(105001, "Group name cannot be empty"), ("refused", 105001)),
    ],
)
async def test_where_the_group_is_certainly_not_made_the_person_is_told_at_once(
    fault: BrowserError, failure: tuple[str, int | None]
) -> None:
    async with making() as m:
        m.browser.faults["create_group"] = fault
        await m.request()
        assert m.failures == {1: failure}
        await m.clock.advance(300)
        assert len(m.browser.created) == 1


async def test_too_fast_is_tried_again() -> None:
    async with making() as m:
        m.browser.faults_once["groups"].append(BrowserRefusal(1010, "too fast"))
        m.browser.faults_once["create_group"].append(BrowserRefusal(1010, "too fast"))
        await m.request()
        await m.clock.advance(4.9)
        assert m.browser.created == []
        await m.clock.advance(0.1)
        assert m.browser.created == [TITLE]
        await m.clock.advance(5)
        assert m.made_as == {1: 51}


async def test_a_new_wish_shortens_the_pause_but_not_below_five_seconds() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE, sent=True)
        m.browser.faults["groups"] = BrowserNotRunning()
        await m.start()
        await m.clock.advance(36)
        m.browser.faults.clear()
        await m.request(2, "Another")
        await m.clock.advance(3.9)
        assert m.made_as == {}
        await m.clock.advance(0.1)
        assert m.made_as == {2: 51}


async def test_a_group_whose_draft_no_longer_wants_it_is_not_made() -> None:
    async with making() as m:
        m.browser.lasts["groups"] = 1
        await m.request()
        m.give_up(1)
        await m.clock.advance(60)
        assert m.browser.created == []


async def test_a_group_that_could_not_be_noted_is_found_later_and_not_made_again() -> None:
    async with making() as m:
        m.store.faults["made"] = StorageError("locked")
        await m.request()
        m.store.faults.clear()
        await m.clock.advance(60)
        assert (m.browser.created, m.made_as) == ([TITLE], {1: 51})


async def test_stopping_gives_a_look_up_and_leaves_the_wish_for_the_next_start() -> None:
    async with making() as m:
        m.browser.lasts["groups"] = 100
        await m.request()
        await m.creator.stop()
        assert (m.failures, m.wanted()) == ({}, [1])


async def test_stopping_waits_for_a_making_under_way_but_not_for_long() -> None:
    async with making() as m:
        m.browser.lasts["create_group"] = 100
        await m.request()
        stopping = asyncio.create_task(m.creator.stop())
        await m.clock.advance(3)
        assert stopping.done()
        assert m.sent(1)


async def test_stopping_what_never_ran_returns_at_once() -> None:
    async with making(started=False) as m:
        await m.creator.stop()
        assert m.clock.awake() == 1000
