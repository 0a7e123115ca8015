from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock


def test_the_time_of_day_knows_its_zone() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)


async def test_waiting_ends_when_the_event_is_set() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    assert await SystemClock().wait(event, 600)


async def test_waiting_without_an_end_ends_when_the_event_is_set() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)
    assert await SystemClock().wait(event, None)


async def test_waiting_ends_when_the_time_awake_has_passed_and_not_before() -> None:
    clock = SystemClock()
    start = clock.awake()
    assert not await clock.wait(asyncio.Event(), 0.02)
    assert clock.awake() - start >= 0.02


async def test_waiting_goes_on_where_the_event_loops_timer_ran_while_the_computer_slept() -> None:
    class Slept(SystemClock):
        """Has been awake for a tenth of a second at each look, whatever a timer says."""

        looks = 0

        def awake(self) -> float:
            self.looks += 1
            return self.looks / 10

    clock = Slept()
    assert not await clock.wait(asyncio.Event(), 0.03 * 10)
    assert clock.looks == 4


async def test_an_event_that_is_set_already_is_not_waited_for() -> None:
    event = asyncio.Event()
    event.set()
    assert await SystemClock().wait(event, 0)


@pytest.mark.parametrize("seconds", [0, -600])
async def test_no_time_is_no_wait(seconds: float) -> None:
    assert not await SystemClock().wait(asyncio.Event(), seconds)
