"""Extraction links: looked up in the imported profile, and set by a call of their own where they are missing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.outcome import LOGGED_OUT, RESTRICTED, TOO_FAST
from bot.domain.proxy import Extraction
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal
from bot.station.background_worker import IDLE, PROVE_NOTHING, BackOff, CancellableReads, Worker, attempt
from bot.usecases.browser import Browser
from bot.usecases.import_queue import ImportLog, ImportRow
from bot.usecases.ports import Clock

logger = logging.getLogger(__name__)

#: Seconds between two looks at a profile while a call for it may be under way, at least.
SHORTEST = 5.0

#: The ``proxy_mode`` of a profile whose proxy comes from an extraction link.
EXTRACTION_MODE = 4

#: Calls that set one link without proof that it is set, after which its person is told that the proxy is missing.
SETS = 3


class _Wait(Exception):
    """ixBrowser cannot be asked now; nothing was done."""


@dataclass(slots=True)
class _Setting:
    """How far the setting of one link has come, in seconds awake.

    ``due`` is when it is looked at next; ``repeat_from`` is when a call that got no answer can no longer be under way:
    only a look that began no sooner shows that it was not carried out.
    """

    due: float
    repeat_from: float
    sets: int = 0


class ExtractionLinkSetter:
    """Sets the links of imported profiles: a look, the intent committed, the call, and a look before any repeat.

    ``timeout`` and ``grace`` are seconds: whatever ixBrowser still does for a call is done, and shows in the list of
    profiles, no later than both together after it was sent.
    """

    def __init__(
        self, log: ImportLog, browser: Browser, clock: Clock, reads: CancellableReads, *, timeout: float, grace: float
    ) -> None:
        self.worker = Worker("setting links", self._step, clock)
        self._log = log
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._grace = grace
        self._lasts = timeout + grace
        self._pause = max(grace, SHORTEST)
        self._begun = clock.awake()
        self._settings: dict[int, _Setting] = {}
        self._not_before = self._begun
        self._pauses = BackOff()

    def begin(self) -> None:
        """Take this moment for the one from which on no earlier process can have sent anything."""
        self._begun = self._clock.awake()

    async def _step(self) -> float:
        now = self._clock.awake()
        if now < self._not_before:
            return self._not_before - now
        rows = {row.id: row for row in await self._log.proxies_to_set()}
        self._settings = {row_id: self._settings.get(row_id) or self._fresh() for row_id in rows}
        # The one that failed last is tried last, so that it does not stand before the others.
        for row_id, setting in sorted(self._settings.items(), key=lambda item: item[1].due):
            if setting.due > self._clock.awake() or self.worker.stopping:
                break
            try:
                await self._advance(rows[row_id], setting)
            except _Wait as wait:
                logger.warning("import %d: its proxy waits: %s", row_id, wait)
                self._not_before = setting.due = self._clock.awake() + self._pauses.next()
                return self._not_before - self._clock.awake()
            self._pauses.reset()
        now = self._clock.awake()
        return max(min([setting.due - now for setting in self._settings.values()], default=IDLE), 0.0)

    def _fresh(self) -> _Setting:
        # A call of an earlier process may still be under way.
        return _Setting(due=self._begun, repeat_from=self._begun + self._lasts)

    async def _advance(self, row: ImportRow, setting: _Setting) -> None:
        if row.profile_id is None or not isinstance(row.proxy, Extraction) or row.proxy.link is None:
            await self._end(row, ProxyStatus.MISSING)
            return
        began = self._clock.awake()
        try:
            profile = await self._reads.run(self._browser.profile(row.profile_id))
        except BrowserError as error:
            raise _Wait(str(error)) from error
        setting.due = self._clock.awake() + self._pause
        if profile is not None and profile.proxy_mode == EXTRACTION_MODE:
            await self._end(row, ProxyStatus.SET)
        elif row.proxy_status is ProxyStatus.SETTING and began < setting.repeat_from:
            # Looked at meanwhile too: it may be carried out long before.
            setting.due = min(setting.due, setting.repeat_from)
        elif setting.sets >= SETS:
            await self._end(row, ProxyStatus.MISSING)
        elif await self._log.change(row.id, expect=Status.IMPORTED, quiet=True, proxy_status=ProxyStatus.SETTING):
            await self._set(row, row.profile_id, row.proxy, setting)

    async def _set(self, row: ImportRow, profile_id: int, proxy: Extraction, setting: _Setting) -> None:
        try:
            await attempt(self._browser.set_extraction(profile_id, proxy, row.bypass))
        except BrowserError as error:
            if isinstance(error, BrowserNotRunning) or (code_of(error) in {LOGGED_OUT, TOO_FAST}):
                setting.repeat_from = self._clock.awake()
                raise _Wait(str(error)) from error
            if isinstance(error, BrowserRefusal) and error.code not in PROVE_NOTHING | {RESTRICTED}:
                await self._end(row, ProxyStatus.MISSING, error_code=error.code, error_message=error.message)
                return
            logger.warning("import %d: whether its proxy was set is not known: %s", row.id, error)
            setting.sets += 1
            # It was sent no later than now.
            setting.repeat_from = self._clock.awake() + self._lasts
            setting.due = min(self._clock.awake() + self._pause, setting.repeat_from)
        else:
            # Should this not be noted, the call has its grace all the same.
            setting.repeat_from = self._clock.awake() + self._grace
            await self._end(row, ProxyStatus.SET)

    async def _end(self, row: ImportRow, proxy_status: ProxyStatus, **fields: Any) -> None:
        await self._log.change(row.id, expect=Status.IMPORTED, proxy_status=proxy_status, **fields)
        self._settings.pop(row.id, None)
        logger.info("import %d: the proxy of profile %s is %s", row.id, row.profile_id, proxy_status)


def code_of(error: BrowserError) -> int | None:
    """The number in ixBrowser's error table, where it was a refusal."""
    return error.code if isinstance(error, BrowserRefusal) else None
