"""A migration is done as a whole or not at all, however it ends."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text

from bot.domain.draft import Draft
from bot.errors import StorageError
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date, current, newest
from bot.storage.tables import drafts
from bot.storage.work import SqlStore
from tests.storage.migrating import (
    NEXT,
    NOW_THERE,
    SECOND,
    THEN_FAILS,
    THEN_HANGS,
    THEN_LOSES_PARENTS,
    content,
    copies,
    fill,
    folder_with,
    kill_within,
    schema,
)
from tests.storage.support import (
    MAI,
    STATION,
    draft_by_id,
    draft_of,
    opened,
    rows,
    unlocked,
)


async def fails(database: Database, folder: Path, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails, and leaves all as it was."""
    store = SqlStore(database)
    await fill(store)
    before, tables = await content(database), await schema(database)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)

    with pytest.raises(StorageError, match=said):
        await bring_up_to_date(database)

    assert await current(database) == NOW_THERE
    assert await schema(database) == tables
    assert await content(database) == before
    await opened(store, draft_of("00000000-00000001"), MAI)


async def test_a_migration_that_fails_leaves_all_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fails(database, folder_with(tmp_path / "failing", THEN_FAILS), "nowhere", monkeypatch)


@pytest.mark.usefixtures("file")
async def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with(tmp_path / "failing", THEN_LOSES_PARENTS)
    await fails(database, folder, "rows of [a-z_]+ would point nowhere", monkeypatch)
    assert await database.read(lambda connection: connection.scalar(text("PRAGMA foreign_keys"))) == 1


async def test_of_two_first_starts_at_the_same_moment_both_succeed(empty_url: str) -> None:
    both = [Database(empty_url, STATION) for _ in range(2)]
    await asyncio.gather(*(bring_up_to_date(database) for database in both))
    for database in both:
        assert await current(database) == newest()
        assert (await draft_by_id(SqlStore(database), (await opened(SqlStore(database), Draft())).id)).draft == Draft()
        await database.write(lambda connection: connection.execute(delete(drafts)))
        await database.close()


async def test_a_process_killed_within_a_migration_leaves_the_old_state_and_the_next_start_migrates(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await unlocked(database_url)
    await fill(SqlStore(database))
    # More than fits into SQLite's cache, so that what is not committed has reached the disk.
    one = (await rows(database, drafts))[0]
    like = {column.key: one[column.name] for column in drafts.columns if column is not drafts.c.id}
    many = [{**like, "state": "cancelled", "chat_id": number, "answers": "x" * 1200} for number in range(4000)]
    await database.write(lambda connection: connection.execute(insert(drafts), many))
    before, tables = await content(database), await schema(database)
    await database.close()

    kill_within(database_url, folder_with(tmp_path / "hanging", THEN_HANGS))

    if database.file is not None:
        assert database.file.with_name("bot.db-wal").stat().st_size > 1_000_000
        with closing(sqlite3.connect(database.file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again = await unlocked(database_url)
    assert await content(again) == before
    assert await schema(again) == tables

    newer = folder_with(tmp_path / "newer", SECOND)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: newer)
    await bring_up_to_date(again)
    assert await current(again) == NEXT
    assert await content(again) == before
    await migrate.migrate(again, NOW_THERE)
    await again.close()
    if database.file is not None:
        # Until the bot serves.
        assert copies(database.file) == ["bot.db.before-migration"]
