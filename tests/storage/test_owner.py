"""Whose database it is, and what becomes of it when it is moved to another bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.import_state import Status
from bot.domain.invitation import InvitationState
from bot.errors import OtherBot
from bot.storage.database import Database
from bot.storage.group_chats import group_chats
from bot.storage.invitations import invitations
from bot.storage.migrate import bring_up_to_date
from bot.storage.owner import served_bot
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import batches, drafts, handled_updates, imports, outbox
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.rebinding import rebind, serve_as
from bot.usecases.records import CardKind, Place, Role
from bot.usecases.shared_card_rows import SharedKind
from tests.storage.support import ANA, CODE, GROUP_CHAT, MAI, NOW, OTHER, confirmed, draft_of, opened, rewrite, rows

OLD, NEW = 1111, 2222
THIRD = "77778888-99990000"


async def test_the_first_bot_that_serves_is_noted_and_another_is_refused(store: SqlStore) -> None:
    await store.write(serve_as, OLD)
    await store.write(serve_as, OLD)
    with pytest.raises(OtherBot, match=rf"belongs to the bot {OLD}, and .* the bot {NEW}: .* transfer-bot rebind"):
        await store.write(serve_as, NEW)
    assert await store.read(lambda work: work.owner.bot_id()) == OLD


async def test_a_database_without_a_table_belongs_to_nobody_yet(empty_url: str) -> None:
    database = Database(empty_url, "office")
    assert await database.read(served_bot) is None
    await bring_up_to_date(database)
    assert await database.read(served_bot) is None
    await SqlStore(database).write(serve_as, OLD)
    assert await database.read(served_bot) == OLD
    await database.close()


async def test_moved_to_another_bot_drafts_close_and_imports_go_on_with_new_cards(
    database: Database, store: SqlStore
) -> None:
    await store.write(serve_as, OLD)
    queued = await confirmed(store, draft_of(CODE))
    ended = await confirmed(store, draft_of(OTHER), MAI)
    untold = await confirmed(store, draft_of(THIRD), MAI)
    await opened(store, draft_of("00001111-22223333"))
    for batch in (ended, untold):
        await rewrite(database, batch.rows[0].id, status=Status.IMPORTED, profile_name="Shop", finished_at=NOW)

    def say(work: SqlWork) -> None:
        for batch in (queued, ended, untold):
            work.cards.note_shown(CardKind.BATCH, batch.id, message_id=5, rendered=1, complete=True)
        work.batches.note_announced(ended.id)
        work.updates.is_new(7, NOW)
        work.outbox.say(ANA, "said", NOW)
        work.outbox.say(ANA, "edited", NOW, edit_message_id=5)
        work.outbox.delete_card(ANA, 5, NOW)
        work.outbox.delete_secret(ANA, 6, deleted_text="", refused_text="refused", now=NOW)

        work.shared_cards.add(SharedKind.GROUP_CHAT, 1, ANA)
        for chat_id, state in enumerate(GroupChatState, start=-10):
            work.group_chats.add(chat_id, "Team", state)

    await store.write(say)
    await store.write(lambda work: work.polling.note(NOW))
    assert await store.write(rebind, NEW) == OLD
    assert await store.read(lambda work: work.polling.last()) is None

    assert await store.read(lambda work: work.owner.bot_id()) == NEW
    assert {row["state"] for row in await rows(database, drafts)} == {"confirmed", "cancelled"}
    assert [row["text"] for row in await rows(database, outbox)] == ["said"]
    assert await rows(database, handled_updates) == []
    assert {row["message_id"] for table in (drafts, batches) for row in await rows(database, table)} == {None}
    behind = {row["id"] for row in await rows(database, batches) if row["shown_revision"] < row["revision"]}
    assert behind == {queued.id, untold.id}
    assert all(row["shown_revision"] == row["revision"] for row in await rows(database, drafts))
    assert [row["status"] for row in await rows(database, imports)] == ["queued", "imported", "imported"]
    assert await rows(database, shared_cards) == []
    assert [(row["state"], row["was_allowed"]) for row in await rows(database, group_chats)] == [
        ("left", False), ("left", True), ("refused", False), ("left", False),
    ]  # fmt: skip


async def test_moved_to_the_bot_that_it_belongs_to_nothing_changes(database: Database, store: SqlStore) -> None:
    await store.write(serve_as, OLD)
    await opened(store, draft_of(CODE))
    await store.write(lambda work: work.updates.is_new(7, NOW))
    assert await store.write(rebind, OLD) == OLD
    assert [row["state"] for row in await rows(database, drafts)] == ["open"]
    assert len(await rows(database, handled_updates)) == 1


async def test_what_was_begun_in_a_group_chat_is_told_in_private_and_no_old_link_lets_anybody_in(
    database: Database, store: SqlStore
) -> None:
    await store.write(serve_as, OLD)
    group = Place(ANA.user_id, GROUP_CHAT, None, "en")
    await confirmed(store, draft_of(CODE), group)

    def change(work: SqlWork) -> None:
        work.group_chats.add(GROUP_CHAT, "Team", GroupChatState.ALLOWED)
        link = work.invitations.begin(
            MAI.user_id, role=Role.MEMBER, uses=1, life=timedelta(hours=1), bot_username="old_bot", now=NOW
        )
        invitation = work.invitations.lock(link)
        assert invitation is not None
        work.invitations.make_link(link)
        work.invitations.save(replace(invitation, state=InvitationState.OPEN, made_at=NOW, expires_at=NOW))

    await store.write(change)
    await store.write(rebind, NEW)
    [batch] = await rows(database, batches)
    assert (batch["chat_id"], batch["message_id"]) == (ANA.user_id, None)
    assert batch["shown_revision"] < batch["revision"]
    assert [row["state"] for row in await rows(database, invitations)] == ["revoked"]
