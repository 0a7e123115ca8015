"""The bot in a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.journeys import furnish
from tests.support.world import World, running, settings_for


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(settings_for(tmp_path)) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One in which the bot serves for all tests of a module, each with people of its own."""
    async with running(settings_for(tmp_path_factory.mktemp("world"))) as world:
        furnish(world.browser)
        yield world
