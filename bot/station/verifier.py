"""Proof by the received records: whether a code whose answer never came was imported.

Found proves imported. Not found proves it was not only when two complete readings say so, the first begun when the
request could no longer be under way, the second a grace after the first ended. So the one thing assumed of ixBrowser
is this: whatever it still does for a request is done, and shows in the received records, no later than time-out +
grace after the request was sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Profile, ReceivedRecord
from bot.domain.proxy import Extraction
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker
from bot.usecases.browser import Browser
from bot.usecases.import_queue import ImportLog, ImportRow
from bot.usecases.ports import Clock

logger = logging.getLogger(__name__)

#: A code is sent again until so many attempts of this process have gone without an answer. An attempt that an earlier
#: process did not survive says nothing of the code.
ATTEMPTS = 3

#: Readings that nothing but a new row asks for keep this distance in seconds, so that a burst shares one.
GAP = 5.0

#: Failed look-ups of a found profile's number, after which it is shown without.
LOOKUPS = 5

#: A row whose proof does not come ends as unknown: a day after it was sent by the time of day, so that restarts do not
#: put it off, and after an hour awake in which this process could not read either, so that sleep does not hasten it.
PATIENCE = timedelta(hours=24)
TRYING = 3600.0


@dataclass(slots=True)
class Proof:
    """What is known so far of one row. Times are in seconds awake.

    ``earliest`` is when its last request can no longer be under way: readings begun before prove no absence. ``trying``
    is when it was first looked for in vain, ``read`` whether one complete reading has been had since it was sent.
    """

    earliest: float
    trying: float | None = None
    read: bool = False
    first_ended: float | None = None
    found: ReceivedRecord | None = None
    lookups: int = 0

    def due(self, grace: float) -> float:
        """When the next reading is wanted; the first one at once, since it may find the record already."""
        if not self.read or self.found is not None:
            return 0.0
        return self.earliest if self.first_ended is None else self.first_ended + grace

    def is_absent(self, began: float, ended: float, grace: float) -> bool:
        """Take in a complete reading without the code: whether that proves that it was not imported."""
        if began < self.earliest:
            return False
        if self.first_ended is None:
            self.first_ended = ended
            return False
        return began >= self.first_ended + grace


class Verifier:
    """Settles the rows in ``checking``. One reading serves all of them."""

    def __init__(
        self,
        log: ImportLog,
        browser: Browser,
        clock: Clock,
        reads: CancellableReads,
        *,
        timeout: float,
        grace: float,
        requeued: Callable[[], None],
        imported: Callable[[], None],
    ) -> None:
        self.worker = Worker("checking", self._step, clock)
        self._log = log
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._timeout = timeout
        self._grace = grace
        self._requeued = requeued
        self._imported = imported
        self._proofs: dict[int, Proof] = {}
        self._unanswered: Counter[int] = Counter()
        self._begun = clock.awake()
        self._not_before = 0.0
        self._faults = BackOff()

    def sent(self, row_id: int, began: float, ended: float, *, answered: bool) -> None:
        """An attempt that is to be checked: sent no later than ``began``, and answered or given up at ``ended``."""
        self._proofs[row_id] = Proof(earliest=max(ended, began + self._timeout))
        self._unanswered[row_id] += not answered

    def forget(self, row_id: int) -> None:
        """The row has ended: nothing need be known of its requests any more."""
        self._proofs.pop(row_id, None)
        self._unanswered.pop(row_id, None)

    def _proof(self, row: ImportRow) -> Proof:
        # A row of which nothing is known was sent by an earlier process, before this one began.
        return self._proofs.setdefault(row.id, Proof(self._begun + self._timeout))

    def begin(self) -> None:
        """Take this moment for the one from which on no earlier process can have sent anything."""
        self._begun = self._clock.awake()

    async def _step(self) -> float:
        rows = await self._log.checking()
        if not rows:
            return IDLE
        due = max(self._not_before, min(self._proof(row).due(self._grace) for row in rows))
        began = self._clock.awake()
        if began < due:
            return min(due - began, IDLE)
        try:
            records = await self._reads.run(self._browser.received_records())
        except BrowserError as error:
            if not self.worker.stopping:
                logger.warning("the received records cannot be read: %s", error)
                await self._read_in_vain(rows)
        else:
            self._faults.reset()
            self._not_before = began + min(GAP, self._grace)
            # Anew, since their people may have asked for something meanwhile.
            await self._settle(await self._log.checking(), records, began, self._clock.awake())
        return 0.0

    async def _read_in_vain(self, rows: Sequence[ImportRow]) -> None:
        now = self._clock.awake()
        self._not_before = now + self._faults.next()
        for row in rows:
            proof = self._proof(row)
            if proof.trying is None:
                proof.trying = now
            if now - proof.trying < TRYING or self._clock.now() - (row.sent_at or row.created_at) < PATIENCE:
                continue
            if proof.found is not None:
                await self._end_imported(row, proof.found, None)
            else:
                await self._end(row, Status.UNKNOWN)

    async def _settle(
        self, rows: Sequence[ImportRow], records: Sequence[ReceivedRecord], began: float, ended: float
    ) -> None:
        matching: dict[TransferCode | None, list[ReceivedRecord]] = {row.code: [] for row in rows}
        for record in records:
            if record.code in matching:
                matching[record.code].append(record)
        claimed = set(await self._log.claimed_records([record.id for those in matching.values() for record in those]))
        for row in rows:
            proof = self._proof(row)
            proof.read = True
            found = next((record for record in matching[row.code] if record.id not in claimed), None)
            if found is not None:
                claimed.add(found.id)
                await self._found(row, proof, found)
            elif proof.is_absent(began, ended, self._grace):
                await self._absent(row)

    async def _found(self, row: ImportRow, proof: Proof, record: ReceivedRecord) -> None:
        proof.found = record
        try:
            profile_id = await self._profile_of(row, record)
        except BrowserError as error:
            proof.lookups += 1
            logger.warning("import %d: its profile cannot be looked up: %s", row.id, error)
            if proof.lookups < LOOKUPS:
                self._not_before = self._clock.awake() + self._faults.next()
                return
            profile_id = None
        await self._end_imported(row, record, profile_id)

    async def _profile_of(self, row: ImportRow, record: ReceivedRecord) -> int | None:
        """The number of the profile that a record tells of; None where its name fits none or several."""
        if not record.profile_name:
            return None
        named = await self._reads.run(self._browser.profiles_named(record.profile_name))
        claimed = await self._log.claimed_profiles([profile.id for profile in named])
        candidates = [profile for profile in named if profile.id not in claimed]
        in_group = [profile for profile in candidates if row.group_id is not None and profile.group_id == row.group_id]
        return only(in_group or candidates)

    async def _end_imported(self, row: ImportRow, record: ReceivedRecord, profile_id: int | None) -> None:
        proxy: dict[str, Any] = {}
        if isinstance(row.proxy, Extraction):
            proxy["proxy_status"] = ProxyStatus.PENDING if profile_id is not None else ProxyStatus.MISSING
        await self._end(
            row,
            Status.IMPORTED,
            record_id=record.id,
            profile_name=record.profile_name,
            profile_id=profile_id,
            verdict=None,
            error_code=None,
            error_message="",
            **proxy,
        )
        self._imported()

    async def _absent(self, row: ImportRow) -> None:
        if row.verdict is not None:
            await self._end(row, row.verdict)
        elif row.cancel_wanted:
            await self._end(row, Status.CANCELLED)
        elif self._unanswered[row.id] >= ATTEMPTS:
            await self._end(row, Status.FAILED)
        else:
            # Before the row can be sent again: its next attempt has a proof of its own.
            self._proofs.pop(row.id, None)
            await self._log.change(row.id, expect=Status.CHECKING, status=Status.QUEUED)
            logger.info("import %d: %s was not imported and is queued again", row.id, row.code)
            self._requeued()

    async def _end(self, row: ImportRow, status: Status, **fields: Any) -> None:
        await self._log.change(row.id, expect=Status.CHECKING, status=status, finished_at=self._clock.now(), **fields)
        self.forget(row.id)
        logger.info("import %d: the received records show %s as %s", row.id, row.code, status)


def only(profiles: Sequence[Profile]) -> int | None:
    """The number of the one profile there is; None where there are none or several."""
    return profiles[0].id if len(profiles) == 1 else None
