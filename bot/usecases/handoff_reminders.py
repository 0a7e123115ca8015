"""Whom to tell once more of codes that were left for them, or by them; for the program itself."""

from __future__ import annotations

from datetime import timedelta

from bot.usecases.handoff_changes import give_receipt, notify
from bot.usecases.handoff_people import is_for, may_receive
from bot.usecases.handoff_rows import HandoffNotice
from bot.usecases.ports import UnitOfWork
from bot.usecases.recovery_gates import sends_nothing

#: What nobody has taken for so long is said once more to whom it waits for.
REMIND_AFTER = timedelta(days=1)


def remind_of_handoffs(work: UnitOfWork) -> None:
    """One round: of what has waited for a day, and of what was put off until now."""
    if sends_nothing(work):
        # What of it has arrived is not known yet.
        return
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
    # Also of a part of what they were told of as a whole.
    notify(work, handoff.id, [notice.user_id])


def tell_in_another_bot(work: UnitOfWork) -> None:
    """Nobody has a card of the bot to which the database was moved: give them those of what has not ended."""
    for handoff_id in work.handoffs.all_unfinished():
        handoff = work.handoffs.find(handoff_id)
        if handoff is None:
            continue
        give_receipt(work, handoff_id, handoff.owner_id)
        for notice in work.handoff_notices.of_handoff(handoff_id):
            _tell_again(work, notice)
