"""Heartbeats: who counts as hanging, and what is a sign of life."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress

from bot.usecases.heartbeats import SILENT_FOR, Heartbeats, beat, rest, waiting, watched
from tests.support.clock import MovableClock, settle


def hanging(hearts: Heartbeats) -> Sequence[str]:
    return [silence.name for silence in hearts.silent()]


async def test_a_loop_without_a_sign_hangs_and_one_that_rests_does_not() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)

    async def loop(name: str, seconds: float) -> None:
        with watched(name):
            await rest(clock, asyncio.Event(), seconds)
            await asyncio.Event().wait()

    with hearts.watching():
        tasks = [asyncio.create_task(loop("resting", 3600)), asyncio.create_task(loop("hanging", 100))]
    await clock.advance(100 + SILENT_FOR)
    assert hanging(hearts) == []
    await clock.advance(1)
    assert hanging(hearts) == ["hanging"]
    assert hearts.silent()[0].seconds == SILENT_FOR + 1

    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert hearts.names() == []


async def test_a_pause_of_somebody_else_may_last_and_is_over_with_the_next_sign() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)
    with hearts.watching(), watched("polling"):
        beat(60)
        await clock.advance(60 + hearts.late_by)
        assert hanging(hearts) == []
        await clock.advance(1)
        assert hanging(hearts) == ["polling"]
        beat()
        await clock.advance(SILENT_FOR)
        assert hanging(hearts) == []
        await clock.advance(1)
        assert hanging(hearts) == ["polling"]


async def test_what_has_a_limit_may_take_it_and_what_the_loop_does_then_is_seen_as_soon_as_anything() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)
    with hearts.watching(), watched("importing"):
        with suppress(TimeoutError), waiting(600):
            await clock.advance(600 + hearts.late_by)
            assert hanging(hearts) == []
            await clock.advance(1)
            assert hanging(hearts) == ["importing"]
            raise TimeoutError
        assert hanging(hearts) == []
        await clock.advance(SILENT_FOR + 1)
        assert hanging(hearts) == ["importing"]


async def test_of_several_waits_of_a_loop_each_has_its_own_limit() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)
    with hearts.watching(), watched("loop"), waiting(math.inf):
        with waiting(60):
            await clock.advance(30)
            with waiting(5):
                await clock.advance(5)
            await clock.advance(25 + hearts.late_by)
            assert hanging(hearts) == []
            await clock.advance(1)
            assert hanging(hearts) == ["loop"]
        await clock.advance(3600)
        assert hanging(hearts) == []


async def test_rest_ends_with_its_event_and_with_its_time() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)
    event = asyncio.Event()
    with hearts.watching(), watched("loop"):
        short, long = (asyncio.create_task(rest(clock, event, seconds)) for seconds in (50, None))
    await clock.advance(49.9)
    assert not short.done()
    await clock.advance(0.2)
    assert short.result() is False
    event.set()
    await settle()
    assert long.result() is True


async def test_what_a_loop_begins_beats_for_it_unless_it_is_watched_apart() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)

    async def page() -> None:
        beat()

    async def apart() -> None:
        with watched("apart"):
            beat()

    with hearts.watching(), watched("loop"):
        await clock.advance(SILENT_FOR + 1)
        await asyncio.create_task(apart())
        assert hanging(hearts) == ["loop"]
        await asyncio.create_task(page())
        assert hanging(hearts) == []


async def test_where_the_process_stood_still_everybody_begins_anew() -> None:
    clock = MovableClock()
    hearts = Heartbeats(clock.awake)
    with hearts.watching(), watched("loop"):
        for _ in range(2):
            with waiting(10):
                await clock.advance(3600)
                hearts.begin_anew()
                await clock.advance(SILENT_FOR)
                assert hanging(hearts) == []
                await clock.advance(1)
                assert hanging(hearts) == ["loop"]


async def test_where_nobody_watches_nothing_is_kept() -> None:
    clock = MovableClock()
    with watched("loop"), waiting(1):
        beat()
        resting = asyncio.create_task(rest(clock, asyncio.Event(), 50))
        await clock.advance(50)
    assert resting.result() is False
