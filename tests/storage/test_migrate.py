"""Migrations: up, down, up with rows in; all or nothing; on a database that another version has written."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, delete, insert, select, text

from bot.domain.draft import Draft
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.remote_lists import Listing
from bot.errors import SchemaTooNew, StorageError
from bot.storage import migrate
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder
from bot.storage.migrate import bring_up_to_date, current, migrations_folder, newest
from bot.storage.tables import batches, drafts, imports, metadata
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import (
    CODE,
    CUSTOM,
    EXTRACTION,
    MAI,
    NOW,
    OTHER,
    STATION,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rows,
)

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0

#: The newest revision that there is, and one more.
NOW_THERE = newest()
NEXT = f"{int(NOW_THERE) + 1:04}"

#: A migration that rebuilds a table on which others depend, as SQLite needs it for almost any change.
SECOND = f'''
"""Drafts have a mood."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{NOW_THERE}"


def changed_drafts():
    return op.batch_alter_table("drafts", recreate="always" if op.get_bind().dialect.name == "sqlite" else "never")


def upgrade() -> None:
    with changed_drafts() as drafts:
        drafts.add_column(sa.Column("mood", sa.Text(), nullable=False, server_default="calm"))


def downgrade() -> None:
    with changed_drafts() as drafts:
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
    (folder / "versions" / f"{NEXT}_moods.py").write_text(second, "utf-8")
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
        work.lists.request(frozenset({Listing.GROUPS}), NOW)
        work.owner.note(7)
        Holder(HUB).take(work.connection)

    await store.write(change)


