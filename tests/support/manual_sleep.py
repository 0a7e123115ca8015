"""A ``sleep`` whose time passes when the test says so."""

from __future__ import annotations

import asyncio

REAL_LIMIT = 5.0


class ManualSleep:
    """Give it where ``asyncio.sleep`` would be used, then ``advance``."""

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self._changed = asyncio.Condition()

    async def __call__(self, seconds: float) -> None:
        sleeper = (self._now + seconds, asyncio.get_running_loop().create_future())
        self._sleepers.append(sleeper)
        try:
            async with self._changed:
                self._changed.notify_all()
            await sleeper[1]
        finally:
            self._sleepers.remove(sleeper)

    async def until_asleep(self, count: int = 1) -> None:
        """Wait until so many sleep at the same time."""
        async with asyncio.timeout(REAL_LIMIT), self._changed:
            await self._changed.wait_for(lambda: self.asleep >= count)

    @property
    def asleep(self) -> int:
        """How many sleep now; those that are due no longer do."""
        return sum(not future.done() for _due, future in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Let time pass; whoever is due wakes up, the earliest first."""
        self._now += seconds
        for due, future in sorted(self._sleepers, key=lambda sleeper: sleeper[0]):
            if due <= self._now and not future.done():
                future.set_result(None)
