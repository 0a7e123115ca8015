"""Works the import log off: every confirmed code is imported once, and every row ends with the truth."""

from __future__ import annotations

from bot.station.background_worker import CancellableReads, WorkerGroup
from bot.station.extraction_links import ExtractionLinkSetter
from bot.station.profile_names import ProfileNames
from bot.station.proof_times import ProofTimes
from bot.station.recovery_reader import RecoveryReader
from bot.station.sender import Sender
from bot.station.verifier import Verifier
from bot.usecases.browser import Browser
from bot.usecases.ports import Clock, Store

#: Seconds that an import in flight is waited for beyond its time-out.
STOP_BEYOND = 3.0


class Importer:
    """Sends what is queued, settles what is not known, and does what follows an import.

    ``concurrency``: imports in flight at a time.
    """

    def __init__(self, store: Store, browser: Browser, clock: Clock, times: ProofTimes, *, concurrency: int) -> None:
        self._reads = CancellableReads(clock)
        self._names = ProfileNames(store, browser, clock, self._reads)
        self._links = ExtractionLinkSetter(store, browser, clock, self._reads, times)
        self._verifier = Verifier(store, browser, clock, self._reads, times)
        self._sender = Sender(
            store,
            browser,
            clock,
            self._reads,
            concurrency=concurrency,
            verifier=self._verifier,
            imported=self._names.add,
        )
        self._recovery = RecoveryReader(store, browser, clock, self._reads, times)
        parts = (self._sender, self._sender.first_look, self._verifier, self._names, self._links, self._recovery)
        workers = [part.worker for part in parts]
        self._workers = WorkerGroup(clock, workers, times.timeout + STOP_BEYOND)

    def imports_queued(self) -> None:
        """There is something to send."""
        self._sender.imports_queued()

    def imports_to_verify(self) -> None:
        """There is something whose end is not known."""
        self._verifier.worker.wake()
        # An admin's answer in a recovery is told by this too.
        self._recovery.worker.wake()
        self._sender.first_look.worker.wake()

    def links_to_set(self) -> None:
        """There is an extraction link to set."""
        self._links.worker.wake()

    async def run(self) -> None:
        """Work until stopped or cancelled; no fault of the browser or the log ends it."""
        self._verifier.begin()
        self._links.begin()
        self._recovery.begin()
        try:
            await self._workers.run(self._wind_up)
        finally:
            await self._sender.abandon()

    async def stop(self) -> None:
        """Send nothing more; returns when the imports in flight have ended, or their time is up.

        Rows that are still in flight then stay ``sending``, and are settled at the next start.
        """
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    async def _wind_up(self) -> None:
        await self._sender.drain()
        await self._names.close()
