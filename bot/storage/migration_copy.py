"""An encrypted copy of an SQLite database, made before a migration and kept until the bot serves with the new one."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from pathlib import Path

from bot.errors import StorageError
from bot.storage.encryption import Cipher
from bot.storage.faults import explain

_LOG = logging.getLogger(__name__)


def copy_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.before-migration")


def make_copy(file: Path, cipher: Cipher) -> None:
    """Copy the database. The copy has been read back, and what it holds looked through, when this returns.

    It is made in memory, so that nothing of it is on the disk in plain text. Raises ``StorageError``.
    """
    unfinished = _unfinished(file)
    try:
        with contextlib.closing(sqlite3.connect(file)) as source:
            content = source.serialize()
        _write(unfinished, cipher.encrypt_bytes(content))
        _check(cipher.decrypt_bytes(unfinished.read_bytes()))
        # Until here the copy of a migration that did not come to its end stays: it may be the better one.
        _forget_side_files(file)
        unfinished.replace(copy_of(file))
    except (sqlite3.Error, OSError, MemoryError) as error:
        _delete(unfinished)
        raise StorageError(f"the database could not be copied before its migration: {explain(error)}") from error


def read_copy(file: Path, cipher: Cipher) -> bytes:
    """The database that was copied, as the bytes of an SQLite file."""
    return cipher.decrypt_bytes(copy_of(file).read_bytes())


def _write(file: Path, content: bytes) -> None:
    """A new file of this user's own, which is on the disk when this returns."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
        made.write(content)
        made.flush()
        os.fsync(made.fileno())


def restore_copy(file: Path, cipher: Cipher) -> None:
    """Put the copied database back in place of the one that is there. Nobody may have that open."""
    restored = _restored(file)
    _write(restored, read_copy(file, cipher))
    for side in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + side).unlink(missing_ok=True)
    restored.replace(file)


def forget_copy(file: Path) -> None:
    """Delete the copy, if there is one, and what a process has left that died while it made or used it."""
    for left in (copy_of(file), _unfinished(file), _restored(file)):
        _delete(left)
    _forget_side_files(file)


def _forget_side_files(file: Path) -> None:
    """Earlier versions left side files of a copy that was a database itself."""
    copy = copy_of(file)
    for side in ("-journal", "-wal", "-shm"):
        _delete(copy.with_name(copy.name + side))


def _delete(left: Path) -> None:
    try:
        left.unlink(missing_ok=True)
    except OSError as error:
        _LOG.warning("%s holds what the database held and could not be deleted: %s", left, error.strerror)


def _unfinished(file: Path) -> Path:
    return file.with_name(f"{copy_of(file).name}.part")


def _restored(file: Path) -> Path:
    return file.with_name(f"{file.name}.restored")


def is_whole(file: Path) -> bool | None:
    """Whether SQLite finds nothing wrong with the database file; None where it can't tell."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as database:
            return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        return False if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} else None


def _check(content: bytes) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        # In memory SQLite can't open what says that it has a write-ahead log (sqlite.org/fileformat.html, 1.3).
        copy.deserialize(content[:18] + b"\x01\x01" + content[20:])
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
