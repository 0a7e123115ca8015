"""The encrypted copy of an SQLite database that is made before a migration."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.encryption import Cipher, new_key
from bot.storage.migrate import bring_up_to_date, current
from bot.storage.migration_copy import copy_of, forget_copy, is_whole, make_copy, read_copy
from bot.storage.work import SqlStore
from tests.storage.migrating import (
    NEXT,
    NOW_THERE,
    SECOND,
    THEN_FAILS,
    content,
    copies,
    fill,
    folder_with,
)
from tests.storage.support import (
    STATION,
)


async def test_before_a_migration_an_encrypted_copy_is_made_that_only_its_owner_can_read(
    database: Database, store: SqlStore, file: Path, second: Path, tmp_path: Path
) -> None:
    del second
    await fill(store)
    before = await content(database)
    umask = os.umask(0)
    try:
        await bring_up_to_date(database)
    finally:
        os.umask(umask)

    copy = copy_of(file)
    assert copies(file) == [copy.name]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert b"SQLite format" not in copy.read_bytes()
    with pytest.raises(StorageError, match="can't be read with this key"):
        read_copy(file, Cipher(new_key()))
    opened_copy = tmp_path / "opened.db"
    opened_copy.write_bytes(read_copy(file, database.cipher))
    copied = Database(f"sqlite:///{opened_copy}", STATION)
    assert await content(copied) == before
    assert await current(copied) == NOW_THERE
    await copied.close()

    # It is there until the bot serves.
    await bring_up_to_date(database)
    assert copies(file) == [copy.name]
    forget_copy(file)
    assert copies(file) == []


async def test_of_a_migration_that_left_all_as_it_was_no_copy_stays(
    database: Database, store: SqlStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(store)
    failing = folder_with(tmp_path / "failing", THEN_FAILS)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: failing)
    with pytest.raises(StorageError, match="nowhere"):
        await bring_up_to_date(database)
    assert copies(file) == []


async def test_an_empty_database_is_not_copied(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", STATION)
    await bring_up_to_date(database)
    assert copies(tmp_path / "bot.db") == []
    await database.close()


async def test_a_migration_of_a_damaged_database_is_not_begun(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del second
    await fill(store)
    await database.close()
    damage(file)

    with pytest.raises(StorageError, match="damaged"):
        await bring_up_to_date(database)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NOW_THERE,)]


async def test_a_migration_of_a_database_whose_rows_break_its_own_rules_is_not_begun(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del second
    await fill(store)
    await database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name = 'outbox'")
        connection.commit()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE outbox SET text = NULL")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'TEXT', 'TEXT NOT NULL') WHERE name = 'outbox'")
        connection.commit()

    with pytest.raises(StorageError, match="damaged"):
        await bring_up_to_date(database)
    assert await current(database) == NOW_THERE


async def test_a_copy_that_cannot_be_made_stops_the_migration(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del second
    await fill(store)
    (file.parent / "bot.db.before-migration").mkdir()
    with pytest.raises(StorageError, match="could not be copied before its migration"):
        await bring_up_to_date(database)
    assert await current(database) == NOW_THERE


def test_all_that_processes_left_that_died_over_a_copy_is_deleted_with_it(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    for side in ("before-migration", "before-migration-wal", "before-migration-journal", "before-migration.part",
                 "restored"):  # fmt: skip
        (tmp_path / f"bot.db.{side}").write_bytes(b"what the database held")
    forget_copy(file)
    assert copies(file) == []


# --- a migration that breaks the database -----------------------------------------------------------------------------


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def damage(file: Path) -> None:
    """As a disk may that fails in the middle: the root of some table makes no sense any more."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'imports'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with file.open("r+b") as pages:
        pages.seek((root - 1) * size)
        pages.write(b"\xff" * 64)


def break_while_migrating(database: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: object) -> None:
        await database.close()
        damage(file)
        file.with_name("bot.db-wal").write_bytes(b"of the broken one")
        raise StorageError("the disk can't be written")

    monkeypatch.setattr(database, "write_unchecked", broken)


async def test_the_copy_takes_the_place_of_a_database_that_a_migration_has_broken(
    database: Database, file: Path, second: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    del second
    await fill(SqlStore(database))
    before = await content(database)
    break_while_migrating(database, file, monkeypatch)
    with pytest.raises(StorageError, match="the disk can't be written"):
        await bring_up_to_date(database)

    assert "has been put back as it was before" in caplog.text
    assert await content(database) == before
    assert await current(database) == NOW_THERE
    assert is_whole(file)
    assert mode_of(file) == 0o600
    assert "bot.db.restored" not in copies(file)

    monkeypatch.undo()
    newer = folder_with(file.parent / "once more", SECOND)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: newer)
    await bring_up_to_date(database)
    assert await current(database) == NEXT
    assert await content(database) == before


async def test_a_database_of_which_nothing_can_be_told_is_left_alone_and_its_copy_too(
    database: Database, store: SqlStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(store)
    before = await content(database)
    failing = folder_with(tmp_path / "failing", THEN_FAILS)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: failing)
    monkeypatch.setattr(migrate, "is_whole", lambda _: None)
    with pytest.raises(StorageError, match="nowhere"):
        await bring_up_to_date(database)
    assert copies(file) == ["bot.db.before-migration"]
    assert await content(database) == before


async def test_a_copy_of_a_broken_database_does_not_replace_that_of_a_whole_one(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del second
    await fill(store)
    make_copy(file, database.cipher)
    copied = read_copy(file, database.cipher)
    await database.close()
    damage(file)
    with pytest.raises(StorageError, match=r"could not be copied before its migration: .* damaged"):
        await bring_up_to_date(database)
    assert read_copy(file, database.cipher) == copied
    assert copies(file) == ["bot.db.before-migration"]


async def test_whether_a_database_is_whole_is_told_by_what_is_in_it(
    database: Database, store: SqlStore, file: Path
) -> None:
    await fill(store)
    assert is_whole(file)
    await database.close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        # Nobody else may even read.
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("DELETE FROM outbox")
        assert is_whole(file) is None
        other.execute("ROLLBACK")
    damage(file)
    assert is_whole(file) is False


def test_what_is_no_database_is_not_whole(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    file.write_bytes(b"not a database, but longer than a header is: " * 50)
    assert is_whole(file) is False
