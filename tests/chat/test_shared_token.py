"""Another program polls with the bot's token: imports wait, cards and /status say why, and admins are told once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from telegram.ext._utils import networkloop

from bot.chat.conflicts import CALM_FOR, LASTING, LEFT_OVER_FOR, QUIET_FOR
from bot.chat.polling_monitor import EVERY
from bot.errors import StorageError
from tests.chat.test_alerts import choose, message
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import all_run, failing_changes, ready_to_import, said, timed, until, until_shown
from tests.support.jumping_clock import JumpingClock
from tests.support.rival import rival
from tests.support.world import World, running, settings_for

Scene = tuple[World, JumpingClock]

#: Seconds that pass at a time; PTB's pauses between two tries grow from 1 to 30.
STEP = 5.0
TOLD = (
    "⚠️ This bot is also running on another computer, with the same token. Each message reaches only one of them, and "
    "imports wait. Stop one, or create a second bot for it with @BotFather."
)
OVER = "This bot is running only here again. Imports go on."
WAITS = "Waiting: this bot is also running on another computer."
STATUS = "Telegram: this bot is also running on another computer; imports wait"
HELD = "INFO another process polls with this bot's token: nothing is sent to ixBrowser meanwhile"
SENT_AGAIN = "INFO no other process polls with this bot's token any more: imports are sent again"
LOGGED = (
    "ERROR another process goes on polling with this bot's token: only one of them gets each message, and nothing is "
    "sent to ixBrowser"
)


@pytest.fixture
async def scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Scene]:
    """A bot that has served for a while, and whose pauses after a failed getUpdates the test moves."""
    caplog.set_level(logging.INFO, "bot.chat.polling_monitor")
    async with timed(tmp_path) as (world, clock):
        monkeypatch.setattr(networkloop, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep}))
        clock.jump(LEFT_OVER_FOR)
        yield world, clock


async def pass_by(scene: Scene, seconds: float) -> None:
    world, clock = scene
    for _ in range(round(seconds / STEP)):
        clock.jump(STEP)
        await all_run(world)


async def polled_in_peace(scene: Scene, seconds: float) -> None:
    """Time passes in which Telegram answers: a message that nobody is told of ends each poll."""
    world, _ = scene
    for _ in range(round(seconds / QUIET_FOR)):
        world.telegram.say(world.sam, "Hello?", world.telegram.chat(world.sam.id))
        await world.telegram.handled()
        await pass_by(scene, QUIET_FOR)
    world.telegram.say(world.sam, "Hello?", world.telegram.chat(world.sam.id))
    await world.telegram.handled()
    await all_run(world)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "bot.chat.polling_monitor"
    ]


async def stray(scene: Scene) -> None:
    """Telegram says once that another process polls."""
    world, clock = scene
    world.telegram.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    world.telegram.say(world.sam, "Hello?", world.telegram.chat(world.sam.id))
    await until(world, clock, lambda: not world.telegram.updates.pending)


async def test_imports_wait_from_the_first_conflict_until_half_a_minute_without_one(scene: Scene) -> None:
    world, clock = scene
    code = world.browser.offer()
    card = await ready_to_import(world, code)
    await stray(scene)
    world.telegram.press(world.ana, card, card.button("✅ Import"))
    waiting = await until_shown(world, clock, WAITS, seconds=QUIET_FOR - 2 * STEP)
    assert waiting is card
    assert world.browser.made[code] == 0
    assert STATUS in (await world.say("/status")).text
    await polled_in_peace(scene, QUIET_FOR)
    await until_shown(world, clock, "Imported", seconds=STEP)
    assert STATUS not in (await world.say("/status")).text
    # A moment is nothing that admins need to know.
    assert TOLD not in said(world)


async def test_one_that_goes_on_is_told_once_and_logged_once_and_so_is_its_end(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    world, clock = scene
    async with rival(world.telegram, lambda: clock.sleep(1)):
        await pass_by(scene, 5 * LASTING)
        assert said(world) == [TOLD]
        assert not message(world, TOLD).silent
        assert lines(caplog) == [HELD, LOGGED]
    await pass_by(scene, 30)
    await polled_in_peace(scene, QUIET_FOR)
    assert lines(caplog) == [HELD, LOGGED, SENT_AGAIN]
    await polled_in_peace(scene, CALM_FOR)
    await pass_by(scene, 2 * EVERY)
    assert said(world) == [TOLD, OVER]
    assert lines(caplog) == [HELD, LOGGED, SENT_AGAIN]


async def test_one_that_comes_again_and_again_is_told_too(scene: Scene) -> None:
    world, _ = scene
    for _ in range(5):
        await stray(scene)
        await polled_in_peace(scene, 120)
    assert said(world) == [TOLD]


@pytest.mark.parametrize(("sign", "told"), [("🔕", [TOLD]), ("🚫", [])])
async def test_it_is_told_as_loud_as_it_was_chosen(scene: Scene, sign: str, told: list[str]) -> None:
    world, clock = scene
    await choose(world, "Second bot", sign)
    async with rival(world.telegram, lambda: clock.sleep(1)):
        await pass_by(scene, 2 * LASTING)
    assert said(world)[1:] == told
    assert all(message(world, text).silent for text in told)


async def test_what_is_left_over_from_the_process_before_holds_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.chat.polling_monitor")
    telegram = FakeTelegram()
    telegram.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        card = await ready_to_import(world, world.browser.offer())
        await world.tap("✅ Import", message=card)
        assert "Imported" in card.text
        assert WAITS not in telegram.transcript(world.ana.id)
    assert lines(caplog) == []


async def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = JumpingClock()
    monkeypatch.setattr(networkloop, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep}))
    telegram = FakeTelegram(now=clock.timestamp)
    for _ in range(2):
        async with (
            running(settings_for(tmp_path), telegram=telegram, clock=clock) as world,
            rival(world.telegram, lambda: clock.sleep(1)),
        ):
            await pass_by((world, clock), 3 * LASTING)
            assert said(world) == [TOLD]


async def test_admins_who_could_not_be_told_are_told_when_the_database_is_back(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    world, clock = scene
    async with rival(world.telegram, lambda: clock.sleep(1)):
        with failing_changes(world, StorageError("the disk is full")):
            await pass_by(scene, 2 * LASTING)
        assert "nor told to admins: the disk is full" in caplog.text
        assert said(world) == []
        await pass_by(scene, LASTING)
        assert said(world) == [TOLD]
