"""What becomes of an import that is checked, and of one that has arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.import_events import (
    Event,
    LookAgain,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    RecordsUnreadable,
    StationChanged,
)
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.import_transitions import apply
from tests.support.import_states import CONFIRMED, NOW
from tests.support.sample_imports import (
    CANCELLED,
    CHECKING,
    CHECKING_,
    DAY,
    FAILED,
    IMPORTED,
    IMPORTED_,
    LINKED,
    QUEUED,
    QUEUED_,
    SECOND,
    SENDING,
    UNKNOWN,
)

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
