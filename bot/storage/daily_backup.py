"""Makes a backup of the database once a day, and has it told when that can't be done any more, or can again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.errors import StorageError
from bot.storage.backup_folder import BackupFolder
from bot.usecases.heartbeats import rest, waiting, watched
from bot.usecases.ports import Clock

_LOG = logging.getLogger(__name__)

EVERY = timedelta(days=1)
#: Seconds between two looks whether it is time, and before the first: a start has other things to do.
LOOK_EVERY = 300.0
#: Seconds after which a backup that failed is tried again.
AGAIN = 3600.0
#: Seconds after which one that is being made hangs: far more than a large database on a slow disk takes.
MADE_WITHIN = 7200.0

#: Is told what became of a backup: why it was not made, as ``StorageError.reason``, or None when it was.
Told = Callable[[str | None], Awaitable[None]]


class DailyBackup:
    """Runs beside everything else."""

    def __init__(self, folder: BackupFolder, clock: Clock, told: Told) -> None:
        self._folder = folder
        self._clock = clock
        self._told = told
        self._not_before = clock.awake()

    async def run(self) -> None:
        """Until cancelled."""
        if self._folder.kept and not self._folder.works:
            _LOG.warning("no backups are made: PostgreSQL's programs pg_dump and pg_restore are not on this computer")
        with watched("daily backup"):
            while True:
                await rest(self._clock, asyncio.Event(), LOOK_EVERY)
                try:
                    await self.look()
                except (StorageError, OSError) as error:
                    _LOG.warning("whether backups are made can't be told: %s", error)

    async def look(self) -> None:
        """Make a backup if it is time. Raises ``StorageError`` where it can't be told what became of it."""
        failed, self._folder.failed = self._folder.failed, None
        if failed is not None:
            await self._told(failed)
        now = self._clock.now()
        newest = self._folder.newest(now) if self._folder.works else now
        is_fresh = newest is not None and now - newest < EVERY
        if is_fresh or self._clock.awake() < self._not_before:
            return
        try:
            with waiting(MADE_WITHIN):
                await self._folder.make_daily(now)
        except StorageError as error:
            self._not_before = self._clock.awake() + AGAIN
            _LOG.error("the database could not be backed up: %s", error)
            await self._told(error.reason)
        else:
            await self._told(None)
