"""The end of a draft itself, whatever else ends with it."""

from __future__ import annotations

from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, DraftState, StoredDraft


def end_draft(work: UnitOfWork, stored: StoredDraft, state: DraftState) -> None:
    """End an open draft; the one that was kept aside for it comes back below what has been written since."""
    work.drafts.close(stored.id, state, work.now)
    work.signals.chat_behind(stored.where.chat_id)
    # With a draft of a group chat ends the one that asks for it in private.
    work.signals.chat_behind(stored.where.user_id)
    kept_aside = work.drafts.find_open(stored.where)
    if kept_aside is not None:
        work.cards.show_again(CardKind.DRAFT, kept_aside.id)
