"""Admins invite: what they choose for an invitation, its link, the open ones, and Revoke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.invitation import LIVES, USES, USUAL_LIFE, USUAL_USES, InvitationState, at
from bot.usecases.actor import Actor
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_ends import end_invitation
from bot.usecases.invitation_rows import Invitation
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place
from bot.usecases.records import Role
from bot.usecases.roles import has_role
from bot.usecases.shared_card_rows import SharedKind

#: What somebody can be made by a link. An admin is named by an admin, never by whoever holds a link.
ROLES = (Role.MEMBER, Role.VIEWER)
#: Open invitations on one page.
PAGE = 8


@dataclass(frozen=True, slots=True)
class BeginInvitation:
    """``bot_username`` is how the bot is called in a link to it."""

    bot_username: str


def begin_invitation(work: UnitOfWork, actor: Actor, command: BeginInvitation) -> Invitation:
    """An invitation with the usual choices, which has no link yet."""
    require(actor, UseCase.BEGIN_INVITATION)
    number = work.invitations.begin(
        actor.user_id,
        role=Role.MEMBER,
        uses=USUAL_USES,
        life=USUAL_LIFE,
        bot_username=command.bot_username,
        now=work.now,
    )
    return Invitation(
        number, 1, InvitationState.CHOOSING, actor.user_id, Role.MEMBER, USUAL_USES, 0, USUAL_LIFE, command.bot_username
    )


@dataclass(frozen=True, slots=True)
class InvitationButton:
    """A button of an invitation that has no link yet, as its card was when it was shown."""

    invitation_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class ChooseInvitation:
    """What is chosen; with nothing of it the card is only shown anew."""

    button: InvitationButton
    role: Role | None = None
    uses: int | None = None
    life: timedelta | None = None


def choose_invitation(work: UnitOfWork, actor: Actor, command: ChooseInvitation) -> Invitation | None:
    """The invitation as it is chosen now; None where the button means nothing any more."""
    require(actor, UseCase.CHOOSE_INVITATION)
    before = _being_chosen(work, actor, command.button.invitation_id, command.button.revision)
    if before is None:
        return None
    chosen = replace(
        before,
        role=command.role or before.role,
        uses=command.uses or before.uses,
        life=command.life or before.life,
    )
    if chosen.role not in ROLES or chosen.uses not in USES or chosen.life not in LIVES:
        return None
    work.invitations.save(chosen)
    return replace(chosen, revision=before.revision + 1)


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """Somebody whom the admin has named, as Telegram describes them."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Invite:
    """Make the link of an invitation. ``revision`` is None where no card was pressed.

    With ``person`` the link is for that person alone.
    """

    invitation_id: int
    revision: int | None = None
    person: PersonNamed | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """``invitation`` is None where nothing was made: what was pressed means nothing any more, or
    ``already``: the person named has that role, or a higher one."""

    invitation: Invitation | None = None
    already: bool = False


def invite(work: UnitOfWork, actor: Actor, command: Invite) -> Invited:
    """Make the link. It is shown to who made it alone, by a card that is made anew from the row each time."""
    require(actor, UseCase.INVITE)
    before = _being_chosen(work, actor, command.invitation_id, command.revision)
    if before is None:
        return Invited()
    person = command.person
    if person is not None and has_role(work, person.user_id, before.role):
        return Invited(already=True)
    made = replace(before, state=InvitationState.OPEN, made_at=work.now, expires_at=work.now + before.life)
    if person is not None:
        made = replace(made, uses=1, for_user_id=person.user_id, for_name=person.name)
    work.invitations.save(made)
    work.invitations.make_link(made.id)
    work.shared_cards.add(SharedKind.INVITATION, made.id, private_place(work, actor.user_id))
    work.signals.chat_behind(actor.user_id)
    work.audit.note(
        AuditKind.INVITED,
        actor.user_id,
        chat_id=actor.user_id,
        subject_id=made.for_user_id,
        object_id=made.id,
        detail=made.role,
    )
    return Invited(made)


def _being_chosen(work: UnitOfWork, actor: Actor, invitation_id: int, revision: int | None) -> Invitation | None:
    """The actor's invitation that has no link yet, locked; None where it has moved on."""
    found = work.invitations.lock(invitation_id)
    if found is None or found.state is not InvitationState.CHOOSING or found.made_by != actor.user_id:
        return None
    return found if revision in {None, found.revision} else None


@dataclass(frozen=True, slots=True)
class ListInvitations:
    page: int = 0


@dataclass(frozen=True, slots=True)
class OpenInvitations:
    """A page of those that let somebody in; ``names`` are those of who has made them."""

    rows: Sequence[Invitation]
    page: int
    pages: int
    names: dict[int, str]


def list_invitations(work: UnitOfWork, actor: Actor, command: ListInvitations) -> OpenInvitations:
    require(actor, UseCase.LIST_INVITATIONS)
    pages = max(1, -(-work.invitations.count_open() // PAGE))
    page = min(command.page, pages - 1)
    found = work.invitations.open_page(page * PAGE, PAGE)
    rows = [each for each in found if at(each.state, each.expires_at, work.now) is InvitationState.OPEN]
    return OpenInvitations(rows, page, pages, dict(work.users.names({each.made_by for each in rows})))


@dataclass(frozen=True, slots=True)
class RevokeInvitation:
    invitation_id: int


def revoke_invitation(work: UnitOfWork, actor: Actor, command: RevokeInvitation) -> bool:
    """Let nobody in by it any more, whoever has made it; False when it was over already."""
    require(actor, UseCase.REVOKE_INVITATION)
    found = work.invitations.lock(command.invitation_id)
    if found is None or at(found.state, found.expires_at, work.now) is not InvitationState.OPEN:
        return False
    end_invitation(work, found, InvitationState.REVOKED)
    work.audit.note(
        AuditKind.INVITATION_REVOKED,
        actor.user_id,
        chat_id=actor.user_id,
        subject_id=found.made_by,
        object_id=found.id,
    )
    return True
