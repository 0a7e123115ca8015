"""What is said when updates no longer come in, by the whole bot and through PTB's own loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from telegram.ext._utils import networkloop

from bot.chat.polling_monitor import EVERY, SILENT_FOR
from tests.support.chatting import all_run, hanging_calls, said, timed, until
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

Scene = tuple[World, JumpingClock]

#: Seconds that pass at a time; PTB's pauses between two tries grow from 1 to 30.
STEP = 5.0


@pytest.fixture
async def scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Scene]:
    """A bot that counts as polling only when it polls, and whose pauses after a failed getUpdates the test moves."""
    caplog.set_level(logging.INFO, "bot.chat.polling_monitor")
    async with timed(tmp_path) as (world, clock):
        clock.jumped = lambda: None
        monkeypatch.setattr(networkloop, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep}))
        yield world, clock


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "bot.chat.polling_monitor"
    ]


async def pass_by(scene: Scene, seconds: float) -> None:
    world, clock = scene
    for _ in range(round(seconds / STEP)):
        clock.jump(STEP)
        await all_run(world)


async def answers_help(scene: Scene) -> None:
    world, clock = scene

    def answers() -> int:
        return sum("How to import" in text for text in said(world))

    before = answers()
    world.telegram.say(world.ana, "/help")
    await until(world, clock, lambda: answers() > before, seconds=60)


async def test_two_minutes_without_telegram_are_one_line_and_their_end_another(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    world, _ = scene
    world.telegram.down = True
    await pass_by(scene, SILENT_FOR + 3 * EVERY)
    world.telegram.down = False
    await answers_help(scene)
    await pass_by(scene, EVERY)
    [why, silent, over] = lines(caplog)
    assert why == "WARNING updates can't be fetched: the pretend Telegram can't be reached"
    assert silent.startswith("ERROR no updates could be fetched for 1")
    assert over == "INFO updates are fetched again"


async def test_a_getupdates_that_hangs_is_noticed_too(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, _ = scene
    with hanging_calls(world, "getUpdates") as hanging:
        world.telegram.say(world.ana, "/start")
        await world.telegram.settled(lambda: hanging)
        await pass_by(scene, SILENT_FOR + 3 * EVERY)
        [silent] = lines(caplog)
    await answers_help(scene)
    await pass_by(scene, EVERY)
    assert silent.startswith("ERROR no updates could be fetched for 1")
    assert silent.endswith(": Telegram is silent")
    assert lines(caplog)[-1] == "INFO updates are fetched again"


async def test_a_404_of_a_moment_is_outlived(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, _ = scene
    world.telegram.fail("getUpdates", 404, "Not Found", times=2)
    # The first is fetched by the getUpdates that was open before.
    await answers_help(scene)
    await answers_help(scene)
    assert lines(caplog) == ["WARNING updates can't be fetched: Not Found"]
