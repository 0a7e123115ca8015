"""Another process that polls with the same token: when it is seen, when it is over, and when it is worth telling."""

from __future__ import annotations

import pytest

from bot.chat.conflicts import AGAIN, CALM_FOR, LASTING, LEFT_OVER_FOR, QUIET_FOR, Conflicts
from tests.support.clock import MovableClock

#: PTB's pause after the first failure, and its longest.
PAUSE, LONGEST = 1.0, 30.0
#: Seconds for which Telegram holds a getUpdates that has nothing to hand out.
POLL = 10.0


class Polled:
    """A poller that has polled in peace for long enough to have nothing left over from a process before."""

    def __init__(self, *, fresh: bool = False) -> None:
        self.clock = MovableClock()
        self.conflicts = Conflicts(self.clock)
        if not fresh:
            self.conflicts.asked()

    async def conflict(self, after: float = 0.0, pause: float = PAUSE) -> None:
        """Telegram is asked, says after some seconds that another process polls, and PTB pauses."""
        self.conflicts.asked()
        await self.clock.advance(after)
        self.conflicts.met()
        await self.clock.advance(pause)

    async def quiet(self, seconds: float) -> None:
        """Telegram is asked again and again, and answers."""
        for _ in range(round(seconds / POLL)):
            self.conflicts.asked()
            await self.clock.advance(POLL)
            self.conflicts.none_met()


@pytest.fixture
async def polled() -> Polled:
    made = Polled()
    await made.quiet(QUIET_FOR)
    return made


async def test_one_in_the_first_ten_seconds_is_left_over_from_the_process_before() -> None:
    polled = Polled(fresh=True)
    await polled.conflict(after=LEFT_OVER_FOR - 1)
    assert not polled.conflicts.held
    assert not polled.conflicts.changed.is_set()
    await polled.quiet(CALM_FOR)
    assert polled.conflicts.calm


async def test_a_second_one_counts_however_soon_it_comes() -> None:
    polled = Polled(fresh=True)
    await polled.conflict()
    await polled.conflict()
    assert polled.conflicts.held


async def test_one_after_ten_seconds_counts_also_where_telegram_was_out_of_reach_before() -> None:
    polled = Polled(fresh=True)
    # The start is the first time that Telegram is asked.
    await polled.clock.advance(600)
    polled.conflicts.asked()
    await polled.clock.advance(LEFT_OVER_FOR)
    await polled.conflict()
    assert polled.conflicts.held


async def test_it_holds_from_the_first_one_until_half_a_minute_was_polled_without_one(polled: Polled) -> None:
    assert (polled.conflicts.held, polled.conflicts.alone) == (False, True)
    await polled.conflict()
    assert (polled.conflicts.held, polled.conflicts.alone) == (True, False)
    await polled.quiet(QUIET_FOR - POLL)
    assert polled.conflicts.held
    await polled.conflict()
    await polled.quiet(QUIET_FOR - POLL)
    assert polled.conflicts.held
    await polled.quiet(POLL)
    assert (polled.conflicts.held, polled.conflicts.alone) == (False, True)


async def test_a_pause_in_which_nobody_is_asked_proves_nothing(polled: Polled) -> None:
    await polled.conflict(pause=LONGEST)
    # In the pause the other one has polled undisturbed.
    await polled.quiet(POLL)
    assert polled.conflicts.held


async def test_a_moment_is_not_worth_telling_and_a_minute_is(polled: Polled) -> None:
    for _ in range(6):
        await polled.conflict(after=POLL, pause=1.9)
        assert not polled.conflicts.lasts
    await polled.conflict(after=POLL)
    assert polled.conflicts.lasts


async def test_a_network_that_fails_behind_one_is_no_conflict_that_lasts(polled: Polled) -> None:
    await polled.conflict()
    await polled.clock.advance(10 * LASTING)
    assert not polled.conflicts.lasts
    assert polled.conflicts.held


async def test_one_that_comes_again_and_again_is_worth_telling(polled: Polled) -> None:
    for _ in range(AGAIN - 1):
        await polled.conflict()
        assert not polled.conflicts.lasts
        await polled.quiet(CALM_FOR - POLL)
    await polled.conflict()
    assert polled.conflicts.lasts


async def test_far_apart_they_have_nothing_to_do_with_each_other(polled: Polled) -> None:
    for _ in range(2 * AGAIN):
        await polled.conflict()
        assert not polled.conflicts.lasts
        await polled.quiet(CALM_FOR)
        assert polled.conflicts.calm


async def test_it_is_calm_only_after_long(polled: Polled) -> None:
    await polled.conflict()
    await polled.quiet(CALM_FOR - POLL)
    assert (polled.conflicts.alone, polled.conflicts.calm) == (True, False)
    await polled.quiet(POLL)
    assert polled.conflicts.calm
