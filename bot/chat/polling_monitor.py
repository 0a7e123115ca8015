"""Watches whether updates come in, and tells when they have not for a while."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from telegram.error import Conflict, TelegramError

from bot.chat import texts
from bot.chat.absence.telling import note_and_tell
from bot.chat.polling import AckAfterHandlingRequest
from bot.chat.telling import tell_admins
from bot.errors import StorageError
from bot.usecases.absence import Fetched
from bot.usecases.heartbeats import rest, watched
from bot.usecases.ports import Clock, Store

_LOG = logging.getLogger(__name__)

#: Seconds between two looks.
EVERY = 15.0
#: How often it is noted when updates were fetched.
NOTED_EVERY = timedelta(minutes=5)
#: Seconds without a successful getUpdates after which this is reported.
SILENT_FOR = 120.0
#: Seconds for which another process has to poll with the same token before admins are told: after a restart one stray
#: conflict is nothing.
CONFLICT_FOR = 60.0


class PollingMonitor:
    """Reports a silence once when it begins and once when it ends."""

    def __init__(
        self,
        polling: AckAfterHandlingRequest,
        store: Store,
        clock: Clock,
    ) -> None:
        self._polling = polling
        self._store = store
        self._clock = clock
        self._silent = False
        self._conflict_told = False
        self._noted = datetime.min.replace(tzinfo=UTC)
        self._failure = ""
        self._failed_at = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        with watched("polling monitor"):
            await self._run()

    async def _run(self) -> None:
        while True:
            await rest(self._clock, asyncio.Event(), EVERY)
            try:
                await self.look()
            except StorageError as error:
                _LOG.warning("admins can't be told: %s", error)

    def polling_failed(self, error: TelegramError) -> None:
        """PTB's error callback, once for every getUpdates that fails: a change of the reason is logged."""
        if isinstance(error, Conflict):
            said = "another process polls with this bot's token; only one of them gets each message"
        else:
            said = str(error) or type(error).__name__
        if said != self._failure:
            _LOG.warning("updates can't be fetched: %s", said)
        self._failure, self._failed_at = said, self._clock.awake()

    async def look(self) -> None:
        """Compare what the polling has seen with what was reported."""
        unheard = self._clock.awake() - self._polling.succeeded_at
        silent = unheard > SILENT_FOR
        if silent and not self._silent:
            _LOG.error("no updates could be fetched for %.0f s: %s", unheard, self._failure or "Telegram is silent")
        elif self._silent and not silent:
            _LOG.info("updates are fetched again")
        self._silent = silent
        await self._note_fetched()
        conflict = self._polling.conflict_seconds
        if not conflict and self._polling.succeeded_at > self._failed_at:
            self._failure = ""
        if not conflict:
            self._conflict_told = False
        elif conflict >= CONFLICT_FOR and not self._conflict_told:
            await self._tell_admins()
            self._conflict_told = True

    async def _note_fetched(self) -> None:
        """Keep down when updates were fetched last, for the next start; and if that was long ago, tell people."""
        since, until = self._polling.fetched_since, self._polling.fetched_at
        if since is None or until is None or until - self._noted < NOTED_EVERY:
            return
        await self._store.write(note_and_tell, Fetched(since, until))
        self._noted = until

    async def _tell_admins(self) -> None:
        await self._store.write(tell_admins, texts.conflict)
