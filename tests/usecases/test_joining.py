"""Who is let in by a link, as what, and who is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.storage.audit import audit
from bot.storage.invitations import invitations, joinings
from bot.storage.shared_cards import shared_cards
from bot.storage.work import SqlStore
from bot.usecases.actor import Actor
from bot.usecases.invitation_ends import bar_from_earlier
from bot.usecases.invitation_rows import Invitation
from bot.usecases.invitations import (
    BeginInvitation,
    ChooseInvitation,
    InvitationButton,
    Invite,
    PersonNamed,
    RevokeInvitation,
    begin_invitation,
    choose_invitation,
    invite,
    revoke_invitation,
)
from bot.usecases.joining import (
    AskRemoval,
    Join,
    Joined,
    Refusal,
    RemoveJoined,
    ask_removal,
    join,
    refusal_of,
    remove_joined,
)
from bot.usecases.members import Change, ChangeRole, RemoveMember, change_role, remove_member
from bot.usecases.records import Role
from bot.usecases.shared_card_rows import SharedKind
from tests.usecases.conversation import ADMINS_BY_SETTINGS, ANA, BOSS, NOW, Conversation

SAM = Actor(1003, "Sam", None, "vi")
KIM = Actor(1004, "Kim", None, "en")


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    return conversation.of(BOSS)


async def link(boss: Conversation, role: Role = Role.MEMBER, uses: int = 1, person: int | None = None) -> str:
    """The token of a new invitation."""
    begun = await boss.do(begin_invitation, BeginInvitation("transfer_demo_bot"))
    button = InvitationButton(begun.id, begun.revision)
    chosen = await boss.do(choose_invitation, ChooseInvitation(button, role=role, uses=uses))
    assert chosen is not None
    named = None if person is None else PersonNamed(person, "Sam")
    invited = await boss.do(invite, Invite(chosen.id, chosen.revision, named))
    assert invited.invitation is not None
    token = await boss.store.read(lambda work: work.invitations.token(begun.id))
    assert token is not None
    return token


async def newest(boss: Conversation) -> Invitation:
    [*_, row] = await boss.rows(invitations)
    found = await boss.store.read(lambda work: work.invitations.find(row["id"]))
    assert found is not None
    return found


async def opened(boss: Conversation, actor: Actor, token: str) -> Joined:
    """What comes of it; a look before has said the same."""
    looked = await boss.store.read(refusal_of, actor.user_id, token)
    result = await boss.of(actor).do(join, Join(token, "sam"))
    assert result.refusal == looked
    return result


async def role_of(boss: Conversation, actor: Actor) -> Role | None:
    user = await boss.store.read(lambda work: work.users.find(actor.user_id))
    return None if user is None else user.role


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
async def test_a_stranger_becomes_what_it_says_and_the_admins_are_told(boss: Conversation, role: Role) -> None:
    token = await link(boss, role)
    assert await opened(boss, SAM, token) == Joined(role)
    sam = await boss.store.read(lambda work: work.users.find(SAM.user_id))
    assert sam is not None
    assert (sam.name, sam.language, sam.role) == ("Sam", "vi", role)
    told = {row["chat_id"] for row in await boss.rows(shared_cards) if row["kind"] == SharedKind.JOINED}
    assert told == {BOSS.user_id, *ADMINS_BY_SETTINGS}
    [*_, noted] = await boss.rows(audit)
    assert (noted["kind"], noted["actor_id"], noted["subject_id"]) == ("joined", SAM.user_id, BOSS.user_id)


async def test_it_is_used_as_often_as_it_says(boss: Conversation) -> None:
    token = await link(boss, uses=5)
    people = [Actor(2000 + number, f"P{number}", None, "en") for number in range(6)]
    results = [await opened(boss, person, token) for person in people]
    assert [each.refusal for each in results] == [*[None] * 5, Refusal.USED_UP]
    assert await boss.store.read(lambda work: work.invitations.token(1)) is None


async def test_who_has_a_role_keeps_it_and_uses_nothing(boss: Conversation) -> None:
    member, viewer = await link(boss), await link(boss, Role.VIEWER)
    before = await boss.everything()
    for actor in (BOSS, ANA, Actor(min(ADMINS_BY_SETTINGS), "Kim", Role.ADMIN, "en")):
        for token in (member, viewer):
            assert (await opened(boss, actor, token)).refusal is Refusal.ALREADY
    assert await boss.everything() == before


async def test_a_viewer_becomes_a_member_by_a_members_link_and_stays_a_viewer_by_a_viewers(boss: Conversation) -> None:
    viewer = replace(SAM, role=Role.VIEWER)
    await boss.let_in(viewer)
    assert (await opened(boss, viewer, await link(boss, Role.VIEWER))).refusal is Refusal.ALREADY
    assert await opened(boss, viewer, await link(boss)) == Joined(Role.MEMBER)
    assert await role_of(boss, SAM) is Role.MEMBER


async def test_who_was_given_a_role_meanwhile_keeps_it(boss: Conversation) -> None:
    token = await link(boss)
    await boss.let_in(SAM, Role.VIEWER)
    # The actor is from before that.
    assert (await boss.of(SAM).do(join, Join(token))).refusal is Refusal.ALREADY
    assert (await role_of(boss, SAM), (await newest(boss)).used) == (Role.VIEWER, 0)


async def test_a_link_for_one_person_lets_nobody_else_in(boss: Conversation) -> None:
    token = await link(boss, person=SAM.user_id)
    assert (await opened(boss, KIM, token)).refusal is Refusal.OF_ANOTHER
    assert await opened(boss, SAM, token) == Joined(Role.MEMBER)


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "a" * 64, "\ud800", "' OR 1=1 --"])
async def test_what_is_no_token_lets_nobody_in(boss: Conversation, token: str) -> None:
    await link(boss)
    before = await boss.everything()
    assert (await opened(boss, SAM, token)).refusal is Refusal.UNKNOWN
    assert await boss.everything() == before


async def test_a_revoked_one_and_one_that_is_too_old_let_nobody_in(boss: Conversation) -> None:
    revoked, old = await link(boss), await link(boss)
    await boss.do(revoke_invitation, RevokeInvitation(1))
    assert (await opened(boss, SAM, revoked)).refusal is Refusal.REVOKED
    late = SqlStore(boss.database, now=lambda: NOW + timedelta(hours=24), admins=ADMINS_BY_SETTINGS)
    assert (await late.write(join, SAM, Join(old))).refusal is Refusal.EXPIRED
    assert await role_of(boss, SAM) is None


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "refused"])
async def test_who_was_removed_or_refused_comes_by_a_link_that_was_made_afterwards_alone(
    boss: Conversation, removed: bool
) -> None:
    before = await link(boss, uses=5)
    if removed:
        assert await opened(boss, SAM, before) == Joined(Role.MEMBER)
        await boss.do(remove_member, RemoveMember(SAM.user_id, Role.MEMBER))
    else:
        await boss.store.write(bar_from_earlier, SAM.user_id)
    assert (await opened(boss, SAM, before)).refusal is Refusal.REVOKED
    assert await opened(boss, KIM, before) == Joined(Role.MEMBER)
    boss.store = SqlStore(boss.database, now=lambda: NOW + timedelta(seconds=1), admins=ADMINS_BY_SETTINGS)
    after = await link(boss)
    assert await boss.store.write(join, SAM, Join(after)) == Joined(Role.MEMBER)


async def test_whoever_is_no_admin_any_more_lets_nobody_in(boss: Conversation) -> None:
    by_database = await link(boss)
    admin = Actor(min(ADMINS_BY_SETTINGS), "Kim", Role.ADMIN, "en")
    by_settings = await link(boss.of(admin))
    await boss.of(admin).do(remove_member, RemoveMember(BOSS.user_id, Role.ADMIN))
    assert (await opened(boss, SAM, by_database)).refusal is Refusal.REVOKED
    # Somebody has taken the number out of ADMIN_IDS, and started the bot again.
    store = SqlStore(boss.database, now=lambda: NOW, admins=frozenset({4711}))
    assert (await store.write(join, SAM, Join(by_settings))).refusal is Refusal.REVOKED
    assert await opened(boss, SAM, by_settings) == Joined(Role.MEMBER)


async def test_who_has_come_can_be_removed_from_the_card_once(boss: Conversation) -> None:
    await opened(boss, SAM, await link(boss))
    [joined] = await boss.rows(joinings)
    asked = await boss.do(ask_removal, AskRemoval(joined["id"]))
    assert asked is not None
    assert (asked.user_id, asked.username) == (SAM.user_id, "sam")
    assert (await boss.do(remove_joined, RemoveJoined(joined["id"], Role.MEMBER))).changed.change is Change.DONE
    assert await role_of(boss, SAM) is None
    [joined] = await boss.rows(joinings)
    assert (joined["removed"], joined["removed_by"]) == (True, BOSS.user_id)
    before = await boss.everything()
    for number in (joined["id"], 4711):
        assert (await boss.do(remove_joined, RemoveJoined(number, Role.MEMBER))).changed.change is Change.UNCHANGED
        assert await boss.do(ask_removal, AskRemoval(number)) is None
    assert await boss.everything() == before


async def test_a_card_from_before_removes_nobody_who_has_come_again(boss: Conversation) -> None:
    await opened(boss, SAM, await link(boss))
    await boss.do(remove_member, RemoveMember(SAM.user_id, Role.MEMBER))
    await boss.let_in(SAM, Role.MEMBER)
    assert (await boss.do(remove_joined, RemoveJoined(1, Role.MEMBER))).changed.change is Change.UNCHANGED
    assert await role_of(boss, SAM) is Role.MEMBER


async def test_what_was_asked_of_a_member_removes_no_admin(boss: Conversation) -> None:
    await opened(boss, SAM, await link(boss))
    await boss.do(change_role, ChangeRole(SAM.user_id, Role.ADMIN, Role.MEMBER))
    assert (await boss.do(remove_joined, RemoveJoined(1, Role.MEMBER))).changed.change is Change.OUTDATED
    assert await role_of(boss, SAM) is Role.ADMIN
    assert (await boss.do(remove_joined, RemoveJoined(1, Role.ADMIN))).changed.change is Change.DONE
