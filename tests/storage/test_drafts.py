"""Drafts as rows: one that takes what is typed per person, chat and topic, changed by whoever read it last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.draft import MOST_CODES, Draft, ListedGroup, NewGroup, OwnChoices
from bot.domain.proxy import Direct, Keep, Residential, Saved, Static
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.tables import draft_codes, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import DraftState, Place, StoredDraft
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    GROUP_CHAT,
    LINK,
    MAI,
    NOW,
    OTHER,
    PASSWORD,
    draft_by_id,
    draft_of,
    opened,
    rows,
)

TOPIC = Place(user_id=1001, chat_id=GROUP_CHAT, thread_id=77, language="zh-hans")
MANY = tuple(f"{number:08}-12345678" for number in range(MOST_CODES))


async def change(store: SqlStore, before: StoredDraft, draft: Draft, *, repost: bool = False) -> bool:
    return await store.write(lambda work: work.drafts.change(before, draft, NOW, repost=repost))


async def kept_secrets(database: Database) -> list[tuple[int | None, str, str]]:
    found = await rows(database, secrets)
    return [(row["draft_id"], row["name"], database.cipher.decrypt(row["value"])) for row in found]


async def test_a_draft_is_found_by_its_id_and_as_the_open_one_of_its_person_in_its_place(store: SqlStore) -> None:
    mine = await opened(store, draft_of(CODE, OTHER, proxy=CUSTOM), TOPIC, retries={OTHER: 7})
    assert mine.where == TOPIC
    assert mine.draft == draft_of(CODE, OTHER, proxy=CUSTOM)
    assert mine.retries == {OTHER: 7}
    assert (mine.state, mine.card.revision, mine.card.shown_revision) == (DraftState.OPEN, 1, 0)

    def look(work: SqlWork) -> None:
        assert work.drafts.find_open(TOPIC) == mine
        assert work.drafts.find_open(replace(TOPIC, thread_id=78)) is None
        assert work.drafts.find_open(replace(TOPIC, thread_id=None)) is None
        assert work.drafts.find_open(ANA) is None
        assert work.drafts.find_open(replace(TOPIC, user_id=1002)) is None
        assert work.drafts.find(mine.id + 1) is None

    await store.read(look)


async def test_a_draft_without_codes_has_none(store: SqlStore) -> None:
    assert (await opened(store, Draft())).draft == Draft()


async def test_a_closed_draft_makes_room_for_the_next(store: SqlStore) -> None:
    first = await opened(store, draft_of(CODE))
    assert await store.write(lambda work: work.drafts.close(first.id, DraftState.CANCELLED, NOW))
    second = await opened(store, draft_of(CODE))
    assert await store.read(lambda work: work.drafts.find_open(ANA)) == second


async def test_of_two_changes_made_at_once_one_wins_and_the_other_is_told(store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE))
    wanted = [replace(before.draft, proxy=Direct()), replace(before.draft, proxy=CUSTOM, codes=())]
    done = await asyncio.gather(*(change(store, before, draft) for draft in wanted))
    # A server may take either first.
    assert sorted(done) == [False, True]
    after = await draft_by_id(store, before.id)
    assert after.draft == wanted[done.index(True)]
    assert after.card.revision == before.card.revision + 1


async def test_a_change_that_lost_writes_neither_codes_nor_secrets(database: Database, store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE))
    assert await change(store, before, replace(before.draft, page=1))
    assert not await change(store, before, draft_of(OTHER, proxy=CUSTOM))
    assert (await draft_by_id(store, before.id)).draft.codes == before.draft.codes
    assert await kept_secrets(database) == []


async def test_a_closed_draft_is_not_changed(store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE))
    await store.write(lambda work: work.drafts.close(before.id, DraftState.EXPIRED, NOW))
    closed = await draft_by_id(store, before.id)
    assert not await change(store, closed, draft_of(OTHER))
    assert await draft_by_id(store, before.id) == closed


@pytest.mark.parametrize("repost", [True, False])
async def test_a_change_may_ask_for_the_card_to_be_moved(store: SqlStore, repost: bool) -> None:
    before = await opened(store, draft_of(CODE))
    assert await change(store, before, replace(before.draft, page=1), repost=repost)
    after = await draft_by_id(store, before.id)
    assert after.card.repost is repost


async def test_a_wish_to_have_the_card_moved_outlives_the_next_change(store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE))
    await change(store, before, replace(before.draft, page=1), repost=True)
    await change(store, await draft_by_id(store, before.id), replace(before.draft, page=2))
    assert (await draft_by_id(store, before.id)).card.repost


async def test_five_hundred_codes_join_stay_in_their_order_and_go(database: Database, store: SqlStore) -> None:
    before = await opened(store, draft_of(OTHER), retries={OTHER: 7})
    assert await change(store, before, draft_of(OTHER, *MANY[1:]))
    full = await draft_by_id(store, before.id)
    assert full.draft == draft_of(OTHER, *MANY[1:])
    assert full.retries == {OTHER: 7}

    assert await change(store, full, draft_of(MANY[7]))
    assert (await draft_by_id(store, before.id)).draft == draft_of(MANY[7])
    assert len(await rows(database, draft_codes)) == 1


async def test_a_repeated_code_counts_once(store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE))
    twice = replace(before.draft, codes=(*before.draft.codes, TransferCode(CODE), TransferCode(OTHER)))
    assert await change(store, before, twice)
    assert (await draft_by_id(store, before.id)).draft == draft_of(CODE, OTHER)


async def test_secrets_are_kept_apart_replaced_and_forgotten(database: Database, store: SqlStore) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM))
    assert await kept_secrets(database) == [(stored.id, "password", PASSWORD)]

    await change(store, stored, draft_of(CODE, proxy=replace(CUSTOM, password="another")))
    assert await kept_secrets(database) == [(stored.id, "password", "another")]

    stored = await draft_by_id(store, stored.id)
    await change(store, stored, draft_of(CODE, proxy=EXTRACTION))
    assert await kept_secrets(database) == [(stored.id, "link", LINK)]
    assert (await draft_by_id(store, stored.id)).draft.proxy == EXTRACTION

    stored = await draft_by_id(store, stored.id)
    await change(store, stored, draft_of(CODE, proxy=Keep()))
    assert await kept_secrets(database) == []


@pytest.mark.parametrize("state", [DraftState.CANCELLED, DraftState.EXPIRED])
async def test_closing_forgets_codes_and_secrets(database: Database, store: SqlStore, state: DraftState) -> None:
    kept = await opened(store, draft_of(*MANY, proxy=EXTRACTION), MAI)
    stored = await opened(store, draft_of(*MANY, proxy=CUSTOM))

    def write_it(work: SqlWork) -> None:
        assert work.drafts.close(stored.id, state, NOW)
        assert not work.drafts.close(stored.id, state, NOW)

    await store.write(write_it)

    closed = await draft_by_id(store, stored.id)
    assert closed.state is state
    assert closed.draft.codes == ()
    assert closed.card.revision == stored.card.revision + 1
    assert await kept_secrets(database) == [(kept.id, "link", LINK)]
    assert await draft_by_id(store, kept.id) == kept


async def test_open_drafts_with_a_group_to_be_made_are_found_with_all_that_they_hold(store: SqlStore) -> None:
    waiting = await opened(store, draft_of(CODE, proxy=CUSTOM, group=NewGroup("店铺 <b>")))
    await opened(store, draft_of(OTHER), TOPIC)
    closed = await opened(store, draft_of(OTHER, group=NewGroup("Gone")), Place(5, 5, None, "en"))

    def write_it(work: SqlWork) -> None:
        work.drafts.close(closed.id, DraftState.CANCELLED, NOW)
        assert work.drafts.with_new_group() == [waiting]

    await store.write(write_it)


@pytest.mark.parametrize(
    ("listing", "chosen"),
    [
        (Listing.GROUPS, lambda number, name: {"group": ListedGroup(number, name)}),
        (Listing.SAVED, lambda number, name: {"proxy": Saved(number, name)}),
        (Listing.STATIC, lambda number, name: {"proxy": Static(number, name)}),
        (Listing.PACKAGES, lambda number, name: {"proxy": Residential(number, name)}),
    ],
)
async def test_of_those_who_chose_from_a_list_they_are_found_whose_choice_differs_from_it(
    store: SqlStore, listing: Listing, chosen: Callable[[int | None, str], dict[str, Any]]
) -> None:
    async def opened_with(user_id: int, draft: Draft) -> int:
        return (await opened(store, draft, replace(ANA, user_id=user_id, chat_id=user_id))).id

    # A number may be greater than a server's integers.
    great = 2**40
    labels = {7: "Shop “7”", great: "Great"}
    await opened_with(1, replace(draft_of(CODE), **chosen(7, "Shop “7”")))
    await opened_with(2, replace(draft_of(CODE), **chosen(great, "Great")))
    await opened_with(3, draft_of(CODE, proxy=Direct()))
    renamed = await opened_with(4, replace(draft_of(CODE), **chosen(7, "Shop")))
    gone = await opened_with(5, replace(draft_of(CODE), **chosen(8, "Eight")))
    own = {TransferCode(CODE): OwnChoices(note="mine")}
    of_a_code = await opened_with(6, replace(draft_of(CODE), own=own))
    if listing is not Listing.GROUPS:
        await opened_with(9, replace(draft_of(CODE), **chosen(None, "")))
    closed = await opened_with(10, replace(draft_of(CODE), **chosen(8, "Eight")))
    await store.write(lambda work: work.drafts.close(closed, DraftState.CANCELLED, NOW))

    found = await store.read(lambda work: [each.id for each in work.drafts.open_differing(listing, labels)])
    assert found == [renamed, gone, of_a_code]


@pytest.mark.parametrize("labels", [{7: "Shop"}, {8: "Other"}])
async def test_a_group_without_a_name_differs_whether_or_not_it_is_on_the_list(
    store: SqlStore, labels: dict[int, str]
) -> None:
    unnamed = await opened(store, draft_of(CODE, group=ListedGroup(7)))
    found = await store.read(lambda work: work.drafts.open_differing(Listing.GROUPS, labels))
    assert found == [unnamed]


async def test_a_draft_as_somebody_else_has_left_it_is_not_noted_over(store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE, group=NewGroup("Shops")))
    sent = replace(before.draft, group=NewGroup("Shops", sent=True))
    assert await store.write(lambda work: work.drafts.note(before, sent))
    noted = await draft_by_id(store, before.id)
    assert noted.draft == sent
    assert noted.card == before.card

    await change(store, noted, draft_of(CODE))
    assert not await store.write(lambda work: work.drafts.note(noted, sent))
    assert (await draft_by_id(store, before.id)).draft == draft_of(CODE)
