"""When a change is one: it lasts for longer than a blink, and is looked at meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.alert import BLINK, DEFAULTS, AlertKind, Observed, observe

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOK = timedelta(seconds=30)


def told(*seen: str, before: Observed | None = None, every: timedelta = LOOK) -> list[str]:
    """What is told, each change once, when this is seen one look after another."""
    changes, now = [], NOW
    for each in seen:
        last = "well" if before is None else before.told
        before = observe(before, each, now, well="well")
        changes += [before.told] if before.told != last else []
        now += every
    return changes


def test_what_lasts_is_told_once() -> None:
    assert told(*["away"] * 20) == ["away"]
    assert told(*["away"] * 10, *["well"] * 10, *["away"] * 10) == ["away", "well", "away"]


def test_a_blink_is_not_told() -> None:
    assert told(*["away"] * 4, *["well"] * 10, *["away"] * 4) == []
    assert told(*["away", "well"] * 20) == []
    assert told(*["away"] * 10, "well", *["away"] * 10) == ["away"]


def test_what_becomes_of_it_meanwhile_is_told_as_it_is_then() -> None:
    assert told(*["away"] * 3, *["logged_out"] * 10) == ["logged_out"]


def test_the_time_in_which_nobody_has_looked_counts_for_nothing() -> None:
    assert told("away", "away", "away", every=BLINK) == []
    before = Observed("well", "away", NOW - timedelta(hours=8), NOW - timedelta(hours=8))
    assert told("away", "away", before=before) == []


def test_a_clock_that_is_put_back_delays_nothing() -> None:
    before = Observed("well", "away", NOW + timedelta(hours=5), NOW + timedelta(hours=5))
    assert told(*["away"] * 5, before=before) == ["away"]


def test_what_was_told_before_a_restart_is_not_told_again() -> None:
    before = Observed("away", "away", NOW - timedelta(hours=1), NOW - LOOK)
    assert told(*["away"] * 10, before=before) == []
    assert told(*["well"] * 10, before=before) == ["well"]


def test_every_kind_has_a_default() -> None:
    assert set(DEFAULTS) == set(AlertKind)
