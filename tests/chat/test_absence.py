"""The bot was off for longer than Telegram keeps what people write to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import all_run, imported, said
from tests.support.jumping_clock import JumpingClock
from tests.support.world import MEMBER, World, running, settings_for

HOUR = 3600.0
ABSENT = "Telegram keeps messages for 24 hours only"

Start = Callable[[], AbstractAsyncContextManager[World]]


@pytest.fixture
def start(tmp_path: Path, clock: JumpingClock) -> Start:
    """Starts the same bot again, on the same database."""
    telegram = FakeTelegram(now=clock.timestamp)
    browser = FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)

    @asynccontextmanager
    async def started() -> AsyncIterator[World]:
        async with running(settings_for(tmp_path), telegram=telegram, browser=browser, clock=clock) as world:
            yield world

    return started


@pytest.fixture
def clock() -> JumpingClock:
    return JumpingClock()


async def watched(world: World, clock: JumpingClock) -> None:
    """Let an update come in, and the bot look whether any do."""
    await world.say("/help")
    clock.jump(20.0)
    await all_run(world)
    await world.rest()


async def test_who_was_active_is_told_once_from_when_to_when(start: Start, clock: JumpingClock) -> None:
    async with start() as world:
        await world.let_in(world.mai)
        await world.say("/help", world.mai)
        await imported(world)
        await watched(world, clock)
    clock.jump(30 * HOUR)
    async with start() as world:
        await watched(world, clock)
        [told] = [text for text in said(world) if ABSENT in text]
        assert told.startswith("I was off from ")
        # She has asked for help and begun nothing.
        assert not any(ABSENT in text for text in said(world, world.telegram.chat(MEMBER)))
        clock.jump(2 * HOUR)
        await watched(world, clock)
    async with start() as world:
        await watched(world, clock)
        assert sum(ABSENT in text for text in said(world)) == 1


async def test_after_a_night_nobody_is_told(start: Start, clock: JumpingClock) -> None:
    async with start() as world:
        await imported(world)
        await watched(world, clock)
    clock.jump(22 * HOUR)
    async with start() as world:
        await watched(world, clock)
        assert not any(ABSENT in text for text in said(world))


async def test_who_was_not_active_lately_is_not_told(start: Start, clock: JumpingClock) -> None:
    async with start() as world:
        await imported(world)
    clock.jump(15 * 24 * HOUR)
    async with start() as world:
        await watched(world, clock)
    clock.jump(30 * HOUR)
    async with start() as world:
        await watched(world, clock)
        assert not any(ABSENT in text for text in said(world))
