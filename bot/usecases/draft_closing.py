"""How a draft ends, for the use cases that end one."""

from __future__ import annotations

from bot.domain.handoff import LetGo
from bot.domain.transfer_code import TransferCode
from bot.usecases.draft_ends import end_draft
from bot.usecases.handoff_changes import change
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft


def close_draft(work: UnitOfWork, stored: StoredDraft, state: DraftState) -> None:
    """End an open draft; codes that its person has taken from a handoff wait again."""
    let_go(work, stored)
    end_draft(work, stored, state)


def let_go(work: UnitOfWork, stored: StoredDraft, kept: frozenset[TransferCode] = frozenset()) -> None:
    """Whoever took codes from a handoff into this draft does not go on with them, but for those that are ``kept``."""
    if stored.handoff_id is None:
        return
    handoff = work.handoffs.lock(stored.handoff_id)
    if handoff is None:
        return
    gone = [each.id for each in handoff.codes if each.state.draft_id == stored.id and each.code not in kept]
    change(work, handoff, LetGo(), gone)
