"""A person's request to be let in: it waits until somebody answers it, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: Who was refused may not ask again for so long.
REFUSED_FOR = timedelta(days=7)
#: A request that nobody answers for so long is over.
WAITS_FOR = timedelta(days=14)


class RequestState(StrEnum):
    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"
    EXPIRED = "expired"  # nobody has answered


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """``ended_at`` is None while it waits. Nobody has answered one that has expired, or whose
    person was let in before anybody did.
    """

    state: RequestState
    asked_at: datetime
    ended_at: datetime | None = None
    answered_by: int | None = None

    @property
    def waits(self) -> bool:
        return self.state is RequestState.WAITING

    @property
    def refused_until(self) -> datetime | None:
        """From when on its person may ask again, where they were refused."""
        if self.state is not RequestState.REFUSED or self.ended_at is None:
            return None
        return self.ended_at + REFUSED_FOR


def new_request(now: datetime) -> AccessRequest:
    return AccessRequest(RequestState.WAITING, now)


def answered(request: AccessRequest, *, allow: bool, by: int | None, now: datetime) -> AccessRequest | None:
    """The request as it is after somebody has answered it; None when it had ended already, and stays as it is."""
    if not request.waits:
        return None
    state = RequestState.ALLOWED if allow else RequestState.REFUSED
    return replace(request, state=state, ended_at=now, answered_by=by)


def expired(request: AccessRequest, now: datetime) -> AccessRequest | None:
    """The request as it is once nobody has answered it for too long; None when it has ended, or has time yet."""
    if not request.waits or now - request.asked_at < WAITS_FOR:
        return None
    return replace(request, state=RequestState.EXPIRED, ended_at=now)


def may_ask(last: AccessRequest | None, now: datetime) -> bool:
    """Whether somebody may ask whose last request is this one."""
    if last is None:
        return True
    until = last.refused_until
    return not last.waits and (until is None or until <= now)
