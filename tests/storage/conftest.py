"""A database of its own for every test, up to date and empty."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from bot.storage.work import SqlStore
from tests.storage.support import STATION
from tests.support.clock import MovableClock


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database that is up to date, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"

    async def make() -> None:
        database = Database(f"sqlite:///{file}", STATION)
        await bring_up_to_date(database)
        await database.close()

    asyncio.run(make())
    return file


@pytest.fixture
def file(tmp_path: Path, migrated: Path) -> Path:
    copy = tmp_path / "bot.db"
    shutil.copyfile(migrated, copy)
    return copy


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{file}", STATION, busy=0.05)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()
