"""The computer's own clock, which a test can put forward: real enough for a database in a thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any


class JumpingClock:
    """Runs as the computer's does. After ``jump`` everything is due that would have come due meanwhile.

    ``jumped`` is called at once, for what would have happened in the time between.
    """

    def __init__(self) -> None:
        self.jumped: Callable[[], None] = lambda: None
        self._ahead = 0.0
        self._jump: asyncio.Future[None] | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def timestamp(self) -> float:
        """The time of day in Unix seconds, for the stand-ins."""
        return self.now().timestamp()

    def awake(self) -> float:
        return time.monotonic() + self._ahead

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        until = None if seconds is None else self.awake() + seconds
        while not event.is_set():
            left = None if until is None else until - self.awake()
            if left is not None and left <= 0:
                break
            await self._event_or_jump(event, left)
        return event.is_set()

    async def sleep(self, seconds: float) -> None:
        """Wait so long, as the stand-in of ixBrowser does."""
        await self.wait(asyncio.Event(), seconds)

    def jump(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead += seconds
        self.jumped()
        if self._jump is not None:
            self._jump.set_result(None)
            self._jump = None

    async def _event_or_jump(self, event: asyncio.Event, seconds: float | None) -> None:
        if self._jump is None:
            self._jump = asyncio.get_running_loop().create_future()
        waiting = asyncio.create_task(event.wait())
        either: set[asyncio.Future[Any]] = {waiting, self._jump}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
