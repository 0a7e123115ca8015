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
    copy = copy_of(file)
    forget_copy(file)
    try:
        with contextlib.closing(sqlite3.connect(file)) as source:
            content = source.serialize()
        with os.fdopen(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
            made.write(cipher.encrypt_bytes(content))
            made.flush()
            os.fsync(made.fileno())
        _check(read_copy(file, cipher))
    except (sqlite3.Error, OSError, MemoryError) as error:
        forget_copy(file)
        raise StorageError(f"the database could not be copied before its migration: {explain(error)}") from error


def read_copy(file: Path, cipher: Cipher) -> bytes:
    """The database that was copied, as the bytes of an SQLite file."""
    return cipher.decrypt_bytes(copy_of(file).read_bytes())


def restore_copy(file: Path, cipher: Cipher) -> None:
    """Put the copied database back in place of the one that is there. Nobody may have that open."""
    content = read_copy(file, cipher)
    restored = file.with_name(f"{file.name}.restored")
    restored.unlink(missing_ok=True)
    with os.fdopen(os.open(restored, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
        made.write(content)
        made.flush()
        os.fsync(made.fileno())
    for side in ("-wal", "-shm", "-journal"):
        file.with_name(file.name + side).unlink(missing_ok=True)
    restored.replace(file)


def forget_copy(file: Path) -> None:
    """Delete the copy, if there is one."""
    copy = copy_of(file)
    # Earlier versions left side files of a copy that was a database itself.
    for left in (copy, *(copy.with_name(copy.name + side) for side in ("-journal", "-wal", "-shm"))):
        try:
            left.unlink(missing_ok=True)
        except OSError as error:
            _LOG.warning("%s holds what the database held and could not be deleted: %s", left, error.strerror)


def is_whole(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with the database file."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as database:
            return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _check(content: bytes) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        # In memory SQLite can't open what says that it has a write-ahead log (sqlite.org/fileformat.html, section 1.3).
        copy.deserialize(content[:18] + b"\x01\x01" + content[20:])
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("database disk image is malformed")
