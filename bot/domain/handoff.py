"""What becomes of a code that one person leaves for another: the one place where its state changes.

``apply`` is pure and total: an event that means nothing in a state leaves it as it is. ``TABLE`` says which event means
something in which status; the README's diagram is made from it. Of a handoff of several codes each has a state of its
own; where the handoff stands is derived from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.import_state import Status


class HandoffStatus(StrEnum):
    """Where a code stands that was left for somebody."""

    WAITING = "waiting"
    TAKEN = "taken"
    IMPORTING = "importing"
    IMPORTED = "imported"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"


#: A code that waits or is being imported: nobody else may leave or import it.
HELD = (HandoffStatus.WAITING, HandoffStatus.TAKEN, HandoffStatus.IMPORTING)
#: It has come back to who left it.
RETURNED = frozenset({HandoffStatus.DECLINED, HandoffStatus.WITHDRAWN, HandoffStatus.EXPIRED, HandoffStatus.FAILED})
#: It can be taken back, or given to somebody else.
MOVABLE = frozenset({HandoffStatus.WAITING, HandoffStatus.TAKEN})


class ReturnReason(StrEnum):
    """Why a code has come back, where its status alone does not say it."""

    DECLINED = "declined"  # by who was to take it
    CANCELLED = "cancelled"  # its import was, by who had taken it
    REMOVED = "removed"  # who was to take it may not use the bot any more
    REFUSED = "refused"  # by ixBrowser
    KEY_LOST = "key_lost"


@dataclass(frozen=True, slots=True)
class HandedCode:
    """Where one code of a handoff stands.

    ``taker_id`` is who has taken it, or has declined it, ``draft_id`` the draft that it is in then, ``import_id`` its
    row of the import log. ``reason`` is why it has come back.
    """

    status: HandoffStatus = HandoffStatus.WAITING
    taker_id: int | None = None
    draft_id: int | None = None
    import_id: int | None = None
    reason: ReturnReason | None = None


# --- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody takes it into a draft."""

    taker_id: int
    draft_id: int


@dataclass(frozen=True, slots=True)
class LetGo:
    """Who has taken it does not go on with it: the draft has ended, or the code is not in it any more."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who has taken it has it imported."""

    import_id: int


@dataclass(frozen=True, slots=True)
class ImportEnded:
    """Its import stands so. One whose end is not known has not ended."""

    status: Status
    key_lost: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """Who was to take it does not want it, or can't take it any more."""

    receiver_id: int
    reason: ReturnReason = ReturnReason.DECLINED


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who left it takes it back."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The time that who left it has set is over."""


@dataclass(frozen=True, slots=True)
class Reassigned:
    """It is for somebody else from now on."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """It is among what ixBrowser has received, though no import of it is known: the database was restored."""


@dataclass(frozen=True, slots=True)
class KeyLost:
    """The key was lost with which it was encrypted."""


Event = Taken | LetGo | Confirmed | ImportEnded | Declined | Withdrawn | Expired | Reassigned | Arrived | KeyLost
Handler = Callable[[HandedCode, Any], HandedCode]

# --- what each does ---------------------------------------------------------------------------------------------------


def _returned(status: HandoffStatus, reason: ReturnReason | None = None) -> Handler:
    return lambda code, _: replace(code, status=status, draft_id=None, reason=reason)


def _take(code: HandedCode, event: Taken) -> HandedCode:
    return replace(code, status=HandoffStatus.TAKEN, taker_id=event.taker_id, draft_id=event.draft_id)


def _wait(_code: HandedCode, _event: LetGo | Reassigned) -> HandedCode:
    return HandedCode()


def _confirm(code: HandedCode, event: Confirmed) -> HandedCode:
    return replace(code, status=HandoffStatus.IMPORTING, import_id=event.import_id)


def _end(code: HandedCode, event: ImportEnded) -> HandedCode:
    match event.status:
        case Status.IMPORTED:
            return replace(code, status=HandoffStatus.IMPORTED, draft_id=None)
        case Status.FAILED:
            reason = ReturnReason.KEY_LOST if event.key_lost else ReturnReason.REFUSED
            return replace(code, status=HandoffStatus.FAILED, draft_id=None, reason=reason)
        case Status.CANCELLED:
            return replace(code, status=HandoffStatus.DECLINED, draft_id=None, reason=ReturnReason.CANCELLED)
        case _:
            return code


def _decline(code: HandedCode, event: Declined) -> HandedCode:
    return replace(code, status=HandoffStatus.DECLINED, taker_id=event.receiver_id, draft_id=None, reason=event.reason)


def _arrive(code: HandedCode, _event: Arrived) -> HandedCode:
    return replace(code, status=HandoffStatus.IMPORTED, draft_id=None)


_WITHDRAW = _returned(HandoffStatus.WITHDRAWN)
_LOSE_KEY = _returned(HandoffStatus.FAILED, ReturnReason.KEY_LOST)

_GIVEN_AGAIN: Mapping[type, Handler] = {Reassigned: _wait}

#: Status by status, which events mean something and what each does.
TABLE: Mapping[HandoffStatus, Mapping[type, Handler]] = {
    HandoffStatus.WAITING: {
        Taken: _take,
        Declined: _decline,
        Withdrawn: _WITHDRAW,
        Expired: _returned(HandoffStatus.EXPIRED),
        Arrived: _arrive,
        KeyLost: _LOSE_KEY,
    },
    HandoffStatus.TAKEN: {
        LetGo: _wait,
        Confirmed: _confirm,
        Withdrawn: _WITHDRAW,
        Reassigned: _wait,
        KeyLost: _LOSE_KEY,
    },
    HandoffStatus.IMPORTING: {ImportEnded: _end},
    HandoffStatus.IMPORTED: {},
    **dict.fromkeys(sorted(RETURNED), _GIVEN_AGAIN),
}


def apply(code: HandedCode, event: Event) -> HandedCode:
    """The state after the event; the same state where the event means nothing in it."""
    handler = TABLE[code.status].get(type(event))
    return code if handler is None else handler(code, event)


# --- the handoff ------------------------------------------------------------------------------------------------------


def has_ended(statuses: Sequence[HandoffStatus]) -> bool:
    """Whether nothing of a handoff waits, is taken, or is being imported."""
    return not set(HELD).intersection(statuses)
