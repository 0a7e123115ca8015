"""The file of an SQLite database: whether it can be written, and that it is its owner's alone."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from bot.errors import StorageError


def is_writable(path: Path) -> bool:
    """Whether this process may write there, with the rights that it has now."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def make_private(file: Path) -> None:
    """Make the database file for its owner alone; SQLite gives its side files the same mode."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            # Never opened where it is there: closing it would give up the locks that SQLite has on it in this process.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(
            f"the database file {file} can't be opened ({error.strerror}): check DATABASE_URL and the folder's rights"
        ) from error
    # One that was put here by other means, such as a backup, may be open to others.
    for existing in (file, *(file.with_name(file.name + side) for side in ("-wal", "-shm"))):
        with contextlib.suppress(FileNotFoundError, PermissionError):
            existing.chmod(existing.stat().st_mode & 0o700)
