"""The sending loop: takes queued imports, commits that they are sent, sends them, commits what became of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import ImportRequest
from bot.domain.outcome import PROXY_REFUSALS, RESTRICTED, Imported, NotSent, Outcome, Refused, Unknown
from bot.domain.proxy import Extraction, Keep, Saved
from bot.errors import StorageError
from bot.station.background_worker import IDLE, BackOff, Worker
from bot.station.circuit_breaker import CircuitBreaker
from bot.station.verifier import Verifier
from bot.usecases.browser import Browser
from bot.usecases.import_queue import ImportLog, ImportRow
from bot.usecases.ports import Clock

logger = logging.getLogger(__name__)

#: What has waited longer asks its person before it goes on; looked after once a minute.
HOLD_AFTER = timedelta(hours=24)
HOLD_EVERY = timedelta(minutes=1)


class Sender:
    """Works the queue off, up to ``concurrency`` imports at a time, each a task of its own."""

    def __init__(
        self,
        log: ImportLog,
        browser: Browser,
        clock: Clock,
        *,
        concurrency: int,
        checking: Verifier,
        imported: Callable[[int, int], None],
    ) -> None:
        self.worker = Worker("sending", self._step, clock)
        self._log = log
        self._browser = browser
        self._clock = clock
        self._concurrency = concurrency
        self._checking = checking
        self._imported = imported
        self._waiting = CircuitBreaker(clock)
        self._in_flight: dict[asyncio.Task[None], ImportRow] = {}
        # No row is claimed while a result is being noted, so that a result is never noted over a later attempt.
        self._noting = asyncio.Lock()
        self._recovery_due = True
        self._held_at: datetime | None = None

    def poke(self) -> None:
        """Somebody has confirmed or cancelled something."""
        self._waiting.hasten()
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
        if self._recovery_due:
            await self._recover()
        await self._cancel_queued()
        await self._hold_old()
        await self._tell()
        free = self._waiting.allowed(self._concurrency - len(self._in_flight))
        if free > 0 and not self.worker.stopping:
            await self._send(free)
        return self._waiting.pause()

    async def _tell(self) -> None:
        if not self._waiting.untold:
            return
        self._waiting.untold = False
        try:
            await self._log.wait(self._waiting.reason)
        except BaseException:
            self._waiting.untold = True
            raise

    async def _recover(self) -> None:
        for row in await self._log.recover([row.id for row in self._in_flight.values()]):
            logger.info("import %d: whether %s was sent is not known; it is checked", row.id, row.code)
        self._recovery_due = False
        self._checking.worker.wake()

    async def _cancel_queued(self) -> None:
        for row in await self._log.cancelled_while_queued():
            if row.unanswered:
                fields: dict[str, Any] = {"status": Status.CHECKING, "verdict": Status.CANCELLED}
            else:
                fields = {"status": Status.CANCELLED, "finished_at": self._clock.now()}
            if await self._log.change(row.id, expect=Status.QUEUED, **fields):
                logger.info("import %d: %s is %s, as its person wishes", row.id, row.code, fields["status"])
                self._checking.worker.wake()

    async def _hold_old(self) -> None:
        # By the time of day: what waited while the computer slept is held before it is sent.
        now = self._clock.now()
        if self._held_at is not None and timedelta(0) <= now - self._held_at < HOLD_EVERY:
            return
        held = await self._log.hold_older_than(now - HOLD_AFTER)
        self._held_at = now
        if held:
            logger.info("%d imports have waited for more than a day and are held", held)

    async def _send(self, limit: int) -> None:
        async with self._noting:
            try:
                rows = await self._log.claim(limit, last=self._waiting.last())
            except BaseException:
                # Nothing is sent, but the claim may have been committed.
                self._recovery_due = True
                raise
            for row in rows:
                self._waiting.sent(row.id)
                task = asyncio.create_task(self._import(row), name=f"import {row.id}")
                self._in_flight[task] = row
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        row = self._in_flight.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("import %d: what became of it was not noted and is checked", row.id, exc_info=error)
            self._waiting.answered(row.id)
            self._recovery_due = True
        self.worker.wake()

    async def _import(self, row: ImportRow) -> None:
        proxy = Keep() if row.without_proxy else row.proxy
        request = ImportRequest(code=row.code, group_id=row.group_id, proxy=proxy, bypass=row.bypass)
        began = self._clock.awake()
        logger.info("import %d: %s is sent, attempt %d", row.id, row.code, row.attempts)
        try:
            outcome = await self._browser.import_profile(request)
        except Exception:
            logger.exception("import %d: sending failed in a way that nobody expects", row.id)
            outcome = Unknown(None, "")
        ended = self._clock.awake()
        outcome = self._hardened(row, outcome)
        fields = consequences(row, outcome, self._clock.now())
        status = fields["status"]
        if status is Status.CHECKING:
            # The address of a saved proxy is looked up before the import is sent, for nobody knows how long.
            sent = ended if isinstance(proxy, Saved) else began
            self._checking.sent(row.id, sent, ended, answered=not isinstance(outcome, Unknown))
        # An imported profile is shown when its name is known too, or does not come.
        if not await self._commit(row, fields, quiet=status in {Status.IMPORTED, Status.QUEUED}):
            return
        logger.info("import %d: %s is %s after %s", row.id, row.code, status, told(outcome))
        if isinstance(outcome, NotSent):
            self._waiting.not_sent(row.id, outcome.code)
        else:
            self._waiting.answered(row.id)
        if status is Status.CHECKING:
            self._checking.worker.wake()
        elif isinstance(outcome, Imported):
            self._checking.forget(row.id)
            self._imported(row.id, outcome.profile_id)

    def _hardened(self, row: ImportRow, outcome: Outcome) -> Outcome:
        """The outcome, where 1008 has stayed for so long that it is a refusal."""
        if not isinstance(outcome, NotSent) or outcome.code != RESTRICTED:
            return outcome
        stays = self._waiting.restricted_for_good(row.id, row.restricted + 1)
        return Refused(RESTRICTED, outcome.message) if stays else outcome

    async def _commit(self, row: ImportRow, fields: dict[str, Any], *, quiet: bool) -> bool:
        """Note what became of an attempt, however long the database takes; False when the program stops before."""
        pauses = BackOff(1.0, IDLE)
        while True:
            async with self._noting:
                if self._is_sent_again(row):
                    return True
                try:
                    await self._log.change(row.id, expect=Status.SENDING, quiet=quiet, **fields)
                except StorageError as error:
                    logger.warning("import %d: its result cannot be noted now: %s", row.id, error)
                else:
                    return True
            if self.worker.stopping:
                return False
            await self.worker.rest(pauses.next())

    def _is_sent_again(self, row: ImportRow) -> bool:
        """Whether an attempt that could not be noted was noted after all: the row is another attempt's by now."""
        return any(other.id == row.id and other.attempts > row.attempts for other in self._in_flight.values())


