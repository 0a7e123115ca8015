"""What a list that was read anew answers in open drafts by itself. Nobody asks for it, so that it needs no actor."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.remote_lists import Lists
from bot.usecases.draft_changes import with_lists
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft


def is_changed_by(stored: StoredDraft, lists: Lists) -> bool:
    """Whether the lists answer something of an open draft that stands otherwise in it, or not at all."""
    return stored.state is DraftState.OPEN and with_lists(stored.draft, lists) != stored.draft


def drafts_changed_by(work: UnitOfWork, lists: Lists) -> Sequence[int]:
    """The ids of the open drafts that these lists change; it only reads."""
    return [stored.id for stored in work.drafts.all_open() if is_changed_by(stored, lists)]


def apply_to_drafts(work: UnitOfWork, draft_ids: Sequence[int], lists: Lists) -> None:
    """Write what the lists answer. Only a draft that changes gets another revision, so that no tap is spoiled."""
    for draft_id in draft_ids:
        stored = work.drafts.find(draft_id)
        if stored is None or not is_changed_by(stored, lists):
            continue
        if work.drafts.change(stored, with_lists(stored.draft, lists), work.now, repost=False):
            work.signals.chat_behind(stored.where.chat_id)
