"""The computer's clock: the time of day, and the time that it has been awake."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

if sys.platform == "win32":  # pragma: no cover - needs Windows
    import ctypes

    def _awake() -> float:
        # Python's monotonic clock runs on while Windows sleeps; this one, in units of 100 ns, does not.
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value / 10_000_000

else:

    def _awake() -> float:
        return time.monotonic()


#: A clock that runs on while the computer sleeps; the monotonic one of Linux does not, nor does Python's on macOS.
_WITH_SLEEP = getattr(time, "CLOCK_BOOTTIME", None) or (time.CLOCK_MONOTONIC if sys.platform == "darwin" else None)


def with_sleep() -> float:
    """Seconds that go on while the computer sleeps, and whatever becomes of the time of day."""
    return time.monotonic() if _WITH_SLEEP is None else time.clock_gettime(_WITH_SLEEP)


def booted_at() -> datetime | None:
    """When this computer has started; None on Windows, where what is called shutting down is a sleep of the system."""
    return None if sys.platform == "win32" else datetime.now(UTC) - timedelta(seconds=with_sleep())


class SystemClock:
    """The ``Clock`` of a running program."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def awake(self) -> float:
        return _awake()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        if seconds is None:
            return await event.wait()
        until = self.awake() + seconds
        remaining = seconds
        while not event.is_set():
            # An event loop's own timer may run while the computer sleeps, and may be early by its resolution.
            try:
                async with asyncio.timeout(max(remaining, 0)):
                    return await event.wait()
            except TimeoutError:
                remaining = until - self.awake()
                if remaining <= 0:
                    break
        return event.is_set()
