"""Who may be invited by whom, and how: what is chosen, the link, the open ones, Revoke."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.invitation import InvitationState
from bot.storage.audit import audit
from bot.storage.invitations import invitations
from bot.storage.work import SqlStore
from bot.usecases.invitation_ends import end_expired, revoke_of
from bot.usecases.invitation_rows import Invitation
from bot.usecases.invitations import (
    BeginInvitation,
    ChooseInvitation,
    InvitationButton,
    Invite,
    Invited,
    ListInvitations,
    PersonNamed,
    RevokeInvitation,
    begin_invitation,
    choose_invitation,
    invite,
    list_invitations,
    revoke_invitation,
)
from bot.usecases.records import Role
from tests.usecases.conversation import ADMINS_BY_SETTINGS, ANA, BOSS, MAI, NOW, Conversation

BOT = "transfer_demo_bot"


@pytest.fixture
async def boss(conversation: Conversation) -> Conversation:
    await conversation.let_in(BOSS)
    return conversation.of(BOSS)


async def begun(boss: Conversation) -> InvitationButton:
    """A button of an invitation that was just begun."""
    invitation = await boss.do(begin_invitation, BeginInvitation(BOT))
    return InvitationButton(invitation.id, invitation.revision)


async def made(boss: Conversation, *, person: PersonNamed | None = None) -> Invitation:
    button = await begun(boss)
    invited = await boss.do(invite, Invite(button.invitation_id, button.revision, person))
    assert invited.invitation is not None
    return invited.invitation


async def states(boss: Conversation) -> dict[int, str]:
    return {row["id"]: row["state"] for row in await boss.rows(invitations)}


async def kinds(boss: Conversation) -> list[tuple[str, int, int | None, str]]:
    return [(row["kind"], row["actor_id"], row["subject_id"], row["detail"]) for row in await boss.rows(audit)]


async def test_what_was_chosen_is_what_the_link_does(boss: Conversation) -> None:
    button = await begun(boss)
    for choice in ({"role": Role.VIEWER}, {"uses": 5}, {"life": timedelta(hours=1)}):
        chosen = await boss.do(choose_invitation, ChooseInvitation(button, **choice))
        assert chosen is not None
        button = InvitationButton(chosen.id, chosen.revision)
    invited = (await boss.do(invite, Invite(button.invitation_id, button.revision))).invitation
    assert invited is not None
    found = await boss.store.read(lambda work: work.invitations.find(invited.id))
    assert found is not None
    assert (found.role, found.uses, found.expires_at) == (Role.VIEWER, 5, NOW + timedelta(hours=1))
    assert await kinds(boss) == [("invited", BOSS.user_id, None, "viewer")]


async def test_without_a_choice_it_is_for_one_member_and_a_day(boss: Conversation) -> None:
    found = await made(boss)
    assert (found.role, found.uses, found.expires_at) == (Role.MEMBER, 1, NOW + timedelta(hours=24))


@pytest.mark.parametrize("choice", [{"role": Role.ADMIN}, {"uses": 2}, {"uses": 10**6}, {"life": timedelta(days=400)}])
async def test_what_is_not_offered_can_not_be_chosen(boss: Conversation, choice: dict[str, object]) -> None:
    button = await begun(boss)
    before = await boss.everything()
    assert await boss.do(choose_invitation, ChooseInvitation(button, **choice)) is None  # type: ignore[arg-type]  # any of its fields
    assert await boss.everything() == before


async def test_a_link_is_made_once_and_by_who_chose(boss: Conversation) -> None:
    button = await begun(boss)
    await boss.let_in(replace(MAI, role=Role.ADMIN))
    other = boss.of(replace(MAI, role=Role.ADMIN))
    old = Invite(button.invitation_id, button.revision + 1)
    assert await other.do(invite, Invite(button.invitation_id, button.revision)) == Invited()
    assert await boss.do(invite, old) == Invited()
    assert (await boss.do(invite, Invite(button.invitation_id, button.revision))).invitation is not None
    before = await boss.everything()
    assert await boss.do(invite, Invite(button.invitation_id)) == Invited()
    assert await boss.do(choose_invitation, ChooseInvitation(InvitationButton(button.invitation_id, 2))) is None
    assert await boss.everything() == before


async def test_somebody_who_is_in_already_needs_no_link(boss: Conversation) -> None:
    admin = min(ADMINS_BY_SETTINGS)
    for user_id in (ANA.user_id, BOSS.user_id, admin):
        button = await begun(boss)
        invited = await boss.do(invite, Invite(button.invitation_id, person=PersonNamed(user_id, "Ana")))
        assert invited == Invited(already=True)
    assert set((await states(boss)).values()) == {"choosing"}


async def test_a_viewer_can_be_invited_as_a_member(boss: Conversation) -> None:
    await boss.let_in(MAI, Role.VIEWER)
    found = await made(boss, person=PersonNamed(MAI.user_id, "Mai"))
    assert (found.for_user_id, found.for_name, found.uses) == (MAI.user_id, "Mai", 1)
    assert await kinds(boss) == [("invited", BOSS.user_id, MAI.user_id, "member")]


async def test_the_open_ones_are_listed_with_who_has_made_them(boss: Conversation) -> None:
    await begun(boss)
    links = [await made(boss) for _ in range(9)]
    found = await boss.do(list_invitations, ListInvitations())
    assert [row.id for row in found.rows] == [each.id for each in links[:0:-1]]
    assert (found.page, found.pages, found.names) == (0, 2, {BOSS.user_id: "Boss"})
    last = await boss.do(list_invitations, ListInvitations(999))
    assert ([row.id for row in last.rows], last.page) == ([links[0].id], 1)


async def test_any_admin_revokes_it_once(boss: Conversation) -> None:
    await boss.let_in(replace(MAI, role=Role.ADMIN))
    link = await made(boss)
    assert await boss.of(replace(MAI, role=Role.ADMIN)).do(revoke_invitation, RevokeInvitation(link.id))
    before = await boss.everything()
    for number in (link.id, link.id + 1):
        assert not await boss.do(revoke_invitation, RevokeInvitation(number))
    assert await boss.everything() == before
    assert (await kinds(boss))[-1] == ("invitation_revoked", MAI.user_id, BOSS.user_id, "")
    assert (await boss.do(list_invitations, ListInvitations())).rows == []


async def test_what_was_made_by_who_is_no_admin_any_more_is_revoked(boss: Conversation) -> None:
    await boss.let_in(replace(MAI, role=Role.ADMIN))
    mine, theirs = await made(boss), await made(boss.of(replace(MAI, role=Role.ADMIN)))
    await boss.store.write(revoke_of, BOSS.user_id, MAI.user_id)
    assert await states(boss) == {mine.id: "revoked", theirs.id: "open"}
    assert (await kinds(boss))[-1] == ("invitation_revoked", MAI.user_id, BOSS.user_id, "")
    await boss.store.write(revoke_of, MAI.user_id)
    assert (await kinds(boss))[-1] == ("invitation_revoked", MAI.user_id, MAI.user_id, "")


async def test_what_is_too_old_ends_and_what_was_left_is_forgotten(boss: Conversation) -> None:
    link = await made(boss)
    await begun(boss)
    boss.signals.clear()
    day = timedelta(hours=24)
    for later, left in ((day, {link.id: "expired", link.id + 1: "choosing"}), (day * 2, {link.id: "expired"})):
        store = SqlStore(boss.database, now=lambda later=later: NOW + later, admins=ADMINS_BY_SETTINGS)  # type: ignore[misc]  # of this turn
        await store.write(end_expired)
        assert await states(boss) == left
    assert InvitationState.EXPIRED in {row["state"] for row in await boss.rows(invitations)}
