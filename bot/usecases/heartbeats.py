"""The heartbeats of every loop, in one place: who has to give signs of life, and who has given none for too long.

A loop runs within ``watched``. Its heart is a context variable, so that whatever goes on for a loop is a sign of it: a
page of a list, a transaction, a call of Telegram. So long work is no hang. Where nothing is watched, as in the demo,
all of this does nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.usecases.ports import Clock

#: Seconds without a sign after which a loop hangs, beyond what it has announced.
SILENT_FOR = 35.0
#: Signs that a loop at rest gives within that time.
_SIGNS = 3.5


@dataclass(frozen=True, slots=True)
class Silence:
    """A loop that hangs, and the seconds since its last sign."""

    name: str
    seconds: float


class Heart:
    """What is known of one loop, among the ``hearts`` of its process. Times are in seconds awake."""

    __slots__ = ("hearts", "lasts", "name", "seen")

    def __init__(self, hearts: Heartbeats, name: str) -> None:
        self.hearts = hearts
        self.name = name
        self.beat()

    def beat(self, lasts: float = 0.0) -> None:
        """A sign of life; what comes next may take so many seconds more than usual."""
        self.seen, self.lasts = self.hearts.awake(), lasts


class Heartbeats:
    """The hearts of a process. Loops beat in the event loop; whoever watches them looks from another thread."""

    def __init__(self, awake: Callable[[], float], silent_for: float = SILENT_FOR) -> None:
        self.awake = awake
        self.silent_for = silent_for
        #: Whether the process ends since something hangs.
        self.hung = False
        self._hearts: set[Heart] = set()
        self._lock = threading.Lock()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """From the block, and from the tasks that are begun in it, who is ``watched`` is watched by these."""
        before = _WATCHING.set(self)
        try:
            yield
        finally:
            _WATCHING.reset(before)

    @contextmanager
    def watch(self, name: str) -> Iterator[None]:
        """Watch what runs in the block."""
        heart = Heart(self, name)
        with self._lock:
            self._hearts.add(heart)
        before = _BEATING.set(heart)
        try:
            yield
        finally:
            _BEATING.reset(before)
            with self._lock:
                self._hearts.discard(heart)

    def silent(self) -> Sequence[Silence]:
        """Who hangs, the longest first."""
        now = self.awake()
        found = [Silence(each.name, now - each.seen) for each in self._all() if self._is_late(each, now)]
        return sorted(found, key=lambda silence: -silence.seconds)

    def begin_anew(self) -> None:
        """Nobody could give a sign until now, since the whole process stood still."""
        for heart in self._all():
            heart.beat(heart.lasts)

    def names(self) -> Sequence[str]:
        """Who is watched."""
        return sorted(heart.name for heart in self._all())

    def _is_late(self, heart: Heart, now: float) -> bool:
        return now - heart.seen > self.silent_for + heart.lasts

    def _all(self) -> Sequence[Heart]:
        with self._lock:
            return tuple(self._hearts)


_WATCHING: ContextVar[Heartbeats | None] = ContextVar("watching", default=None)
_BEATING: ContextVar[Heart | None] = ContextVar("beating", default=None)


def beat(lasts: float = 0.0) -> None:
    """A sign of life of the loop that this goes on for; what comes next may take so many seconds more than usual."""
    heart = _BEATING.get()
    if heart is not None:
        heart.beat(lasts)


@contextmanager
def watched(name: str) -> Iterator[None]:
    """Watch what runs in the block, apart from what has begun it; ``name`` is what the log calls it."""
    hearts = _WATCHING.get()
    if hearts is None:
        yield
    else:
        with hearts.watch(name):
            yield


async def rest(clock: Clock, event: asyncio.Event, seconds: float | None) -> bool:
    """``clock.wait`` for a loop, which gives signs of life meanwhile."""
    heart = _BEATING.get()
    if heart is None:
        return await clock.wait(event, seconds)
    piece = heart.hearts.silent_for / _SIGNS
    until = None if seconds is None else clock.awake() + seconds
    while True:
        heart.beat()
        left = piece if until is None else min(piece, until - clock.awake())
        is_set = await clock.wait(event, left)
        if is_set or (until is not None and clock.awake() >= until):
            heart.beat()
            return is_set
