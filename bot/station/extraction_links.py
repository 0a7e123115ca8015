"""Extraction links: looked up in the imported profile, and set by a call of their own where they are missing."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.error_codes import Meaning, meaning
from bot.domain.import_events import Event, ProxyIntended, ProxyMissing, ProxySet
from bot.domain.import_state import ProxyStatus
from bot.domain.proxy import Extraction
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker, attempt
from bot.station.proof_times import ProofTimes
from bot.station.send_window import SendWindow
from bot.usecases import import_queue
from bot.usecases.browser import Browser
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import Clock, Store

logger = logging.getLogger(__name__)

#: Seconds between two looks at a profile while a call for it may be under way, at least.
SHORTEST = 5.0

#: The ``proxy_mode`` of a profile whose proxy comes from an extraction link.
EXTRACTION_MODE = 4

#: Calls that set one link without proof that it is set, after which its person is told that the proxy is missing.
SETS = 3


class _NotNow(Exception):
    """ixBrowser cannot be asked now; nothing was done."""


@dataclass(slots=True)
class _Progress:
    """How far the setting of one link has come, in seconds awake.

    ``due`` is when it is looked at next; ``repeat_from`` is when a call that got no answer can no longer be under way:
    only a look that began no sooner shows that it was not carried out.
    """

    due: float
    repeat_from: float
    sets: int = 0


class ExtractionLinkSetter:
    """Sets the links of imported profiles: a look, the intent committed, the call, and a look before any repeat."""

    def __init__(
        self, store: Store, browser: Browser, clock: Clock, reads: CancellableReads, times: ProofTimes
    ) -> None:
        self.worker = Worker("setting links", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._times = times
        self._pause = max(times.grace, SHORTEST)
        self._begun = clock.awake()
        self._progress: dict[int, _Progress] = {}
        self._not_before = self._begun
        self._pauses = BackOff()

    def begin(self) -> None:
        """Begin now: from when on no earlier process can have sent anything is counted from here."""
        self._begun = self._clock.awake()

    async def _step(self) -> float:
        now = self._clock.awake()
        if now < self._not_before:
            return self._not_before - now
        rows = {row.id: row for row in await self._store.read(import_queue.links_to_set)}
        self._progress = {row_id: self._progress.get(row_id) or self._fresh() for row_id in rows}
        # The one that failed last is tried last, so that it does not stand before the others.
        for row_id, progress in sorted(self._progress.items(), key=lambda item: item[1].due):
            if progress.due > self._clock.awake() or self.worker.stopping:
                break
            try:
                await self._advance(rows[row_id], progress)
            except _NotNow as reason:
                logger.warning("import %d: its proxy waits: %s", row_id, reason)
                self._not_before = progress.due = self._clock.awake() + self._pauses.next()
                return self._not_before - self._clock.awake()
            self._pauses.reset()
        now = self._clock.awake()
        return min([progress.due - now for progress in self._progress.values()], default=IDLE)

    def _fresh(self) -> _Progress:
        # A call of an earlier process may still be under way, or about to be sent.
        return _Progress(due=self._begun, repeat_from=self._begun + self._times.others_send_for + self._times.lasts)

    async def _advance(self, row: ImportRow, progress: _Progress) -> None:
        profile_id = row.state.profile_id
        if profile_id is None or not isinstance(row.proxy, Extraction) or row.proxy.link is None:
            await self._end(row, ProxyMissing())
            return
        began = self._clock.awake()
        try:
            profile = await self._reads.run(self._browser.profile(profile_id))
        except BrowserError as error:
            raise _NotNow(str(error)) from error
        progress.due = self._clock.awake() + self._pause
        if profile is not None and profile.proxy_mode == EXTRACTION_MODE:
            await self._end(row, ProxySet())
        elif row.state.proxy_status is ProxyStatus.SETTING and began < progress.repeat_from:
            # Looked at meanwhile too: it may be carried out long before.
            progress.due = min(progress.due, progress.repeat_from)
        elif progress.sets >= SETS:
            await self._end(row, ProxyMissing())
        else:
            window = SendWindow(self._clock)
            intended = await self._store.write(import_queue.record, row.id, ProxyIntended())
            if window.is_over:
                raise _NotNow("it was not sent in time")
            if intended is not None and intended.state.proxy_status is ProxyStatus.SETTING:
                await self._set(row, profile_id, row.proxy, progress)

    async def _set(self, row: ImportRow, profile_id: int, proxy: Extraction, progress: _Progress) -> None:
        try:
            await attempt(self._browser.set_extraction(profile_id, proxy, row.bypass))
        except BrowserError as error:
            says = meaning(error.code).setting_link if isinstance(error, BrowserRefusal) else Meaning.UNKNOWN
            if isinstance(error, BrowserNotRunning) or says is Meaning.WAIT:
                progress.repeat_from = self._clock.awake()
                raise _NotNow(str(error)) from error
            if isinstance(error, BrowserRefusal) and says is Meaning.REFUSED:
                await self._end(row, ProxyMissing(error.code, error.message))
                return
            logger.warning("import %d: whether its proxy was set is not known: %s", row.id, error)
            progress.sets += 1
            # It was sent no later than now.
            progress.repeat_from = self._clock.awake() + self._times.lasts
            progress.due = min(self._clock.awake() + self._pause, progress.repeat_from)
        else:
            # Should this not be noted, the call has its grace all the same.
            progress.repeat_from = self._clock.awake() + self._times.grace
            await self._end(row, ProxySet())

    async def _end(self, row: ImportRow, event: Event) -> None:
        after = await self._store.write(import_queue.record, row.id, event) or row
        self._progress.pop(row.id, None)
        logger.info("import %d: the proxy of profile %s is %s", row.id, row.state.profile_id, after.state.proxy_status)
