"""Somebody opens an invitation's link, and an admin takes back what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.invitation import InvitationState, after_use, at
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_ends import end_invitation
from bot.usecases.invitation_rows import Invitation, Joining
from bot.usecases.members import Change, RemoveMember, RoleChanged, remove_member
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role
from bot.usecases.roles import give_role, has_role
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_admins


class Refusal(StrEnum):
    """Why a link lets somebody not in."""

    UNKNOWN = "unknown"  # no invitation has it
    ALREADY = "already"  # they have this role, or a higher one
    OF_ANOTHER = "of_another"  # it is for another person alone
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"  # so is one whose maker is no longer an admin, or that is older than the person's removal


@dataclass(frozen=True, slots=True)
class Join:
    """``username`` is the person's at this moment, empty where they have none."""

    token: str = field(repr=False)
    username: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """``role`` is what the person was made, None with the ``refusal`` that says why not."""

    role: Role | None = None
    refusal: Refusal | None = None


def refusal_of(work: UnitOfWork, user_id: int, token: str) -> Refusal | None:
    """Why the link would not let this person in; reads, and changes nothing. For the program itself."""
    return _refusal(work, user_id, work.invitations.find_by_token(token))


def join(work: UnitOfWork, actor: Actor, command: Join) -> Joined:
    """Make the actor what the invitation says. It never takes anything from somebody who may do more."""
    require(actor, UseCase.JOIN)
    # A refusal at this very moment counts: it is waited for, and what it forbids is read after it.
    work.access_requests.lock_waiting_of(actor.user_id)
    invitation = work.invitations.lock_by_token(command.token)
    refusal = _refusal(work, actor.user_id, invitation)
    if refusal is not None or invitation is None:
        return Joined(refusal=refusal)
    work.users.keep(actor.user_id, actor.name, actor.language, work.now, command.username)
    if not give_role(work, invitation.made_by, actor.user_id, invitation.role, was=actor.role):
        # An admin has given them another meanwhile.
        return Joined(refusal=Refusal.ALREADY)
    used = invitation.used + 1
    state = after_use(used, invitation.uses)
    if state is InvitationState.OPEN:
        work.invitations.save(replace(invitation, used=used))
    else:
        end_invitation(work, replace(invitation, used=used), state)
    joining = work.invitations.add_joining(invitation, actor.user_id, command.username, work.now)
    show_admins(work, SharedKind.JOINED, joining)
    work.audit.note(
        AuditKind.JOINED,
        actor.user_id,
        chat_id=actor.user_id,
        subject_id=invitation.made_by,
        object_id=invitation.id,
        detail=invitation.role,
    )
    return Joined(invitation.role)


def _refusal(work: UnitOfWork, user_id: int, invitation: Invitation | None) -> Refusal | None:
    if invitation is None or invitation.made_at is None:
        return Refusal.UNKNOWN
    if has_role(work, user_id, invitation.role):
        return Refusal.ALREADY
    if invitation.for_user_id not in {None, user_id}:
        return Refusal.OF_ANOTHER
    state = at(invitation.state, invitation.expires_at, work.now)
    if state in _ENDED:
        return _ENDED[state]
    barred_at = work.invitations.barred_at(user_id)
    is_older = barred_at is not None and invitation.made_at <= barred_at
    # Whoever may not invite any more may not have been known to lose it: ADMIN_IDS is changed by hand.
    if is_older or not has_role(work, invitation.made_by, Role.ADMIN):
        return Refusal.REVOKED
    return None


_ENDED = {
    InvitationState.USED_UP: Refusal.USED_UP,
    InvitationState.EXPIRED: Refusal.EXPIRED,
    InvitationState.REVOKED: Refusal.REVOKED,
}


@dataclass(frozen=True, slots=True)
class AskRemoval:
    """``joining_id`` names the card that told of somebody's coming."""

    joining_id: int


def ask_removal(work: UnitOfWork, actor: Actor, command: AskRemoval) -> Joining | None:
    """Whom the actor could remove by the card; None where they are gone by now. Nothing is changed."""
    require(actor, UseCase.ASK_REMOVAL)
    joining = work.invitations.find_joining(command.joining_id)
    return None if joining is None or joining.removed else joining


@dataclass(frozen=True, slots=True)
class RemoveJoined:
    """The same card, pressed in the chat ``chat_id``. ``was`` is the role that the question named."""

    joining_id: int
    was: Role
    chat_id: int | None = None


@dataclass(frozen=True, slots=True)
class JoinedRemoved:
    """``user_id`` is None where the card means nobody any more."""

    user_id: int | None
    changed: RoleChanged


def remove_joined(work: UnitOfWork, actor: Actor, command: RemoveJoined) -> JoinedRemoved:
    """Take somebody's access away who has come by an invitation; unchanged where somebody else was first."""
    require(actor, UseCase.REMOVE_JOINED)
    joining = work.invitations.find_joining(command.joining_id)
    if joining is None or joining.removed:
        return JoinedRemoved(None, RoleChanged(Change.UNCHANGED))
    removal = RemoveMember(joining.user_id, command.was, command.chat_id)
    return JoinedRemoved(joining.user_id, remove_member(work, actor, removal))
