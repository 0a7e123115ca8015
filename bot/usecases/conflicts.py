"""Another process polls with the bot's token: nothing is sent to ixBrowser meanwhile, and admins are told.

It may serve a copy of the database, and would send what is queued there too. The hub sees it; stations read it here.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain.alert import AlertKind, Observed
from bot.usecases.ports import UnitOfWork

SHARED, ALONE = "shared", "alone"
#: What the hub has noted longer ago holds nothing: it notes it anew every few seconds, and may have ended since.
HOLDS_FOR = timedelta(minutes=2)


def token_shared(work: UnitOfWork) -> bool:
    """Whether another process polls with the bot's token now."""
    known = work.alerts.observed(AlertKind.CONFLICT)
    return known is not None and known.seen == SHARED and abs(work.now - known.seen_at) < HOLDS_FOR


def note_shared(work: UnitOfWork, *, lasts: bool) -> bool:
    """Another process polls; ``lasts``: for long, or again and again. Whether admins are to be told now."""
    before = work.alerts.observed(AlertKind.CONFLICT) or Observed(ALONE, ALONE, work.now, work.now)
    goes_on = token_shared(work)
    told = SHARED if lasts else before.told
    since = before.since if goes_on else work.now
    work.alerts.note(AlertKind.CONFLICT, Observed(told, SHARED, since, work.now))
    if not goes_on:
        # What is queued waits for this by now.
        work.signals.imports_queued()
    return told != before.told


def note_alone(work: UnitOfWork, *, calm: bool) -> bool:
    """No other process polls; ``calm``: for long. Whether admins are to be told that it is over."""
    before = work.alerts.observed(AlertKind.CONFLICT)
    if before is None:
        return False
    told = ALONE if calm else before.told
    since = before.since if before.seen == ALONE else work.now
    work.alerts.note(AlertKind.CONFLICT, Observed(told, ALONE, since, work.now))
    if before.seen == SHARED:
        work.signals.imports_queued()
    return told != before.told
