"""What an earlier version wrote in plain text is in no file once its database is migrated."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.errors import StorageError
from bot.storage import postgresql as postgresql_backend
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date, migrate, newest
from bot.storage.tables import installation
from bot.storage.unlocking import STATISTICS_LEFT, wipe_plain_text
from tests.storage.migrating import HANG_BEFORE_A_TABLE_GOES, kill_within, url_of
from tests.storage.old_versions import DRAFT_CODES, SECRETS, make_old
from tests.storage.plain_text import found
from tests.storage.support import (
    STATION,
    pragma,
    rows,
)
from tests.support.postgresql_databases import Databases


@pytest.fixture
async def old(empty_url: str) -> Database:
    database = Database(empty_url, STATION)
    await make_old(database, "0002")
    if database.file is None:
        await database.write(analyze)
    assert await found(database, [*SECRETS, *DRAFT_CODES]) == {*SECRETS, *DRAFT_CODES}
    return database


def analyze(connection: Connection) -> None:
    """Copy values into the planner's statistics, as a server does by itself, though not that of the tests."""
    connection.execute(text("ANALYZE"))
    shown = text(
        "SELECT histogram_bounds::text FROM pg_stats WHERE attname = 'transfer_code' AND tablename = 'imports'"
    )
    assert UNSPENT[0] in connection.scalars(shown).one()


UNSPENT = [f"31415926-{number:08}" for number in (*range(1, 19), *range(25, 43), 80000000)]


async def secrets_left(database: Database) -> set[str]:
    """What is in the files that may not be there any more: of a server, but for its write-ahead log."""
    return await found(database, [*SECRETS, *DRAFT_CODES, *UNSPENT], wal=database.file is not None)


async def plain_text_left(database: Database) -> bool:
    [row] = await rows(database, installation)
    return bool(row["plain_text_left"])


async def wiped(database: Database) -> None:
    """Who is busy there on a busy machine has it done a moment later."""
    async with asyncio.timeout(20):
        while await plain_text_left(database):
            await wipe_plain_text(database)


async def test_after_the_migration_nothing_of_it_is_left(old: Database) -> None:
    assert await secrets_left(old)
    await bring_up_to_date(old)
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


async def test_a_first_try_that_was_killed_leaves_nothing_either(old: Database) -> None:
    await old.close()
    await asyncio.to_thread(kill_within, url_of(old), also=HANG_BEFORE_A_TABLE_GOES)
    await bring_up_to_date(old)
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


async def test_of_a_server_nobody_may_write_in_another_database_meanwhile(
    postgresql: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_backend, "_MAY_TAKE", 0.2)
    url = postgresql.make()
    old = Database(url, STATION)
    await make_old(old, "0002")
    await old.write(analyze)
    with postgresql.connection("postgres") as elsewhere:
        with elsewhere.transaction():
            # A number of its own, as any that writes has.
            elsewhere.execute("SELECT txid_current()")
            await bring_up_to_date(old)
            assert await plain_text_left(old)
        await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()
    postgresql.drop(url)


async def test_who_reads_meanwhile_is_let_go_on_and_the_next_start_does_it(
    old: Database, empty_url: str, caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest
) -> None:
    await migrate(old, newest())
    if old.file is not None:
        with closing(sqlite3.connect(old.file, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM drafts").fetchone()
            await bring_up_to_date(old)
            assert await plain_text_left(old)
    else:
        databases = request.getfixturevalue("postgresql")
        with databases.connection(empty_url) as reader, reader.transaction():
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT 1")
            await bring_up_to_date(old)
            with pytest.raises(StorageError, match="somebody reads"):
                await old.renew_statistics()
            assert await plain_text_left(old)
    assert "is still in the database's files: somebody reads the database" in caplog.text
    await wiped(old)
    assert await secrets_left(old) == set()
    await old.close()


@pytest.fixture
def limited_url(postgresql: Databases) -> Iterator[str]:
    """A PostgreSQL database as a role has it that may make tables there, and does not own it."""
    url = postgresql.make()
    role = f"limited_{url.partition('?')[0].rpartition('/')[2]}"
    with postgresql.connection(url) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN")
        owner.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
    yield url.replace("//postgres@", f"//{role}@")
    postgresql.drop(url)
    with postgresql.connection("postgres") as owner:
        owner.execute(f"DROP ROLE {role}")


async def test_statistics_that_may_not_be_rewritten_are_told_and_whoever_may_does_it(
    limited_url: str, postgresql: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    owner_url = re.sub("//.*@", "//postgres@", limited_url)
    limited, owner = Database(limited_url, STATION), Database(owner_url, STATION)
    await make_old(limited, "0002")
    await owner.write(analyze)
    caplog.set_level("INFO")
    await bring_up_to_date(limited)
    assert STATISTICS_LEFT in caplog.text
    assert "gone from the database's files" not in caplog.text
    # The next start could do no more about it.
    assert not await plain_text_left(limited)
    assert await secrets_left(owner)
    assert UNSPENT[0] not in repr(await owner.read(lambda connection: connection.execute(text("TABLE pg_stats")).all()))

    with postgresql.connection(owner_url) as connection:
        connection.execute("VACUUM FULL pg_catalog.pg_statistic")
    assert await secrets_left(owner) == set()
    await limited.close()
    await owner.close()


async def test_a_wiping_that_fails_is_done_at_the_next_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", STATION, lock_timeout=0.05)
    await make_old(database, "0002")
    await migrate(database, newest())
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await wipe_plain_text(database)
        other.execute("ROLLBACK")
    assert "is still in the database's files: another program is using the database" in caplog.text
    assert await plain_text_left(database)

    await pragma(database, f"max_page_count={await pragma(database, 'page_count')}")
    await wipe_plain_text(database)
    left = await plain_text_left(database)
    assert left == ("is still in the database's files: the disk is full" in caplog.text)
    await pragma(database, "max_page_count=100000")

    await bring_up_to_date(database)
    assert await secrets_left(database) == set()
    assert not await plain_text_left(database)
    await database.close()
