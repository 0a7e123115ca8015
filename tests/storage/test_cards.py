"""How far the chat has got with its cards, and a chat that moves to another id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.card_columns import shown
from bot.storage.database import Database
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import draft_codes, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import CardKind, DraftState, NoteKind, Place, Shown
from bot.usecases.shared_card_rows import SharedKind
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rows,
)

SUPERGROUP = -100900900


async def card_of(store: SqlStore, kind: CardKind, row_id: int) -> Shown:
    if kind is CardKind.SHARED:
        return await store.read(lambda work: shown(work.connection.execute(select(shared_cards)).one()))
    return (await (draft_by_id if kind is CardKind.DRAFT else batch_by_id)(store, row_id)).card


@pytest.fixture(params=CardKind)
async def kind_and_id(store: SqlStore, request: pytest.FixtureRequest) -> tuple[CardKind, int]:
    """A card that is still to be shown: a draft's, a batch's, and a copy of one that several people have."""
    kind: CardKind = request.param
    if kind is CardKind.SHARED:
        await store.write(lambda work: work.shared_cards.add(SharedKind.JOINED, 7, ANA))
        [copy] = await store.read(lambda work: work.shared_cards.behind([ANA.chat_id]))
        return kind, copy.id
    made = await (opened if kind is CardKind.DRAFT else confirmed)(store, draft_of(CODE))
    return kind, made.id


async def behind(store: SqlStore, kind: CardKind, chat_id: int = ANA.chat_id) -> list[int]:
    def look(work: SqlWork) -> Any:
        if kind is CardKind.SHARED:
            return [copy.id for copy in work.shared_cards.behind([chat_id])]
        found = work.drafts.behind([chat_id]) if kind is CardKind.DRAFT else work.batches.behind([chat_id])
        return [row.id for row in found]

    return await store.read(look)


async def test_a_card_is_behind_until_its_revision_is_shown(store: SqlStore, kind_and_id: tuple[CardKind, int]) -> None:
    kind, row_id = kind_and_id
    assert await behind(store, kind) == [row_id]
    await store.write(lambda work: work.cards.note_shown(kind, row_id, message_id=50, rendered=1, complete=True))
    assert await behind(store, kind) == []
    assert await card_of(store, kind, row_id) == Shown(50, repost=False, revision=1, shown_revision=1)


async def test_a_card_that_shows_less_than_its_row_has_stays_behind(
    store: SqlStore, kind_and_id: tuple[CardKind, int]
) -> None:
    kind, row_id = kind_and_id
    await store.write(lambda work: work.cards.note_shown(kind, row_id, message_id=50, rendered=1, complete=False))
    assert await behind(store, kind) == [row_id]
    assert await card_of(store, kind, row_id) == Shown(50, repost=False, revision=1, shown_revision=0)


async def test_a_card_that_is_shown_again_asks_to_be_moved_below(
    store: SqlStore, kind_and_id: tuple[CardKind, int]
) -> None:
    kind, row_id = kind_and_id

    def change(work: SqlWork) -> None:
        work.cards.note_shown(kind, row_id, message_id=50, rendered=1, complete=True)
        work.cards.show_again(kind, row_id)

    await store.write(change)
    assert await card_of(store, kind, row_id) == Shown(50, repost=True, revision=2, shown_revision=1)
    await store.write(lambda work: work.cards.note_shown(kind, row_id, message_id=51, rendered=2, complete=True))
    assert await card_of(store, kind, row_id) == Shown(51, repost=False, revision=2, shown_revision=2)


async def test_a_wish_to_be_moved_that_came_while_the_card_was_being_shown_stays(
    store: SqlStore, kind_and_id: tuple[CardKind, int]
) -> None:
    kind, row_id = kind_and_id

    def change(work: SqlWork) -> None:
        work.cards.show_again(kind, row_id)
        work.cards.note_shown(kind, row_id, message_id=50, rendered=1, complete=True)

    await store.write(change)
    assert await card_of(store, kind, row_id) == Shown(50, repost=True, revision=2, shown_revision=1)
    assert await behind(store, kind) == [row_id]


async def test_who_was_just_rung_is_not_rung_for_what_changed_meanwhile(
    store: SqlStore, kind_and_id: tuple[CardKind, int]
) -> None:
    kind, row_id = kind_and_id

    def change(work: SqlWork) -> None:
        work.cards.show_again(kind, row_id)
        work.cards.note_shown(kind, row_id, message_id=50, rendered=1, complete=True, rang=True)

    await store.write(change)
    assert await card_of(store, kind, row_id) == Shown(50, repost=False, revision=2, shown_revision=1)
    assert await behind(store, kind) == [row_id]


async def test_only_the_chat_s_own_cards_are_behind_in_it(store: SqlStore) -> None:
    draft = await opened(store, draft_of(CODE))
    batch = await confirmed(store, draft_of(OTHER), MAI)
    assert await behind(store, CardKind.DRAFT) == [draft.id]
    assert await behind(store, CardKind.BATCH) == []
    assert await behind(store, CardKind.BATCH, MAI.chat_id) == [batch.id]


async def test_all_cards_of_a_chat_that_are_behind_come_oldest_first_each_with_its_own(store: SqlStore) -> None:
    made = [await confirmed(store, draft_of(f"0000000{n}-00000000", f"0000000{n}-11111111")) for n in range(5)]
    assert await store.read(lambda work: work.batches.behind([ANA.chat_id])) == made


async def test_the_chats_that_are_behind_are_those_with_a_card_or_something_to_say(store: SqlStore) -> None:
    assert await store.read(lambda work: work.cards.chats_behind()) == []
    draft = await opened(store, draft_of(CODE))
    await confirmed(store, draft_of(OTHER), MAI)
    await store.write(lambda work: work.outbox.say(Place(9, 9, None, "en"), "Hello", NOW))
    assert await store.read(lambda work: sorted(work.cards.chats_behind())) == [9, ANA.chat_id, MAI.chat_id]

    def change(work: SqlWork) -> None:
        work.cards.note_shown(CardKind.DRAFT, draft.id, message_id=1, rendered=1, complete=True)
        [note] = work.outbox.waiting([9])
        work.outbox.done(note.id)

    await store.write(change)
    assert await store.read(lambda work: work.cards.chats_behind()) == [MAI.chat_id]


async def test_a_chat_that_moves_takes_all_that_is_its_own_along(database: Database, store: SqlStore) -> None:
    here = Place(ANA.user_id, GROUP_CHAT, 7, "en")
    batch = await confirmed(store, draft_of(CODE), here)
    draft = await opened(store, draft_of(OTHER, proxy=CUSTOM), here)
    elsewhere = await confirmed(store, draft_of("00000000-00000000"), MAI)

    def change(work: SqlWork) -> None:
        work.outbox.say(here, "Hello", NOW)
        work.cards.move_chat(GROUP_CHAT, SUPERGROUP)

    await store.write(change)

    moved = replace(here, chat_id=SUPERGROUP)
    assert await batch_by_id(store, batch.id) == replace(batch, where=moved)
    assert await draft_by_id(store, draft.id) == replace(draft, where=moved)
    assert await batch_by_id(store, elsewhere.id) == elsewhere
    assert [row["chat_id"] for row in await rows(database, imports)] == [SUPERGROUP, MAI.chat_id]

    def look(work: SqlWork) -> None:
        assert [note.text for note in work.outbox.waiting([SUPERGROUP])] == ["Hello"]
        assert work.drafts.find_open(moved) is not None

    await store.read(look)


async def test_the_messages_of_a_chat_that_moves_stay_behind(store: SqlStore) -> None:
    here = Place(ANA.user_id, GROUP_CHAT, None, "en")
    draft = await opened(store, draft_of(OTHER), here)

    def change(work: SqlWork) -> None:
        work.cards.note_shown(CardKind.DRAFT, draft.id, message_id=50, rendered=1, complete=True)
        work.outbox.say(here, "A page", NOW, edit_message_id=51)
        work.outbox.delete_card(here, 52, NOW)
        work.outbox.delete_secret(here, 53, deleted_text="", refused_text="It stays", now=NOW)
        work.cards.move_chat(GROUP_CHAT, SUPERGROUP)

    await store.write(change)
    assert (await draft_by_id(store, draft.id)).card.message_id is None
    notes = await store.read(lambda work: work.outbox.waiting([SUPERGROUP]))
    assert [(note.kind, note.message_id, note.text) for note in notes] == [
        (NoteKind.SEND, None, "A page"),
        (NoteKind.SEND, None, "It stays"),
    ]


async def test_what_has_been_shown_and_is_over_stays_where_it_was_shown(store: SqlStore) -> None:
    here = Place(ANA.user_id, GROUP_CHAT, None, "en")
    batch = await confirmed(store, draft_of(CODE), here)

    def change(work: SqlWork) -> None:
        work.cards.note_shown(CardKind.BATCH, batch.id, message_id=50, rendered=1, complete=True)
        work.cards.move_chat(GROUP_CHAT, SUPERGROUP)

    await store.write(change)
    assert (await batch_by_id(store, batch.id)).where == here


async def test_who_has_begun_anew_under_the_new_id_goes_on_with_that_draft(database: Database, store: SqlStore) -> None:
    before = await opened(store, draft_of(CODE, proxy=CUSTOM), Place(ANA.user_id, GROUP_CHAT, None, "en"))
    theirs = await opened(store, draft_of(CODE), Place(MAI.user_id, GROUP_CHAT, None, "en"))
    anew = await opened(store, draft_of(OTHER), Place(ANA.user_id, SUPERGROUP, None, "en"))
    await store.write(lambda work: work.cards.move_chat(GROUP_CHAT, SUPERGROUP))

    assert await store.read(lambda work: work.drafts.find_open(replace(ANA, chat_id=SUPERGROUP))) == anew
    assert (await draft_by_id(store, before.id)).state is DraftState.CANCELLED
    assert (await draft_by_id(store, theirs.id)).state is DraftState.OPEN
    assert {row["draft_id"] for row in await rows(database, draft_codes)} == {theirs.id, anew.id}
    assert await rows(database, secrets) == []
