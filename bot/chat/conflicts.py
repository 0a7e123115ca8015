"""Whether another process polls with this bot's token, as Telegram's answers to getUpdates tell."""

from __future__ import annotations

import asyncio
import math

from bot.usecases.ports import Clock

#: Seconds after a start in which one conflict is left over from the process before.
LEFT_OVER_FOR = 10.0
#: Seconds of polling without a conflict after which there is none any more.
QUIET_FOR = 30.0
#: Seconds of conflict, or conflicts one after another, of which admins are told.
LASTING, AGAIN = 60.0, 3
#: Seconds without a conflict after which the next is the first of others, and admins are told that it is over. What is
#: started and ends again and again comes back sooner.
CALM_FOR = 600.0


class Conflicts:
    """What getUpdates was answered, by the time awake.

    Of two that poll each succeeds now and then, and PTB makes pauses of up to half a minute: the time without a
    conflict counts from when Telegram was asked after the last.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started: float | None = None
        self._ignored = False
        # Since when Telegram is asked without a conflict.
        self._asked: float | None = None
        self._first = self._last = -math.inf
        self._times = 0
        #: Whether there is one now, and whether there is certainly none; neither where nothing is known yet.
        self.held = self.alone = False
        #: Set when one of them changes; whoever waits for it clears it.
        self.changed = asyncio.Event()

    def asked(self) -> None:
        """Telegram is about to be asked for updates."""
        now = self._clock.awake()
        if self._started is None:
            self._started = now
        if self._asked is None:
            self._asked = now

    def met(self) -> None:
        """Another process has polled."""
        now = self._clock.awake()
        self._asked = None
        if self._is_left_over(now):
            self._ignored = True
            return
        if not self.held:
            self._times = self._times + 1 if now - self._last < CALM_FOR else 1
            self._first = now
            self.changed.set()
        self._last = now
        self.held, self.alone = True, False

    def none_met(self) -> None:
        """Telegram has handed updates out, or had none."""
        if self.alone or self._asked is None or self._clock.awake() - self._asked < QUIET_FOR:
            return
        self.held, self.alone = False, True
        self.changed.set()

    @property
    def lasts(self) -> bool:
        """Whether there is one that goes on, or comes again and again."""
        return self.held and (self._last - self._first >= LASTING or self._times >= AGAIN)

    @property
    def calm(self) -> bool:
        """Whether there has been none for long."""
        since = max(self._last, -math.inf if self._started is None else self._started)
        return self.alone and self._clock.awake() - since >= CALM_FOR

    def _is_left_over(self, now: float) -> bool:
        return not self._ignored and self._started is not None and now - self._started < LEFT_OVER_FOR
