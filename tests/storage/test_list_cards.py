"""Cards that show a list are behind when it differs, and of two that come upon one list at a time neither is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.ixbrowser_objects import Group
from bot.domain.remote_lists import Listing
from bot.storage.tables import station_lists as table
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import remote_lists
from bot.usecases.records import CardKind, StoredDraft
from bot.usecases.remote_lists import publish, request_anew, requested
from tests.storage.listed import ADS, ASKING, EVERY, GROUPS, SHOPS
from tests.storage.support import ANA, CODE, MAI, NOW, confirmed, draft_by_id, draft_of, opened, rows
from tests.storage.two import Two, paused_at_end

# --- cards ------------------------------------------------------------------------------------------------------------


async def shown(store: SqlStore, where: Any = ANA) -> StoredDraft:
    """A draft that asks for its group, and whose card is shown."""
    stored = await opened(store, ASKING if where is ANA else replace(ASKING, codes=()), where)
    await store.write(
        lambda work: work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=5, rendered=1, complete=True)
    )
    return await draft_by_id(store, stored.id)


async def test_an_outdated_card_is_behind_and_its_revision_stays(store: SqlStore) -> None:
    stored, other = await shown(store), await shown(store, MAI)
    await store.write(lambda work: work.cards.mark_outdated([stored.id]))
    for _ in range(2):
        await store.write(lambda work: work.cards.mark_outdated([stored.id]))
        assert (await draft_by_id(store, stored.id)).card == replace(stored.card, shown_revision=0)
    assert await draft_by_id(store, other.id) == other
    await store.write(lambda work: work.cards.mark_outdated([]))
    assert await store.read(lambda work: work.cards.chats_behind()) == [ANA.chat_id]


async def test_the_card_of_a_draft_that_was_confirmed_meanwhile_is_left_to_its_batch(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))
    await store.write(
        lambda work: work.cards.note_shown(CardKind.BATCH, batch.id, message_id=5, rendered=1, complete=True)
    )
    await store.write(lambda work: work.cards.mark_outdated([batch.draft_id]))
    assert await store.read(lambda work: work.cards.chats_behind()) == []


async def test_a_card_that_is_further_behind_stays_so(store: SqlStore) -> None:
    stored = await shown(store)
    await store.write(lambda work: work.cards.show_again(CardKind.DRAFT, stored.id))
    await store.write(lambda work: work.cards.show_again(CardKind.DRAFT, stored.id))
    await store.write(lambda work: work.cards.mark_outdated([stored.id]))
    card = (await draft_by_id(store, stored.id)).card
    assert (card.revision, card.shown_revision) == (3, 1)


# --- two at the same time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("publish_first", [False, True])
async def test_a_list_that_is_published_while_its_card_is_noted_leaves_no_card_that_shows_another(
    two: Two, publish_first: bool
) -> None:
    stored = await opened(two.first, ASKING)
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)
    await two.first.write(publish, request, [SHOPS, ADS])
    made_of = {Listing.GROUPS: (await two.first.read(lambda work: work.lists.find(GROUPS)))[Listing.GROUPS].shown}
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)

    def note(work: SqlWork) -> bool:
        complete = work.lists.versions(GROUPS) == made_of
        work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=5, rendered=1, complete=complete)
        return complete

    def station(work: SqlWork) -> None:
        publish(work, request, [SHOPS, ADS, Group(9, "New")])

    one, other = (station, note) if publish_first else (note, station)
    await two.in_turn(one, other, where=paused_at_end)
    assert await two.first.read(lambda work: work.cards.chats_behind()) == [ANA.chat_id]


async def test_two_that_request_a_list_for_the_first_time_request_it_once(two: Two) -> None:
    def request(work: SqlWork) -> None:
        remote_lists.request_lists(work, EVERY)

    await two.in_turn(request, request, where=paused_at_end)
    assert {each.listing for each in await two.first.read(requested)} == EVERY
    assert len(await rows(two.databases[0], table)) == len(EVERY)


async def test_a_request_that_comes_while_the_list_is_published_is_not_lost(two: Two) -> None:
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)
    later = NOW + timedelta(seconds=1)

    def station(work: SqlWork) -> None:
        publish(work, request, [SHOPS])

    def hub(work: SqlWork) -> None:
        work.lists.request(GROUPS, later)

    await two.in_turn(station, hub, where=paused_at_end)
    assert await pending(two) == later


async def pending(two: Two) -> datetime | None:
    found = await two.first.read(lambda work: work.lists.find(GROUPS))
    return found[Listing.GROUPS].requested_at
