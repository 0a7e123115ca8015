"""Migrations: up, down, up with rows in; and on a database that another version has written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
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
from bot.storage.schema import metadata
from bot.storage.work import SqlStore
from tests.storage.migrating import (
    NEXT,
    NOW_THERE,
    PATIENCE,
    ROOT,
    content,
    fill,
    schema,
    schema_of,
)

TRIGGERS = {"audit_not_changed", "audit_not_deleted", "audit_not_replaced", "audit_erased"}


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index uq_drafts_takes_text")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index ix_imports_last_digits")
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

    # A trigger is the migrations' alone: see the tests of the audit.
    made = {name: sql for name, sql in schema_of(file).items() if name not in TRIGGERS}
    assert made == schema_of(models)
    partial = {name for name, sql in made.items() if any(" WHERE " in part for part in sql)}
    assert partial == {
        "ix_drafts_open",
        "ix_drafts_continues",
        "ix_imports_message",
        "uq_drafts_takes_text",
        "ix_drafts_behind",
        "ix_batches_behind",
        "ix_shared_cards_behind",
        "ix_invitations_open",
        "uq_imports_living",
        "ix_imports_kept",
        "ix_imports_key_lost",
        "ix_imports_queue",
        "ix_imports_unsettled",
        "ix_imports_unnamed",
        "uq_access_requests_waiting",
        "ix_imports_ready",
        "ix_imports_wrong_code",
        "ix_feed_events_waiting",
        "ix_imports_given_by",
        "ix_imports_handed",
        "ix_handoff_codes_held",
        "ix_handoff_codes_draft_id",
        "ix_handoff_notices_later_at",
        "ix_held_codes_handoff_id",
        "ix_imports_retry_of",
        "ix_forgotten_imports_code_mask",
    }


async def test_up_down_and_up_again_with_rows_in_ends_where_it_began(database: Database, store: SqlStore) -> None:
    await fill(store)
    assert {table for table, kept in (await content(database)).items() if not kept} == {"audit_erasures"}
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
