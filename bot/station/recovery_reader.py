"""Reads the received records while a recovery is open: first for an admin to recognise the account, then for proof."""

from __future__ import annotations

import logging

from bot.errors import BrowserError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker
from bot.station.proof_times import ProofTimes
from bot.station.record_search import RecordSearch
from bot.usecases import recovery
from bot.usecases.browser import Browser
from bot.usecases.ports import Clock, Store
from bot.usecases.recovery_rows import Decision, Misfit

logger = logging.getLogger(__name__)

#: Seconds between two looks at what was received last: another account may have been logged in to.
LOOK_EVERY = 15.0


class RecoveryReader:
    """Shows what was received last, and once an admin lets it go on, reads the records twice as after a crash."""

    def __init__(
        self, store: Store, browser: Browser, clock: Clock, reads: CancellableReads, times: ProofTimes
    ) -> None:
        self.worker = Worker("reading for the recovery", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._times = times
        self._begun = clock.awake()
        self._others_send = False
        self._search: RecordSearch | None = None
        self._not_before = 0.0
        self._pauses = BackOff()

    def begin(self) -> None:
        """Begin now: from when on no earlier process can have sent anything is counted from here."""
        self._begun = self._clock.awake() + self._times.others_send_for

    async def _step(self) -> float:
        found = await self._store.read(recovery.open_recovery)
        if found is None:
            return IDLE
        began = self._clock.awake()
        goes_on = found.decision is Decision.GOING_ON
        if not goes_on:
            # Until somebody says that it is this one's turn, another computer may be sending what is in this copy.
            self._others_send = found.why is Misfit.MOVED
        elif self._others_send:
            self._others_send = False
            self.begin()
        if goes_on and self._search is None:
            # What was read for another account, before somebody said that this is the right one, proves nothing.
            self._search = RecordSearch(max(self._begun + self._times.timeout, began), looks=1)
            self._not_before = 0.0
        due = self._not_before if self._search is None else max(self._search.due(self._times.grace), self._not_before)
        if began < due:
            return min(due - began, LOOK_EVERY)
        try:
            records = await self._reads.run(self._browser.received_records())
        except BrowserError as error:
            if not self.worker.stopping:
                logger.warning("the received records cannot be read: %s", error)
            self._not_before = self._clock.awake() + self._pauses.next()
            return 0.0
        self._pauses.reset()
        await self._store.write(recovery.note_newest, records)
        if self._search is None:
            self._not_before = began + LOOK_EVERY
        elif self._search.proves_absence(began, self._clock.awake(), self._times.grace):
            codes = frozenset(record.code for record in records if record.code is not None)
            await self._store.write(recovery.settle_codes, codes)
            logger.info("the received records were read twice since the restore: imports go on")
            self._search = None
        return 0.0
