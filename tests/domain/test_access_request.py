"""A request to be let in: it is answered once, and who was refused waits for a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.access_request import (
    REFUSED_FOR,
    WAITS_FOR,
    AccessRequest,
    RequestState,
    answered,
    expired,
    may_ask,
    new_request,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
WAITING = new_request(NOON)
ENDED = [
    AccessRequest(RequestState.ALLOWED, NOON, LATER, 1),
    AccessRequest(RequestState.REFUSED, NOON, LATER, 1),
    AccessRequest(RequestState.EXPIRED, NOON, LATER),
]


@pytest.mark.parametrize(("allow", "state"), [(True, RequestState.ALLOWED), (False, RequestState.REFUSED)])
def test_one_that_waits_is_answered_by_somebody_then(allow: bool, state: RequestState) -> None:
    assert answered(WAITING, allow=allow, by=7, now=LATER) == AccessRequest(state, NOON, LATER, 7)


@pytest.mark.parametrize("request_", ENDED, ids=lambda request: request.state)
def test_one_that_has_ended_stays_as_it_is(request_: AccessRequest) -> None:
    assert answered(request_, allow=True, by=8, now=LATER) is None
    assert answered(request_, allow=False, by=8, now=LATER) is None
    assert expired(request_, NOON + 10 * WAITS_FOR) is None


def test_one_that_nobody_answers_is_over_after_two_weeks_and_not_before() -> None:
    assert expired(WAITING, NOON + WAITS_FOR - timedelta(seconds=1)) is None
    end = NOON + WAITS_FOR
    assert expired(WAITING, end) == AccessRequest(RequestState.EXPIRED, NOON, end)


def test_who_waits_may_not_ask_again_however_long_it_lasts() -> None:
    assert not may_ask(WAITING, NOON + 10 * WAITS_FOR)


def test_who_was_refused_may_ask_again_after_a_week() -> None:
    refused = ENDED[1]
    assert refused.refused_until == LATER + REFUSED_FOR
    assert not may_ask(refused, LATER + REFUSED_FOR - timedelta(seconds=1))
    assert may_ask(refused, LATER + REFUSED_FOR)


@pytest.mark.parametrize("last", [None, ENDED[0], ENDED[2]])
def test_everybody_else_may_ask_at_once(last: AccessRequest | None) -> None:
    assert may_ask(last, LATER)
