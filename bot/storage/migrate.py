"""Brings the database up to date, all or nothing."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.errors import SchemaTooNew, StorageError
from bot.storage.backup_folder import BackupFolder
from bot.storage.database import Database
from bot.storage.migration_copy import forget_copy, is_whole, make_copy, restore_copy
from bot.storage.unlocking import unlock, wipe_plain_text

_LOG = logging.getLogger(__name__)

#: A migration's file: the revision, then what it is about.
_MIGRATION: Final = re.compile(r"([0-9]{4})_\w+\.py", re.ASCII)
#: PostgreSQL's lock under which migrations run: a number of this program's own.
_MIGRATION_LOCK: Final = 7_668_682_889


def migrations_folder() -> Path:
    """Where the migrations are: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def newest() -> str:
    """The revision that this program works with: the last migration's.

    Read from the names of the files, since importing Alembic costs a fifth of a second at every start.
    """
    files = (migrations_folder() / "versions").iterdir()
    revisions = [found[1] for file in files if (found := _MIGRATION.fullmatch(file.name))]
    if not revisions:
        raise StorageError("the migrations are missing from this installation: install the program again")
    return max(revisions)


async def current(database: Database) -> str | None:
    """The database's revision, None when it is empty."""
    return await database.read(_revision)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


async def bring_up_to_date(database: Database, backups: BackupFolder | None = None) -> None:
    """Find the key, run the migrations that are missing in one transaction, and leave no plain text of before.

    A database that holds something is backed up into ``backups`` before.

    Raises ``SchemaTooNew`` for a database that a newer version of this program has written, ``KeyMissing`` and
    ``WrongKey`` for one whose key is not here, and ``StorageError`` when the database can't be migrated; it is then as
    it was.
    """
    revision = await current(database)
    up_to_date = is_up_to_date(revision)
    await unlock(database)
    if not up_to_date:
        if revision is not None and backups is not None:
            await backups.make_before(newest())
        await migrate(database, newest(), safely=revision is not None)
        # Another process may have been first, with a key of its own.
        await unlock(database)
    await wipe_plain_text(database)


def is_up_to_date(revision: str | None) -> bool:
    """Whether a database at this revision needs no migration. Raises ``SchemaTooNew`` for one that is not known."""
    if revision == newest():
        return True
    from bot.storage.alembic_runner import known_revisions  # noqa: PLC0415 - Alembic is needed by few starts

    if revision is not None and revision not in known_revisions(migrations_folder()):
        raise SchemaTooNew(
            "the database was written by a newer version of this program: install that version, "
            "or set DATABASE_URL to another database"
        )
    return False


async def migrate(database: Database, target: str, *, safely: bool = True) -> None:
    """Go to a revision, up or down (``base`` for an empty database); ``safely`` makes a copy of an SQLite file first.

    The copy stays until the bot serves: see ``migration_copy``. The database's key is known by now.
    """
    from bot.storage.alembic_runner import go_to  # noqa: PLC0415 - Alembic is needed by few starts

    def work(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            # Of two that start at the same moment the second finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        go_to(connection, migrations_folder(), target, now=_revision(connection), cipher=database.cipher)
        if connection.dialect.name == "sqlite":
            _check_foreign_keys(connection)

    file = database.file
    if file is None or not safely:
        await database.write_unchecked(work)
    else:
        await asyncio.to_thread(make_copy, file, database.cipher)
        try:
            await database.write_unchecked(work)
        except BaseException:
            await _restore_if_broken(database, file)
            raise
    _LOG.info("the database is at revision %s", target)


async def _restore_if_broken(database: Database, file: Path) -> None:
    """After a migration that failed the database is as it was; where it is not, the copy takes its place."""
    whole = await asyncio.to_thread(is_whole, file)
    if whole:
        forget_copy(file)
    if whole is not False:
        return
    await database.close()
    await asyncio.to_thread(restore_copy, file, database.cipher)
    _LOG.error("the migration has left the database broken: it has been put back as it was before")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageError(f"after the migration rows of {broken[0]} would point nowhere; it was undone")
