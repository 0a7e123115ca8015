"""What is kept for group chats: prompts, what cards reply to, links into private and who was warned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.draft import Step
from bot.storage.code_warnings import code_warnings
from bot.storage.database import Database
from bot.storage.housekeeping import Housekeeping
from bot.storage.private_links import private_links
from bot.storage.tables import draft_codes, imports, outbox, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.private_links import PrivateLink
from bot.usecases.records import CardKind, DraftState, LoggedImport, Place, Prompt, StoredDraft
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    another,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rows,
)
from tests.support.clock import MovableClock

HERE = Place(ANA.user_id, GROUP_CHAT, 7, "en")
#: Places that are not the same.
ELSEWHERE = (replace(HERE, thread_id=8), replace(HERE, thread_id=None), replace(HERE, user_id=MAI.user_id), ANA)


async def prompt_of(store: SqlStore, draft_id: int) -> Prompt | None:
    return (await draft_by_id(store, draft_id)).prompt


# --- prompts ----------------------------------------------------------------------------------------------------------


async def test_a_prompt_is_wanted_then_sent_then_forgotten(store: SqlStore) -> None:
    draft = await opened(store, draft_of(CODE), HERE)
    assert draft.prompt is None
    await store.write(lambda work: work.prompts.want(draft.id, Step.GROUP))
    assert await prompt_of(store, draft.id) == Prompt(Step.GROUP, None)
    await store.write(lambda work: work.prompts.sent(draft.id, Step.GROUP, 50))
    assert await prompt_of(store, draft.id) == Prompt(Step.GROUP, 50)
    await store.write(lambda work: work.prompts.forget(draft.id, Prompt(Step.GROUP, 50)))
    assert await prompt_of(store, draft.id) is None


@pytest.mark.parametrize("old", [Prompt(Step.GROUP, 50), Prompt(Step.BYPASS, None)])
async def test_a_newer_prompt_is_not_forgotten_with_an_older_one(store: SqlStore, old: Prompt) -> None:
    draft = await opened(store, draft_of(CODE), HERE)
    await store.write(lambda work: work.prompts.want(draft.id, Step.GROUP))
    await store.write(lambda work: work.prompts.forget(draft.id, old))
    assert await prompt_of(store, draft.id) == Prompt(Step.GROUP, None)


@pytest.mark.parametrize("how", ["moved", "rebound"])
async def test_messages_that_are_out_of_reach_are_neither_prompts_nor_replied_to(store: SqlStore, how: str) -> None:
    draft = await opened(store, draft_of(CODE), HERE)

    def change(work: SqlWork) -> None:
        work.prompts.sent(draft.id, Step.GROUP, 50)
        work.cards.reply_to(HERE, 40)
        work.outbox.say(HERE, "Hello", NOW, reply_to=40)
        if how == "moved":
            work.cards.move_chat(GROUP_CHAT, GROUP_CHAT - 1)
        else:
            work.owner.forget_messages()

    await store.write(change)
    stored = await draft_by_id(store, draft.id)
    assert (stored.prompt, stored.card.reply_to) == (None, None)
    notes = await store.read(lambda work: work.outbox.waiting([GROUP_CHAT, GROUP_CHAT - 1]))
    assert [note.reply_to for note in notes] == [None]


async def test_in_a_group_that_has_moved_no_message_is_taken_for_one_with_a_code(store: SqlStore) -> None:
    await confirmed(store, draft_of(CODE), HERE)

    def change(work: SqlWork) -> Sequence[LoggedImport]:
        work.connection.execute(update(imports).values(message_id=5))
        work.cards.move_chat(GROUP_CHAT, GROUP_CHAT - 1)
        return work.log.of_message(replace(HERE, chat_id=GROUP_CHAT - 1), 5)

    assert await store.write(change) == []


# --- what cards reply to ----------------------------------------------------------------------------------------------


async def test_cards_that_are_to_be_sent_reply_to_what_was_written_there(store: SqlStore) -> None:
    draft = await another(store, HERE)
    batch = await confirmed(store, draft_of(CODE), HERE)
    others = [await another(store, where) for where in ELSEWHERE]
    await store.write(lambda work: work.cards.reply_to(HERE, 40))
    assert (await draft_by_id(store, draft.id)).card.reply_to == 40
    assert (await batch_by_id(store, batch.id)).card.reply_to == 40
    assert [(await draft_by_id(store, other.id)).card.reply_to for other in others] == [None] * len(others)


async def test_a_card_that_stays_where_it_is_replies_to_what_it_did(store: SqlStore) -> None:
    draft = await another(store, HERE)

    def show(work: SqlWork) -> None:
        work.cards.reply_to(HERE, 40)
        work.cards.note_shown(CardKind.DRAFT, draft.id, message_id=41, rendered=1, complete=True)
        work.cards.reply_to(HERE, 42)
        work.cards.mark_outdated([draft.id])
        work.cards.reply_to(HERE, 43)

    await store.write(show)
    assert (await draft_by_id(store, draft.id)).card.reply_to == 40

    def move(work: SqlWork) -> None:
        work.cards.show_again(CardKind.DRAFT, draft.id)
        work.cards.reply_to(HERE, 44)

    await store.write(move)
    assert (await draft_by_id(store, draft.id)).card.reply_to == 44


async def test_what_was_confirmed_replies_to_what_its_draft_did(store: SqlStore) -> None:
    draft = await opened(store, draft_of(CODE), HERE)
    await store.write(lambda work: work.cards.reply_to(HERE, 40))
    stored = await draft_by_id(store, draft.id)
    result = await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))
    assert result.batch_id is not None
    assert (await batch_by_id(store, result.batch_id)).card.reply_to == 40


# --- links into private -----------------------------------------------------------------------------------------------

TOKEN = "Zx-9_" * 6


def link(draft: StoredDraft) -> PrivateLink:
    return PrivateLink(ANA.user_id, draft.id, NOW + timedelta(minutes=15), used=False)


async def test_a_link_is_found_by_its_token_and_used_once(database: Database, store: SqlStore) -> None:
    draft = await another(store, HERE)
    await store.write(lambda work: work.private_links.add(TOKEN, link(draft)))
    assert TOKEN.encode() not in bytes((await rows(database, private_links))[0]["token_hash"])
    assert await store.read(lambda work: work.private_links.find(TOKEN)) == link(draft)
    assert await store.read(lambda work: work.private_links.find(f"{TOKEN}x")) is None
    assert await store.write(lambda work: work.private_links.use(TOKEN))
    assert not await store.write(lambda work: work.private_links.use(TOKEN))
    assert not await store.write(lambda work: work.private_links.use("another"))
    assert await store.read(lambda work: work.private_links.find(TOKEN)) == replace(link(draft), used=True)


async def test_links_are_forgotten_once_they_cannot_be_used(
    database: Database, store: SqlStore, clock: MovableClock
) -> None:
    draft = await another(store, HERE)
    in_time = replace(link(draft), expires_at=clock.now() + timedelta(minutes=1))
    late = replace(link(draft), expires_at=clock.now() - timedelta(minutes=1))
    await store.write(lambda work: work.private_links.add("in time", in_time))
    await store.write(lambda work: work.private_links.add("late", late))
    await Housekeeping(SqlStore(database, now=clock.now), clock).tidy()
    assert await store.read(lambda work: work.private_links.find("late")) is None
    assert await store.read(lambda work: work.private_links.find("in time")) == in_time


async def continuing(store: SqlStore, draft: StoredDraft) -> StoredDraft:
    """A private draft in which Ana goes on with one of a group chat."""
    private_id = await store.write(
        lambda work: work.drafts.open_new(ANA, draft_of(CODE, proxy=CUSTOM), NOW, continues=draft.id)
    )
    return await draft_by_id(store, private_id)


@pytest.mark.parametrize("how", ["cancelled", "expired", "confirmed", "begun anew"])
async def test_with_a_draft_ends_the_one_that_asks_for_it_in_private(
    database: Database, store: SqlStore, how: str
) -> None:
    kept_aside = await another(store, ANA)
    general = replace(HERE, thread_id=None)
    draft = await opened(store, draft_of(CODE), general)
    private = await continuing(store, draft)
    assert private.continues == draft.id
    assert await store.read(lambda work: work.private_links.open_draft(draft.id)) == private.id

    def end(work: SqlWork) -> None:
        if how == "confirmed":
            work.batches.confirm(draft, "Ana", NOW)
        elif how == "begun anew":
            work.drafts.open_new(replace(general, chat_id=GROUP_CHAT - 1), draft_of(OTHER), NOW)
            work.cards.move_chat(GROUP_CHAT, GROUP_CHAT - 1)
        else:
            work.drafts.close(draft.id, DraftState(how), NOW)

    await store.write(end)
    ended = await draft_by_id(store, private.id)
    assert ended.state is DraftState.CANCELLED
    assert ended.card.shown_revision < ended.card.revision
    assert await store.read(lambda work: work.private_links.open_draft(draft.id)) is None
    now_open = await store.read(lambda work: work.drafts.find_open(ANA))
    assert now_open is not None
    assert now_open.id == kept_aside.id
    assert private.id not in {row["draft_id"] for row in await rows(database, draft_codes)}
    assert private.id not in {row["draft_id"] for row in await rows(database, secrets)}


async def test_a_private_draft_that_ends_leaves_the_one_that_it_asks_for_open(store: SqlStore) -> None:
    draft = await another(store, HERE)
    private = await continuing(store, draft)
    await store.write(lambda work: work.drafts.close(private.id, DraftState.CONTINUED, NOW))
    assert (await draft_by_id(store, draft.id)).state is DraftState.OPEN
    assert (await draft_by_id(store, private.id)).state is DraftState.CONTINUED


# --- warnings ---------------------------------------------------------------------------------------------------------


async def test_each_is_warned_once_in_each_group(database: Database, store: SqlStore) -> None:
    places = (HERE, replace(HERE, thread_id=8), replace(HERE, chat_id=GROUP_CHAT - 1), replace(HERE, user_id=5))
    first = await store.write(lambda work: [work.code_warnings.is_first(where) for where in places])
    assert first == [True, False, True, True]
    assert not await store.write(lambda work: work.code_warnings.is_first(HERE))
    assert len(await rows(database, code_warnings)) == 3
    assert await rows(database, outbox) == []
