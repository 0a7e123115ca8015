"""The backups that the bot makes by itself: one a day, and one before every migration, of which some are kept."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.data_folder import data_folder
from bot.errors import StorageError
from bot.storage.backup_files import UNFINISHED, back_up_sqlite
from bot.storage.database import Database
from bot.storage.server_backup import back_up_server, has_programs

_LOG = logging.getLogger(__name__)

_FORM: Final = "%Y%m%dT%H%M%SZ"
_DAILY: Final = re.compile(r"(\d{8}T\d{6}Z)")
_BEFORE: Final = re.compile(r"before-\d{4}")
#: Seconds after which nobody writes any more what a process has left that was killed over it.
UNFINISHED_FOR: Final = 3600.0


class BackupFolder:
    """``kept``: how many backups of a sort are kept; 0 for none to be made. ``failed`` is why the last one was not."""

    def __init__(self, database: Database, kept: int) -> None:
        self._database = database
        self.kept = kept
        #: ``StorageError.reason`` of a failure that nobody has been told of yet.
        self.failed: str | None = None
        file = database.file
        self.folder = (data_folder() if file is None else file.parent) / "backups"
        self._stem = (database.url.database or "database") if file is None else file.stem
        self._suffix = ".dump" if file is None else ".db"

    @property
    def works(self) -> bool:
        """Whether backups are made by themselves: they are wanted, and on a server its programs are here."""
        return self.kept > 0 and (self._database.is_sqlite or has_programs())

    def newest(self, now: datetime) -> datetime | None:
        """When the newest daily backup was made; None where there is none.

        One from the future does not count: the computer's time was wrong when it was made.
        """
        made = [text for file in self._of(_DAILY) if (text := _made(file)) <= _text(now)]
        return datetime.strptime(max(made), _FORM).replace(tzinfo=UTC) if made else None

    def named(self, now: datetime) -> Path:
        """Where a backup of this moment belongs."""
        return self._file(_text(now))

    async def make_daily(self, now: datetime) -> Path:
        """Make one, and delete the oldest that are too many. Raises ``StorageError``."""
        to = self.named(now)
        rows = await back_up(self._database, to)
        _LOG.info("the database is backed up as %s, with %d rows", to, rows)
        await asyncio.to_thread(self._forget_daily, now)
        return to

    async def make_before(self, target: str) -> None:
        """Make one before a migration. Where that can't be, it is logged, and the migration is made all the same.

        A migration that fails leaves the database as it was; the copy that it puts back where it does not is another.
        """
        if not self.works:
            return
        to = self._file(f"before-{target}")
        try:
            await back_up(self._database, to)
        except StorageError as error:
            self.failed = error.reason
            _LOG.warning("the database was not backed up before its migration: %s", error)
        else:
            _LOG.info("the database is backed up as %s before its migration", to)
            await asyncio.to_thread(self._forget, self._of(_BEFORE))

    def _file(self, when: str) -> Path:
        return self.folder / f"{self._stem}-{when}{self._suffix}"

    def _of(self, sort: re.Pattern[str]) -> Sequence[Path]:
        """Backups of a sort, the oldest first."""
        if not self.folder.is_dir():
            return []
        name = re.compile(rf"{re.escape(self._stem)}-{sort.pattern}{re.escape(self._suffix)}", re.ASCII)
        return sorted(file for file in self.folder.iterdir() if name.fullmatch(file.name))

    def _forget_daily(self, now: datetime) -> None:
        # Those from the future are the first to go: they are older than they say.
        self._forget(sorted(self._of(_DAILY), key=lambda file: (_made(file) <= _text(now), file.name)))
        before = time.time() - UNFINISHED_FOR
        self._delete([left for left in self.folder.glob(f"*{UNFINISHED}*") if _changed_at(left) < before])

    def _forget(self, made: Sequence[Path]) -> None:
        self._delete(made[: -self.kept])

    def _delete(self, files: Sequence[Path]) -> None:
        for old in files:
            try:
                old.unlink(missing_ok=True)
            except OSError as error:
                _LOG.warning("the old backup %s can't be deleted: %s", old, error.strerror)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_FORM)


def _made(daily: Path) -> str:
    """When a daily backup was made, as its name says it."""
    found = _DAILY.search(daily.name)
    return found[1] if found else ""


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return time.time()


async def back_up(database: Database, to: Path) -> int:
    """Back a database up, whichever kind it is, while others write; how many rows it has. Raises ``StorageError``."""
    if database.file is not None:
        return await asyncio.to_thread(back_up_sqlite, database.file, to)
    return await asyncio.to_thread(back_up_server, database.engine, to)
