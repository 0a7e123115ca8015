"""The log in a file that only its owner can read: when it is full it is kept beside the new one, and so are a few."""

from __future__ import annotations

import glob
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

#: Seconds until it is tried again to put a full file aside, where another program keeps it. It grows meanwhile.
AGAIN: Final = 60.0
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class LogFile:
    """Where the log is written, how many bytes a file may have, and how many files there are with the one in use."""

    path: Path
    largest: int
    count: int


class LogFileHandler(logging.Handler):
    """Appends to the file. ``transfer-bot.log`` is in use, ``transfer-bot.log.1`` the one before, and so on.

    One process alone writes it. Raises ``OSError`` where it can't be opened.
    """

    def __init__(self, file: LogFile) -> None:
        super().__init__()
        self._file = file
        self._not_before = 0.0
        file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._stream: TextIO | None = self._open()
        self._remove_surplus()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. What can't be written, as on a full disk, is dropped, and stops nothing."""
        try:
            text = f"{self.format(record)}\n"
            stream = self._stream_for(len(text.encode("utf-8", "backslashreplace")))
            stream.write(text)
            stream.flush()
        except Exception:  # noqa: BLE001 - a log that fails is no reason for anything else to
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing: the inherited method prints message and arguments as they are."""

    def close(self) -> None:
        self.acquire()
        try:
            if self._stream is not None:
                self._stream.close()
                self._stream = None
        finally:
            self.release()
        super().close()

    def _stream_for(self, size: int) -> TextIO:
        """The file that has room for so many bytes."""
        stream = self._stream = self._stream or self._open()
        length = os.fstat(stream.fileno()).st_size
        if not length or length + size <= self._file.largest or time.monotonic() < self._not_before:
            return stream
        stream.close()
        self._stream = None
        try:
            self._put_aside()
        except OSError:
            # Windows renames no file that another program reads.
            self._not_before = time.monotonic() + AGAIN
        self._stream = self._open()
        return self._stream

    def _open(self) -> TextIO:
        descriptor = os.open(self._file.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _PRIVATE)
        try:
            if os.name == "posix":
                # It may have been made by something else.
                os.fchmod(descriptor, _PRIVATE)
            return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace", newline="\n")
        except BaseException:
            os.close(descriptor)
            raise

    def _put_aside(self) -> None:
        """Rename the file, and all before it by one. Where it can't be, they stay as they are."""
        if not self._numbered(0).exists():
            self._file.path.replace(self._numbered(0))
        # From the last one on, which is replaced.
        for number in range(self._file.count - 2, -1, -1):
            if self._numbered(number).exists():
                self._numbered(number).replace(self._numbered(number + 1))
        # Where none is kept beside the one in use.
        self._numbered(0).unlink(missing_ok=True)

    def _numbered(self, number: int) -> Path:
        return self._file.path.with_name(f"{self._file.path.name}.{number}")

    def _remove_surplus(self) -> None:
        """Remove what is left of a time when more files were kept."""
        name = self._file.path.name
        for each in self._file.path.parent.glob(f"{glob.escape(name)}.*"):
            number = each.name.removeprefix(f"{name}.")
            if number.isascii() and number.isdecimal() and int(number) >= self._file.count:
                each.unlink(missing_ok=True)