async def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of the models."""

    def look(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

    return await database.read(look)


async def schema(database: Database) -> dict[str, Sequence[str]]:
    """What every table, index and constraint is made of, whatever the order and the line breaks."""
    if database.file is not None:
        return schema_of(database.file)
    parts = """
        SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
        UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass
    """
    return await database.read(lambda connection: {row[0]: [row[1]] for row in connection.execute(text(parts))})


def schema_of(file: Path) -> dict[str, Sequence[str]]:
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


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index uq_drafts_takes_text")
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

    assert schema_of(file) == schema_of(models)
    partial = {name for name, sql in schema_of(file).items() if any(" WHERE " in part for part in sql)}
    assert partial == {
        "ix_drafts_open",
        "uq_drafts_takes_text",
        "ix_drafts_behind",
        "ix_batches_behind",
        "uq_imports_living",
        "ix_imports_kept",
        "ix_imports_key_lost",
        "ix_imports_queue",
        "ix_imports_unsettled",
        "ix_imports_unnamed",
    }


async def test_up_down_and_up_again_with_rows_in_ends_where_it_began(database: Database, store: SqlStore) -> None:
    await fill(store)
    assert all((await content(database)).values())
    before = await schema(database)

    try:
        await migrate.migrate(database, "base")
        assert await schema(database) == {}
        assert await current(database) is None
    finally:
        # A server's database is there for the next test too.
        await bring_up_to_date(database)
    assert await schema(database) == before
    assert {table for table, kept in (await content(database)).items() if kept} == {"installation"}
    await fill(store)


async def test_a_table_that_is_changed_keeps_its_rows_and_those_that_depend_on_it(
    database: Database, store: SqlStore, second: Path
) -> None:
    del second
    await fill(store)
    before, tables = await content(database), await schema(database)

    await bring_up_to_date(database)
    try:
        assert await current(database) == newest() == NEXT
        assert await content(database) == before
        moods = await database.read(lambda connection: connection.scalars(text("SELECT mood FROM drafts")).all())
        assert set(moods) == {"calm"}
    finally:
        await migrate.migrate(database, NOW_THERE)
    assert await content(database) == before
    assert await schema(database) == tables


@pytest.mark.usefixtures("file")
async def test_foreign_keys_are_on_again_after_a_migration(database: Database, second: Path) -> None:
    del second
    await bring_up_to_date(database)
    assert await database.read(lambda connection: connection.scalar(text("PRAGMA foreign_keys"))) == 1


async def test_a_database_that_is_up_to_date_is_left_alone(database: Database, store: SqlStore) -> None:
    async def state() -> tuple[dict[str, Any], dict[str, Any]]:
        return await schema(database), await content(database)

    await fill(store)
    before = await state()
    await bring_up_to_date(database)
    assert await state() == before


async def test_imports_of_the_first_revision_are_there_in_every_state_and_none_has_been_changed_yet(
    empty_url: str,
) -> None:
    database = Database(empty_url, STATION)
    await migrate.migrate(database, "0001", safely=False)
    card = {"user_id": 1, "chat_id": 1, "language": "en", "repost": False, "revision": 1, "shown_revision": 1}
    common = {
        "user_id": 1, "user_name": "Ana", "chat_id": 1, "proxy": "extraction", "draft_id": 1, "batch_id": 1,
        "station": STATION, "profile_name": "店铺", "error_message": "<b>", "waiting_since": NOW, "held": False,
        "cancel_wanted": True, "without_proxy": True, "attempts": 3, "unanswered": 2, "restricted": 1,
        "created_at": NOW, "sent_at": NOW, "finished_at": NOW, "profile_id": 5, "record_id": 6, "verdict": "failed",
        "waiting_for": "away", "error_code": 1008, "group_id": 7, "group_title": "Shops", "thread_id": 8,
        "retry_of": None,
    }  # fmt: skip
    kinds = [(status, link) for status in Status for link in (None, *ProxyStatus)]
    written = [
        {**common, "id": number, "transfer_code": f"{number:08}-00000000", "status": status, "proxy_status": link}
        for number, (status, link) in enumerate(kinds, start=1)
    ]

    def fill_first(connection: Connection) -> None:
        connection.execute(insert(drafts).values(**card, state="confirmed", answers={}, created_at=NOW, updated_at=NOW))
        choices = {"proxy": {"kind": "extraction"}, "bypass": [], "confirmed_at": NOW}
        connection.execute(insert(batches).values(**card, **choices, draft_id=1, waited=False, announced=False))
        connection.execute(insert(imports), written)

    await database.write(fill_first)
    await bring_up_to_date(database)
    assert await current(database) == newest()
    assert await rows(database, imports) == [row | {"version": 0} for row in written]

    def save(work: SqlWork) -> list[tuple[Status, ProxyStatus | None]]:
        found = work.imports.lock_batch(1)
        work.imports.save(found)
        return [(row.state.status, row.state.proxy_status) for row in found]

    assert await SqlStore(database).write(save) == kinds
    assert await rows(database, imports) == [row | {"version": 1} for row in written]
    await database.close()


# --- all or nothing ---------------------------------------------------------------------------------------------------


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


async def test_before_a_migration_a_verified_copy_is_made_that_only_its_owner_can_read(
    database: Database, store: SqlStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(store)
    failing = folder_with(tmp_path / "failing", THEN_FAILS)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: failing)
    with pytest.raises(StorageError):
        await bring_up_to_date(database)

    copy = file.with_name("bot.db.before-migration")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copied = Database(f"sqlite:///{copy}", STATION)
    assert await content(copied) == await content(database)
    await copied.close()

    monkeypatch.undo()
    await bring_up_to_date(database)
    assert copies(file) == []


async def test_a_migration_of_a_damaged_database_is_not_begun(
    database: Database, store: SqlStore, file: Path, second: Path
) -> None:
    del second
    await fill(store)
    await database.close()
    # The root of some table, whose content no longer makes sense.
    with closing(sqlite3.connect(file)) as connection:
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'imports'")
        [(size,)] = connection.execute("PRAGMA page_size")
    with file.open("r+b") as damaged:
        damaged.seek((root - 1) * size)
        damaged.write(b"\xff" * 64)

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


def killed_within(url: str, folder: Path) -> None:
    """A process that migrates, killed while it is in the middle of it."""
    script = (
        "import asyncio, sys; from pathlib import Path; from bot.storage import migrate;"
        "from bot.storage.database import Database;"
        "migrate.migrations_folder = lambda: Path(sys.argv[2]);"
        "asyncio.run(migrate.bring_up_to_date(Database(sys.argv[1], 'office')))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, url, str(folder)],
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
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(database_url, STATION)
    await fill(SqlStore(database))
    # More than fits into SQLite's cache, so that what is not committed has reached the disk.
    one = (await rows(database, drafts))[0]
    like = {column.key: one[column.name] for column in drafts.columns if column is not drafts.c.id}
    many = [{**like, "state": "cancelled", "chat_id": number, "answers": "x" * 1200} for number in range(4000)]
    await database.write(lambda connection: connection.execute(insert(drafts), many))
    before, tables = await content(database), await schema(database)
    await database.close()

    killed_within(database_url, folder_with(tmp_path / "hanging", THEN_HANGS))

    if database.file is not None:
        assert database.file.with_name("bot.db-wal").stat().st_size > 1_000_000
        with closing(sqlite3.connect(database.file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again = Database(database_url, STATION)
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
        assert copies(database.file) == []


async def test_the_copy_of_a_process_that_died_just_after_its_migration_is_deleted(
    database: Database, file: Path
) -> None:
    for side in ("", "-wal", "-journal"):
        (file.parent / f"bot.db.before-migration{side}").write_bytes(b"what the database held")
    await bring_up_to_date(database)
    assert copies(file) == []


# --- other versions ---------------------------------------------------------------------------------------------------


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database, store: SqlStore) -> None:
    def set_revision(connection: Connection, revision: str) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    await fill(store)
    await database.write(lambda connection: set_revision(connection, "9999"))
    before = await content(database)

    with pytest.raises(SchemaTooNew, match="written by a newer version of this program: install that version"):
        await bring_up_to_date(database)
    assert await content(database) == before
    await database.write(lambda connection: set_revision(connection, NOW_THERE))


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
    assert "imports" in schema_of(tmp_path / "bot.db")


async def test_an_installation_without_its_migrations_says_so(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    (empty / "versions").mkdir(parents=True)
    monkeypatch.setattr(migrate, "migrations_folder", lambda: empty)
    with pytest.raises(StorageError, match="install the program again"):
        await bring_up_to_date(database)
