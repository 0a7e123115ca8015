"""Cards that show a list are behind when it differs, and of two that come upon one list at a time neither is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.draft import ListedGroup, Notice, OwnChoices
from bot.domain.ixbrowser_objects import Group
from bot.domain.proxy import Residential, Saved, Static
from bot.domain.remote_lists import Listing, Row
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import station_lists as table
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import remote_lists
from bot.usecases.records import CardKind, StoredDraft
from bot.usecases.remote_lists import publish, request_anew, requested
from tests.storage.listed import ADS, ASKING, EVERY, GROUPS, PACKAGE, SAVED, SHOPS, STATIC
from tests.storage.support import ANA, CODE, MAI, NOW, OTHER, confirmed, draft_by_id, draft_of, opened, rows
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


# --- what a list answers that was published again ---------------------------------------------------------------------


async def published(store: SqlStore, listing: Listing, *some: Row) -> None:
    await store.write(request_anew, frozenset({listing}))
    [request] = [each for each in await store.read(requested) if each.listing is listing]
    await store.write(publish, request, some)


@pytest.mark.parametrize(
    ("listing", "row", "chosen"),
    [
        (Listing.GROUPS, SHOPS, OwnChoices(group=ListedGroup(99, "Gone"))),
        (Listing.SAVED, SAVED, OwnChoices(proxy=Saved(99, "Gone"))),
        (Listing.STATIC, STATIC, OwnChoices(proxy=Static(99, "Gone"))),
        (Listing.PACKAGES, PACKAGE, OwnChoices(proxy=Residential(99, "Gone", new_ip=False))),
    ],
)
@pytest.mark.parametrize("own", [False, True])
async def test_what_was_chosen_from_an_old_list_is_looked_up_in_one_that_has_not_changed(
    store: SqlStore, listing: Listing, row: Row, chosen: OwnChoices, own: bool
) -> None:
    await published(store, listing, row)
    draft = draft_of(CODE)
    if own:
        draft = replace(draft, own={TransferCode(CODE): chosen})
    else:
        draft = replace(draft, group=chosen.group or draft.group, proxy=chosen.proxy or draft.proxy)
    stored, other = await opened(store, draft), await opened(store, draft_of(OTHER), MAI)
    await published(store, listing, row)
    reason = "group_gone" if listing is Listing.GROUPS else "proxy_gone"
    assert (await draft_by_id(store, stored.id)).draft.notice == Notice(reason)
    assert await draft_by_id(store, other.id) == other


async def test_a_single_group_that_has_not_changed_answers_who_was_asked_while_it_was_old(store: SqlStore) -> None:
    await published(store, Listing.GROUPS, SHOPS)
    stored = await opened(store, ASKING)
    await published(store, Listing.GROUPS, SHOPS)
    assert (await draft_by_id(store, stored.id)).draft.group == ListedGroup(SHOPS.id, SHOPS.title)


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
