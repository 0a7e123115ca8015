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
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

#: Jobs in a batch, at most: the first is handed back with the last.
MOST_IN_BATCH = 32


class Job(Generic[T]):
    """One piece of work, and who waits for it.

    ``asked_at`` is ``time.monotonic()`` of the moment at which it was asked for. ``abandoned`` says that nobody waits
    for it any more: work that has begun ends all the same, but need not wait for anything. ``afterwards`` is called in
    the event loop before the caller goes on. ``batched`` says whether others may be handed back with it.
    """

    def __init__(self, work: Callable[[Job[T]], T], loop: asyncio.AbstractEventLoop, *, batched: bool = False) -> None:
        self.asked_at = time.monotonic()
        self.abandoned = False
        self.afterwards: Callable[[], None] | None = None
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
        self.batched = batched
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

    def run(self) -> bool:
        """Do the work, in a thread; False when its caller has given up before."""
        with self._lock:
            if self.abandoned:
                return False
            self._begun = True
        try:
            self._result = self._context.run(self._work, self)
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller, whatever it is
            self._error = error
        return True

    def fail(self, error: BaseException) -> None:
        """Let the caller have this error, whatever the work has come to."""
        self._error = error

    def finish(self) -> None:
        """Hand the result over, in the event loop."""
        try:
            if self.afterwards is not None:
                self.afterwards()
        finally:
            if self._error is not None:
                self.future.set_exception(self._error)
            else:
                self.future.set_result(self._result)


class Threads:
    """``count`` threads that take jobs from one queue in the order in which they were asked for.

    ``batch``: what jobs are run within that have come to wait one behind the other; none of them is handed back before
    its end, and what it raises is the error of all. ``ending`` is called in each thread when it ends.
    """

    def __init__(
        self,
        name: str,
        count: int,
        ending: Callable[[], None] = lambda: None,
        batch: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._name = name
        self._count = count
        self._ending = ending
        self._batch = batch
        self._threads: list[threading.Thread] = []
        self._done: deque[Job[Any]] = deque()
        self._waking = threading.Lock()
        self._woken = False
        #: Jobs that were asked for and have not been handed back.
        self.under_way = 0

    async def run(self, work: Callable[[Job[T]], T], *, batched: bool = False) -> T:
        """The result of ``work``, which is called with its job in one of the threads, perhaps within a batch.

        A caller that is cancelled while the work is queued takes it back; once it has begun its end is awaited, so that
        nothing of it happens later.
        """
        if not self._threads:
            self._start()
        job = Job(work, asyncio.get_running_loop(), batched=batched)
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
        ending, self._threads = self._threads, []
        for _ in ending:
            self._jobs.put(None)
        for thread in ending:
            await asyncio.to_thread(thread.join)

    def _start(self) -> None:
        self._threads = [
            threading.Thread(target=self._main, name=f"{self._name}-{number}", daemon=True)
            for number in range(self._count)
        ]
        for thread in self._threads:
            thread.start()

    def _main(self) -> None:
        read_ahead: deque[Job[Any] | None] = deque()
        try:
            while (job := read_ahead.popleft() if read_ahead else self._jobs.get()) is not None:
                behind = self._behind(read_ahead) if job.batched else ()
                for done in self._run([job, *behind]):
                    self._hand_back(done)
        finally:
            self._ending()

    def _behind(self, read_ahead: deque[Job[Any] | None]) -> Iterator[Job[Any]]:
        """The jobs that wait and may be batched; the first that may not goes into ``read_ahead``."""
        with contextlib.suppress(Empty):
            for _ in range(MOST_IN_BATCH - 1):
                job = self._jobs.get_nowait()
                if job is None or not job.batched:
                    read_ahead.append(job)
                    return
                yield job

    def _run(self, jobs: Sequence[Job[Any]]) -> Sequence[Job[Any]]:
        """Run those whose callers have not given up."""
        if len(jobs) == 1:
            return [job for job in jobs if job.run()]
        waiting, begun = deque(jobs), list[Job[Any]]()
        try:
            with self._batch():
                while waiting:
                    if (job := waiting.popleft()).run():
                        begun.append(job)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is theirs
            for job in begun:
                job.fail(error)
        # Where the batch could not begin, each does without.
        return begun + [job for job in waiting if job.run()]

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
