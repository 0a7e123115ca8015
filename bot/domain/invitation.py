"""An invitation: what can be chosen for one, and how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: For how many people a link can be, and for how long; each list with the usual choice.
USES: Final = (1, 5, 20, 100)
LIVES: Final = (timedelta(hours=1), timedelta(hours=24), timedelta(days=7))
USUAL_USES: Final = 1
USUAL_LIFE: Final = timedelta(hours=24)


class InvitationState(StrEnum):
    CHOOSING = "choosing"  # its link is not made yet
    OPEN = "open"
    USED_UP = "used_up"
    REVOKED = "revoked"
    EXPIRED = "expired"


def after_use(used: int, uses: int) -> InvitationState:
    """How an open one stands once so many have used it."""
    return InvitationState.USED_UP if used >= uses else InvitationState.OPEN


def at(state: InvitationState, expires_at: datetime | None, now: datetime) -> InvitationState:
    """How one stands at a moment: that its time is over is noted somewhat later."""
    is_over = state is InvitationState.OPEN and (expires_at is None or expires_at <= now)
    return InvitationState.EXPIRED if is_over else state
