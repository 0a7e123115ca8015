"""What must end by itself: drafts nobody answers, updates that can't come again, and deleted secrets on the disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.errors import StorageError
from bot.storage.batches import SqlBatches
from bot.storage.database import Database
from bot.storage.drafts import SqlDrafts
from bot.storage.secrets import Secrets
from bot.storage.traces import wipe_traces
from bot.storage.updates import SqlUpdates
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
    """``tell`` is called with the chats whose cards have fallen behind."""

    def __init__(self, database: Database, clock: Clock, tell: Callable[[int], None]) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell

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
        now = self._clock.now()
        async with self._database.write() as connection:
            chats = set()
            secrets = Secrets(connection)
            drafts = SqlDrafts(connection, secrets)
            batches = SqlBatches(connection, self._database.station, secrets)
            for stored in await drafts.unanswered_since(now - DRAFT_LIFE):
                await drafts.close(stored.id, DraftState.EXPIRED, now)
                chats.add(stored.where.chat_id)
            for batch_id, chat_id in (await batches.proxies_missing_since(now - DRAFT_LIFE)).items():
                await batches.give_up_proxy(batch_id)
                await batches.wipe_if_ended(batch_id)
                await batches.bump(batch_id)
                chats.add(chat_id)
            await SqlUpdates(connection).forget_older_than(now - UPDATE_LIFE)
        if secrets.deleted:
            self._database.secrets_deleted.set()
        for chat_id in chats:
            self._tell(chat_id)

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
