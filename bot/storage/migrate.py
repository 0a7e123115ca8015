"""Brings the database up to date, all or nothing."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.errors import SchemaTooNew, StorageError
from bot.storage.database import Database
from bot.storage.faults import explain

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
    """Go to a revision, up or down (``base`` for an empty database); ``safely`` keeps a copy until it is done."""
    from bot.storage.alembic_runner import go_to  # noqa: PLC0415 - Alembic is needed by few starts

    def work(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            # Of two that start at the same moment the second finds nothing to do.
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        go_to(connection, migrations_folder(), target, now=_revision(connection))
        if connection.dialect.name == "sqlite":
            _check_foreign_keys(connection)

    with _copy(database.file if safely else None):
        await database.write_unchecked(work)
    _LOG.info("the database is at revision %s", target)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
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
