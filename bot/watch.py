"""Watches over the process that runs it, from a thread: what hangs is seen while the event loop itself is blocked.

The bot ends with 1 where something hangs, and is started again by what has started it: in order where that can still
be done, and at once where nothing else helps. Where no thread of Python comes to run any more, ``faulthandler`` does
it.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot import __version__
from bot.clock import SystemClock, with_sleep
from bot.errors import PartEnded
from bot.service_manager import notify
from bot.sign_of_life import Sign, give_sign, take_back_sign
from bot.usecases.heartbeats import SILENT_FOR, Heartbeats

_LOG = logging.getLogger(__name__)

NOT_RIGHT = 1
#: Seconds that it may take to log why the process ends.
SAID_WITHIN = 2.0
#: What is raised where there is no standard error.
_NO_STDERR = (AttributeError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class WatchTimes:
    """Seconds: between two looks; without a sign after which something hangs; that the process may stand still; in
    which it has to end in order once something hangs; without any look after which ``faulthandler`` ends it.
    """

    look_every: float = 5.0
    silent_for: float = SILENT_FOR
    stand_still: float = 60.0
    end_within: float = 20.0
    no_look_for: float = 50.0


#: Those of a running program.
TIMES = WatchTimes()


class Watch:
    """``fault`` is set, and ``ended`` called in the event loop, when the process has to end.

    ``send_within``: the seconds that what is being imported may take to end.
    """

    def __init__(self, file: Path, send_within: float, ended: Callable[[], None], times: WatchTimes | None = None):
        self._times = times or TIMES
        self.heartbeats = Heartbeats(SystemClock().awake, self._times.silent_for)
        self.fault: PartEnded | None = None
        self._file = file
        self._send_within = send_within
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._since = time.time()
        self._serving = False
        self._stopping = threading.Event()
        self._looked = with_sleep()
        self._answered = self.heartbeats.awake()
        self._end_by: float | None = None
        self._sign_failed = False
        self._giving = threading.Lock()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs; and to the end of the process where something hangs."""
        self._look()
        thread = threading.Thread(target=self._run, name="watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            if self._end_by is None:
                self._stopping.set()
                thread.join()
                faulthandler.cancel_dump_traceback_later()
                take_back_sign(self._file)
            notify("STOPPING=1")

    def serves(self) -> None:
        """The start is over."""
        self._serving = True
        notify("READY=1", "STATUS=Serving.")
        self._give_sign(())

    def _run(self) -> None:
        while not self._stopping.wait(self._times.look_every):
            self._look()

    def _look(self) -> None:
        self._begin_countdown()
        now, before = with_sleep(), self._looked
        self._looked = now
        if self._end_by is not None and self.heartbeats.awake() > self._end_by:
            self._exit("the bot does not end in order")
        stood_still = now - before
        if stood_still > self._times.look_every * 3:
            # Nobody could give a sign: neither a loop, nor the event loop.
            self.heartbeats.begin_anew()
            self._answered = self.heartbeats.awake()
        if stood_still > self._times.stand_still:
            self._end(
                f"The bot ends, to be started again: the computer has slept, or this process has stood still, for"
                f" {stood_still:.0f} s.",
                self._send_within,
            )
        self._call(self._answer)
        silent_for = self.heartbeats.awake() - self._answered
        if silent_for > self._times.silent_for:
            self._give_sign(("the event loop",))
            self._exit(f"the event loop has been blocked for {silent_for:.0f} s")
        hanging = self.heartbeats.silent()
        if hanging and self._end_by is None:
            worst = hanging[0]
            self.heartbeats.hung = True
            self._end(
                f"The bot ends, to be started again: no sign of life of its {worst.name} for {worst.seconds:.0f} s.",
                self._times.end_within,
                where=True,
            )
        self._give_sign([silence.name for silence in hanging])
        if not hanging:
            # A start may take long, as when the database's server is away.
            notify("WATCHDOG=1", *([] if self._serving else [f"EXTEND_TIMEOUT_USEC={self._extended()}"]))

    def _extended(self) -> int:
        return int(self._times.no_look_for * 1_000_000)

    def _answer(self) -> None:
        self._answered = self.heartbeats.awake()

    def _end(self, sentence: str, within: float, *, where: bool = False) -> None:
        if self.fault is None:
            _say(sentence, where=where)
            self.fault = PartEnded(sentence)
            self._end_by = self.heartbeats.awake() + within
            self._call(self._ended)

    def _call(self, what: Callable[[], None]) -> None:
        # The event loop may have been closed while what it has begun still hangs.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what)

    def _begin_countdown(self) -> None:
        """Without another look for too long the process ends, whatever holds the interpreter."""
        # On macOS the time asleep counts there too, and a sleep is no hang.
        if sys.platform != "darwin":
            with suppress(*_NO_STDERR):
                faulthandler.dump_traceback_later(self._times.no_look_for, exit=True)

    def _give_sign(self, hanging: Sequence[str]) -> None:
        sign = Sign(os.getpid(), time.time(), self._since, __version__, self._serving, tuple(hanging))
        try:
            with self._giving:
                give_sign(self._file, sign)
        except OSError as error:
            if not self._sign_failed:
                _LOG.warning("no sign of life can be written to %s: %s", self._file, error.strerror)
            self._sign_failed = True
        else:
            self._sign_failed = False

    @staticmethod
    def _exit(why: str) -> None:
        _say(f"The bot ends at once, to be started again: {why}.", where=True)
        # The database stands this as it stands a power cut; what was being sent is checked at the next start.
        os._exit(NOT_RIGHT)


def _say(sentence: str, *, where: bool) -> None:
    """Log it, and ``where`` each thread is: files, lines and names, and no value.

    Whoever is to read the log may be what hangs, so that is not waited for long.
    """

    def say() -> None:
        _LOG.critical("%s", sentence)
        if where:
            with suppress(*_NO_STDERR):
                faulthandler.dump_traceback(sys.stderr)

    saying = threading.Thread(target=say, name="last words", daemon=True)
    saying.start()
    saying.join(SAID_WITHIN)
