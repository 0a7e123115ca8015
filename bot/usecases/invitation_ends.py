"""What ends invitations by itself: their time, and that somebody has lost a role. For the program itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.invitation import InvitationState
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_rows import Invitation
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_changed

#: How long somebody may take to choose.
CHOOSING_LIFE = timedelta(days=1)


def revoke_of(work: UnitOfWork, user_id: int, by: int | None = None) -> None:
    """Revoke what somebody has made who is no longer an admin; ``by`` is who has seen to that."""
    for invitation in work.invitations.lock_open_of(user_id):
        end_invitation(work, invitation, InvitationState.REVOKED)
        work.audit.note(AuditKind.INVITATION_REVOKED, by or user_id, subject_id=user_id, object_id=invitation.id)


def revoke_all(work: UnitOfWork) -> None:
    """Revoke every one that lets somebody in; nobody has decided that."""
    for invitation in work.invitations.lock_open():
        end_invitation(work, invitation, InvitationState.REVOKED)


def bar_from_earlier(work: UnitOfWork, user_id: int) -> None:
    """Somebody was removed, or refused: no link that was made before lets them in, but a later one does."""
    work.invitations.bar(user_id, work.now)


def bar_who_was_removed(work: UnitOfWork, user_id: int, by: int) -> None:
    """Somebody was removed: no link of before lets them in again, and the card that told of their coming says so."""
    bar_from_earlier(work, user_id)
    for joining_id in work.invitations.note_removed(user_id, by):
        show_changed(work, SharedKind.JOINED, joining_id)


def end_expired(work: UnitOfWork) -> None:
    """Note of which ones the time is over, and forget what was begun and left."""
    for invitation in work.invitations.lock_expired(work.now):
        end_invitation(work, invitation, InvitationState.EXPIRED)
    work.invitations.forget_unfinished_before(work.now - CHOOSING_LIFE)


def end_invitation(work: UnitOfWork, invitation: Invitation, state: InvitationState) -> None:
    """End one that is locked. The message with its link says so."""
    work.invitations.save(replace(invitation, state=state))
    show_changed(work, SharedKind.INVITATION, invitation.id)
