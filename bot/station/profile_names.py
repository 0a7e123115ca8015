"""What follows an import at once and is not worth a slot: the profile's name."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass

from bot.domain.import_events import NameFound
from bot.errors import BrowserError, StorageError
from bot.station.background_worker import IDLE, CancellableReads, Worker
from bot.usecases import import_queue
from bot.usecases.browser import Browser
from bot.usecases.ports import Clock, Store

logger = logging.getLogger(__name__)

#: Seconds that a fresh import is kept back for its name.
NAME_SECONDS = 5.0

#: Seconds after which a name that did not come is looked up again: so many times, in one run of the program.
NAME_AGAIN = (30.0, 120.0, 600.0, 3600.0)


@dataclass(slots=True)
class _Later:
    tries: int
    due: float


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An import that is not shown yet, until when, in seconds awake, it is kept back."""

    row_id: int
    profile_id: int
    until: float


class ProfileNames:
    """Looks names up, one at a time, so that imports have the station to themselves."""

    def __init__(self, store: Store, browser: Browser, clock: Clock, reads: CancellableReads) -> None:
        self.worker = Worker("looking names up", self._step, clock)
        self._store = store
        self._browser = browser
        self._clock = clock
        self._reads = reads
        self._fresh: deque[_Fresh] = deque()
        self._later: dict[int, _Later] = {}
        self._begun = False

    def add(self, row_id: int, profile_id: int) -> None:
        """A row was imported, and not shown yet."""
        self._fresh.append(_Fresh(row_id, profile_id, self._clock.awake() + NAME_SECONDS))
        self.worker.wake()

    async def close(self) -> None:
        """Show what is still kept back, without names."""
        while self._fresh:
            row_id = self._fresh.popleft().row_id
            try:
                await self._store.write(import_queue.show, row_id)
            except StorageError as error:
                logger.warning("import %d cannot be shown before the next start: %s", row_id, error)

    async def _step(self) -> float:
        if self._fresh:
            fresh = self._fresh[0]
            if not await self._name(fresh.row_id, fresh.profile_id, fresh.until - self._clock.awake(), show=True):
                self._later[fresh.row_id] = _Later(1, self._clock.awake() + NAME_AGAIN[0])
            self._fresh.popleft()
            return 0.0
        now = self._clock.awake()
        if not self._begun or any(later.due <= now for later in self._later.values()):
            await self._look_again(now)
        now = self._clock.awake()
        return min([IDLE, *(later.due - now for later in self._later.values())])

    async def _look_again(self, now: float) -> None:
        numbers = {row.id: row.state.profile_id for row in await self._store.read(import_queue.unnamed)}
        if not self._begun:
            # Rows that an earlier process left may never have been shown.
            fresh = {each.row_id for each in self._fresh}
            self._later |= {row_id: _Later(0, now) for row_id in numbers if row_id not in fresh}
            self._begun = True
        for row_id, later in list(self._later.items()):
            if self._fresh or self.worker.stopping:
                return
            if later.due > now:
                continue
            profile_id = numbers.get(row_id)
            named = profile_id is None or await self._name(row_id, profile_id, NAME_SECONDS, show=later.tries == 0)
            if named or later.tries == len(NAME_AGAIN):
                del self._later[row_id]
            else:
                later.due = self._clock.awake() + NAME_AGAIN[later.tries]
                later.tries += 1

    async def _name(self, row_id: int, profile_id: int, seconds: float, *, show: bool) -> bool:
        """Note a profile's name; whether it is known now. ``show`` the row in any case."""
        name = await self._look(row_id, profile_id, seconds) if seconds > 0 else ""
        if name:
            await self._store.write(import_queue.record, row_id, NameFound(name))
        elif show:
            await self._store.write(import_queue.show, row_id)
        return bool(name)

    async def _look(self, row_id: int, profile_id: int, seconds: float) -> str:
        try:
            profile = await self._reads.run(self._browser.profile(profile_id), seconds)
        except BrowserError as error:
            logger.warning("import %d: the name of profile %d cannot be looked up: %s", row_id, profile_id, error)
            return ""
        return profile.name if profile is not None else ""
