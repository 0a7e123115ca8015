"""Who may use the bot: who is listed, who gets which role, and who keeps theirs."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.errors import NotAllowed
from bot.storage.audit import audit
from bot.storage.work import SqlStore
from bot.usecases.admins import all_admins
from bot.usecases.members import (
    PAGE_SIZE,
    Change,
    ChangeRole,
    ListMembers,
    RemoveMember,
    RoleChanged,
    ShowMember,
    all_roles,
    are_allowed,
    change_role,
    list_members,
    remove_member,
    show_member,
)
from bot.usecases.reachability import note_unreachable
from bot.usecases.records import Role
from bot.usecases.unreachable import Why
from tests.usecases.conversation import ADMINS_BY_SETTINGS, ANA, BOSS, MAI, NOW, Conversation

VIEWER, MEMBER, ADMIN = Role
DONE, UNCHANGED, OUTDATED = RoleChanged(Change.DONE), RoleChanged(Change.UNCHANGED), RoleChanged(Change.OUTDATED)
BY_SETTINGS, LAST_ADMIN = RoleChanged(Change.BY_SETTINGS), RoleChanged(Change.LAST_ADMIN)


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    return conversation.of(BOSS)


@pytest.fixture
async def alone(boss: Conversation) -> Conversation:
    """Of a bot that has no admin by the settings."""
    boss.store = SqlStore(boss.database, now=lambda: NOW)
    return boss


async def roles(boss: Conversation) -> dict[int, Role | None]:
    return {user.id: user.role for user in await boss.store.read(lambda work: work.users.list_allowed())}


# --- giving a role ----------------------------------------------------------------------------------------------------


async def test_a_role_is_given_one_after_the_other_and_taken_so(boss: Conversation) -> None:
    steps: list[Role | None] = [None, MEMBER, ADMIN, MEMBER, VIEWER, MEMBER, VIEWER]
    for was, role in pairwise(steps):
        assert role is not None
        assert await boss.do(change_role, ChangeRole(7, role, was, -5)) == DONE
        assert (await roles(boss))[7] is role
        assert await boss.store.read(are_allowed, [7]) == [True]
    assert await boss.do(remove_member, RemoveMember(7, VIEWER)) == DONE
    assert 7 not in await roles(boss)
    assert await boss.store.read(are_allowed, [7]) == [False]
    noted = await boss.rows(audit)
    assert [row["chat_id"] for row in noted] == [-5] * 6 + [None]
    assert [(row["kind"], row["detail"], row["subject_id"], row["actor_id"]) for row in noted] == [
        ("allowed", "member", 7, BOSS.user_id),
        *[("role_changed", role, 7, BOSS.user_id) for role in steps[2:]],
        ("removed", "", 7, BOSS.user_id),
    ]


async def test_a_change_is_followed_by_the_menus_and_nothing_else_is(boss: Conversation) -> None:
    boss.signals.clear()
    await boss.do(change_role, ChangeRole(7, MEMBER, MEMBER))
    assert "menus_due" not in boss.signals
    await boss.do(change_role, ChangeRole(7, MEMBER, None))
    assert "menus_due" in boss.signals


async def test_what_was_decided_on_another_role_changes_nothing(boss: Conversation) -> None:
    before = await boss.everything()
    assert await boss.do(change_role, ChangeRole(ANA.user_id, ADMIN, VIEWER)) == OUTDATED
    assert await boss.do(remove_member, RemoveMember(ANA.user_id, ADMIN)) == OUTDATED
    assert await boss.do(change_role, ChangeRole(ANA.user_id, MEMBER, VIEWER)) == UNCHANGED
    assert await boss.do(remove_member, RemoveMember(7, None)) == UNCHANGED
    assert await boss.everything() == before


@pytest.mark.parametrize("user_id", ADMINS_BY_SETTINGS)
async def test_an_admin_by_the_settings_stays_one(boss: Conversation, user_id: int) -> None:
    await boss.store.write(lambda work: work.users.set_role(user_id, MEMBER, 1, NOW))
    before = await boss.everything()
    for role in (VIEWER, MEMBER):
        assert await boss.do(change_role, ChangeRole(user_id, role, ADMIN)) == BY_SETTINGS
    assert await boss.do(change_role, ChangeRole(user_id, ADMIN, MEMBER)) == UNCHANGED
    assert await boss.do(remove_member, RemoveMember(user_id, ADMIN)) == BY_SETTINGS
    assert await boss.everything() == before


# --- the last admin ---------------------------------------------------------------------------------------------------


async def test_somebody_stays_an_admin(alone: Conversation) -> None:
    assert (await alone.do(show_member, ShowMember(BOSS.user_id))).last_admin
    before = await alone.everything()
    assert await alone.do(change_role, ChangeRole(BOSS.user_id, MEMBER, ADMIN)) == LAST_ADMIN
    assert await alone.do(remove_member, RemoveMember(BOSS.user_id, ADMIN)) == LAST_ADMIN
    assert await alone.everything() == before


async def test_with_another_admin_one_may_leave(alone: Conversation) -> None:
    assert await alone.do(change_role, ChangeRole(ANA.user_id, ADMIN, MEMBER)) == DONE
    assert not (await alone.do(show_member, ShowMember(BOSS.user_id))).last_admin
    assert await alone.do(change_role, ChangeRole(BOSS.user_id, MEMBER, ADMIN)) == DONE
    assert await alone.store.read(all_admins) == [ANA.user_id]


async def test_with_an_admin_by_the_settings_the_databases_last_may_leave(boss: Conversation) -> None:
    assert not (await boss.do(show_member, ShowMember(BOSS.user_id))).last_admin
    assert await boss.do(remove_member, RemoveMember(BOSS.user_id, ADMIN)) == DONE


# --- looking ----------------------------------------------------------------------------------------------------------


async def test_the_list_has_both_kinds_of_admins_and_everyone_with_a_role(boss: Conversation) -> None:
    await boss.let_in(MAI, VIEWER)
    await boss.store.write(note_unreachable, MAI.user_id, Why.BLOCKED)
    listed = await boss.do(list_members, ListMembers())
    assert (listed.page, listed.pages) == (0, 1)
    assert [(each.id, each.role, each.by_settings) for each in listed.members] == [
        *[(user_id, ADMIN, True) for user_id in sorted(ADMINS_BY_SETTINGS)],
        (BOSS.user_id, ADMIN, False),
        (ANA.user_id, MEMBER, False),
        (MAI.user_id, VIEWER, False),
    ]
    assert {each.id: each.unreachable for each in listed.members if each.unreachable} == {MAI.user_id: Why.BLOCKED}
    assert (await boss.do(show_member, ShowMember(MAI.user_id))).unreachable is Why.BLOCKED
    assert await boss.store.read(all_admins) == [*sorted(ADMINS_BY_SETTINGS), BOSS.user_id]
    assert await boss.store.read(all_roles) == {
        **dict.fromkeys(ADMINS_BY_SETTINGS, ADMIN),
        ANA.user_id: MEMBER,
        BOSS.user_id: ADMIN,
        MAI.user_id: VIEWER,
    }


async def test_an_admin_by_the_settings_who_is_known_is_listed_once(boss: Conversation) -> None:
    await boss.store.write(lambda work: work.users.keep(41, "Chief", "en", NOW, "chief"))
    await boss.store.write(lambda work: work.users.set_role(41, VIEWER, 1, NOW))
    listed = (await boss.do(list_members, ListMembers())).members
    assert [(each.name, each.username, each.role) for each in listed if each.id == 41] == [("Chief", "chief", ADMIN)]


async def test_many_people_are_listed_in_pages(boss: Conversation) -> None:
    for number in range(100, 117):
        await boss.do(change_role, ChangeRole(number, MEMBER, None))
    pages = [await boss.do(list_members, ListMembers(number)) for number in range(3)]
    assert [len(each.members) for each in pages] == [PAGE_SIZE, PAGE_SIZE, 5]
    assert len({member.id for each in pages for member in each.members}) == 2 * PAGE_SIZE + 5
    # A page that there is not any more is the last.
    assert await boss.do(list_members, ListMembers(10**9)) == pages[2]


async def test_a_person_is_shown_with_their_imports(boss: Conversation) -> None:
    ana = boss.of(ANA)
    await ana.confirmed("11112222-33334444", "11112222-33334445")
    shown = await boss.do(show_member, ShowMember(ANA.user_id))
    assert (shown.name, shown.role, shown.imports, shown.waiting) == ("Ana", MEMBER, 2, 2)
    nobody = await boss.do(show_member, ShowMember(7))
    assert (nobody.name, nobody.role, nobody.imports) == ("", None, 0)


async def test_somebody_who_is_no_admin_any_more_changes_nothing(boss: Conversation) -> None:
    with pytest.raises(NotAllowed):
        await boss.of(ANA).do(remove_member, RemoveMember(BOSS.user_id, ADMIN))
