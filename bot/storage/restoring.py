"""Puts a backup in the place of an SQLite database, and keeps what was there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Refused
from bot.storage.backup_files import failures_told, look_through

_SIDES = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Found:
    """What a backup says of itself. ``bot_id`` is None where no bot has served from it."""

    revision: str
    bot_id: int | None
    key_check: bytes | None
    rows: int


def take_in(backup: Path, file: Path) -> tuple[Path, Found]:
    """A copy of the backup beside the database, looked through, and what it says.

    Raises ``Refused`` for what is no backup of this program's, and ``StorageError``.
    """
    if backup.exists() and file.exists() and backup.samefile(file):
        raise Refused("This is the database itself: nothing was changed.")
    part = file.with_name(f"{file.name}.restored")
    with failures_told("the backup can't be copied to the database's folder"):
        try:
            _copy(backup, part)
            with contextlib.closing(sqlite3.connect(part, isolation_level=None)) as found:
                # What a plain copy has left in its write-ahead log belongs to it.
                found.execute("PRAGMA journal_mode=DELETE")
            return part, read_backup(part, backup)
        except sqlite3.Error as error:
            drop(part)
            raise Refused(f"{backup} can't be read, or is damaged ({error}): nothing was changed.") from None
        except BaseException:
            drop(part)
            raise


def _copy(backup: Path, to: Path) -> None:
    drop(to)
    for side in ("", "-wal"):
        source = backup.with_name(backup.name + side)
        if side and not source.exists():
            continue
        target = to.with_name(to.name + side)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(source, target)


def read_backup(file: Path, backup: Path) -> Found:
    """What a database file says of itself that nobody writes to; ``backup`` is what it was before.

    Raises ``Refused`` for what is no backup of this program's, and ``sqlite3.Error``.
    """
    counts = look_through(file)
    if not {"alembic_version", "installation", "owner"} <= counts.keys():
        raise Refused(f"{backup} is no backup of this bot's: nothing was changed.")
    with contextlib.closing(sqlite3.connect(file)) as found:
        revision = found.execute("SELECT version_num FROM alembic_version").fetchone()
        owner = found.execute("SELECT bot_id FROM owner").fetchone()
        check = found.execute("SELECT key_check FROM installation").fetchone()
    if revision is None or check is None:
        raise Refused(f"{backup} is no backup of this bot's: nothing was changed.")
    return Found(str(revision[0]), None if owner is None else owner[0], check[0], sum(counts.values()))


def drop(part: Path) -> None:
    """Leave nothing of a copy that is not used."""
    for side in ("", *_SIDES):
        part.with_name(part.name + side).unlink(missing_ok=True)


def replace_database(part: Path, file: Path, now: datetime) -> Path | None:
    """Put the copy in the place of the database, which nobody has open; what was there, None where there was none.

    At each moment a whole database is in that place. Raises ``StorageError``.
    """
    kept = None
    with failures_told("the database can't be replaced"):
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        if file.exists():
            # To the microsecond, so that none has the name of another.
            kept = file.with_name(f"{file.name}.replaced-{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}")
            with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(file)) as old:
                # As far as it can be read, it is one file from here on.
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for side in ("", *_SIDES):
                _keep(file.with_name(file.name + side), kept.with_name(kept.name + side))
        for side in _SIDES:
            file.with_name(file.name + side).unlink(missing_ok=True)
        part.replace(file)
    return kept


def _keep(source: Path, to: Path) -> None:
    """The same file under a second name; a copy where the disk knows no second names."""
    if not source.exists():
        return
    try:
        os.link(source, to)
    except OSError:
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(source, to)
