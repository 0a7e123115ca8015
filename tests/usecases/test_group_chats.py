"""Who brings the bot into a group chat, what the admins answer, and what is noted of it; without Telegram."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.audit import audit
from bot.storage.group_chats import group_chats
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import outbox
from bot.storage.work import SqlWork
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.group_chats import (
    MOST_CARDS,
    REFUSED_FOR,
    AnswerGroupChat,
    GroupChatSeen,
    RefuseGroupChats,
    Standing,
    allow_group_chat,
    bot_removed,
    bot_seen,
    group_chat_moved,
    refuse_group_chat,
    refuse_group_chats,
    works_in,
    written_to,
)
from bot.usecases.members import ChangeRole, change_role
from bot.usecases.records import Role
from tests.usecases.conversation import ADMINS_BY_SETTINGS, ANA, BOSS, GROUP_CHAT, NOW, Conversation

SEEN = GroupChatSeen(GROUP_CHAT, "Team", "sam_1")
VIEWER = Actor(1003, "Vi", Role.VIEWER, "en")
SAM = Actor(1004, "Sam", None, "en")
ALLOWED, SILENT, NOW_ALLOWED = Standing.ALLOWED, Standing.SILENT, Standing.NOW_ALLOWED
WAITING, LEFT, REFUSED = GroupChatState.WAITING, GroupChatState.LEFT, GroupChatState.REFUSED


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    return conversation.of(BOSS)


async def stands(boss: Conversation, state: GroupChatState | None, **fields: object) -> None:
    """The group chat stands like this, whatever it did before; None: nothing is known of it."""

    def write(work: SqlWork) -> None:
        work.connection.execute(group_chats.delete())
        if state is not None:
            group = work.group_chats.add(GROUP_CHAT, "Before", state)
            work.group_chats.write(replace(group, **fields))  # type: ignore[arg-type]

    await boss.store.write(write)


async def state(boss: Conversation) -> GroupChatState | None:
    found = await boss.store.read(lambda work: work.group_chats.find(GROUP_CHAT))
    return None if found is None else found.state


#: Who adds the bot to a group chat that stood like this, and how it stands then.
ADDED = [
    (BOSS, None, NOW_ALLOWED, GroupChatState.ALLOWED),
    (BOSS, WAITING, NOW_ALLOWED, GroupChatState.ALLOWED),
    (BOSS, REFUSED, NOW_ALLOWED, GroupChatState.ALLOWED),
    (BOSS, LEFT, NOW_ALLOWED, GroupChatState.ALLOWED),
    *((who, None, SILENT, WAITING) for who in (ANA, VIEWER, SAM)),
    *((who, WAITING, SILENT, WAITING) for who in (ANA, VIEWER, SAM)),
    *((who, REFUSED, SILENT, REFUSED) for who in (ANA, VIEWER, SAM)),
    *((who, LEFT, SILENT, WAITING) for who in (ANA, VIEWER, SAM)),
    # It has become a supergroup, and Telegram tells of that as if somebody had added it.
    *((who, GroupChatState.ALLOWED, ALLOWED, GroupChatState.ALLOWED) for who in (BOSS, ANA, VIEWER, SAM)),
]


async def test_who_adds_it_decides_what_becomes_of_it(boss: Conversation) -> None:
    for who, before, standing, after in ADDED:
        await stands(boss, before, answered_at=NOW - REFUSED_FOR + timedelta(seconds=1), answered_by=41)
        assert await boss.store.write(bot_seen, who, SEEN) is standing, (who, before)
        assert await state(boss) is after, (who, before)
        assert await boss.store.read(works_in, GROUP_CHAT) is (after is GroupChatState.ALLOWED)


async def test_a_refusal_lasts_a_week_in_which_it_leaves_by_itself(boss: Conversation) -> None:
    await stands(boss, REFUSED, answered_at=NOW - REFUSED_FOR + timedelta(seconds=1))
    await boss.store.write(bot_seen, SAM, SEEN)
    assert [(row["kind"], row["chat_id"]) for row in await boss.rows(outbox)] == [("leave", GROUP_CHAT)]
    assert await boss.rows(shared_cards) == []
    await stands(boss, REFUSED, answered_at=NOW - REFUSED_FOR)
    await boss.store.write(bot_seen, SAM, SEEN)
    assert await state(boss) is WAITING
    # An admin who has it stay takes that back.
    await boss.store.write(bot_seen, BOSS, SEEN)
    assert await boss.rows(outbox) == []


async def test_who_may_import_brings_it_back_where_it_was_allowed(boss: Conversation) -> None:
    for who, after in ((ANA, GroupChatState.ALLOWED), (VIEWER, WAITING), (SAM, WAITING)):
        await stands(boss, GroupChatState.ALLOWED, answered_by=41)
        await boss.store.write(bot_removed, SAM.user_id, GROUP_CHAT)
        assert await state(boss) is LEFT
        await boss.store.write(bot_seen, who, SEEN)
        assert await state(boss) is after, who


#: Who writes to the bot in a group chat that stood like this, and how it stands then.
WRITTEN = [
    *((BOSS, before, NOW_ALLOWED, GroupChatState.ALLOWED) for before in (None, WAITING, REFUSED, LEFT)),
    *((ANA, before, SILENT, WAITING) for before in (None, WAITING, LEFT)),
    (ANA, REFUSED, SILENT, REFUSED),
    *((VIEWER, before, SILENT, before) for before in (None, WAITING, REFUSED, LEFT)),
    *((who, GroupChatState.ALLOWED, ALLOWED, GroupChatState.ALLOWED) for who in (BOSS, ANA, VIEWER)),
]


async def test_who_writes_to_it_where_it_does_not_know_that_it_is(boss: Conversation) -> None:
    for who, before, standing, after in WRITTEN:
        await stands(boss, before)
        assert await boss.store.write(written_to, who, SEEN, to_bot=True) is standing, (who, before)
        assert await state(boss) is after, (who, before)
        # What people say to one another sets nothing off.
        await stands(boss, before)
        assert await boss.store.write(written_to, who, SEEN, to_bot=False) is (
            ALLOWED if before is GroupChatState.ALLOWED else SILENT
        )
        assert await state(boss) is before


async def test_it_is_no_news_that_it_is_in_a_group_which_waits_or_was_refused(boss: Conversation) -> None:
    """Somebody has made it an admin of the group, for example."""
    for before in (WAITING, REFUSED, GroupChatState.ALLOWED):
        await stands(boss, before)
        await boss.store.write(bot_seen, SAM, SEEN, added=False)
        assert await state(boss) is before
    assert (await boss.rows(outbox), await boss.rows(audit)) == ([], [])


async def test_a_refusal_counts_for_more_than_that_it_was_allowed_before(boss: Conversation) -> None:
    await stands(boss, LEFT, was_allowed=True)
    await boss.store.write(bot_seen, SAM, SEEN)
    [row] = await boss.rows(group_chats)
    await boss.do(refuse_group_chat, AnswerGroupChat(row["id"]))
    long_ago = {"answered_at": NOW - REFUSED_FOR}
    await boss.store.write(lambda work: work.connection.execute(group_chats.update().values(**long_ago)))
    await boss.store.write(bot_seen, SAM, SEEN)
    await boss.store.write(bot_removed, SAM.user_id, GROUP_CHAT)
    assert await boss.store.write(bot_seen, ANA, SEEN) is SILENT
    assert await state(boss) is WAITING


async def test_who_becomes_an_admin_is_asked_about_the_groups_that_wait(boss: Conversation) -> None:
    await flood(boss, MOST_CARDS + 2)
    await boss.let_in(ANA)
    assert ANA.user_id not in {copy["chat_id"] for copy in await boss.rows(shared_cards)}
    await boss.do(change_role, ChangeRole(ANA.user_id, Role.ADMIN, Role.MEMBER))
    copies = await boss.rows(shared_cards)
    of_ana, of_boss = ([copy["subject_id"] for copy in copies if copy["chat_id"] == each.user_id]
                       for each in (ANA, BOSS))  # fmt: skip
    assert len(of_ana) == MOST_CARDS
    assert of_ana == of_boss


async def test_all_admins_are_asked_with_what_is_known_of_who_wants_it_there(boss: Conversation) -> None:
    await boss.store.write(bot_seen, SAM, SEEN)
    [row] = await boss.rows(group_chats)
    assert (row["title"], row["added_by"], row["added_by_name"], row["added_by_username"]) == (
        "Team", SAM.user_id, "Sam", "sam_1",
    )  # fmt: skip
    copies = await boss.rows(shared_cards)
    assert {copy["chat_id"] for copy in copies} == ADMINS_BY_SETTINGS | {BOSS.user_id}
    assert {copy["subject_id"] for copy in copies} == {row["id"]}
    await stands(boss, None)
    await boss.store.write(bot_seen, Actor(1087968824, "", None, ""), SEEN)
    assert (await boss.rows(group_chats))[0]["added_by"] is None


async def test_the_first_answer_counts_and_a_second_changes_nothing(boss: Conversation) -> None:
    other = boss.of(Actor(42, "Kim", Role.ADMIN, "en"))
    await boss.store.write(bot_seen, SAM, SEEN)
    [row] = await boss.rows(group_chats)
    answered = await boss.do(allow_group_chat, AnswerGroupChat(row["id"]))
    assert answered.group is not None
    before = await boss.rows(audit)
    for use_case in (refuse_group_chat, allow_group_chat):
        assert (await other.do(use_case, AnswerGroupChat(row["id"]))).problem is Problem.OLD_BUTTON
    assert await other.do(refuse_group_chats, RefuseGroupChats(row["id"], NOW, sure=True)) == []
    [row] = await boss.rows(group_chats)
    assert (row["state"], row["answered_by"], row["answered_at"]) == ("allowed", BOSS.user_id, NOW)
    assert (await boss.rows(outbox), await boss.rows(audit)) == ([], before)
    for copy in await boss.rows(shared_cards):
        assert copy["revision"] > 1
    assert (await boss.do(refuse_group_chat, AnswerGroupChat(99))).problem is Problem.OLD_BUTTON


async def test_what_happens_to_group_chats_is_noted(boss: Conversation) -> None:
    await boss.store.write(bot_seen, SAM, SEEN)
    [row] = await boss.rows(group_chats)
    await boss.do(refuse_group_chat, AnswerGroupChat(row["id"]))
    await boss.store.write(bot_seen, BOSS, SEEN)
    await boss.store.write(bot_removed, ANA.user_id, GROUP_CHAT)
    await boss.store.write(bot_removed, ANA.user_id, GROUP_CHAT)
    await boss.store.write(bot_removed, ANA.user_id, GROUP_CHAT - 1)
    assert [(entry["kind"], entry["actor_id"], entry["chat_id"]) for entry in await boss.rows(audit)] == [
        ("group_joined", SAM.user_id, GROUP_CHAT),
        ("group_refused", BOSS.user_id, GROUP_CHAT),
        ("group_joined", BOSS.user_id, GROUP_CHAT),
        ("group_allowed", BOSS.user_id, GROUP_CHAT),
        ("group_left", ANA.user_id, GROUP_CHAT),
    ]


async def flood(boss: Conversation, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        await boss.store.write(bot_seen, SAM, GroupChatSeen(GROUP_CHAT - number, f"Shop {number}"))


async def test_so_many_cards_an_hour_and_then_one_for_all(boss: Conversation) -> None:
    await flood(boss, 50)
    rows = await boss.rows(group_chats)
    own = [row for row in rows if row["shown_with"] is None]
    assert rows[:MOST_CARDS] == own
    assert {row["shown_with"] for row in rows[MOST_CARDS:]} == {own[-1]["id"]}
    assert len({copy["subject_id"] for copy in await boss.rows(shared_cards)}) == MOST_CARDS

    # Once everything on it is answered it asks nothing any more, and the next has a card of its own.
    # What has come since the card was shown is not meant, and the first tap only asks.
    card_id = own[-1]["id"]
    assert await boss.do(refuse_group_chats, RefuseGroupChats(card_id, NOW - timedelta(seconds=1), sure=True)) == []
    asked = await boss.do(refuse_group_chats, RefuseGroupChats(card_id, NOW, sure=False))
    assert await boss.rows(outbox) == []
    refused = await boss.do(refuse_group_chats, RefuseGroupChats(card_id, NOW, sure=True))
    assert len(asked) == len(refused) == 50 - MOST_CARDS + 1
    assert len(await boss.rows(outbox)) == 50 - MOST_CARDS + 1
    await flood(boss, 2, first=50)
    fresh = (await boss.rows(group_chats))[-2:]
    assert [row["shown_with"] for row in fresh] == [None, fresh[0]["id"]]


async def test_a_group_that_comes_and_goes_within_the_hour_rings_once(boss: Conversation) -> None:
    shown = {"message_id": 7, "repost": False, "shown_revision": shared_cards.c.revision}
    await boss.store.write(bot_seen, SAM, SEEN)
    await boss.store.write(lambda work: work.connection.execute(shared_cards.update().values(**shown)))
    for _ in range(3):
        await boss.store.write(bot_removed, SAM.user_id, GROUP_CHAT)
        await boss.store.write(bot_seen, SAM, SEEN)
    copies = await boss.rows(shared_cards)
    assert {(copy["below"], copy["shown_revision"] < copy["revision"]) for copy in copies} == {(False, True)}

    await boss.store.write(bot_removed, SAM.user_id, GROUP_CHAT)
    an_hour_ago = {"asked_at": NOW - timedelta(hours=1)}
    await boss.store.write(lambda work: work.connection.execute(group_chats.update().values(**an_hour_ago)))
    await boss.store.write(bot_seen, SAM, SEEN)
    assert {copy["below"] for copy in await boss.rows(shared_cards)} == {True}
    assert len(await boss.rows(shared_cards)) == len(copies)


async def test_a_moved_group_keeps_its_question(boss: Conversation) -> None:
    await boss.store.write(bot_seen, SAM, SEEN)
    [row] = await boss.rows(group_chats)
    await boss.store.write(group_chat_moved, GROUP_CHAT, -1002000)
    await boss.do(refuse_group_chat, AnswerGroupChat(row["id"]))
    assert [(row["kind"], row["chat_id"]) for row in await boss.rows(outbox)] == [("leave", -1002000)]
