"""What every event makes of an import: the one place where an import's state changes.

``apply`` is pure and total: an event that means nothing in a state leaves it as it is. ``TABLE`` says which event means
something in which status; the README's diagram is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.domain.error_codes import RESTRICTED, Cause, cause
from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    GoOn,
    HeldTooLong,
    KeyLost,
    LookAgain,
    MaybeSent,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    RecordsUnreadable,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import LINK_OPEN, ImportState, ProxyStatus, Status
from bot.domain.link_transitions import give_up_link, intend_link, miss_link, retry_link, set_link
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown

#: What has waited longer asks its person before it goes on.
HOLD_AFTER = timedelta(hours=24)

#: A code is sent again until so many attempts of this process have gone without an answer. An attempt that an earlier
#: process did not survive says nothing of the code.
ATTEMPTS = 3

#: 1008 may mean "busy": it is a refusal once an import has met it so often in a row, over so many seconds.
RESTRICTED_TIMES = 3
RESTRICTED_SECONDS = 30.0

#: An import whose proof does not come ends as unknown: a day after it was sent by the time of day, so that restarts do
#: not put it off, and after an hour awake in which this process could not read, so that sleep does not try_sooner it.
PROOF_WITHIN = timedelta(hours=24)
TRIED_FOR = 3600.0


def apply(state: ImportState, event: Event) -> ImportState:
    """The state after the event; the same state where the event means nothing in it."""
    handler = TABLE[state.status].get(type(event))
    return state if handler is None else handler(state, event)


def final_outcome(state: ImportState, event: Answered) -> Outcome:
    """The outcome of an attempt, where 1008 that has stayed for long enough is a refusal."""
    outcome = event.outcome
    if not isinstance(outcome, NotSent) or outcome.code != RESTRICTED:
        return outcome
    stays = state.restricted + 1 >= RESTRICTED_TIMES and event.restricted_for >= RESTRICTED_SECONDS
    return Refused(RESTRICTED, outcome.message) if stays else outcome


# --- queued ---------------------------------------------------------------------------------------------------------


def _claim(state: ImportState, event: Claimed) -> ImportState:
    if state.held or state.cancel_wanted:
        return state
    # What it waits for stays until it is said to be over: trying it again is no news.
    return replace(state, status=Status.SENDING, sent_at=event.at, attempts=state.attempts + 1)


def _cancel_queued(state: ImportState, event: CancelWanted) -> ImportState:
    if state.unanswered:
        return replace(_checked(state, Status.CANCELLED), cancel_wanted=True, held=False)
    return replace(_ended(state, Status.CANCELLED, event.at), held=False)


def _hold(state: ImportState, event: HeldTooLong) -> ImportState:
    # By the time of day: what waited while the computer slept is held before it is sent.
    old = not state.cancel_wanted and state.waiting_since < event.at - HOLD_AFTER
    return replace(state, held=True) if old else state


def _go_on(state: ImportState, event: GoOn) -> ImportState:
    return replace(state, held=False, waiting_since=event.at) if state.held else state


def _wait(state: ImportState, event: WaitChanged) -> ImportState:
    return replace(state, waiting_for=event.reason)


def _may_be_sent(state: ImportState, event: MaybeSent) -> ImportState:
    """As after an attempt whose answer is not known. What was held is held again before it is sent."""
    sent = replace(state, held=False, sent_at=event.at, attempts=state.attempts + 1, restricted=0)
    return replace(_checked(sent, state.verdict), unanswered=state.unanswered + 1)


# --- sending --------------------------------------------------------------------------------------------------------


def _release(state: ImportState, event: ClaimReleased) -> ImportState:
    return _not_done(state, event.at) if event.attempt == state.attempts else state


def _answer(state: ImportState, event: Answered) -> ImportState:
    # An answer that comes twice, since nobody said that it was committed, is never taken for a later attempt's.
    if event.attempt != state.attempts:
        return state
    outcome = final_outcome(state, event)
    match outcome:
        case Imported(profile_id):
            return _imported(replace(state, profile_id=profile_id), event.at)
        case NotSent(code):
            return _not_done(replace(state, restricted=state.restricted + 1 if code == RESTRICTED else 0), event.at)
        case Unknown(code, message):
            unanswered = replace(_checked(state, state.verdict), unanswered=state.unanswered + 1, restricted=0)
            return replace(unanswered, error_code=code, error_message=message)
        case Refused():
            return _refuse(state, outcome, event.at)
        case _:
            assert_never(outcome)


def _refuse(state: ImportState, outcome: Refused, at: datetime) -> ImportState:
    if state.takes_link and not state.without_proxy and cause(outcome.code) is Cause.PROXY:
        # The link is set after the import instead.
        state = replace(state, without_proxy=True)
        return _checked(state, state.verdict) if state.unanswered else _not_done(state, at)
    state = replace(state, error_code=outcome.code, error_message=outcome.message)
    return _checked(state, Status.FAILED) if state.unanswered else _ended(state, Status.FAILED, at)


def _recover(state: ImportState, _: Recovered) -> ImportState:
    return replace(_checked(state, state.verdict), unanswered=state.unanswered + 1)


def _note_cancel(state: ImportState, _: CancelWanted) -> ImportState:
    return replace(state, cancel_wanted=True, held=False)


# --- checking -------------------------------------------------------------------------------------------------------


def _found(state: ImportState, event: RecordFound) -> ImportState:
    looked = _looked(state, event.looks)
    found = replace(looked, record_id=event.record_id, profile_id=event.profile_id, profile_name=event.profile_name)
    return replace(_imported(found, event.at), verdict=None)


def _absent(state: ImportState, event: ProvenAbsent) -> ImportState:
    state = _looked(state, event.looks)
    if state.verdict is not None:
        return _ended(state, state.verdict, event.at)
    if state.cancel_wanted:
        return _ended(state, Status.CANCELLED, event.at)
    if event.unanswered_here >= ATTEMPTS:
        return _ended(state, Status.FAILED, event.at)
    return replace(state, status=Status.QUEUED)


def _unreadable(state: ImportState, event: RecordsUnreadable) -> ImportState:
    late = event.at - (state.sent_at or state.waiting_since) >= PROOF_WITHIN
    if not late or event.tried_for < TRIED_FOR:
        return state
    return _ended(_looked(state, event.looks), Status.UNKNOWN, event.at)


def _looked(state: ImportState, looks: int) -> ImportState:
    return replace(state, looks=state.looks + looks)


# --- ended ----------------------------------------------------------------------------------------------------------


def _look_again(state: ImportState, _: LookAgain) -> ImportState:
    if not state.code_kept:
        return state
    return replace(_checked(state, Status.FAILED), finished_at=None)


def _name(state: ImportState, event: NameFound) -> ImportState:
    return replace(state, profile_name=event.name) if event.name else state


# --- what several have in common ------------------------------------------------------------------------------------


def _not_done(state: ImportState, at: datetime) -> ImportState:
    """Nothing was done: it is queued again, unless its person no longer wants it."""
    queued = replace(state, status=Status.QUEUED)
    return _cancel_queued(queued, CancelWanted(at)) if state.cancel_wanted else queued


def _checked(state: ImportState, verdict: Status | None) -> ImportState:
    return replace(state, status=Status.CHECKING, verdict=verdict, waiting_for=None)


def _ended(state: ImportState, status: Status, at: datetime) -> ImportState:
    return replace(state, status=status, finished_at=at, waiting_for=None)


def _imported(state: ImportState, at: datetime) -> ImportState:
    state = replace(_ended(state, Status.IMPORTED, at), error_code=None, error_message="")
    if not state.takes_link:
        return state
    known = state.profile_id is not None
    return replace(state, proxy_status=ProxyStatus.PENDING if known else ProxyStatus.MISSING)


def _lose(state: ImportState, event: KeyLost) -> ImportState:
    """What was certainly not done can be sent to the bot again; of all else it is not known."""
    lost = replace(state, key_lost=True, code_kept=False, held=False)
    end = Status.FAILED if state.status is Status.QUEUED and not state.unanswered else Status.UNKNOWN
    return _ended(lost, end, state.finished_at or event.at)


def _lose_link(state: ImportState, _: KeyLost) -> ImportState:
    return replace(state, proxy_status=ProxyStatus.GIVEN_UP) if _has_link_left(state) else state


def _move(state: ImportState, event: StationChanged) -> ImportState:
    return replace(state, station=event.station)


def _move_imported(state: ImportState, event: StationChanged) -> ImportState:
    """Only what is left to do for it can be another station's: its link, and its name."""
    return _move(state, event) if _has_link_left(state) or not state.profile_name else state


