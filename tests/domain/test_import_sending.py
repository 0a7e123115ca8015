"""What becomes of an import that is queued or being sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.import_events import CancelWanted, Claimed, ClaimReleased, GoOn, HeldTooLong, Recovered, WaitChanged
from bot.domain.import_state import ImportState, ProxyStatus
from bot.domain.import_transitions import apply, final_outcome
from bot.domain.outcome import Imported, Refused, Unknown
from tests.support.import_states import (
    ATTEMPT,
    AWAY,
    CONFIRMED,
    CUT,
    LATE,
    NOW,
    PROXY_REFUSED,
    REFUSED,
    RESTRICTED,
    SYSTEM_ERROR,
)
from tests.support.sample_imports import (
    CANCELLED,
    CHECKING_,
    DAY,
    FAILED,
    IMPORTED_,
    QUEUED,
    QUEUED_,
    SECOND,
    SENDING,
    SENDING_,
    answered,
)

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
