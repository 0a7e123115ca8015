"""When ixBrowser's lists are requested from the station, and how long what it has read counts as new."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.draft_answers import GroupPicked
from bot.domain.remote_lists import Listing
from bot.usecases.remote_lists import ListRequest, publish, publish_failure, request_anew, request_lists, requested
from bot.usecases.station_lists import FAILURE_FRESH, FRESH, REQUEST_PATIENCE, StationList
from tests.usecases.conversation import CODE, MAI, NOW, Conversation
from tests.usecases.listed import ADS, GROUPS, OLD, SHOPS


async def test_who_comes_to_need_a_list_that_is_old_requests_it_once(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ADS, ago=OLD)
    await conversation.type(CODE)
    assert await conversation.requests() == GROUPS
    assert conversation.signals.count("lists_requested") == 1
    await conversation.of(MAI).type("55556666-77778888")
    assert conversation.signals.count("lists_requested") == 1


async def test_a_list_that_is_new_is_not_requested(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ADS)
    await conversation.type(CODE)
    assert await conversation.requests() == set()
    await conversation.answer(GroupPicked(7))
    assert await conversation.requests() == {Listing.SAVED, Listing.STATIC, Listing.PACKAGES}


@pytest.mark.parametrize(
    ("known", "seconds", "fresh"),
    [
        (StationList(), 0, False),
        (StationList((), 1, NOW, None, NOW), FRESH.total_seconds() - 1, True),
        (StationList((), 1, NOW, None, NOW), FRESH.total_seconds(), False),
        # The station's clock may be ahead.
        (StationList((), 1, NOW, None, NOW), 1 - FRESH.total_seconds(), True),
        (StationList((), 1, NOW, None, NOW), -OLD, False),
        (StationList((), 1, NOW, "away", NOW), FAILURE_FRESH.total_seconds() / 2, True),
        (StationList((), 1, NOW, "away", NOW), FAILURE_FRESH.total_seconds(), False),
        (StationList((), 1, NOW, None, NOW, requested_at=NOW), 0, False),
    ],
)
def test_how_long_a_list_counts_as_what_ixbrowser_has_now(known: StationList, seconds: float, fresh: bool) -> None:
    assert known.is_fresh(NOW + timedelta(seconds=seconds)) is fresh


async def test_a_request_that_nobody_worked_off_is_made_again(conversation: Conversation) -> None:
    await conversation.store.write(request_lists, GROUPS)
    await conversation.store.write(request_lists, GROUPS)
    assert conversation.signals.count("lists_requested") == 1
    before = NOW - REQUEST_PATIENCE
    await conversation.store.write(lambda work: work.lists.request(GROUPS, before))
    await conversation.store.write(request_lists, GROUPS)
    assert conversation.signals.count("lists_requested") == 2


async def test_a_failure_keeps_what_was_read_before(conversation: Conversation) -> None:
    await conversation.list_read(Listing.GROUPS, SHOPS, ago=OLD)
    await conversation.list_failed(Listing.GROUPS, "1002")
    known = (await conversation.store.read(lambda work: work.lists.find(GROUPS)))[Listing.GROUPS]
    assert known == StationList((SHOPS,), 1, NOW - timedelta(seconds=OLD), "1002", NOW)


async def test_what_was_requested_while_it_was_read_is_read_once_more(conversation: Conversation) -> None:
    early = ListRequest(Listing.GROUPS, NOW - timedelta(seconds=1))
    await conversation.store.write(request_anew, GROUPS)
    await conversation.store.write(publish_failure, early, "away")
    assert await conversation.requests() == GROUPS
    [request] = await conversation.store.read(requested)
    await conversation.store.write(publish, request, [SHOPS])
    assert await conversation.requests() == set()
