"""The log in a file that only its owner can read: when it is full it is kept beside the new one, and so are a few."""

from __future__ import annotations

import glob
import logging
import os
import time
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

#: Seconds until it is tried again to put a full file aside, where another program keeps it. It grows meanwhile.
AGAIN: Final = 60.0
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class LogFile:
    """Where the log is written, how many bytes a file may have, and how many files there are with the one in use."""

    path: Path
    largest: int
    count: int


class LogFileHandler(RotatingFileHandler):
    """Appends to the file. ``transfer-bot.log`` is in use, ``transfer-bot.log.1`` the one before, and so on.

    One process alone writes it. What can't be written, as on a full disk, is dropped, and stops nothing. Raises
    ``OSError`` where it can't be opened.
    """

    def __init__(self, file: LogFile) -> None:
        file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(file.path)
        # Opened by the first record: whatever opens it finds it made and private.
        super().__init__(
            file.path,
            maxBytes=file.largest,
            backupCount=file.count - 1,
            encoding="utf-8",
            errors="backslashreplace",
            delay=True,
        )
        self._path = file.path
        self._not_before = 0.0
        _remove_surplus(file)

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's name
        """Never an empty file: until Python 3.13 a record that is larger than a file may be puts one aside."""
        in_use = self._path.exists() and self._path.stat().st_size > 0
        return in_use and time.monotonic() >= self._not_before and bool(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        try:
            super().doRollover()
            if not self.backupCount:
                # The inherited method would go on with the same file then.
                self._path.unlink(missing_ok=True)
        except OSError:
            # Windows renames no file that another program reads.
            self._not_before = time.monotonic() + AGAIN
        _make_private(self._path)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing: the inherited method prints message and arguments as they are."""


def _make_private(path: Path) -> None:
    """See that it is there, and its owner's alone, also where something else has made it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)
    try:
        if os.name == "posix":
            os.fchmod(descriptor, _PRIVATE)
    finally:
        os.close(descriptor)


def _remove_surplus(file: LogFile) -> None:
    """Remove what is left of a time when more files were kept."""
    name = file.path.name
    for each in file.path.parent.glob(f"{glob.escape(name)}.*"):
        number = each.name.removeprefix(f"{name}.")
        if number.isascii() and number.isdecimal() and not 0 < int(number) < file.count:
            each.unlink(missing_ok=True)
