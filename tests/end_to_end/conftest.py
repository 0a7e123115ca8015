"""An office for each test, and one for a whole module of conversations. No secret may be left anywhere in either.

Its database is an SQLite file, unless a module has a ``kind`` of its own, and is up to date from the start, unless
``from_nothing`` is true there.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.end_to_end.office import Office, open_office
from tests.support.migrated import put_database
from tests.support.postgresql_databases import Databases


@pytest.fixture(scope="module")
def kind() -> str:
    """The kind of database."""
    return "sqlite"


@pytest.fixture
def database_url(kind: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """A database that the bot has not used yet; None for a file in the office's folder."""
    yield from _new_database(kind, request)


@pytest.fixture(scope="module")
def busy_database_url(kind: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    yield from _new_database(kind, request)


def _new_database(kind: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    if kind == "sqlite":
        yield None
        return
    databases: Databases = request.getfixturevalue("postgresql")
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture(scope="module")
def from_nothing() -> bool:
    """Whether the bot makes its database's file itself: a module that is not about that has none of it to wait for."""
    return False


@pytest.fixture
async def office(tmp_path: Path, database_url: str | None, from_nothing: bool) -> AsyncIterator[Office]:
    async with open_office(tmp_path, database_url=database_url) as office:
        if database_url is None and not from_nothing:
            put_database(office.database)
        yield office
        sys.stdout.write(office.log())
        office.keeps_secrets()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def busy_office(tmp_path_factory: pytest.TempPathFactory, busy_database_url: str | None) -> AsyncIterator[Office]:
    """One in which the bot serves for all tests of a module, each with people of its own."""
    async with open_office(tmp_path_factory.mktemp("office"), database_url=busy_database_url) as office:
        bot = await office.start()
        yield office
        sys.stdout.write(office.log())
        office.keeps_secrets()
        bot.terminate()
        assert await bot.ended() == 0
        assert "ERROR" not in bot.said
        office.keeps_secrets()
