"""What ends by itself of codes that were left, as it is shown to who left them and to who had taken them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chatting import labels, timed, until, until_shown
from tests.support.handoffs import take
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

HOUR = 3600


async def begun(world: World, code: str) -> None:
    """Ana is about to leave a code for Mai."""
    await world.let_in(world.mai)
    await world.say("/start", world.mai)
    await world.say("/timezone Asia/Tokyo")
    await world.say(code)
    await world.tap("Hand over")
    await world.tap("Mai")


async def test_what_nobody_has_taken_in_time_comes_back_with_a_sound(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await begun(world, world.browser.offer())
        await world.tap("Time limit")
        await world.tap("After 1 hour")
        card = await world.tap("✅ Hand over")
        # Times are those of where its reader is, which need no zone beside them.
        [line] = [line for line in card.text.split("\n") if line.startswith("Comes back ")]
        assert "UTC" not in line
        clock.jump(HOUR)
        told = await until_shown(world, clock, "Not taken in time.", seconds=HOUR, step=60)
        assert told is not card
        assert not told.silent
        assert ": not taken in time, " in told.text
        assert labels(told) == ["Import", "Show code", "Reassign"]


async def test_what_was_taken_and_not_confirmed_waits_again(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await begun(world, world.browser.offer())
        card = await world.tap("✅ Hand over")
        theirs = await take(world, world.mai)
        clock.jump(4 * HOUR + 1)
        await until(world, clock, lambda: "Not confirmed in time" in theirs.text, seconds=2 * HOUR, step=60)
        assert theirs.text == "Not confirmed in time, so I closed this. What Ana left waits again: see /inbox."
        assert labels(theirs) == ["New import"]
        await until(world, clock, lambda: ": waiting" in card.text, step=1)
