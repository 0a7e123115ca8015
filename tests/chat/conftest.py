"""The bot in a world of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.stories.telling import DATABASES
from tests.support.journeys import furnish
from tests.support.world import World, running, settings_for


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the databases round: each test runs on one of them, and with ``-m long`` on the other too.

    What a database has to do is tried on both by the tests of storage.
    """
    numbers: dict[str, int] = {}
    for item in items:
        if not (isinstance(item, pytest.Function) and item.path.is_relative_to(Path(__file__).parent)):
            continue
        database = next((each for each in DATABASES if each in _parameters(item)), None)
        if database is not None:
            name = item.nodeid.replace(database, "")
            number = numbers.setdefault(name, len(numbers))
            if DATABASES[number % len(DATABASES)] != database:
                item.add_marker(pytest.mark.long)


def _parameters(item: pytest.Function) -> list[object]:
    return list(item.callspec.params.values()) if hasattr(item, "callspec") else []


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
