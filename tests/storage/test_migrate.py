"""Migrations: up, down, up with rows in; all or nothing; on a database that another version has written."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from bot.errors import SchemaTooNew, StorageError
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date, current, migrations_folder, newest
from bot.storage.tables import metadata
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import CODE, CUSTOM, EXTRACTION, MAI, NOW, OTHER, STATION, confirmed, draft_of, opened

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0

#: A migration that rebuilds a table on which others depend, as SQLite needs it for almost any change.
SECOND = '''
"""Drafts have a mood."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("drafts", recreate="always") as drafts:
        drafts.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))


def downgrade() -> None:
    with op.batch_alter_table("drafts", recreate="always") as drafts:
        drafts.drop_column("mood")
'''
THEN_FAILS = SECOND.replace('"calm"))', '"calm"))\n    op.execute("SELECT * FROM nowhere")')
THEN_LOSES_PARENTS = SECOND.replace('"calm"))', '"calm"))\n    op.execute("DELETE FROM drafts")')
THEN_HANGS = SECOND.replace(
    '"calm"))', '"calm"))\n    print("in the middle", flush=True)\n    import time\n    time.sleep(600)'
)


def folder_with(folder: Path, second: str) -> Path:
    """The migrations with one more behind them."""
    shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_moods.py").write_text(second, "utf-8")
    return folder


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newer version of the program, with one more migration."""
    folder = folder_with(tmp_path / "newer % migrations", SECOND)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)
    return folder


async def fill(store: SqlStore) -> None:
    """Something in every table."""
    await confirmed(store, draft_of(CODE, proxy=EXTRACTION))
    stored = await opened(store, draft_of(OTHER, proxy=CUSTOM))

    def change(work: SqlWork) -> None:
        work.users.keep(1001, "Ana", "en", NOW)
        work.updates.is_new(7, NOW)
        work.outbox.say(stored.where, "Hello", NOW)

    await store.write(change)


def content(file: Path, *, without: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, apart from the columns that are left out."""
    found = {}
    with closing(sqlite3.connect(file)) as connection:
        for table in metadata.sorted_tables:
            names = ", ".join(column.name for column in table.columns if column.name not in without)
            found[table.name] = sorted(connection.execute(f"SELECT {names} FROM {table.name}").fetchall(), key=repr)
    return found


def schema(file: Path) -> dict[str, Sequence[str]]:
    """What every table and index is made of, whatever the order and the line breaks."""
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    comma = re.compile(r",(?![^(]*\))")
    return {
        name: sorted(" ".join(part.replace('"', "").split()) for part in comma.split(sql.removesuffix(")")))
        for name, sql in found
        if name != "alembic_version"
    }


def copies(file: Path) -> Sequence[str]:
    """What is left of the copies that migrations make."""
    return sorted(left.name for left in file.parent.glob("*before-migration*"))


# --- the tables -------------------------------------------------------------------------------------------------------


async def test_the_migrations_make_the_tables_of_the_models(database: Database) -> None:
    def differences(connection: Connection) -> Sequence[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: Sequence[Any] = compare_metadata(context, metadata)
        return found

    assert await database.read(differences) == []


def test_the_migrations_make_every_index_and_constraint_of_the_models_under_its_name(
    file: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models.db"
    engine = create_engine(f"sqlite:///{models}")
    metadata.create_all(engine)
    engine.dispose()

    assert schema(file) == schema(models)
    partial = {name for name, sql in schema(file).items() if any(" WHERE " in part for part in sql)}
    assert partial == {
        "uq_drafts_open",
        "ix_drafts_behind",
        "ix_batches_behind",
        "uq_imports_living",
        "ix_imports_queue",
        "ix_imports_unsettled",
        "ix_imports_unnamed",
    }


async def test_up_down_and_up_again_with_rows_in_ends_where_it_began(database: Database, store: SqlStore) -> None:
    assert database.file is not None
    await fill(store)
    assert all(content(database.file).values())
    before = schema(database.file)

    await migrate.migrate(database, "base")
    assert schema(database.file) == {}
    assert await current(database) is None

    await bring_up_to_date(database)
    assert schema(database.file) == before
    assert not any(content(database.file).values())
    await fill(store)


async def test_a_table_that_is_rebuilt_keeps_its_rows_and_those_that_depend_on_it(
    database: Database, store: SqlStore, second: Path
) -> None:
    del second
    assert database.file is not None
    await fill(store)
    before, tables = content(database.file), schema(database.file)

    await bring_up_to_date(database)
    assert await current(database) == newest() == "0002"
    assert content(database.file) == before
    with closing(sqlite3.connect(database.file)) as connection:
        assert set(connection.execute("SELECT mood FROM drafts")) == {("calm",)}

    await migrate.migrate(database, "0001")
    assert content(database.file) == before
    assert schema(database.file) == tables

    await bring_up_to_date(database)
    assert content(database.file) == before


async def test_foreign_keys_are_on_again_after_a_migration(database: Database, second: Path) -> None:
    del second
    await bring_up_to_date(database)
    assert await database.read(lambda connection: connection.scalar(text("PRAGMA foreign_keys"))) == 1


async def test_a_database_that_is_up_to_date_is_left_alone(file: Path) -> None:
    def state() -> tuple[dict[str, Any], dict[str, Any]]:
        return schema(file), content(file)

    database = Database(f"sqlite:///{file}", STATION)
    await fill(SqlStore(database))
    before = state()
    await bring_up_to_date(database)
    await database.close()
    assert state() == before


# --- all or nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "said"),
    [(THEN_FAILS, "no such table: nowhere"), (THEN_LOSES_PARENTS, "rows of [a-z_]+ would point nowhere")],
)
async def test_a_migration_that_fails_leaves_all_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str, said: str
) -> None:
    store = SqlStore(database)
    assert database.file is not None
    await fill(store)
    before, tables = content(database.file), schema(database.file)
    failing = folder_with(tmp_path / "failing", second)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: failing)

    with pytest.raises(StorageError, match=said):
        await bring_up_to_date(database)

    assert await current(database) == "0001"
    assert schema(database.file) == tables
    assert content(database.file) == before
    await opened(store, draft_of("00000000-00000001"), MAI)
    assert await database.read(lambda connection: connection.scalar(text("PRAGMA foreign_keys"))) == 1


async def test_before_a_migration_a_verified_copy_is_made_that_only_its_owner_can_read(
    database: Database, store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.file is not None
    await fill(store)
    failing = folder_with(tmp_path / "failing", THEN_FAILS)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: failing)
    with pytest.raises(StorageError):
        await bring_up_to_date(database)

    copy = database.file.with_name("bot.db.before-migration")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert content(copy) == content(database.file)

    monkeypatch.undo()
    await bring_up_to_date(database)
    assert copies(database.file) == []


async def test_a_migration_of_a_damaged_database_is_not_begun(
    database: Database, store: SqlStore, second: Path
) -> None:
    del second
    assert database.file is not None
    await fill(store)
    await database.close()
    # The root of some table, whose content no longer makes sense.
    with closing(sqlite3.connect(database.file)) as connection:
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'imports'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with database.file.open("r+b") as damaged:
        damaged.seek((root - 1) * size)
        damaged.write(b"\xff" * 64)

    with pytest.raises(StorageError, match="damaged"):
        await bring_up_to_date(database)
    with closing(sqlite3.connect(database.file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


async def test_a_migration_of_a_database_whose_rows_break_its_own_rules_is_not_begun(
    database: Database, store: SqlStore, second: Path
) -> None:
    del second
    assert database.file is not None
    await fill(store)
    await database.close()
    with closing(sqlite3.connect(database.file)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT') WHERE name = 'outbox'")
        connection.commit()
    with closing(sqlite3.connect(database.file)) as connection:
        connection.execute("UPDATE outbox SET text = NULL")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'TEXT', 'TEXT NOT NULL') WHERE name = 'outbox'")
        connection.commit()

    with pytest.raises(StorageError, match="damaged"):
        await bring_up_to_date(database)
    assert await current(database) == "0001"


async def test_a_copy_that_cannot_be_made_stops_the_migration(
    database: Database, store: SqlStore, second: Path, tmp_path: Path
) -> None:
    del second
    await fill(store)
    (tmp_path / "bot.db.before-migration").mkdir()
    with pytest.raises(StorageError, match="could not be copied before its migration"):
        await bring_up_to_date(database)
    assert await current(database) == "0001"


def killed_within(file: Path, folder: Path) -> None:
    """A process that migrates, killed while it is in the middle of it."""
    script = (
        "import asyncio, sys; from pathlib import Path; from bot.storage import migrate;"
        "from bot.storage.database import Database;"
        "migrate.migrations_folder = lambda: Path(sys.argv[2]);"
        "asyncio.run(migrate.bring_up_to_date(Database('sqlite:///' + sys.argv[1], 'office')))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(file), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert process.stdout is not None
    with process:
        try:
            assert process.stdout.readline() == "in the middle\n"
        finally:
            process.kill()
            process.wait(PATIENCE)


async def test_a_process_killed_within_a_migration_leaves_the_old_state_and_the_next_start_migrates(
    database: Database, store: SqlStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.file is not None
    await fill(store)
    await database.close()
    with closing(sqlite3.connect(database.file)) as connection:
        # More than fits into SQLite's cache, so that what is not committed has reached the disk.
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) "
            "INSERT INTO drafts SELECT i, i, i, NULL, 'en', NULL, 0, 1, 1, 'cancelled', hex(randomblob(600)),"
            " '2026-03-01 12:00:00', '2026-03-01 12:00:00' FROM n"
        )
        connection.commit()
    before, tables = content(database.file), schema(database.file)

    killed_within(database.file, folder_with(tmp_path / "hanging", THEN_HANGS))

    wal = database.file.with_name("bot.db-wal")
    assert wal.stat().st_size > 1_000_000
    with closing(sqlite3.connect(database.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert content(database.file) == before
    assert schema(database.file) == tables

    newer = folder_with(tmp_path / "newer", SECOND)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: newer)
    again = Database(f"sqlite:///{database.file}", STATION)
    await bring_up_to_date(again)
    assert await current(again) == "0002"
    await again.close()
    assert content(database.file) == before
    assert copies(database.file) == []


async def test_the_copy_of_a_process_that_died_just_after_its_migration_is_deleted(
    database: Database, tmp_path: Path
) -> None:
    assert database.file is not None
    for side in ("", "-wal", "-journal"):
        (tmp_path / f"bot.db.before-migration{side}").write_bytes(b"what the database held")
    await bring_up_to_date(database)
    assert copies(database.file) == []


# --- other versions ---------------------------------------------------------------------------------------------------


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database, store: SqlStore) -> None:
    assert database.file is not None
    await fill(store)
    await database.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    before = content(database.file)

    with pytest.raises(SchemaTooNew, match="written by a newer version of this program: install that version"):
        await bring_up_to_date(database)
    assert content(database.file) == before


def test_the_migrations_beside_the_package_are_found_in_a_checkout() -> None:
    assert migrations_folder() == ROOT / "migrations"
    assert newest() == ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def test_the_migrations_inside_an_installed_package_are_found(tmp_path: Path) -> None:
    site = tmp_path / "site"
    nothing_compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "bot", site / "bot", ignore=nothing_compiled)
    shutil.copytree(ROOT / "migrations", site / "bot" / "migrations", ignore=nothing_compiled)
    script = (
        "import asyncio, sys; from bot.storage import migrate; from bot.storage.database import Database;"
        "asyncio.run(migrate.bring_up_to_date(Database('sqlite:///' + sys.argv[1], 'office')));"
        "print(migrate.migrations_folder())"
    )
    # Not measured: the copy's lines would be counted beside the package's own.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "bot.db")],
        cwd=tmp_path,
        env=unmeasured | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert done.stdout.strip() == str(site / "bot" / "migrations")
    assert "imports" in schema(tmp_path / "bot.db")


async def test_an_installation_without_its_migrations_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    (empty / "versions").mkdir(parents=True)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: empty)
    with pytest.raises(StorageError, match="install the program again"):
        await bring_up_to_date(database)
