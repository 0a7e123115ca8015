"""The bot in a world of its own."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.journeys import furnish
from tests.support.world import World, running, settings_for


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(settings_for(tmp_path)) as world:
        yield world


@pytest.fixture
def calm_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Where nothing is wrong the log holds no error and no traceback, from the start of the bot to its end."""
    yield
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    loud = [record for record in records if record.levelno >= logging.ERROR or record.exc_info]
    assert not loud, [record.getMessage() for record in loud]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One in which the bot serves for all tests of a module, each with people of its own."""
    async with running(settings_for(tmp_path_factory.mktemp("world"))) as world:
        furnish(world.browser)
        yield world
