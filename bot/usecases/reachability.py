"""Whom Telegram does not let the bot write to: functions of the program itself."""

from __future__ import annotations

from collections.abc import Collection

from bot.usecases.handoff_changes import show
from bot.usecases.members import are_allowed
from bot.usecases.ports import UnitOfWork
from bot.usecases.unreachable import Unreachable, Why


def note_unreachable(work: UnitOfWork, user_id: int, why: Why) -> bool:
    """Somebody could not be written to. Of a stranger this is not kept: False."""
    kept = user_id in work.settings_admins or are_allowed(work, [user_id])[0]
    if kept:
        work.unreachable.note(Unreachable(user_id, work.now, why))
        # Who has left something for them is told at once.
        for handoff_id in work.handoffs.unfinished_of(user_id):
            show(work, handoff_id)
    return kept


def note_reached(work: UnitOfWork, user_id: int) -> None:
    """Somebody has been written to, or has written."""
    work.unreachable.forget(user_id)
    # Who has left something for them was told that they can't be.
    for handoff_id in work.handoffs.unfinished_of(user_id):
        show(work, handoff_id)


def unreachable_people(work: UnitOfWork) -> Collection[int]:
    """Everybody who was noted."""
    return [person.user_id for person in work.unreachable.all()]
