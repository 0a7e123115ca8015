"""The time after a commit in which what it announces may be sent."""

from __future__ import annotations

from typing import Final

from bot.usecases.ports import Clock

#: Seconds after its claim within which something is sent; a process that takes over counts on it.
SEND_WITHIN: Final = 5.0


class SendWindow:
    """Begins before the claim is committed. The time while the computer sleeps counts: somebody may take over then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._awake = clock.awake()
        self._now = clock.now()

    @property
    def is_over(self) -> bool:
        passed = max(self._clock.awake() - self._awake, (self._clock.now() - self._now).total_seconds())
        return passed > SEND_WITHIN
