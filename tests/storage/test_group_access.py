"""The rows of group chats: whether the bot may work there, and what becomes of what is left in one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot.domain.import_state import ProxyStatus, Status
from bot.storage.database import Database
from bot.storage.group_chats import group_chats
from bot.storage.tables import drafts, imports, outbox
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.actor import Actor
from bot.usecases.group_chat_rows import GroupChat, GroupChatState
from bot.usecases.group_chats import (
    AnswerGroupChat,
    GroupChatSeen,
    allow_group_chat,
    bot_seen,
    group_chat_moved,
    refuse_group_chat,
)
from bot.usecases.records import Batch, CardKind, NoteKind, Place, Role
from tests.storage.support import (
    ANA,
    CODE,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    batch_by_id,
    confirmed,
    draft_of,
    opened,
    rewrite,
    rows,
)

WAITING, ALLOWED = frozenset({GroupChatState.WAITING}), GroupChatState.ALLOWED
HERE = Place(ANA.user_id, GROUP_CHAT, 7, "en")
SUPERGROUP = -100900900


async def add(
    store: SqlStore, chat_id: int, state: GroupChatState = GroupChatState.WAITING, **fields: Any
) -> GroupChat:
    def write(work: SqlWork) -> GroupChat:
        group = work.group_chats.add(chat_id, "Team", state)
        work.group_chats.write(replace(group, **fields))
        found = work.group_chats.find(chat_id)
        assert found is not None
        return found

    return await store.write(write)


async def test_what_is_written_is_read_again_and_the_state_apart_from_it(store: SqlStore) -> None:
    fields: dict[str, Any] = {
        "title": "店铺", "was_allowed": True, "added_by": 1003, "added_by_name": "Sam <b>", "added_by_username": "sam",
        "asked_at": NOW, "shown_with": 5, "answered_by": 1001, "answered_at": NOW,
    }  # fmt: skip
    group = await add(store, GROUP_CHAT, **fields)
    assert group == GroupChat(group.id, GROUP_CHAT, state=GroupChatState.WAITING, **fields)
    assert await store.read(lambda work: work.group_chats.by_id(group.id)) == group
    assert await store.read(lambda work: work.group_chats.by_id(group.id + 1)) is None
    await store.write(lambda work: work.group_chats.write(replace(group, state=ALLOWED)))
    assert await store.read(lambda work: work.group_chats.find(GROUP_CHAT)) == group


async def test_the_first_answer_counts(store: SqlStore) -> None:
    group = await add(store, GROUP_CHAT)

    def answer(state: GroupChatState) -> Any:
        return lambda work: work.group_chats.change_state(group.id, WAITING, state)

    assert await store.write(answer(GroupChatState.REFUSED))
    assert not await store.write(answer(ALLOWED))
    assert (await add(store, GROUP_CHAT, ALLOWED)).state is GroupChatState.REFUSED


async def test_of_answers_and_a_move_at_the_same_time_none_is_lost(store: SqlStore) -> None:
    """A group becomes a supergroup while two admins answer, and while Telegram tells that the bot is in it."""
    admins = [Actor(1 + number, "Kim", Role.ADMIN, "en") for number in range(2)]
    stranger = Actor(1003, "Sam", None, "en")
    for number in range(10):
        old, new = -100 - number, SUPERGROUP - number
        group = await add(store, old)
        answer = AnswerGroupChat(group.id)
        allowed, refused, *_ = await asyncio.gather(
            store.write(allow_group_chat, admins[0], answer),
            store.write(refuse_group_chat, admins[1], answer),
            store.write(group_chat_moved, old, new),
            store.write(group_chat_moved, old, new),
            store.write(bot_seen, stranger, GroupChatSeen(new, "Team")),
        )
        assert [allowed.group is None, refused.group is None].count(True) >= 1
        assert await store.read(lambda work, old=old: work.group_chats.find(old)) is None  # type: ignore[misc]
        kept = await store.read(lambda work, new=new: work.group_chats.find(new))  # type: ignore[misc]
        assert kept is not None
        if allowed.group is not None:
            assert (kept.state, kept.answered_by) == (ALLOWED, admins[0].user_id)


async def test_an_answer_that_comes_while_the_bot_is_seen_in_the_supergroup_counts(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await add(store, -100)
    answer = AnswerGroupChat(group.id)
    await store.write(refuse_group_chat, Actor(1, "Kim", Role.ADMIN, "en"), answer)
    await store.write(group_chat_moved, -100, SUPERGROUP)

    def seen_before(work: SqlWork) -> None:
        # It was looked for before the others were committed.
        monkeypatch.setattr(work.group_chats, "find", lambda _: None)
        bot_seen(work, Actor(1003, "Sam", None, "en"), GroupChatSeen(SUPERGROUP, "Team"))

    await store.write(seen_before)
    kept = await store.read(lambda work: work.group_chats.find(SUPERGROUP))
    assert kept is not None
    assert (kept.id, kept.state, kept.answered_by) == (group.id, GroupChatState.REFUSED, 1)
    late = await store.write(allow_group_chat, Actor(2, "Ana", Role.ADMIN, "en"), answer)
    assert late.group is None


async def test_cards_of_the_hour_and_what_stands_on_them(store: SqlStore) -> None:
    hour = timedelta(hours=1)
    old = await add(store, -1, asked_at=NOW - hour)
    first = await add(store, -2, asked_at=NOW - hour / 2)
    second = await add(store, -3, asked_at=NOW)
    beside = await add(store, -4, asked_at=NOW, shown_with=second.id)
    await add(store, -5)
    found = await store.read(lambda work: work.group_chats.asked_since(NOW - hour))
    assert found == [second, first]
    for group, there in ((old, [old]), (second, [second, beside]), (beside, [])):
        assert await store.read(lambda work, group=group: work.group_chats.on_card(group.id)) == there  # type: ignore[misc]


async def test_a_group_that_has_become_a_supergroup_is_one_row(store: SqlStore) -> None:
    for old, new in product(GroupChatState, [None, *GroupChatState]):
        await store.write(lambda work: work.connection.execute(group_chats.delete()))
        before = await add(store, GROUP_CHAT, old, title="Before")
        there = None if new is None else await add(store, SUPERGROUP, new, title="There")
        other = await add(store, -5, shown_with=before.id)
        dropped = await store.write(lambda work: work.group_chats.move(GROUP_CHAT, SUPERGROUP))

        assert await store.read(lambda work: work.group_chats.find(GROUP_CHAT)) is None
        kept = await store.read(lambda work: work.group_chats.find(SUPERGROUP))
        assert kept is not None
        assert {kept.id, dropped and dropped.id} == {before.id, there and there.id}
        assert (kept.state is ALLOWED) == (ALLOWED in {old, new})
        assert (kept.state is GroupChatState.WAITING) == (
            GroupChatState.WAITING in {old, new} and ALLOWED not in {old, new}
        )
        moved = await store.read(lambda work: work.group_chats.find(-5))
        assert (moved and (moved.id, moved.shown_with)) == (other.id, kept.id)
        # Told again, as both chats are told, it changes nothing.
        assert await store.write(lambda work: work.group_chats.move(GROUP_CHAT, SUPERGROUP)) is None


async def test_a_group_of_which_nothing_is_known_moves_nowhere(store: SqlStore) -> None:
    there = await add(store, SUPERGROUP)
    assert await store.write(lambda work: work.group_chats.move(GROUP_CHAT, SUPERGROUP)) is None
    assert await store.read(lambda work: work.group_chats.find(SUPERGROUP)) == there


# --- what is left in one ----------------------------------------------------------------------------------------------

#: What an import there is, whether its card is behind and whether its end was told; and whether it is told in private.
_IMPORTS: Sequence[tuple[dict[str, Any], bool, bool, bool]] = [
    ({"status": Status.QUEUED}, False, False, True),
    ({"status": Status.CHECKING}, True, False, True),
    ({"status": Status.IMPORTED, "proxy_status": ProxyStatus.MISSING}, False, True, True),
    ({"status": Status.IMPORTED}, True, False, True),
    ({"status": Status.IMPORTED}, True, True, False),
    ({"status": Status.IMPORTED}, False, True, False),
    ({"status": Status.FAILED}, False, True, False),
]


async def test_what_is_still_to_be_told_of_imports_is_told_in_private(database: Database, store: SqlStore) -> None:
    elsewhere = await confirmed(store, draft_of(OTHER), replace(HERE, chat_id=-5))
    for number, (fields, behind, announced, told) in enumerate(_IMPORTS):
        here = replace(HERE, chat_id=GROUP_CHAT - number)
        batch = await confirmed(store, draft_of(f"11112222-{number:08}"), here)
        await rewrite(database, batch.rows[0].id, message_id=50, **fields)

        def leave(work: SqlWork, batch: Batch = batch, behind: bool = behind, announced: bool = announced) -> Any:
            shown: dict[str, Any] = {"message_id": 5, "rendered": batch.card.revision, "complete": not behind}
            work.cards.note_shown(CardKind.BATCH, batch.id, **shown)
            if announced:
                work.batches.note_announced(batch.id)
            return set(work.cards.leave_chat(batch.where.chat_id))

        assert await store.write(leave) == ({ANA.user_id} if told else set()), number
        left = await batch_by_id(store, batch.id)
        assert left.where == (replace(ANA) if told else here), number
        assert left.card.message_id == (None if told else 5)
        assert (left.card.shown_revision < left.card.revision) is told
        row = (await rows(database, imports))[-1]
        assert (row["chat_id"], row["message_id"]) == ((ANA.user_id, None) if told else (here.chat_id, 50))
    assert (await batch_by_id(store, elsewhere.id)).where.chat_id == -5
    assert set(await store.read(lambda work: work.cards.chats_behind())) == {ANA.user_id, -5}


async def test_nothing_is_said_shown_or_deleted_there_any_more(database: Database, store: SqlStore) -> None:
    await opened(store, draft_of(CODE), HERE)
    await opened(store, draft_of(OTHER), replace(HERE, user_id=MAI.user_id, thread_id=None))
    await opened(store, draft_of(), MAI)

    def leave(work: SqlWork) -> None:
        work.outbox.say(HERE, "Hello", NOW)
        work.outbox.delete_card(HERE, 5, NOW)
        work.outbox.say(MAI, "Hello", NOW)
        work.cards.leave_chat(GROUP_CHAT)

    assert {stored.where.chat_id for stored in await store.read(lambda work: work.drafts.open_in(GROUP_CHAT))} == {
        GROUP_CHAT
    }
    assert len(await store.read(lambda work: work.drafts.open_in(GROUP_CHAT))) == 2
    await store.write(leave)
    assert [row["chat_id"] for row in await rows(database, outbox)] == [MAI.chat_id]
    assert await store.read(lambda work: work.cards.chats_behind()) == [MAI.chat_id]
    assert len(await rows(database, drafts)) == 3


async def test_to_leave_is_taken_back_and_nothing_else(database: Database, store: SqlStore) -> None:
    def write(work: SqlWork) -> None:
        work.outbox.leave(GROUP_CHAT, NOW)
        work.outbox.leave(-5, NOW)
        work.outbox.say(HERE, "Hello", NOW)
        work.outbox.stay(GROUP_CHAT)

    await store.write(write)
    left = [(row["chat_id"], row["kind"]) for row in await rows(database, outbox)]
    assert left == [(-5, NoteKind.LEAVE), (GROUP_CHAT, NoteKind.SEND)]
    assert await rows(database, group_chats) == []
