"""Works the import log off: every confirmed code is imported once, and every row ends with the truth."""

from __future__ import annotations

from bot.station.background_worker import CancellableReads, WorkerGroup
from bot.station.extraction_links import ExtractionLinkSetter
from bot.station.profile_names import ProfileNames
from bot.station.sender import Sender
from bot.station.verifier import Verifier
from bot.usecases.browser import Browser
from bot.usecases.import_queue import ImportLog
from bot.usecases.ports import Clock

#: Seconds that an import in flight is waited for beyond its time-out.
STOP_BEYOND = 3.0


class Importer:
    """Sends what is queued, settles what is not known, and does what follows an import.

    ``concurrency``: imports in flight at a time. ``timeout``: seconds within which the browser's ``import_profile``
    answers once its request is sent. ``grace``: seconds between the two readings that prove an import not done.
    """

    def __init__(
        self, log: ImportLog, browser: Browser, clock: Clock, *, concurrency: int, timeout: float, grace: float
    ) -> None:
        self._reads = CancellableReads(clock)
        self._names = ProfileNames(log, browser, clock, self._reads)
        self._links = ExtractionLinkSetter(log, browser, clock, self._reads, timeout=timeout, grace=grace)
        self._checking = Verifier(
            log,
            browser,
            clock,
            self._reads,
            timeout=timeout,
            grace=grace,
            requeued=self._send_again,
            imported=self._links.worker.wake,
        )
        self._sending = Sender(
            log,
            browser,
            clock,
            concurrency=concurrency,
            checking=self._checking,
            imported=self._follow_up,
        )
        workers = [part.worker for part in (self._sending, self._checking, self._names, self._links)]
        self._workers = WorkerGroup(clock, workers, timeout + STOP_BEYOND)

    def poke(self) -> None:
        """Something is new in the log: an import was confirmed, cancelled, or is to be looked at again."""
        self._sending.poke()
        self._checking.worker.wake()
        self._links.worker.wake()

    async def run(self) -> None:
        """Work until stopped or cancelled; no fault of the browser or the log ends it."""
        self._checking.begin()
        self._links.begin()
        try:
            await self._workers.run(self._wind_up)
        finally:
            await self._sending.abandon()

    async def stop(self) -> None:
        """Send nothing more; returns when the imports in flight have ended, or their time is up.

        Rows that are still in flight then stay ``sending``, and are settled at the next start.
        """
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    def _follow_up(self, row_id: int, profile_id: int) -> None:
        self._names.add(row_id, profile_id)
        self._links.worker.wake()

    def _send_again(self) -> None:
        self._sending.worker.wake()

    async def _wind_up(self) -> None:
        await self._sending.drain()
        await self._names.close()
