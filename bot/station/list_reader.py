"""ixBrowser's lists as they are now: read when somebody looks, every few seconds at most, by one reading for all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.domain.remote_lists import Failed, Listing, Lists, Row
from bot.errors import BrowserError, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.usecases.browser import Browser
from bot.usecases.ports import Clock

_LOG = logging.getLogger(__name__)

#: Seconds for which a list counts as "now": long enough for one card to be shown, short enough that a group made at the
#: computer is there when its person looks again.
FRESH = 5.0
#: Seconds after which a list that could not be read is tried again when somebody asks for it.
FAILURE_FRESH = 1.0


def failure_of(error: BrowserError) -> str:
    """The key under which the texts explain this failure."""
    match error:
        case BrowserNotRunning():
            return "away"
        case BrowserRefusal(code=code):
            return str(code)
        case BrowserNoAnswer():
            return "silent"
        case _:
            return "unreadable"


class ListReader:
    """Reads lists in the background and tells when one has come.

    ``when_new`` is awaited with the rows of each list that was read; only then is the list known. It must not raise.
    """

    def __init__(
        self,
        browser: Browser,
        clock: Clock,
        when_new: Callable[[Listing, Sequence[Row]], Awaitable[None]] | None = None,
    ) -> None:
        self._clock = clock
        self._when_new = when_new
        self._read: dict[Listing, Callable[[], Awaitable[Sequence[Row]]]] = {
            Listing.GROUPS: browser.groups,
            Listing.SAVED: browser.saved_proxies,
            Listing.STATIC: browser.static_proxies,
            Listing.PACKAGES: browser.traffic_packages,
        }
        self._known: dict[Listing, tuple[float, Sequence[Row] | Failed]] = {}
        self._tasks: dict[Listing, asyncio.Task[None]] = {}

    async def look(self, wanted: frozenset[Listing], patience: float) -> Lists:
        """The wanted lists, waiting up to ``patience`` seconds for them; those that take longer are missing."""
        tasks = [task for listing in wanted if (task := self._fetch(listing)) is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        return self.now(wanted)

    def now(self, wanted: frozenset[Listing]) -> Lists:
        """Those of the wanted lists that are known at this moment."""
        return Lists({listing: self._known[listing][1] for listing in wanted if self._is_fresh(listing)})

    def when_read(self, wanted: frozenset[Listing], tell: Callable[[], None]) -> None:
        """Call ``tell`` once as soon as one more of these lists has been read, or failed to be."""
        told = False

        def once(_task: asyncio.Task[None]) -> None:
            nonlocal told
            if not told:
                told = True
                tell()

        for listing in wanted:
            task = self._fetch(listing)
            if task is not None:
                task.add_done_callback(once)
            elif not told:
                told = True
                asyncio.get_running_loop().call_soon(tell)

    def forget(self, listing: Listing) -> None:
        """What is known of this list is out of date, and so may be what is being read of it."""
        self._known.pop(listing, None)
        task = self._tasks.get(listing)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Give up what is being read."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _is_fresh(self, listing: Listing) -> bool:
        if listing not in self._known:
            return False
        read_at, rows = self._known[listing]
        return self._clock.awake() - read_at < (FAILURE_FRESH if isinstance(rows, Failed) else FRESH)

    def _fetch(self, listing: Listing) -> asyncio.Task[None] | None:
        if self._is_fresh(listing):
            return None
        task = self._tasks.get(listing)
        if task is None or task.done() or task.cancelling():
            task = asyncio.create_task(self._refresh(listing), name=f"read {listing}")
            self._tasks[listing] = task
        return task

    async def _refresh(self, listing: Listing) -> None:
        rows: Sequence[Row] | Failed
        try:
            rows = await self._read[listing]()
        except BrowserError as error:
            _LOG.warning("the list of %s could not be read: %s", listing, failure_of(error))
            rows = Failed(failure_of(error))
        except Exception:  # noqa: BLE001 - whoever waits for the list must be told, whatever went wrong
            _LOG.exception("the list of %s could not be read", listing)
            rows = Failed("unreadable")
        read_at = self._clock.awake()
        if self._when_new is not None and not isinstance(rows, Failed):
            await self._when_new(listing, rows)
        self._known[listing] = (read_at, rows)
