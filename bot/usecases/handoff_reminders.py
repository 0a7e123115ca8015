"""Whom to tell once more of codes that were left for them; for the program itself."""

from __future__ import annotations

from datetime import timedelta

from bot.usecases.handoff_people import is_for, may_receive
from bot.usecases.handoff_rows import HandoffNotice
from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind

#: What nobody has taken for so long is said once more to whom it waits for.
REMIND_AFTER = timedelta(days=1)


def remind_of_handoffs(work: UnitOfWork) -> None:
    """One round: of what has waited for a day, and of what was put off until now."""
    for handoff_id in work.handoffs.to_remind_of(work.now - REMIND_AFTER):
        work.handoffs.note_reminded(handoff_id)
        for notice in work.handoff_notices.of_handoff(handoff_id):
            _tell_again(work, notice)
    for notice in work.handoff_notices.due(work.now):
        work.handoff_notices.note_repeated(notice.id)
        _tell_again(work, notice)


def _tell_again(work: UnitOfWork, notice: HandoffNotice) -> None:
    """Tell somebody once more of what still waits for them: not where it is for somebody else by now."""
    handoff = work.handoffs.find(notice.handoff_id)
    if handoff is None or not handoff.waiting or not is_for(handoff, notice.user_id):
        return
    if not may_receive(work, notice.user_id):
        return
    for chat_id in work.shared_cards.bump(SharedKind.HANDOFF, notice.id, repost=True):
        work.signals.chat_behind(chat_id)
