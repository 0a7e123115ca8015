"""What a recovery holds back, for whoever is about to do it."""

from __future__ import annotations

from bot.usecases.ports import UnitOfWork
from bot.usecases.recovery_rows import Decision, Misfit


def reads_nothing(work: UnitOfWork) -> bool:
    """Whether nobody has said yet that this is the right ixBrowser account: what it shows says nothing till then."""
    recovery = work.recoveries.current()
    return recovery is not None and recovery.decision is not Decision.GOING_ON


def others_may_send(work: UnitOfWork) -> bool:
    """Whether another computer may be sending what is in this copy: nobody has said yet that it is this one's turn."""
    recovery = work.recoveries.current()
    return recovery is not None and recovery.why is Misfit.MOVED and recovery.decision is not Decision.GOING_ON


def sends_nothing(work: UnitOfWork) -> bool:
    """Whether nothing may be sent to ixBrowser yet, and no code be shown as waiting: what was done is not known."""
    recovery = work.recoveries.current()
    return recovery is not None and not (recovery.decision is Decision.GOING_ON and recovery.settled)


def members_unconfirmed(work: UnitOfWork) -> bool:
    """Whether only the admins by the settings may use the bot."""
    recovery = work.recoveries.current()
    return recovery is not None and not recovery.members_confirmed
