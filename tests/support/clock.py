"""A clock that the test moves: nothing waits for real, and everything that is due happens in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast


async def settle() -> None:
    """Let every task run until all of them wait for something.

    That is so when the event loop has nothing else to run. It tells nobody, hence the look at its queue.
    """
    loop = cast(Any, asyncio.get_running_loop())
    while loop._ready:  # noqa: ASYNC110 - there is no event for "nothing left to run"
        await asyncio.sleep(0)


class MovableClock:
    """Starts at noon on 1 March 2026, awake for 1,000 seconds."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self._time = 0.0
        self._origin = -1000.0
        self._alarms: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def awake(self) -> float:
        return self._time - self._origin

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        if event.is_set():
            return True
        if seconds is None:
            return await event.wait()
        if seconds <= 0:
            await asyncio.sleep(0)
            return event.is_set()
        alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (self._time + seconds, alarm)
        self._alarms.append(entry)
        waiting = asyncio.create_task(event.wait())
        either: set[asyncio.Future[Any]] = {waiting, alarm}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            if entry in self._alarms:
                self._alarms.remove(entry)
        return event.is_set()

    async def pass_by(self, seconds: float) -> None:
        """Wait so long, as something that takes its time does."""
        await self.wait(asyncio.Event(), seconds)

    async def advance(self, seconds: float) -> None:
        """Let time pass, stopping at whatever is due in between."""
        end = self._time + seconds
        await settle()
        while (due := min((at for at, _ in self._alarms), default=end + 1)) <= end:
            self._move(due)
            await settle()
        self._move(end)
        await settle()

    async def advance_until(self, condition: Callable[[], bool], *, at_most: float = 3600.0) -> None:
        """Let time pass from one due moment to the next until the condition holds."""
        end = self._time + at_most
        await settle()
        while not condition():
            due = min((at for at, _ in self._alarms), default=end + 1)
            assert due <= end, f"not so within {at_most} s"
            self._move(due)
            await settle()

    def computer_sleeps(self, seconds: float) -> None:
        """The time of day goes on; the time awake does not."""
        self._now += timedelta(seconds=seconds)

    def new_process(self) -> None:
        """The time awake begins somewhere else, as after a restart of the computer."""
        self._origin = self._time - 7.0

    def _move(self, time: float) -> None:
        self._now += timedelta(seconds=time - self._time)
        self._time = time
        for entry in [entry for entry in self._alarms if entry[0] <= time]:
            self._alarms.remove(entry)
            if not entry[1].done():
                entry[1].set_result(None)
