"""Scenes with lists of ixBrowser that grow old while a test looks on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.standins.telegram_state import Message
from tests.support.chatting import timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

Scene = tuple[World, JumpingClock]
#: More seconds than for which a list counts as now.
LATER = 6
HOUR = 3600


@asynccontextmanager
async def two_groups(folder: Path) -> AsyncIterator[Scene]:
    """Mai may use the bot, too; ixBrowser has two groups beside the default one."""
    async with timed(folder, ixbrowser_timeout=60) as (world, clock):
        world.browser.add_group("Shops EU")
        world.browser.add_group("Shops US")
        await world.let_in(world.mai)
        yield world, clock


async def look(world: World, clock: JumpingClock) -> Message:
    """Mai looks at the groups, which are read anew for her."""
    clock.jump(LATER)
    return await world.say(world.browser.offer(), world.mai)
