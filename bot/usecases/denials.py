"""What is noted in the audit of somebody who was denied something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.usecases.audit import AuditKind
from bot.usecases.ports import UnitOfWork

#: For so long nothing more is noted of a stranger who was denied something.
HOUR = timedelta(hours=1)
#: Denials within an hour after which strangers are not noted any more, however many come.
MOST_AN_HOUR = 1_000


def note_denial(work: UnitOfWork, actor_id: int, chat_id: int, use_case: str) -> None:
    """Somebody wanted what their role does not allow."""
    work.audit.note(AuditKind.DENIED, actor_id, chat_id=chat_id, detail=use_case)


def note_strangers(work: UnitOfWork, some: Sequence[tuple[int, int]]) -> None:
    """People without a role wanted something, each in a chat.

    Noted once an hour of each, also where the bot was started anew meanwhile.
    """
    hour_ago = work.now - HOUR
    room = MOST_AN_HOUR - work.audit.count_denied(hour_ago, MOST_AN_HOUR)
    for actor_id, chat_id in some:
        last = work.audit.last_denied(actor_id)
        if room > 0 and (last is None or last <= hour_ago):
            work.audit.note(AuditKind.DENIED, actor_id, chat_id=chat_id)
            room -= 1
