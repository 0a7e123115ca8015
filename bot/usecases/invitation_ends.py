"""What ends invitations by itself: their time, and that somebody has lost a role. For the program itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.invitation import InvitationState
from bot.usecases.audit import AuditKind
from bot.usecases.invitation_rows import Invitation
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind

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


def after_removal(work: UnitOfWork, user_id: int, by: int | None = None) -> None:
    """All that removing somebody means for invitations: those they have made, and those by which they could come back.

    The card that told of their coming says that they are gone.
    """
    revoke_of(work, user_id, by)
    bar_from_earlier(work, user_id)
    _show_changed(work, SharedKind.JOINED, work.invitations.note_removed(user_id, by))


def end_expired(work: UnitOfWork) -> None:
    """Note of which ones the time is over, and forget what was begun and left."""
    for invitation in work.invitations.lock_expired(work.now):
        end_invitation(work, invitation, InvitationState.EXPIRED)
    work.invitations.forget_unfinished_before(work.now - CHOOSING_LIFE)


def end_invitation(work: UnitOfWork, invitation: Invitation, state: InvitationState) -> None:
    """End one that is locked. The message with its link says so."""
    work.invitations.save(replace(invitation, state=state))
    _show_changed(work, SharedKind.INVITATION, [invitation.id])


def _show_changed(work: UnitOfWork, kind: SharedKind, subject_ids: Sequence[int]) -> None:
    # ``shared_cards.show_changed`` knows the admins, of whom removal is a matter, so that it can't be called from here.
    for subject_id in subject_ids:
        for chat_id in work.shared_cards.bump(kind, subject_id):
            work.signals.chat_behind(chat_id)
