"""Every event in every state of an import: where the table says it leads, and the rules that hold everywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

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
from bot.domain.import_state import ImportState, Status
from bot.domain.import_transitions import TABLE, apply
from bot.domain.outcome import Unknown
from tests.support.import_states import ATTEMPT, EVENTS, flaws, states
from tests.support.sample_imports import CANCELLED, CHECKING_, FAILED, IMPORTED_, QUEUED, QUEUED_, SENDING_

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
