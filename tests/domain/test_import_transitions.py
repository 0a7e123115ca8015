"""Every event in every state of an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import (
    TABLE,
    apply,
    final_outcome,
)
from bot.domain.outcome import Imported, NotSent, Refused, Unknown
from tests.support.import_states import (
    ATTEMPT,
    AWAY,
    CONFIRMED,
    CUT,
    EVENTS,
    LATE,
    NOW,
    PROXY_REFUSED,
    REFUSED,
    RESTRICTED,
    SYSTEM_ERROR,
    flaws,
    states,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
QUEUED = ImportState(Status.QUEUED, waiting_since=CONFIRMED, station="office")
SENDING = replace(QUEUED, status=Status.SENDING, attempts=ATTEMPT, sent_at=CONFIRMED)
CHECKING = replace(SENDING, status=Status.CHECKING, unanswered=1)
IMPORTED = replace(SENDING, status=Status.IMPORTED, finished_at=NOW, profile_id=7)
LINKED = replace(IMPORTED, takes_link=True, proxy_status=ProxyStatus.PENDING, profile_name="Shop")
UNKNOWN = replace(CHECKING, status=Status.UNKNOWN, finished_at=NOW)

QUEUED_, SENDING_, CHECKING_, IMPORTED_ = Status.QUEUED, Status.SENDING, Status.CHECKING, Status.IMPORTED
FAILED, CANCELLED = Status.FAILED, Status.CANCELLED

#: Where every event that means something in a status may lead from it. All others leave every state as it is.
LEADS_TO: Mapping[tuple[Status, type[Event]], set[Status]] = {
    (QUEUED_, Claimed): {QUEUED_, SENDING_},
    (QUEUED_, CancelWanted): {CANCELLED, CHECKING_},
    (QUEUED_, HeldTooLong): {QUEUED_},
    (QUEUED_, GoOn): {QUEUED_},
    (QUEUED_, WaitChanged): {QUEUED_},
    (QUEUED_, MaybeSent): {CHECKING_},
    (QUEUED_, StationChanged): {QUEUED_},
    (SENDING_, ClaimReleased): {SENDING_, QUEUED_, CANCELLED, CHECKING_},
    (SENDING_, Answered): {SENDING_, IMPORTED_, QUEUED_, CANCELLED, CHECKING_, FAILED},
    (SENDING_, Recovered): {CHECKING_},
    (SENDING_, CancelWanted): {SENDING_},
    (SENDING_, StationChanged): {SENDING_},
    (CHECKING_, RecordFound): {IMPORTED_},
    (CHECKING_, ProvenAbsent): {QUEUED_, CANCELLED, FAILED},
    (CHECKING_, RecordsUnreadable): {CHECKING_, Status.UNKNOWN},
    (CHECKING_, CancelWanted): {CHECKING_},
    (CHECKING_, StationChanged): {CHECKING_},
    (IMPORTED_, NameFound): {IMPORTED_},
    (IMPORTED_, ProxyIntended): {IMPORTED_},
    (IMPORTED_, ProxySet): {IMPORTED_},
    (IMPORTED_, ProxyMissing): {IMPORTED_},
    (IMPORTED_, ProxyRetried): {IMPORTED_},
    (IMPORTED_, ProxyGivenUp): {IMPORTED_},
    (IMPORTED_, StationChanged): {IMPORTED_},
    (Status.UNKNOWN, LookAgain): {CHECKING_, Status.UNKNOWN},
    (QUEUED_, KeyLost): {FAILED, Status.UNKNOWN},
    (SENDING_, KeyLost): {Status.UNKNOWN},
    (CHECKING_, KeyLost): {Status.UNKNOWN},
    (IMPORTED_, KeyLost): {IMPORTED_},
    (Status.UNKNOWN, KeyLost): {Status.UNKNOWN},
}

EVERYWHERE = [(before, event, apply(before, event)) for before in states() for _, event in EVENTS]


def answered(outcome: Imported | Refused | NotSent | Unknown, **facts: float) -> Answered:
    return Answered(ATTEMPT, outcome, NOW, **facts)


# --- everywhere


def test_every_kind_of_event_is_tried_in_every_status() -> None:
    assert {type(event) for _, event in EVENTS} == set(get_args(Event))
    assert {before.status for before, _, _ in EVERYWHERE} == set(Status) == set(TABLE)


def test_an_event_leads_where_the_table_says_and_means_nothing_elsewhere() -> None:
    found: defaultdict[tuple[Status, type[Event]], set[Status]] = defaultdict(set)
    for before, event, after in EVERYWHERE:
        if (before.status, type(event)) in LEADS_TO:
            found[before.status, type(event)].add(after.status)
        else:
            assert after is before
    assert found == LEADS_TO
    assert {(status, kind) for status, events in TABLE.items() for kind in events} == set(LEADS_TO)


@pytest.mark.parametrize("event", [event for _, event in EVENTS], ids=repr)
def test_no_event_leads_to_a_state_that_can_not_be(event: Event) -> None:
    assert [(before, flaws(after)) for before, tried, after in EVERYWHERE if tried == event and flaws(after)] == []


RULES: Mapping[str, Callable[[ImportState, Event, ImportState], bool]] = {
    "a cancel is never lost": lambda before, _, after: not before.cancel_wanted or after.cancel_wanted,
    "only a claim has anything sent": lambda before, event, after: (
        after.status is not SENDING_
        or before.status is SENDING_
        or (isinstance(event, Claimed) and before.status is QUEUED_ and not before.held)
    ),
    "every claim is another attempt": lambda before, event, after: (
        after.attempts
        == before.attempts
        + (isinstance(event, Claimed) and after.status is SENDING_ and before.status is QUEUED_)
        # That of somebody else counts as one too.
        + (isinstance(event, MaybeSent) and before.status is QUEUED_)
    ),
    "an attempt is unanswered once": lambda before, event, after: (
        after.unanswered
        == before.unanswered
        + (after != before and before.status is SENDING_ and after.status is CHECKING_ and _is_unclear(event))
        + (isinstance(event, MaybeSent) and before.status is QUEUED_)
    ),
    "what was once unanswered is only said to be undone with proof": lambda before, event, after: (
        not (before.unanswered and after.status in {FAILED, CANCELLED} and before.status not in {FAILED, CANCELLED})
        or isinstance(event, ProvenAbsent)
    ),
    "nothing is cancelled that nobody wants cancelled": lambda before, event, after: (
        after.status is not CANCELLED
        or before.status is CANCELLED
        or before.cancel_wanted
        or before.verdict is CANCELLED
        or isinstance(event, CancelWanted)
    ),
    "what is imported stays so": lambda before, _, after: before.status is not IMPORTED_ or after.status is IMPORTED_,
    "an end stays": lambda before, _, after: before.status not in {FAILED, CANCELLED} or after is before,
    "what is imported has no fault": lambda before, _, after: (
        after.status is not IMPORTED_
        or before.status is IMPORTED_
        or (after.error_code, after.error_message, after.verdict) == (None, "", None)
    ),
    "only a record has a record's number": lambda before, event, after: (
        after.record_id == before.record_id or isinstance(event, RecordFound)
    ),
    "a link is taken as it was confirmed": lambda before, _, after: after.takes_link == before.takes_link,
    "only another station changes the station": lambda before, event, after: (
        after.station == before.station or isinstance(event, StationChanged)
    ),
}


def _is_unclear(event: Event) -> bool:
    return isinstance(event, Recovered) or (isinstance(event, Answered) and isinstance(event.outcome, Unknown))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_holds_for_every_event_in_every_state(rule: str) -> None:
    broken = [(before, event, after) for before, event, after in EVERYWHERE if not RULES[rule](before, event, after)]
    assert broken == []


@given(st.lists(st.sampled_from([event for _, event in EVENTS]), max_size=30), st.booleans())
def test_rules_hold_however_events_follow_one_another(events: list[Event], takes_link: bool) -> None:
    state = replace(QUEUED, takes_link=takes_link)
    for listed in events:
        event = listed
        if isinstance(listed, Answered | ClaimReleased):
            # Of this attempt, or of the one before, as the list of events has it.
            event = replace(listed, attempt=state.attempts + listed.attempt - ATTEMPT)
        after = apply(state, event)
        assert flaws(after) == []
        assert [rule for rule, holds in RULES.items() if not holds(state, event, after)] == []
        state = after


@given(st.sampled_from([event for _, event in EVENTS]), st.sampled_from(list(states())))
def test_what_was_committed_without_a_word_may_be_written_again(event: Event, before: ImportState) -> None:
    after = apply(before, event)
    if not isinstance(event, CancelWanted):
        assert apply(after, event) == after


# --- sending


def test_a_claim_notes_when_and_how_often_it_is_sent() -> None:
    waiting = replace(QUEUED, attempts=1, waiting_for="away")
    assert apply(waiting, Claimed(NOW)) == replace(waiting, status=SENDING_, attempts=2, sent_at=NOW)


def test_what_is_held_is_not_claimed() -> None:
    held = replace(QUEUED, held=True)
    assert apply(held, Claimed(NOW)) is held


def test_what_an_earlier_version_left_queued_although_it_is_cancelled_is_not_claimed() -> None:
    wanted = replace(QUEUED, cancel_wanted=True)
    assert apply(wanted, Claimed(NOW)) is wanted
    assert apply(wanted, HeldTooLong(LATE)) is wanted
    assert apply(wanted, CancelWanted(NOW)) == replace(wanted, status=CANCELLED, finished_at=NOW)


def test_a_claim_that_is_given_back_is_queued_again_and_its_number_is_not_used_again() -> None:
    assert apply(SENDING, ClaimReleased(ATTEMPT, NOW)) == replace(SENDING, status=QUEUED_)
    assert apply(SENDING, ClaimReleased(ATTEMPT - 1, NOW)) is SENDING


def test_an_imported_profile_is_known_by_its_number() -> None:
    before = replace(SENDING, error_code=1004, error_message="System error", waiting_for="away")
    done = replace(SENDING, status=IMPORTED_, profile_id=7, finished_at=NOW)
    assert apply(before, answered(Imported(7))) == done
    linked = replace(done, takes_link=True, proxy_status=ProxyStatus.PENDING)
    assert apply(replace(before, takes_link=True), answered(Imported(7))) == linked


def test_a_refusal_ends_it_and_after_an_unanswered_attempt_is_checked() -> None:
    fault: Any = {"error_code": 110002, "error_message": "The transfer code is wrong"}
    ended = replace(SENDING, status=FAILED, finished_at=NOW, **fault)
    assert apply(replace(SENDING, waiting_for="away"), answered(REFUSED)) == ended
    unanswered = replace(SENDING, unanswered=1)
    assert apply(unanswered, answered(REFUSED)) == replace(unanswered, status=CHECKING_, verdict=FAILED, **fault)


def test_a_refused_link_is_left_out_of_the_next_attempt() -> None:
    linked = replace(SENDING, takes_link=True)
    without = replace(linked, without_proxy=True)
    assert apply(linked, answered(PROXY_REFUSED)) == replace(without, status=QUEUED_)
    unanswered = replace(linked, unanswered=1)
    assert apply(unanswered, answered(PROXY_REFUSED)) == replace(
        unanswered, status=CHECKING_, without_proxy=True, verdict=None
    )
    cancelled = replace(linked, cancel_wanted=True)
    assert apply(cancelled, answered(PROXY_REFUSED)).status is CANCELLED


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (SENDING, PROXY_REFUSED),
        (replace(SENDING, takes_link=True, without_proxy=True), PROXY_REFUSED),
        (replace(SENDING, takes_link=True), REFUSED),
    ],
    ids=["another proxy", "left out already", "the code's refusal"],
)
def test_a_refusal_that_a_link_is_not_the_cause_of_is_one(state: ImportState, outcome: Refused) -> None:
    after = apply(state, answered(outcome))
    assert (after.status, after.error_code) == (FAILED, outcome.code)


@pytest.mark.parametrize("outcome", [CUT, SYSTEM_ERROR])
def test_no_clear_answer_is_checked(outcome: Unknown) -> None:
    before = replace(SENDING, unanswered=1, restricted=2, waiting_for="1008")
    assert apply(before, answered(outcome)) == replace(
        before,
        status=CHECKING_,
        unanswered=2,
        restricted=0,
        waiting_for=None,
        error_code=outcome.code,
        error_message=outcome.message,
    )


def test_what_was_certainly_not_done_is_queued_and_waits_on() -> None:
    before = replace(SENDING, restricted=2, waiting_for="away", unanswered=1)
    assert apply(before, answered(AWAY)) == replace(before, status=QUEUED_, restricted=0)
    assert apply(before, answered(RESTRICTED)) == replace(before, status=QUEUED_, restricted=3)


@pytest.mark.parametrize(
    ("met", "seconds", "stays"),
    [
        (2, 30.0, True),
        (1, 30.0, False),
        (2, 29.9, False),
        (3, 31.0, True),
    ],
)
def test_restricted_is_a_refusal_once_it_has_stayed(met: int, seconds: float, stays: bool) -> None:
    before = replace(SENDING, restricted=met)
    event = answered(RESTRICTED, restricted_for=seconds)
    assert final_outcome(before, event) == (Refused(1008, "restricted") if stays else RESTRICTED)
    assert apply(before, event).status is (FAILED if stays else QUEUED_)
    assert final_outcome(before, answered(AWAY, restricted_for=seconds)) == AWAY


def test_a_cancel_while_it_is_sent_holds_if_nothing_was_done() -> None:
    wanted = apply(replace(SENDING, waiting_for="away"), CancelWanted(NOW))
    assert wanted == replace(SENDING, cancel_wanted=True, waiting_for="away")
    done = replace(SENDING, status=CANCELLED, cancel_wanted=True, finished_at=NOW)
    assert apply(wanted, answered(AWAY)) == done
    assert apply(wanted, ClaimReleased(ATTEMPT, NOW)) == done
    unanswered = replace(wanted, unanswered=1)
    checked = replace(unanswered, status=CHECKING_, verdict=CANCELLED, waiting_for=None)
    assert apply(unanswered, answered(AWAY)) == checked


def test_what_a_process_did_not_survive_is_checked() -> None:
    before = replace(SENDING, restricted=1, waiting_for="away", error_code=1004)
    assert apply(before, Recovered()) == replace(before, status=CHECKING_, unanswered=1, waiting_for=None)


# --- waiting


def test_a_cancel_ends_what_was_never_sent() -> None:
    before = replace(QUEUED, held=True, waiting_for="away")
    assert apply(before, CancelWanted(NOW)) == replace(QUEUED, status=CANCELLED, finished_at=NOW)


def test_a_cancel_of_what_was_once_unanswered_waits_for_the_readings() -> None:
    before = replace(QUEUED, attempts=1, unanswered=1, held=True, waiting_for="away")
    after = replace(QUEUED, attempts=1, unanswered=1, status=CHECKING_, verdict=CANCELLED, cancel_wanted=True)
    assert apply(before, CancelWanted(NOW)) == after


@pytest.mark.parametrize(("waited", "held"), [(DAY, False), (DAY + SECOND, True)])
def test_what_has_waited_for_more_than_a_day_is_held(waited: timedelta, held: bool) -> None:
    assert apply(QUEUED, HeldTooLong(CONFIRMED + waited)) == replace(QUEUED, held=held)


def test_what_is_held_goes_on_for_another_day() -> None:
    held = replace(QUEUED, held=True)
    assert apply(held, GoOn(LATE)) == replace(QUEUED, waiting_since=LATE)
    assert apply(QUEUED, GoOn(LATE)) is QUEUED


@pytest.mark.parametrize("reason", ["away", "1002", None])
def test_what_the_queue_waits_for_is_noted(reason: str | None) -> None:
    assert apply(replace(QUEUED, waiting_for="1010"), WaitChanged(reason)) == replace(QUEUED, waiting_for=reason)


# --- checking


@pytest.mark.parametrize(
    ("profile_id", "proxy_status"), [(7, ProxyStatus.PENDING), (None, ProxyStatus.MISSING)], ids=["known", "not known"]
)
def test_what_a_record_shows_is_imported(profile_id: int | None, proxy_status: ProxyStatus) -> None:
    before = replace(CHECKING, verdict=FAILED, error_code=110002, error_message="wrong")
    found = RecordFound(500, "Shop", profile_id, NOW)
    done = replace(
        CHECKING, status=IMPORTED_, record_id=500, profile_id=profile_id, profile_name="Shop", finished_at=NOW
    )
    assert apply(before, found) == done
    linked = replace(before, takes_link=True)
    assert apply(linked, found) == replace(done, takes_link=True, proxy_status=proxy_status)


def test_what_is_proven_absent_is_sent_again() -> None:
    assert apply(CHECKING, ProvenAbsent(2, NOW)) == replace(CHECKING, status=QUEUED_)


@pytest.mark.parametrize(
    ("before", "unanswered_here", "ends"),
    [
        (CHECKING, 3, FAILED),
        (CHECKING, 4, FAILED),
        (replace(CHECKING, cancel_wanted=True), 0, CANCELLED),
        (replace(CHECKING, cancel_wanted=True), 3, CANCELLED),
        (replace(CHECKING, verdict=FAILED), 0, FAILED),
        (replace(CHECKING, verdict=FAILED, cancel_wanted=True), 0, FAILED),
        (replace(CHECKING, verdict=CANCELLED, cancel_wanted=True), 3, CANCELLED),
    ],
)
def test_what_is_proven_absent_ends_where_it_is_not_to_be_sent_again(
    before: ImportState, unanswered_here: int, ends: Status
) -> None:
    assert apply(before, ProvenAbsent(unanswered_here, NOW)) == replace(before, status=ends, finished_at=NOW)


@pytest.mark.parametrize(
    ("since", "tried_for", "ends"),
    [
        (DAY, 3600, True),
        (DAY - SECOND, 3600, False),
        (DAY, 3599, False),
        (DAY + SECOND, 3601, True),
    ],
)
def test_without_readings_for_a_day_and_an_hour_awake_it_is_unknown(
    since: timedelta, tried_for: float, ends: bool
) -> None:
    sent = replace(CHECKING, sent_at=CONFIRMED + SECOND)
    at = CONFIRMED + SECOND + since
    after = replace(sent, status=Status.UNKNOWN, finished_at=at) if ends else sent
    assert apply(sent, RecordsUnreadable(tried_for, at)) == after
    never_sent = replace(CHECKING, sent_at=None, waiting_since=CONFIRMED + SECOND)
    assert (apply(never_sent, RecordsUnreadable(tried_for, at)) != never_sent) is ends


def test_what_is_not_known_is_looked_at_again_and_never_sent_again() -> None:
    assert apply(UNKNOWN, LookAgain()) == replace(UNKNOWN, status=CHECKING_, verdict=FAILED, finished_at=None)


# --- after the import


def test_a_name_is_noted_where_there_is_one() -> None:
    assert apply(IMPORTED, NameFound("Shop")) == replace(IMPORTED, profile_name="Shop")
    assert apply(IMPORTED, NameFound("")) is IMPORTED


def proxy(before: ProxyStatus | None, event: Event, *, profile_id: int | None = 7) -> ProxyStatus | None:
    return apply(replace(LINKED, proxy_status=before, profile_id=profile_id), event).proxy_status


@pytest.mark.parametrize("before", [None, *ProxyStatus])
def test_a_proxy_goes_from_pending_to_its_end(before: ProxyStatus | None) -> None:
    is_open = before in {ProxyStatus.PENDING, ProxyStatus.SETTING}
    missing = before is ProxyStatus.MISSING
    assert proxy(before, ProxyIntended()) is (ProxyStatus.SETTING if is_open else before)
    assert proxy(before, ProxySet()) is (ProxyStatus.SET if is_open else before)
    assert proxy(before, ProxyMissing()) is (ProxyStatus.MISSING if is_open else before)
    assert proxy(before, ProxyRetried()) is (ProxyStatus.PENDING if missing else before)
    assert proxy(before, ProxyRetried(), profile_id=None) is before
    assert proxy(before, ProxyGivenUp()) is (ProxyStatus.GIVEN_UP if missing else before)


def test_why_a_proxy_is_missing_is_kept() -> None:
    refused = apply(LINKED, ProxyMissing(101049, "The link is wrong"))
    assert (refused.error_code, refused.error_message) == (101049, "The link is wrong")
    again = apply(apply(refused, ProxyRetried()), ProxyMissing())
    assert (again.error_code, again.error_message) == (101049, "The link is wrong")
    late = replace(LINKED, proxy_status=ProxyStatus.SET)
    assert apply(late, ProxyMissing(101049, "The link is wrong")) is late


@pytest.mark.parametrize(
    ("before", "moves"),
    [
        (QUEUED, True),
        (SENDING, True),
        (CHECKING, True),
        (UNKNOWN, False),
        (IMPORTED, True),
        (LINKED, True),
        (replace(LINKED, proxy_status=ProxyStatus.SETTING), True),
        (replace(LINKED, proxy_status=ProxyStatus.MISSING), True),
        (replace(LINKED, proxy_status=ProxyStatus.SET), False),
        (replace(LINKED, proxy_status=ProxyStatus.GIVEN_UP), False),
        (replace(IMPORTED, profile_name="Shop"), False),
    ],
)
def test_another_station_takes_over_what_is_not_done(before: ImportState, moves: bool) -> None:
    assert apply(before, StationChanged("home")) == (replace(before, station="home") if moves else before)
