"""Who lets whom in and out."""

from __future__ import annotations

import pytest

from bot.usecases.members import (
    Change,
    ChangeMember,
    ListMembers,
    MemberChanged,
    all_admins,
    allow,
    are_allowed,
    list_members,
    remove,
)
from bot.usecases.records import Role
from tests.usecases.conversation import ADMINS_BY_SETTINGS, ANA, BOSS, MAI, Conversation


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    return conversation.of(BOSS)


async def roles(boss: Conversation) -> dict[int, Role | None]:
    return {user.id: user.role for user in await boss.store.read(lambda work: work.users.list_allowed())}


async def test_somebody_who_is_let_in_is_a_member(boss: Conversation) -> None:
    assert await boss.do(allow, ChangeMember(7)) == MemberChanged(7, Change.DONE)
    assert (await roles(boss))[7] is Role.MEMBER
    assert await boss.store.read(are_allowed, [7]) == [True]


@pytest.mark.parametrize("user_id", [ANA.user_id, BOSS.user_id, 42])
async def test_who_is_in_already_stays_what_they_are(boss: Conversation, user_id: int) -> None:
    before = await roles(boss)
    assert await boss.do(allow, ChangeMember(user_id)) == MemberChanged(user_id, Change.UNCHANGED)
    assert await roles(boss) == before


async def test_who_is_removed_has_no_role(boss: Conversation) -> None:
    assert await boss.do(remove, ChangeMember(ANA.user_id)) == MemberChanged(ANA.user_id, Change.DONE)
    assert ANA.user_id not in await roles(boss)
    assert await boss.store.read(are_allowed, [ANA.user_id]) == [False]


@pytest.mark.parametrize(("user_id", "change"), [(MAI.user_id, Change.UNCHANGED), (42, Change.BY_SETTINGS)])
async def test_who_was_not_in_by_the_database_can_not_be_removed_from_it(
    boss: Conversation, user_id: int, change: Change
) -> None:
    before = await roles(boss)
    assert await boss.do(remove, ChangeMember(user_id)) == MemberChanged(user_id, change)
    assert await roles(boss) == before


@pytest.mark.parametrize("use_case", [allow, remove])
async def test_nobody_named_changes_nothing(boss: Conversation, use_case: type) -> None:
    before = await boss.everything()
    assert (await boss.do(use_case, ChangeMember(None))).change is Change.NO_USER
    assert await boss.everything() == before


async def test_the_list_has_both_kinds_of_admins(boss: Conversation) -> None:
    listed = await boss.do(list_members, ListMembers())
    assert listed.by_settings == sorted(ADMINS_BY_SETTINGS)
    assert {user.id: user.role for user in listed.users} == {ANA.user_id: Role.MEMBER, BOSS.user_id: Role.ADMIN}
    assert await boss.store.read(all_admins) == [*sorted(ADMINS_BY_SETTINGS), BOSS.user_id]
