"""What follows from what becomes of an import."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    GoOn,
    HeldTooLong,
    LookAgain,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import Consequences, ImportState, ProxyStatus, Status, consequences, needs_secrets
from bot.domain.import_transitions import HOLD_AFTER, apply
from bot.domain.outcome import Imported
from tests.support.import_states import ATTEMPT, AWAY, CONFIRMED, CUT, NOW, PROXY_REFUSED, REFUSED, states

QUEUED = ImportState(Status.QUEUED, waiting_since=CONFIRMED)
SENDING = replace(QUEUED, status=Status.SENDING, attempts=ATTEMPT, sent_at=CONFIRMED)
LINKED = replace(SENDING, takes_link=True)
CHECKING = replace(SENDING, status=Status.CHECKING, unanswered=1)
IMPORTED = replace(SENDING, status=Status.IMPORTED, finished_at=NOW, profile_id=7)
PENDING = replace(IMPORTED, takes_link=True, proxy_status=ProxyStatus.PENDING)
SETTING = replace(PENDING, proxy_status=ProxyStatus.SETTING)
MISSING = replace(PENDING, proxy_status=ProxyStatus.MISSING)
UNKNOWN = replace(CHECKING, status=Status.UNKNOWN, finished_at=NOW)
HELD = replace(QUEUED, held=True)
WAITING = replace(QUEUED, waiting_for="away")


def answered(outcome: object) -> Answered:
    return Answered(ATTEMPT, outcome, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "event", "follows"),
    [
        (QUEUED, Claimed(NOW), set()),
        (WAITING, Claimed(NOW), set()),
        (SENDING, ClaimReleased(ATTEMPT, NOW), set()),
        (SENDING, answered(Imported(7)), {"secrets_unneeded"}),
        (LINKED, answered(Imported(7)), {"link_to_set"}),
        (SENDING, answered(REFUSED), {"card_behind", "secrets_unneeded"}),
        (SENDING, answered(AWAY), set()),
        (replace(SENDING, waiting_for="away"), answered(AWAY), set()),
        (SENDING, answered(CUT), {"card_behind", "to_verify"}),
        (LINKED, answered(PROXY_REFUSED), set()),
        (SENDING, Recovered(), {"card_behind", "to_verify"}),
        (CHECKING, RecordFound(500, "Shop", 7, NOW), {"card_behind", "secrets_unneeded"}),
        (replace(CHECKING, takes_link=True), RecordFound(500, "Shop", 7, NOW), {"card_behind", "link_to_set"}),
        (replace(CHECKING, takes_link=True), RecordFound(500, "Shop", None, NOW), {"card_behind"}),
        (CHECKING, ProvenAbsent(0, NOW), {"card_behind", "to_send"}),
        (CHECKING, ProvenAbsent(3, NOW), {"card_behind", "secrets_unneeded"}),
        (QUEUED, CancelWanted(NOW), {"card_behind", "secrets_unneeded"}),
        (HELD, CancelWanted(NOW), {"card_behind", "secrets_unneeded"}),
        (replace(QUEUED, unanswered=1), CancelWanted(NOW), {"card_behind", "to_verify"}),
        (SENDING, CancelWanted(NOW), {"card_behind"}),
        (CHECKING, CancelWanted(NOW), {"card_behind"}),
        (QUEUED, HeldTooLong(CONFIRMED + 2 * HOLD_AFTER), {"card_behind", "repost"}),
        (HELD, GoOn(NOW), {"card_behind", "to_send"}),
        (QUEUED, WaitChanged("away"), {"card_behind", "waited"}),
        (WAITING, WaitChanged("1002"), {"card_behind", "waited"}),
        (WAITING, WaitChanged(None), {"card_behind", "waited"}),
        (UNKNOWN, LookAgain(), {"card_behind", "announce_again", "to_verify"}),
        (IMPORTED, NameFound("Shop"), {"card_behind"}),
        (PENDING, ProxyIntended(), set()),
        (PENDING, ProxySet(), {"card_behind", "secrets_unneeded"}),
        (SETTING, ProxySet(), {"card_behind", "secrets_unneeded"}),
        (SETTING, ProxyMissing(), {"card_behind"}),
        (MISSING, ProxyRetried(), {"card_behind", "announce_again", "link_to_set"}),
        (MISSING, ProxyGivenUp(), {"card_behind", "secrets_unneeded"}),
        (QUEUED, StationChanged("home"), set()),
    ],
)
def test_what_follows_from_a_change(before: ImportState, event: Event, follows: set[str]) -> None:
    after = apply(before, event)
    assert after != before
    found = consequences(before, after)
    assert {each.name for each in fields(Consequences) if getattr(found, each.name)} == follows


def test_nothing_follows_from_no_change() -> None:
    assert {consequences(state, state) for state in states()} == {Consequences()}


def test_what_follows_from_two_changes_is_what_follows_from_either() -> None:
    one, another = Consequences(card_behind=True, repost=True), Consequences(card_behind=True, to_verify=True)
    assert one | another == Consequences(card_behind=True, repost=True, to_verify=True)
    assert Consequences() | one == one


@pytest.mark.parametrize(
    ("state", "needed"),
    [
        (QUEUED, True),
        (SENDING, True),
        (CHECKING, True),
        (IMPORTED, False),
        (PENDING, True),
        (SETTING, True),
        (MISSING, True),
        (replace(PENDING, proxy_status=ProxyStatus.SET), False),
        (replace(PENDING, proxy_status=ProxyStatus.GIVEN_UP), False),
        (replace(QUEUED, status=Status.FAILED), False),
        (replace(QUEUED, status=Status.CANCELLED), False),
        (UNKNOWN, False),
    ],
)
def test_secrets_are_needed_as_long_as_they_may_still_be_sent(state: ImportState, needed: bool) -> None:
    assert needs_secrets(state) is needed
    assert needs_secrets(replace(state, waiting_since=CONFIRMED + timedelta(days=9))) is needed
