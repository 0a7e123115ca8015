"""What becomes of a code that one person leaves for another: every event in every state."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.handoff import (
    HELD,
    MOVABLE,
    RETURNED,
    Arrived,
    Confirmed,
    Declined,
    Event,
    Expired,
    HandedCode,
    HandoffStatus,
    ImportEnded,
    KeyLost,
    LetGo,
    Reassigned,
    ReturnReason,
    Taken,
    Withdrawn,
    apply,
    has_ended,
)
from bot.domain.import_state import Status
from tests.support.handoff_diagram import EVENTS, edges

WAITING, TAKEN, IMPORTING, IMPORTED, DECLINED, WITHDRAWN, EXPIRED, FAILED = HandoffStatus
#: Where each event leads; from every other status it leads nowhere.
LEADS: dict[tuple[HandoffStatus, type], set[HandoffStatus]] = {
    (WAITING, Taken): {TAKEN},
    (WAITING, Declined): {DECLINED},
    (WAITING, Withdrawn): {WITHDRAWN},
    (WAITING, Expired): {EXPIRED},
    (WAITING, KeyLost): {FAILED},
    (WAITING, Arrived): {IMPORTED},
    (TAKEN, LetGo): {WAITING},
    (TAKEN, Confirmed): {IMPORTING},
    (TAKEN, Withdrawn): {WITHDRAWN},
    (TAKEN, Reassigned): {WAITING},
    (TAKEN, KeyLost): {FAILED},
    (IMPORTING, ImportEnded): {IMPORTED, FAILED, DECLINED, IMPORTING},
    **{(status, Reassigned): {WAITING} for status in RETURNED},
}


def test_every_event_in_every_state_leads_where_the_table_says() -> None:
    found: dict[tuple[HandoffStatus, type], set[HandoffStatus]] = {}
    for before, (_, event) in product(HandoffStatus, EVENTS):
        after = apply(HandedCode(before, 2, 7, 9), event).status
        if (before, type(event)) in LEADS or after is not before:
            found.setdefault((before, type(event)), set()).add(after)
    assert found == LEADS


def test_the_three_sorts_of_statuses_are_all_there_are() -> None:
    assert {*HELD, *RETURNED, IMPORTED} == set(HandoffStatus)
    assert set(MOVABLE) < set(HELD)
    assert has_ended([IMPORTED, DECLINED])
    assert not has_ended([IMPORTED, IMPORTING])


def test_who_takes_a_code_has_it_in_a_draft_until_it_is_confirmed_or_let_go_of() -> None:
    taken = apply(HandedCode(), Taken(2, 7))
    assert taken == HandedCode(TAKEN, taker_id=2, draft_id=7)
    assert apply(taken, Confirmed(9)) == HandedCode(IMPORTING, taker_id=2, draft_id=7, import_id=9)
    assert apply(taken, LetGo()) == HandedCode()
    # Whoever comes second changes nothing.
    assert apply(taken, Taken(3, 8)) is taken


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (ImportEnded(Status.FAILED), ReturnReason.REFUSED),
        (ImportEnded(Status.FAILED, key_lost=True), ReturnReason.KEY_LOST),
        (ImportEnded(Status.CANCELLED), ReturnReason.CANCELLED),
    ],
)
def test_what_is_not_imported_comes_back_with_its_reason(event: Event, reason: ReturnReason) -> None:
    back = apply(HandedCode(IMPORTING, 2, 7, 9), event)
    assert back.status in RETURNED
    assert (back.reason, back.draft_id, back.import_id) == (reason, None, 9)


def test_an_import_whose_end_is_not_known_is_still_going_on() -> None:
    going_on = HandedCode(IMPORTING, 2, 7, 9)
    for status in (Status.UNKNOWN, Status.CHECKING, Status.QUEUED, Status.SENDING):
        assert apply(going_on, ImportEnded(status)) is going_on
    assert apply(going_on, ImportEnded(Status.IMPORTED)).status is IMPORTED


def test_what_is_being_imported_or_is_imported_can_be_moved_by_nobody() -> None:
    for status in (IMPORTING, IMPORTED):
        for event in (Withdrawn(), Reassigned(), Declined(4), Expired(), LetGo(), Taken(3, 8), KeyLost()):
            assert apply(HandedCode(status, 2, 7, 9), event).status is status


@given(st.lists(st.sampled_from([event for _, event in EVENTS]), max_size=30))
def test_in_whatever_order_a_code_has_one_owner(events: list[Event]) -> None:
    code = HandedCode()
    for event in events:
        code = apply(code, event)
        assert (code.draft_id is not None) == (code.status in (TAKEN, IMPORTING))
        assert code.taker_id is not None or code.status not in (TAKEN, IMPORTING)
        assert code.import_id is not None or code.status is not IMPORTING
        assert (code.reason is None) or code.status in RETURNED


def test_the_diagram_has_a_way_from_every_status_but_the_last() -> None:
    assert {before for before, _, _ in edges()} == set(HandoffStatus) - {IMPORTED}
