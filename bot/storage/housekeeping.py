"""What must end by itself: drafts nobody answers, updates that can't come again, and deleted secrets on the disk."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.traces import wipe_traces
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_queue import give_up_missing_proxies
from bot.usecases.ports import Clock
from bot.usecases.records import DraftState

_LOG = logging.getLogger(__name__)

DRAFT_LIFE = timedelta(days=1)
#: Telegram keeps an update for 24 hours; the rest is for clocks that differ.
UPDATE_LIFE = timedelta(days=2)
#: Seconds between two rounds.
ROUND = 300.0
#: Seconds between two times that the traces of secrets are wiped.
AGAIN = 1.0


class Housekeeping:
    """Runs beside everything else, and ends what nobody ends."""

    def __init__(self, database: Database, store: SqlStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        # A process that died may have left traces of deleted secrets.
        self._database.secrets_deleted.set()
        while True:
            try:
                await self.tidy()
                await self._wipe_until(ROUND)
            except StorageError as error:
                _LOG.warning("tidying the database has to wait: %s", error)
                await self._clock.wait(asyncio.Event(), AGAIN)

    async def tidy(self) -> None:
        """One round: expire, give up, forget."""
        await self._store.write(_tidy)

    async def _wipe_until(self, seconds: float) -> None:
        """Wipe the traces of secrets whenever some have been deleted, again until nobody is in the way."""
        end = self._clock.awake() + seconds
        while (left := end - self._clock.awake()) > 0:
            if not await self._clock.wait(self._database.secrets_deleted, left):
                return
            self._database.secrets_deleted.clear()
            emptied = False
            try:
                emptied = await wipe_traces(self._database)
            finally:
                if not emptied:
                    self._database.secrets_deleted.set()
            await self._clock.wait(asyncio.Event(), AGAIN)


def _tidy(work: SqlWork) -> None:
    for stored in work.drafts.unanswered_since(work.now - DRAFT_LIFE):
        work.drafts.close(stored.id, DraftState.EXPIRED, work.now)
        work.signals.chat_behind(stored.where.chat_id)
    give_up_missing_proxies(work)
    work.updates.forget_older_than(work.now - UPDATE_LIFE)
