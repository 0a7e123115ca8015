"""Reads ixBrowser's lists for whoever requests them, and publishes in the database what it has read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bot.domain.remote_lists import Listing, Row
from bot.errors import BrowserError, BrowserRefusal, StorageError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker, WorkerGroup
from bot.station.failures import reason_of
from bot.usecases import remote_lists
from bot.usecases.browser import Browser
from bot.usecases.heartbeats import watched
from bot.usecases.ports import Clock, Store
from bot.usecases.remote_lists import ListRequest

_LOG = logging.getLogger(__name__)

#: Seconds that ``stop`` waits for what has been read to be written.
STOP_WITHIN = 3.0


class ListPublisher:
    """Works off requests for lists, which are rows: each list by one reading at a time, all of them side by side."""

    def __init__(self, store: Store, browser: Browser, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._read: dict[Listing, Callable[[], Coroutine[Any, Any, Sequence[Row]]]] = {
            Listing.GROUPS: browser.groups,
            Listing.SAVED: browser.saved_proxies,
            Listing.STATIC: browser.static_proxies,
            Listing.PACKAGES: browser.traffic_packages,
        }
        self._reads = CancellableReads(clock)
        self._worker = Worker("reading lists", self._step, clock)
        self._workers = WorkerGroup(clock, [self._worker], STOP_WITHIN)
        self._readings: dict[Listing, asyncio.Task[None]] = {}
        # While nothing can be written down, nothing is read: until when, in seconds awake.
        self._not_before = 0.0
        self._pauses = BackOff(1.0, IDLE)

    def lists_requested(self) -> None:
        """Somebody wants a list read."""
        self._worker.wake()

    async def run(self) -> None:
        """Read until stopped or cancelled."""
        try:
            await self._workers.run(self._end_readings)
        finally:
            for reading in self._readings.values():
                reading.cancel()
            await self._end_readings()

    async def stop(self) -> None:
        """Read nothing more; returns when ``run`` has ended."""
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    async def _step(self) -> float:
        left = self._not_before - self._clock.awake()
        if left > 0:
            return left
        for request in await self._store.read(remote_lists.requested):
            if request.listing not in self._readings:
                reading = asyncio.create_task(self._refresh(request), name=f"read {request.listing}")
                self._readings[request.listing] = reading
        return IDLE

    async def _end_readings(self) -> None:
        await asyncio.gather(*self._readings.values(), return_exceptions=True)

    async def _refresh(self, request: ListRequest) -> None:
        once_more = True
        try:
            with watched(f"reading of {request.listing}"):
                once_more = await self._publish(request)
            self._pauses.reset()
        except StorageError as error:
            # The request is still there: the list is read anew, since by then this one would be old.
            _LOG.warning("the list of %s can't be kept: %s", request.listing, error)
            self._not_before = self._clock.awake() + self._pauses.next()
        except Exception:  # noqa: BLE001 - the list must be read again, whatever went wrong
            _LOG.exception("the list of %s can't be kept", request.listing)
            self._not_before = self._clock.awake() + self._pauses.next()
        finally:
            del self._readings[request.listing]
            if once_more:
                self._worker.wake()

    async def _publish(self, request: ListRequest) -> bool:
        """Whether the list is to be read once more."""
        try:
            rows = await self._reads.run(self._read[request.listing]())
        except BrowserError as error:
            if self._worker.stopping:
                return False
            reason = str(error.code) if isinstance(error, BrowserRefusal) else reason_of(error)
            _LOG.warning("the list of %s could not be read: %s", request.listing, reason)
            return await self._store.write(remote_lists.publish_failure, request, reason)
        return await self._store.write(remote_lists.publish, request, rows)
