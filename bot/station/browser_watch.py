"""Looks now and then whether ixBrowser is there, and notes it for the hub, which tells admins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.domain.error_codes import LOGGED_OUT
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal
from bot.station.background_worker import CancellableReads, Worker, WorkerGroup
from bot.usecases.health import note_browser
from bot.usecases.health_rows import BrowserState
from bot.usecases.ports import Clock, Store

#: Seconds between two looks.
EVERY = 30.0
#: Seconds that ``stop`` waits for what was seen to be noted.
STOP_WITHIN = 3.0


class BrowserWatch:
    """``ping`` is the cheapest call that only an ixBrowser answers that is running and logged in."""

    def __init__(self, store: Store, ping: Callable[[], Coroutine[Any, Any, int]], clock: Clock) -> None:
        self._store = store
        self._ping = ping
        self._clock = clock
        self._reads = CancellableReads(clock)
        self._worker = Worker("watching ixBrowser", self._step, clock)
        #: Set after the first look.
        self.looked = asyncio.Event()
        self._workers = WorkerGroup(clock, [self._worker], STOP_WITHIN)

    async def run(self) -> None:
        """Look until stopped or cancelled."""
        await self._workers.run()

    async def stop(self) -> None:
        """Look no more; returns when ``run`` has ended."""
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    async def _step(self) -> float:
        try:
            await self._look()
        finally:
            self.looked.set()
        return EVERY

    async def _look(self) -> None:
        began = self._clock.awake()
        try:
            await self._reads.run(self._ping())
        except BrowserError as error:
            if not self._worker.stopping:
                await self._store.write(note_browser, state_of(error))
        else:
            latency = round((self._clock.awake() - began) * 1000)
            await self._store.write(note_browser, BrowserState.READY, latency)


def state_of(error: BrowserError) -> BrowserState:
    """What a look that has failed says of ixBrowser."""
    match error:
        case BrowserNotRunning():
            return BrowserState.AWAY
        case BrowserRefusal(code=code):
            return BrowserState.LOGGED_OUT if code == LOGGED_OUT else BrowserState.REFUSING
        case _:
            return BrowserState.SILENT
