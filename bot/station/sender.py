"""The sending loop: claims queued imports, sends them once the claim is committed, commits what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

from bot.domain.error_codes import RESTRICTED, Meaning, meaning
from bot.domain.import_events import Answered, ClaimReleased, Event, KeyLost, WaitChanged
from bot.domain.import_state import Status
from bot.domain.import_transitions import apply, final_outcome
from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown, describe
from bot.domain.proxy import Keep, Saved
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal, StorageError
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker
from bot.station.circuit_breaker import CircuitBreaker
from bot.station.first_look import FirstLook
from bot.station.send_window import SEND_WITHIN, SendWindow
from bot.station.verifier import Verifier
from bot.usecases import import_queue
from bot.usecases.browser import Browser
from bot.usecases.heartbeats import watched
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import Clock, Store

logger = logging.getLogger(__name__)

#: What has waited too long is looked for once a minute.
HOLD_EVERY = timedelta(minutes=1)

#: Seconds after which an import that could not be claimed has another turn.
CLAIM_PAUSE = 5.0

#: Seconds after which the queue is looked at although nobody has said that there is something in it. Shorter than the
#: pause of an idle worker, so that every one of its looks counts.
LOOK_AFTER = 20.0


class Sender:
    """Works the queue off, up to ``concurrency`` imports at a time, each a task of its own.

    ``imported`` is called with the row and the profile of an import that was answered so.
    """

    def __init__(
        self,
        store: Store,
        browser: Browser,
        clock: Clock,
        reads: CancellableReads,
        *,
        concurrency: int,
        verifier: Verifier,
        imported: Callable[[int, int], None],
    ) -> None:
        self.worker = Worker("sending", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._concurrency = concurrency
        self._verifier = verifier
        self._imported = imported
        self._breaker = CircuitBreaker(clock)
        # No row is claimed that is in flight: what became of one attempt is noted before there is another.
        self._in_flight: dict[asyncio.Task[None], int] = {}
        self._recovery_due = True
        self.first_look = FirstLook(
            store, browser, clock, reads, done=self._may_send_all, failed=self._records_unreadable
        )
        self._first_look_due = True
        self._next_look = 0.0
        self._held_at: datetime | None = None

    def imports_queued(self) -> None:
        """There is something to send."""
        self._next_look = 0.0
        self._breaker.try_sooner()
        self.first_look.sooner()
        self.worker.wake()

    def _may_send_all(self) -> None:
        self._next_look = 0.0
        self.worker.wake()

    def _records_unreadable(self, error: BrowserError) -> None:
        """What waits for the first look waits for ixBrowser, where that is why."""
        logger.warning("what was queued before the start waits, since the received records cannot be read: %s", error)
        if isinstance(error, BrowserNotRunning):
            self._breaker.closed(None)
        elif isinstance(error, BrowserRefusal) and meaning(error.code).importing is Meaning.WAIT:
            self._breaker.closed(error.code)
        self.worker.wake()

    async def drain(self) -> None:
        """Wait for the imports in flight."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    async def abandon(self) -> None:
        """End the imports in flight at once; their rows stay ``sending``, for the next start to settle."""
        for task in self._in_flight:
            task.cancel()
        await self.drain()

    async def _step(self) -> float:
        if self._first_look_due:
            await self.first_look.begin()
            self._first_look_due = False
        if self._recovery_due:
            await self._recover()
        await self._round()
        return self._breaker.pause()

    async def _recover(self) -> None:
        # What ends while this is written is not among the rows in flight, and may be recovered by the next.
        self._recovery_due = False
        try:
            limited_for = await self._store.read(import_queue.limited_for)
            # A task that has ended is among them until the event loop says so, and may be why this is due.
            sending = [row_id for task, row_id in self._in_flight.items() if not task.done()]
            recovered = await self._store.write(import_queue.recover, sending)
        except BaseException:
            self._recovery_due = True
            raise
        for row in recovered:
            logger.info("import %d: whether %s was sent is not known; it is checked", row.id, row.code)
        if limited_for:
            # An earlier process has met the limit. What this one is told the breaker knows.
            self._breaker.limited(limited_for)

    async def _round(self) -> None:
        """One transaction for all that is due, if anything is; then send what it has claimed."""
        free = 0 if self.worker.stopping else self._breaker.allowed(self._concurrency - len(self._in_flight))
        began, now, window = self._clock.awake(), self._clock.now(), SendWindow(self._clock)
        limit = free if began >= self._next_look else 0
        hold = self._held_at is None or not timedelta(0) <= now - self._held_at < HOLD_EVERY
        wait = WaitChanged(self._breaker.reason) if self._breaker.reason_changed else None
        if not (limit or hold or wait):
            return
        if limit:
            self._next_look = began + LOOK_AFTER
        self._breaker.reason_changed = False
        try:
            done = await self._store.write(
                import_queue.send_round,
                limit=limit,
                last=self._breaker.last(),
                besides=(*self._in_flight.values(), *self.first_look.waiting),
                hold=hold,
                wait=wait,
            )
        except BaseException:
            # Nothing is sent, but the claim may have been committed.
            self._recovery_due = True
            self._next_look = 0.0
            self._breaker.reason_changed |= wait is not None
            raise
        if done.kept_back:
            # What the rows wait for otherwise is told them when they wait for that no more.
            self._breaker.reason_changed = True
        if hold:
            self._held_at = now
        if done.held:
            logger.info("%d imports have waited for more than a day and are held", done.held)
        if done.full:
            self._next_look = 0.0
        for row in done.claimed:
            self._start(row, self._send(row, window))
        for row, proxy in done.unaddressed:
            self._start(row, self._look_up_and_send(row, proxy))

    def _start(self, row: ImportRow, sending: Coroutine[None, None, None]) -> None:
        self._breaker.taken(row.id)
        task = asyncio.create_task(_watched(row.id, sending), name=f"import {row.id}")
        self._in_flight[task] = row.id
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        row_id = self._in_flight.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("import %d: what became of it was not noted and is checked", row_id, exc_info=error)
            self._breaker.answered(row_id)
            self._recovery_due = True
        self.worker.wake()

    async def _look_up_and_send(self, row: ImportRow, proxy: Saved) -> None:
        """Look the address of a saved proxy up, claim the row, and send it."""
        address: Address | Refused | NotSent
        try:
            address = await self._reads.run(self._browser.saved_address(proxy))
        except BrowserError as error:
            address = NotSent(None, str(error))
        claimed = None
        window = SendWindow(self._clock)
        if not self.worker.stopping:
            try:
                claimed = await self._store.write(import_queue.claim, row.id)
            except StorageError as error:
                logger.warning("import %d cannot be claimed now: %s", row.id, error)
                await self.worker.rest(CLAIM_PAUSE)
                # Nothing is sent, but the claim may have been committed.
                self._recovery_due = True
        if claimed is None:
            self._breaker.not_tried(row.id)
            self._next_look = 0.0
        else:
            await self._send(claimed, window, address)

    async def _send(
        self, row: ImportRow, window: SendWindow, address: Address | Refused | NotSent | None = None
    ) -> None:
        """Send a row that is claimed, and note what became of it. What is not sent in time is given back."""
        began = self._clock.awake()
        if window.is_over:
            logger.warning(
                "import %d was not sent within %.0f s of its claim, which is given back", row.id, SEND_WITHIN
            )
            await self._note(row, ClaimReleased(row.state.attempts, self._clock.now()))
            self._breaker.not_tried(row.id)
            return
        if row.code is None:
            logger.error("import %d: its code is missing from the database, so it can't be sent", row.id)
            await self._note(row, KeyLost(self._clock.now()))
            self._breaker.not_tried(row.id)
            return
        # An address that can't be looked up says what becomes of the import.
        outcome = address if isinstance(address, Refused | NotSent) else await self._ask(row, row.code, address)
        ended = self._clock.awake()
        restricted_for = 0.0
        if isinstance(outcome, NotSent) and outcome.code == RESTRICTED:
            restricted_for = self._breaker.restricted_for(row.id, first=row.state.restricted == 0)
        answered = Answered(row.state.attempts, outcome, self._clock.now(), restricted_for)
        outcome = final_outcome(row.state, answered)
        if apply(row.state, answered).status is Status.CHECKING:
            self._verifier.sent(row.id, began, ended, answered=not isinstance(outcome, Unknown))
        after = await self._note(row, answered)
        if after is None:
            return
        logger.info("import %d: %s is %s after %s", row.id, row.code, after.state.status, describe(outcome))
        if isinstance(outcome, NotSent):
            self._breaker.not_sent(row.id, outcome.code)
        else:
            self._breaker.answered(row.id)
        if isinstance(outcome, Imported):
            self._verifier.forget(row.id)
            self._imported(row.id, outcome.profile_id)

    async def _ask(self, row: ImportRow, code: TransferCode, address: Address | None) -> Outcome:
        proxy = Keep() if row.state.without_proxy else row.proxy
        request = ImportRequest(code, row.group_id, proxy, row.bypass, address)
        logger.info("import %d: %s is sent, attempt %d", row.id, code, row.state.attempts)
        try:
            return await self._browser.import_profile(request)
        except Exception:
            logger.exception("import %d: sending failed in a way that nobody expects", row.id)
            return Unknown(None, "")

    async def _note(self, row: ImportRow, event: Event) -> ImportRow | None:
        """The row after an event, however long the database takes; None when the program stops before."""
        pauses = BackOff(1.0, IDLE)
        while True:
            try:
                after = await self._store.write(import_queue.record, row.id, event) or row
            except StorageError as error:
                logger.warning("import %d: its result cannot be noted now: %s", row.id, error)
            else:
                if after.state.status is Status.QUEUED:
                    self._next_look = 0.0
                return after
            if self.worker.stopping:
                return None
            await self.worker.rest(pauses.next())


async def _watched(row_id: int, sending: Coroutine[None, None, None]) -> None:
    with watched(f"import {row_id}"):
        await sending
