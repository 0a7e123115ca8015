"""Threads for work that blocks: the event loop hands it over, and is woken once for all that is done meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

_LOG = logging.getLogger(__name__)

T = TypeVar("T")


class Job(Generic[T]):
    """One piece of work, and who waits for it.

    ``asked_at`` is ``time.monotonic()`` of the moment at which it was asked for. ``abandoned`` says that nobody waits
    for it any more: work that has begun ends all the same, but need not wait for anything. ``afterwards`` is called in
    the event loop before the caller goes on, with whether the work is known to be done: a commit may fail after it.
    ``together`` does it in one go with others that have an equal one.
    """

    def __init__(
        self, work: Callable[[Job[T]], T], loop: asyncio.AbstractEventLoop, together: Together | None = None
    ) -> None:
        self.asked_at = time.monotonic()
        self.abandoned = False
        self.afterwards: Callable[[bool], None] | None = None
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.together = together
        self._work = work
        # What a log line says of the update that is handled belongs to the lines of its transaction too.
        self._context = contextvars.copy_context()
        self._lock = threading.Lock()
        self._begun = False
        self._result: Any = None
        self._error: BaseException | None = None

    def give_up(self) -> bool:
        """Whether it had not begun, and never will."""
        with self._lock:
            self.abandoned = True
            return not self._begun

    def begin(self) -> bool:
        """Whether it is to be done, in a thread: its caller had not given up before it was first asked."""
        with self._lock:
            self._begun = self._begun or not self.abandoned
            return self._begun

    def do(self) -> None:
        """Do the work and raise what it raises."""
        self._result = self._context.run(self._work, self)

    def undo(self) -> None:
        """Forget what the work has come to, since it was undone."""
        self.afterwards = None

    def run(self) -> bool:
        """Do the work unless its caller has given up; what it raises is the caller's. Whether it has begun."""
        if not self.begin():
            return False
        try:
            self.do()
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
            self.fail(error)
        return True

    def fail(self, error: BaseException) -> None:
        """Let the caller have this error."""
        if isinstance(error, StopIteration):
            # No future takes one.
            error = RuntimeError("the work has raised StopIteration")
        self._error = error

    def finish(self) -> None:
        """Hand the result over, in the event loop."""
        try:
            if self.afterwards is not None:
                self.afterwards(self._error is None)
        finally:
            if self._error is not None:
                self.future.set_exception(self._error)
            else:
                self.future.set_result(self._result)


#: Does at least one of the jobs, in their order, and raises nothing: each has to ``begin``, is done by ``do``, and made
#: to ``fail`` if it can't be done. The result are those that have begun.
Together = Callable[[Iterator[Job[Any]]], Sequence[Job[Any]]]


class Threads:
    """``count`` threads that take jobs from one queue in the order in which they were asked for.

    ``ending`` is called in each thread when it ends.
    """

    def __init__(self, name: str, count: int, ending: Callable[[], None] = lambda: None) -> None:
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._name = name
        self._count = count
        self._ending = ending
        self._threads: list[threading.Thread] = []
        #: Those that were told to end last.
        self._former: list[threading.Thread] = []
        self._done: deque[Job[Any]] = deque()
        self._waking = threading.Lock()
        self._woken = False
        #: Jobs that were asked for and have not been handed back.
        self.under_way = 0

    async def run(self, work: Callable[[Job[T]], T], together: Together | None = None) -> T:
        """The result of ``work``, which is called with its job in one of the threads.

        ``together`` does it, with those that wait behind it and have an equal one.

        A caller that is cancelled while the work is queued takes it back; once it has begun its end is awaited, so that
        nothing of it happens later.
        """
        if not self._threads:
            self._start()
        job = Job(work, asyncio.get_running_loop(), together)
        self.under_way += 1
        self._jobs.put(job)
        try:
            return await asyncio.shield(job.future)
        except asyncio.CancelledError:
            if not job.give_up():
                await _end_of(job.future)
            raise
        finally:
            self.under_way -= 1

    async def close(self) -> None:
        """Let the threads end what is queued, and end. What is asked for later starts new ones."""
        if not self._threads:
            return
        ending, self._threads = self._threads, []
        self._former = ending
        # New threads have a queue of their own: in this one they would take what tells these to end.
        jobs, self._jobs = self._jobs, SimpleQueue()
        for _ in ending:
            jobs.put(None)
        for thread in ending:
            await asyncio.to_thread(thread.join)

    def _start(self) -> None:
        former: Sequence[threading.Thread | None] = self._former or [None] * self._count
        self._threads = [
            threading.Thread(target=self._main, args=(self._jobs, before), name=f"{self._name}-{number}", daemon=True)
            for number, before in enumerate(former)
        ]
        for thread in self._threads:
            thread.start()

    def _main(self, jobs: SimpleQueue[Job[Any] | None], before: threading.Thread | None) -> None:
        if before is not None:
            # Never more than ``count`` at once: what is done in one thread relies on being alone.
            before.join()
        read_ahead: deque[Job[Any] | None] = deque()
        try:
            while (job := read_ahead.popleft() if read_ahead else jobs.get()) is not None:
                if job.together is None:
                    done: Sequence[Job[Any]] = [job] if job.run() else []
                else:
                    done = job.together(self._from(job, jobs, read_ahead))
                for each in done:
                    self._hand_back(each)
        finally:
            self._ending()

    def _from(
        self, first: Job[Any], jobs: SimpleQueue[Job[Any] | None], read_ahead: deque[Job[Any] | None]
    ) -> Iterator[Job[Any]]:
        """This job and those behind it that may be done with it; the first that may not goes into ``read_ahead``."""
        job: Job[Any] | None = first
        with contextlib.suppress(Empty):
            while job is not None and job.together == first.together:
                yield job
                job = jobs.get_nowait()
            read_ahead.append(job)

    def _hand_back(self, job: Job[Any]) -> None:
        """Have the event loop finish the job. What is done before it comes to that costs it no other waking."""
        self._done.append(job)
        with self._waking:
            if self._woken:
                return
            self._woken = True
        # At the very end the event loop may be gone, and with it whoever has asked.
        with contextlib.suppress(RuntimeError):
            job.loop.call_soon_threadsafe(self._finish_all)

    def _finish_all(self) -> None:
        with self._waking:
            self._woken = False
        while self._done:
            try:
                self._done.popleft().finish()
            except Exception:  # noqa: BLE001 - whatever it is, the others wait for their results too
                _LOG.exception("what follows a transaction failed")


async def _end_of(future: asyncio.Future[Any]) -> None:
    """Wait until the future is done, however often the waiting is cancelled."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])
    # Nobody is left to be told.
    future.exception()
