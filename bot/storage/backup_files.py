"""Backups of an SQLite database: a whole file of their own, made while others write, and looked through afterwards.

A backup holds what the database holds: codes and passwords as ciphertext, and not the key. What was deleted is not in
it: its pages are written anew where some are free.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.errors import StorageError
from bot.storage.faults import fault_of

#: Seconds for which another process's lock is waited for.
LOCK_WAIT = 5.0
#: The end of the name of what is being made.
UNFINISHED = ".part"


def part_of(file: Path) -> Path:
    """Where a backup is made, until it is known to be good."""
    return file.with_name(f"{file.name}{UNFINISHED}")


def back_up_sqlite(source: Path, to: Path) -> int:
    """Back a database up, over what is at ``to``; how many rows it has. The file is on the disk when this returns.

    It is opened once more and counted before it takes its place. Raises ``StorageError``.
    """
    part = part_of(to)
    with failures_told():
        make_private(part)
        try:
            before = _copy(source, part)
            _shrink(part)
            found = look_through(part)
            if found != before:
                raise StorageError("the backup does not hold what the database held: nothing was kept of it")
            put_in_place(part, to)
        finally:
            part.unlink(missing_ok=True)
    return sum(found.values())


def make_private(file: Path) -> None:
    """An empty file that only this user can read, in a folder that is made for it where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def put_in_place(part: Path, to: Path) -> None:
    """Have a file that is complete on the disk, under its name."""
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(to)


@contextlib.contextmanager
def failures_told(what: str = "the backup can't be written") -> Iterator[None]:
    """Raise a ``StorageError`` for what the disk or SQLite do."""
    try:
        yield
    except sqlite3.Error as error:
        raise fault_of(error) from error
    except OSError as error:
        reason = "disk_full" if error.errno == errno.ENOSPC else ""
        raise StorageError(f"{what} ({error.strerror})", reason) from error


def look_through(file: Path) -> Mapping[str, int]:
    """How many rows each table of a database file has that nobody writes to. Raises ``sqlite3.Error`` for a bad one."""
    # Nothing is made beside it, and nothing changed.
    with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as found:
        if found.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
        return _counts(found)


def _copy(source: Path, to: Path) -> Mapping[str, int]:
    """Copy one state of the database; how many rows its tables have in that."""
    with (
        contextlib.closing(sqlite3.connect(source, timeout=LOCK_WAIT, isolation_level=None)) as database,
        contextlib.closing(sqlite3.connect(to, isolation_level=None)) as copy,
    ):
        # What is read first is what is copied: both see the state of this transaction.
        database.execute("BEGIN")
        counts = _counts(database)
        if "installation" not in counts:
            # Until then an earlier version kept secrets in plain text.
            raise StorageError("the database is not up to date: start the bot once before")
        database.backup(copy)
        database.execute("ROLLBACK")
    return counts


def _shrink(file: Path) -> None:
    """Leave nothing in the copy of what was deleted, and have it be one file without a write-ahead log."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA synchronous=OFF")
        copy.execute("PRAGMA secure_delete=ON")
        if copy.execute("PRAGMA freelist_count").fetchone() != (0,):
            copy.execute("VACUUM")


def _counts(database: sqlite3.Connection) -> Mapping[str, int]:
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = [name for (name,) in tables.fetchall()]
    # The names are the database's own.
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
