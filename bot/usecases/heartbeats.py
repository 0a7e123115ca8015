"""The heartbeats of every loop, in one place: who has to give signs of life, and who has given none for too long.

A loop runs within ``watched``. Its heart is a context variable, so that whatever goes on for a loop is a sign of it: a
page of a list, a transaction, a call of Telegram. So long work is no hang, and neither is what the loop waits for
within ``waiting``. Where nothing is watched, as in the demo, all of this does nothing.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass

from bot.usecases.ports import Clock

#: Seconds without a sign after which a loop hangs.
SILENT_FOR = 35.0
#: Signs that a loop at rest gives within that time.
_SIGNS = 3.5
#: The part of that time by which what has a limit of its own may be late.
_LATE_BY = 0.6


@dataclass(frozen=True, slots=True)
class Silence:
    """A loop that hangs, and the seconds since its last sign."""

    name: str
    seconds: float


class Heart:
    """What is known of one loop, among the ``hearts`` of its process. Times are in seconds awake."""

    __slots__ = ("_limits", "_pause_ends", "hearts", "name", "seen")

    def __init__(self, hearts: Heartbeats, name: str) -> None:
        self.hearts = hearts
        self.name = name
        # When what is waited for has to have ended; several tasks may go on for the loop.
        self._limits: list[float] = []
        self.beat()

    def beat(self, pause: float = 0.0) -> None:
        """A sign of life; the next one follows a pause of so many seconds."""
        self.seen = self.hearts.awake()
        self._pause_ends = self.seen + pause if pause else None

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        limit = self.hearts.awake() + seconds
        self._limits.append(limit)
        try:
            yield
        finally:
            self._limits.remove(limit)
            self.beat()

    def due(self) -> float:
        """When it has to have given its next sign."""
        # A copy is made in one step: this is another thread than the one that changes it.
        limits = self._limits.copy()
        limit = min(limits) if limits else self._pause_ends
        return self.seen + self.hearts.silent_for if limit is None else limit + self.hearts.late_by


class Heartbeats:
    """The hearts of a process. Loops beat in the event loop; whoever watches them looks from another thread."""

    def __init__(self, awake: Callable[[], float], silent_for: float = SILENT_FOR) -> None:
        self.awake = awake
        self.silent_for = silent_for
        self.late_by = silent_for * _LATE_BY
        #: Whether the process ends since something hangs.
        self.hung = False
        self._stood_still_until = -math.inf
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
        late = [each for each in self._all() if now > max(each.due(), self._stood_still_until + self.silent_for)]
        found = [Silence(each.name, now - each.seen) for each in late]
        return sorted(found, key=lambda silence: -silence.seconds)

    def begin_anew(self) -> None:
        """Nobody could give a sign until now, since the whole process stood still."""
        self._stood_still_until = self.awake()

    def names(self) -> Sequence[str]:
        """Who is watched."""
        return sorted(heart.name for heart in self._all())

    def _all(self) -> Sequence[Heart]:
        with self._lock:
            return tuple(self._hearts)


_WATCHING: ContextVar[Heartbeats | None] = ContextVar("watching", default=None)
_BEATING: ContextVar[Heart | None] = ContextVar("beating", default=None)


def beat(pause: float = 0.0) -> None:
    """A sign of life of the loop that this goes on for; the next one follows a pause of so many seconds.

    The pause is one that the loop has no hand in: of its own it gives signs by ``rest``.
    """
    heart = _BEATING.get()
    if heart is not None:
        heart.beat(pause)


def waiting(seconds: float) -> AbstractContextManager[None]:
    """What runs in the block waits for somebody else, and is ended after so many seconds: until then it is no hang.

    Its end is a sign of life, whatever it brings: what the loop itself does then is seen as soon as anything to hang.
    """
    heart = _BEATING.get()
    return nullcontext() if heart is None else heart.waiting(seconds)


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