def _has_link_left(state: ImportState) -> bool:
    return state.proxy_status in LINK_OPEN | {ProxyStatus.MISSING}


Handler = Callable[[ImportState, Any], ImportState]

TABLE: Mapping[Status, Mapping[type[Event], Handler]] = {
    Status.QUEUED: {
        Claimed: _claim,
        CancelWanted: _cancel_queued,
        HeldTooLong: _hold,
        GoOn: _go_on,
        WaitChanged: _wait,
        MaybeSent: _may_be_sent,
        StationChanged: _move,
        KeyLost: _lose,
    },
    Status.SENDING: {
        ClaimReleased: _release,
        Answered: _answer,
        Recovered: _recover,
        CancelWanted: _note_cancel,
        StationChanged: _move,
        KeyLost: _lose,
    },
    Status.CHECKING: {
        RecordFound: _found,
        ProvenAbsent: _absent,
        RecordsUnreadable: _unreadable,
        CancelWanted: _note_cancel,
        StationChanged: _move,
        KeyLost: _lose,
    },
    Status.IMPORTED: {
        NameFound: _name,
        ProxyIntended: intend_link,
        ProxySet: set_link,
        ProxyMissing: miss_link,
        ProxyRetried: retry_link,
        ProxyGivenUp: give_up_link,
        StationChanged: _move_imported,
        KeyLost: _lose_link,
    },
    Status.UNKNOWN: {LookAgain: _look_again, KeyLost: _lose},
    Status.FAILED: {},
    Status.CANCELLED: {},
}
