"""Watches whether updates come in, and tells when they have not for a while."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from telegram.error import Conflict, TelegramError

from bot.chat.absence.telling import note_and_tell
from bot.chat.alerts.telling import alone_and_tell, shared_and_tell
from bot.chat.polling import AckAfterHandlingRequest
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


class PollingMonitor:
    """Reports a silence once when it begins and once when it ends, and another process that polls with this token."""

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
        self._held = self._is_alone_noted = self._is_calm_noted = False
        self._noted = datetime.min.replace(tzinfo=UTC)
        self._failure = ""
        self._failed_at = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        with watched("polling monitor"):
            await self._run()

    async def _run(self) -> None:
        while True:
            changed = self._polling.conflicts.changed
            await rest(self._clock, changed, EVERY)
            changed.clear()
            try:
                await self.look()
            except StorageError as error:
                _LOG.warning("what Telegram answers can't be noted, nor told to admins: %s", error)

    def polling_failed(self, error: TelegramError) -> None:
        """PTB's error callback, once for every getUpdates that fails: a change of the reason is logged."""
        if isinstance(error, Conflict):
            return
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
        if self._polling.succeeded_at > self._failed_at:
            self._failure = ""
        # What holds imports back comes first.
        await self._note_conflict()
        await self._note_fetched()

    async def _note_conflict(self) -> None:
        """Keep down, for the stations and /status, whether another process polls, and have admins told."""
        conflicts = self._polling.conflicts
        if conflicts.held:
            if not self._held:
                _LOG.info("another process polls with this bot's token: nothing is sent to ixBrowser meanwhile")
            self._held, self._is_alone_noted, self._is_calm_noted = True, False, False
            if await self._store.write(shared_and_tell, lasts=conflicts.lasts):
                _LOG.error(
                    "another process goes on polling with this bot's token: only one of them gets each message, and "
                    "nothing is sent to ixBrowser"
                )
        elif conflicts.alone and not (self._is_alone_noted and self._is_calm_noted == conflicts.calm):
            calm = conflicts.calm
            await self._store.write(alone_and_tell, calm=calm)
            if self._held:
                _LOG.info("no other process polls with this bot's token any more: imports are sent again")
            self._held, self._is_alone_noted, self._is_calm_noted = False, True, calm

    async def _note_fetched(self) -> None:
        """Keep down when updates were fetched last, for the next start; and if that was long ago, tell people."""
        since, until = self._polling.fetched_since, self._polling.fetched_at
        if since is None or until is None or until - self._noted < NOTED_EVERY:
            return
        await self._store.write(note_and_tell, Fetched(since, until))
        self._noted = until
