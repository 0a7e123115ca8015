"""What was queued before the start is sent only once the received records were read since.

The database may be older than what was done with it, without anybody having noticed: a code that is among the records
already is checked, not sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence

from bot.domain.import_events import MaybeSent
from bot.errors import BrowserError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker
from bot.usecases import import_queue
from bot.usecases.browser import Browser
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import Clock, Store
from bot.usecases.recovery_gates import reads_nothing

logger = logging.getLogger(__name__)


class FirstLook:
    """``waiting`` are the rows that are not to be sent yet.

    ``done`` is called when they may be, and ``failed`` with why the records can't be read.
    """

    def __init__(
        self,
        store: Store,
        browser: Browser,
        clock: Clock,
        reads: CancellableReads,
        *,
        done: Callable[[], None],
        failed: Callable[[BrowserError], None],
    ) -> None:
        self.worker = Worker("looking at what was received", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._done = done
        self._failed = failed
        self._rows: Sequence[ImportRow] = ()
        self._not_before = 0.0
        self._pauses = BackOff()

    @property
    def waiting(self) -> Collection[int]:
        return [row.id for row in self._rows]

    async def begin(self) -> None:
        """Keep back what is queued now. Raises ``StorageError``."""
        self._rows = await self._store.read(import_queue.queued)
        self._not_before = 0.0
        self.worker.wake()

    def sooner(self) -> None:
        """Somebody has asked for something."""
        if self._rows:
            self._not_before = min(self._not_before, self._clock.awake() + self._pauses.first)
            self.worker.wake()

    async def _step(self) -> float:
        if not self._rows:
            return IDLE
        now = self._clock.awake()
        if now < self._not_before:
            return self._not_before - now
        if await self._store.read(reads_nothing):
            # What another account has received says nothing of these.
            return IDLE
        try:
            records = await self._reads.run(self._browser.received_records())
        except BrowserError as error:
            if not self.worker.stopping:
                self._not_before = self._clock.awake() + self._pauses.next()
                self._failed(error)
            return 0.0
        received = {record.code: record.id for record in records if record.code is not None}
        known = {row.id: received[row.code] for row in self._rows if row.code in received}
        claimed = await self._store.read(import_queue.claimed_records, list(known.values())) if known else frozenset()
        for row_id, record_id in known.items():
            if record_id not in claimed:
                logger.warning("import %d: its code was received already; it is checked", row_id)
                await self._store.write(import_queue.record, row_id, MaybeSent(self._clock.now()))
        self._rows = ()
        self._done()
        return IDLE
