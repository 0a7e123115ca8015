"""A database of its own for every test, up to date and empty: an SQLite file, and one on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.work import SqlStore
from tests.storage.arranged import Arranged, InDatabase, InMemory
from tests.storage.migrating import SECOND, folder_with
from tests.storage.support import unlocked
from tests.storage.two import Two, opened_twice
from tests.support.clock import MovableClock
from tests.support.migrated import emptied, put_database
from tests.support.postgresql_databases import Databases


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An empty SQLite database. A test that asks for it is about SQLite."""
    file = tmp_path / "bot.db"
    put_database(file)
    return file


@pytest.fixture
def postgresql_url(postgresql: Databases, migrated_postgresql: str) -> str:
    """An empty PostgreSQL database. A test that asks for it is about PostgreSQL."""
    return emptied(postgresql, migrated_postgresql)


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newer version of the program, with one more migration."""
    folder = folder_with(tmp_path / "newer % migrations", SECOND)
    monkeypatch.setattr("bot.storage.migrate.migrations_folder", lambda: folder)
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on both databases what is said to be about neither."""
    if "database_url" in metafunc.fixturenames:
        own = [name for name, fixture in _OWN.items() if fixture in metafunc.fixturenames]
        metafunc.parametrize("database_url", own or list(_OWN), indirect=True)


_OWN = {"sqlite": "file", "postgresql": "postgresql_url"}


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    found = request.getfixturevalue(_OWN[request.param])
    return found if isinstance(found, str) else f"sqlite:///{found}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    databases: Databases = request.getfixturevalue("postgresql")
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await unlocked(database_url, lock_timeout=0.05)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(params=["memory", *_OWN])
def anywhere(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty database of either kind; None for a store in memory, which keeps the same promises."""
    if request.param == "memory":
        return None
    found = request.getfixturevalue(_OWN[request.param])
    return found if isinstance(found, str) else f"sqlite:///{found}"


@pytest.fixture
async def arranged(anywhere: str | None, clock: MovableClock) -> AsyncIterator[Arranged]:
    """An import log in memory, and one in each database."""
    if anywhere is None:
        yield InMemory(clock)
        return
    database = await unlocked(anywhere)
    yield InDatabase(database, clock)
    await database.close()


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    """Two who write to one database, each with connections of their own."""
    two = await opened_twice(database_url)
    yield two
    for database in two.databases:
        await database.close()
