"""The station looks at its ixBrowser now and then, and notes what it sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.browser_watch import EVERY, state_of
from bot.usecases.health_rows import BrowserHealth, BrowserState
from tests.support.chatting import all_run, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

Scene = tuple[World, JumpingClock]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with timed(tmp_path) as scene:
        yield scene


async def seen(scene: Scene) -> BrowserHealth:
    """What is noted after the next look."""
    world, clock = scene
    world.app.browser_watch.looked.clear()
    clock.jump(EVERY)
    await world.app.browser_watch.looked.wait()
    await all_run(world)
    [known] = await world.app.store.read(lambda work: work.health.browsers())
    return known


async def test_what_becomes_of_it_is_noted(scene: Scene) -> None:
    world, _ = scene
    known = await seen(scene)
    assert (known.station, known.state) == ("office", BrowserState.READY)
    assert known.latency_ms is not None
    world.browser.logged_in = False
    assert (await seen(scene)).state is BrowserState.LOGGED_OUT
    world.browser.running = False
    away = await seen(scene)
    assert (away.state, away.latency_ms) == (BrowserState.AWAY, None)
    assert (await seen(scene)).since == away.since
    world.browser.running = world.browser.logged_in = True
    assert (await seen(scene)).state is BrowserState.READY


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (BrowserNotRunning(), BrowserState.AWAY),
        (BrowserNoAnswer(), BrowserState.SILENT),
        (BrowserInvalidAnswer(), BrowserState.SILENT),
        (BrowserRefusal(1002, "log in"), BrowserState.LOGGED_OUT),
        (BrowserRefusal(1008, "restricted"), BrowserState.REFUSING),
    ],
)
def test_each_failure_says_something_of_it(error: Exception, state: BrowserState) -> None:
    assert state_of(error) is state  # type: ignore[arg-type]