def consequences(row: ImportRow, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """What becomes of a row that was being sent: the fields to change."""
    match outcome:
        case Imported(profile_id):
            proxy = {"proxy_status": ProxyStatus.PENDING} if isinstance(row.proxy, Extraction) else {}
            cleared = {"error_code": None, "error_message": ""}
            return {"status": Status.IMPORTED, "profile_id": profile_id, "finished_at": now, **cleared, **proxy}
        case NotSent(code):
            return {"status": Status.QUEUED, "restricted": row.restricted + 1 if code == RESTRICTED else 0}
        case Unknown(code, message):
            fault = {"error_code": code, "error_message": message}
            return {"status": Status.CHECKING, "unanswered": row.unanswered + 1, "restricted": 0, **fault}
        case Refused(code, message):
            fault = {"error_code": code, "error_message": message}
            if isinstance(row.proxy, Extraction) and code in PROXY_REFUSALS and not row.without_proxy:
                # Not a refusal of the code: the link is set after the import instead.
                return {"status": Status.CHECKING if row.unanswered else Status.QUEUED, "without_proxy": True}
            if row.unanswered:
                return {"status": Status.CHECKING, "verdict": Status.FAILED, **fault}
            return {"status": Status.FAILED, "finished_at": now, **fault}
        case _:
            assert_never(outcome)


def told(outcome: Outcome) -> str:
    """An outcome in a word for the program's own log, without the message, which is ixBrowser's."""
    match outcome:
        case Imported(profile_id):
            return f"profile {profile_id}"
        case Refused(code):
            return f"refusal {code}"
        case NotSent(code):
            return f"wait {code or 'away'}"
        case Unknown(code):
            return f"unknown {code or 'no answer'}"
        case _:
            assert_never(outcome)
