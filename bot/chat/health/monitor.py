"""Notes how the hub is, and has admins told of what has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from bot.chat.alerts.telling import begin_and_tell, look_and_tell
from bot.errors import StorageError
from bot.usecases.health import end_serving
from bot.usecases.health_rows import Disk
from bot.usecases.heartbeats import rest, watched
from bot.usecases.ports import Clock, Store

_LOG = logging.getLogger(__name__)

#: Seconds between two looks.
EVERY = 30.0
#: Seconds that noting the end may take.
END_WITHIN = 2.0


class HealthMonitor:
    """``telegram_at`` says when updates were fetched last, ``disk`` measures, and may block; ``booted_at`` is when the
    computer has started, None where that is not known.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        version: str,
        *,
        telegram_at: Callable[[], datetime | None],
        disk: Callable[[], Disk | None],
        booted_at: datetime | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._version = version
        self._telegram_at = telegram_at
        self._disk = disk
        self._booted_at = booted_at
        self._begun = False
        #: Set after the first look.
        self.looked = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        with watched("health monitor"):
            while True:
                try:
                    await self.look()
                except StorageError as error:
                    _LOG.warning("how the bot is can't be noted: %s", error)
                self.looked.set()
                await rest(self._clock, asyncio.Event(), EVERY)

    async def look(self) -> None:
        """Note how the hub is, and have told what has changed."""
        if not self._begun:
            await self._store.write(begin_and_tell, self._version, self._booted_at)
            self._begun = True
        disk = await asyncio.to_thread(self._disk)
        await self._store.write(look_and_tell, self._telegram_at(), disk)

    async def end(self) -> None:
        """Note that the hub ends in order. Where that can't be noted it counts as a crash."""
        if self._begun:
            with suppress(StorageError, TimeoutError):
                async with asyncio.timeout(END_WITHIN):
                    await self._store.write(end_serving)
