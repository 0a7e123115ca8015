"""Brings the database up to date, all or nothing."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SchemaTooNew, StorageError
from bot.storage.database import Database, explain

_LOG = logging.getLogger(__name__)


def migrations_folder() -> Path:
    """Where the migrations are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # Alembic's options are interpolated, so that a percent sign in a folder's name has to be doubled.
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StorageError("the migrations are missing from this installation: install the program again")
    return head


async def current(database: Database) -> str | None:
    """The database's revision, None when it is empty."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def bring_up_to_date(database: Database) -> None:
    """Run the migrations that are missing, in one transaction.

    Raises ``SchemaTooNew`` for a database that a newer version of this program has written, and ``StorageError`` when
    the database can't be migrated; it is then as it was.
    """
    revision = await current(database)
    if is_up_to_date(revision):
        # A process that died between its migration's end and this has left its copy.
        _forget_copy(database.file)
        return
    await migrate(database, newest(), safely=revision is not None)


def is_up_to_date(revision: str | None) -> bool:
    """Whether a database at this revision needs no migration. Raises ``SchemaTooNew`` for one that is not known."""
    wanted = newest()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaTooNew(
            "the database was written by a newer version of this program: install that version, "
            "or set DATABASE_URL to another database"
        )
    return revision == wanted


async def migrate(database: Database, target: str, *, safely: bool = True) -> None:
    """Go to a revision, up or down (``base`` for an empty database); ``safely`` keeps a copy until it is done."""
    with _copy(database.file if safely else None):
        async with _exclusive(database) as connection:
            await connection.run_sync(_run, target)
    _LOG.info("the database is at revision %s", target)


def _run(connection: Connection, target: str) -> None:
    config = _config(connection)
    now = _revision(connection)
    script = ScriptDirectory.from_config(config)
    ahead = {found.revision for found in script.iterate_revisions("head", now or "base")}
    if target in ahead:
        command.upgrade(config, target)
    else:
        command.downgrade(config, target)


@contextlib.asynccontextmanager
async def _exclusive(database: Database) -> AsyncIterator[AsyncConnection]:
    """One transaction; on SQLite foreign keys are checked before it is committed."""
    if not database.is_sqlite:
        async with database.write() as connection:
            yield connection
        return
    async with database.write_unchecked() as connection:
        yield connection
        broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise StorageError(f"after the migration rows of {broken[0]} would point nowhere; it was undone")


@contextlib.contextmanager
def _copy(file: Path | None) -> Iterator[None]:
    """A verified copy of the database, deleted when all went well; it holds what the database holds, secrets too."""
    if file is None:
        yield
        return
    _forget_copy(file)
    try:
        _copy_verified(file, _copy_of(file))
    except (sqlite3.Error, OSError) as error:
        _forget_copy(file)
        raise StorageError(f"the database could not be copied before its migration: {explain(error)}") from error
    yield
    _forget_copy(file)


def _copy_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.before-migration")


def _copy_verified(file: Path, copy: Path) -> None:
    os.close(os.open(copy, os.O_CREAT | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite3.connect(file)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")


def _forget_copy(file: Path | None) -> None:
    if file is None:
        return
    copy = _copy_of(file)
    for left in (copy, *(copy.with_name(copy.name + side) for side in ("-journal", "-wal", "-shm"))):
        try:
            left.unlink(missing_ok=True)
        except OSError as error:
            _LOG.warning("%s holds what the database holds and could not be deleted: %s", left, error.strerror)
