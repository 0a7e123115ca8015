"""Proof by the received records: whether a code whose answer never came was imported.

Found proves imported. Not found proves it was not only when two complete readings say so, the first begun when the
request could no longer be under way, the second a grace after the first ended. So the one thing assumed of ixBrowser
is this: whatever it still does for a request is done, and shows in the received records, no later than time-out +
grace after the request was sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from bot.domain.import_events import Event, KeyLost, ProvenAbsent, RecordFound, RecordsUnreadable
from bot.domain.import_state import Status
from bot.domain.import_transitions import apply
from bot.domain.ixbrowser_objects import Profile, ReceivedRecord
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker
from bot.station.proof_times import ProofTimes
from bot.station.record_search import RecordSearch
from bot.usecases import import_queue
from bot.usecases.browser import Browser
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import Clock, Store
from bot.usecases.recovery_gates import others_may_send

logger = logging.getLogger(__name__)

#: Readings that nothing but a new row asks for keep this distance in seconds, so that a burst shares one.
GAP = 5.0

#: Failed look-ups of a found profile's number, after which it is shown without.
LOOKUPS = 5


class Verifier:
    """Settles the rows in ``checking``. One reading serves all of them."""

    def __init__(
        self, store: Store, browser: Browser, clock: Clock, reads: CancellableReads, times: ProofTimes
    ) -> None:
        self.worker = Worker("checking", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._times = times
        self._searches: dict[int, RecordSearch] = {}
        self._unanswered: Counter[int] = Counter()
        self._begun = clock.awake()
        self._others_send = False
        self._not_before = 0.0
        self._pauses = BackOff()

    def sent(self, row_id: int, began: float, ended: float, *, answered: bool) -> None:
        """An attempt that is to be checked: sent no later than ``began``, and answered or given up at ``ended``."""
        self._searches[row_id] = RecordSearch(earliest=max(ended, began + self._times.timeout))
        self._unanswered[row_id] += not answered

    def forget(self, row_id: int) -> None:
        """The row has ended: nothing need be known of its requests any more."""
        self._searches.pop(row_id, None)
        self._unanswered.pop(row_id, None)

    def _search(self, row: ImportRow) -> RecordSearch:
        # A row of which nothing is known was sent by an earlier process.
        return self._searches.setdefault(row.id, RecordSearch(self._begun + self._times.timeout))

    def begin(self) -> None:
        """Begin now: from when on no earlier process can have sent anything is counted from here."""
        self._begun = self._clock.awake() + self._times.others_send_for

    async def _step(self) -> float:
        rows = await self._store.read(import_queue.checking)
        if not rows:
            self._others_send = await self._store.read(others_may_send)
            return IDLE
        if self._others_send:
            # What they have sent until a moment ago is under way for as long as what an earlier process has sent.
            self._others_send = False
            self.begin()
        due = max(self._not_before, min(self._search(row).due(self._times.grace) for row in rows))
        began = self._clock.awake()
        if began < due:
            return min(due - began, IDLE)
        try:
            records = await self._reads.run(self._browser.received_records())
        except BrowserError as error:
            if not self.worker.stopping:
                logger.warning("the received records cannot be read: %s", error)
                await self._reading_failed(rows)
        else:
            self._pauses.reset()
            self._not_before = began + min(GAP, self._times.grace)
            # Anew, since their people may have asked for something meanwhile.
            rows = await self._store.read(import_queue.checking)
            await self._settle(rows, records, began, self._clock.awake())
        return 0.0

    async def _reading_failed(self, rows: Sequence[ImportRow]) -> None:
        now = self._clock.awake()
        self._not_before = now + self._pauses.next()
        for row in rows:
            search = self._search(row)
            unreadable = RecordsUnreadable(search.failing_for(now), self._clock.now(), search.looks)
            if apply(row.state, unreadable).status is Status.CHECKING:
                continue
            if search.found is not None:
                await self._end_imported(row, search.found, None)
            else:
                await self._end(row, unreadable)

    async def _settle(
        self, rows: Sequence[ImportRow], records: Sequence[ReceivedRecord], began: float, ended: float
    ) -> None:
        matching: dict[TransferCode, list[ReceivedRecord]] = {row.code: [] for row in rows if row.code is not None}
        for record in records:
            if record.code in matching:
                matching[record.code].append(record)
        claimed = await self._claimed([record.id for those in matching.values() for record in those])
        for row in rows:
            if row.code is None:
                # Nothing can be looked for.
                await self._end(row, KeyLost(self._clock.now()))
                continue
            search = self._search(row)
            search.looks += 1
            found = next((record for record in matching[row.code] if record.id not in claimed), None)
            if found is not None:
                claimed.add(found.id)
                await self._found(row, search, found)
            elif search.proves_absence(began, ended, self._times.grace):
                await self._absent(row)

    async def _claimed(self, record_ids: Sequence[int]) -> set[int]:
        return set(await self._store.read(import_queue.claimed_records, record_ids)) if record_ids else set()

    async def _found(self, row: ImportRow, search: RecordSearch, record: ReceivedRecord) -> None:
        search.found = record
        try:
            profile_id = await self._profile_of(row, record)
        except BrowserError as error:
            search.lookups += 1
            logger.warning("import %d: its profile cannot be looked up: %s", row.id, error)
            if search.lookups < LOOKUPS:
                self._not_before = self._clock.awake() + self._pauses.next()
                return
            profile_id = None
        await self._end_imported(row, record, profile_id)

    async def _profile_of(self, row: ImportRow, record: ReceivedRecord) -> int | None:
        """The number of the profile that a record tells of; None where its name fits none or several."""
        if not record.profile_name:
            return None
        named = await self._reads.run(self._browser.profiles_named(record.profile_name))
        claimed = await self._store.read(import_queue.claimed_profiles, [profile.id for profile in named])
        candidates = [profile for profile in named if profile.id not in claimed]
        in_group = [profile for profile in candidates if row.group_id is not None and profile.group_id == row.group_id]
        return only(in_group or candidates)

    async def _end_imported(self, row: ImportRow, record: ReceivedRecord, profile_id: int | None) -> None:
        await self._end(
            row, RecordFound(record.id, record.profile_name, profile_id, self._clock.now(), self._search(row).looks)
        )

    async def _absent(self, row: ImportRow) -> None:
        absent = ProvenAbsent(self._unanswered[row.id], self._clock.now(), self._search(row).looks)
        if apply(row.state, absent).status is not Status.QUEUED:
            await self._end(row, absent)
            return
        # Before the row can be sent again: its next attempt has a search of its own.
        self._searches.pop(row.id, None)
        after = await self._store.write(import_queue.record, row.id, absent) or row
        logger.info("import %d: %s was not imported and is %s", row.id, row.code, after.state.status)

    async def _end(self, row: ImportRow, event: Event) -> None:
        after = await self._store.write(import_queue.record, row.id, event) or row
        self.forget(row.id)
        logger.info("import %d: the received records show %s as %s", row.id, row.code, after.state.status)


def only(profiles: Sequence[Profile]) -> int | None:
    """The number of the one profile there is; None where there are none or several."""
    return profiles[0].id if len(profiles) == 1 else None
