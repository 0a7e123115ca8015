"""An office for each test, and one for a whole module of conversations. No secret may be left anywhere in either."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.end_to_end.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office
        await office.keeps_secrets()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One in which the bot serves for all tests of a module, each with people of its own."""
    async with open_office(tmp_path_factory.mktemp("office")) as office:
        bot = await office.start()
        yield office
        await office.keeps_secrets()
        bot.terminate()
        assert await bot.ended() == 0
        assert "ERROR" not in bot.said
        await office.keeps_secrets()
