"""Threads for work that blocks, handed over from the event loop and handed back to it a batch at a time."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

#: Jobs whose results are handed back together, and seconds after which those that are done are not kept back longer:
#: waking the event loop costs as much as a small transaction.
BATCH, HAND_BACK_AFTER = 8, 0.002


class Job(Generic[T]):
    """One piece of work, and who waits for it.

    ``asked_at`` is ``time.monotonic()`` of the moment at which it was asked for. ``abandoned`` says that nobody waits
    for it any more: work that has begun ends all the same, but need not wait for anything. ``afterwards`` is called in
    the event loop before the caller goes on.
    """

    def __init__(self, work: Callable[[Job[T]], T], loop: asyncio.AbstractEventLoop) -> None:
        self.asked_at = time.monotonic()
        self.abandoned = False
        self.afterwards: Callable[[], None] | None = None
        self.loop = loop
        self.future: asyncio.Future[T] = loop.create_future()
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


def _finish_all(jobs: Sequence[Job[Any]]) -> None:
    for job in jobs:
        try:
            job.finish()
        except Exception:  # noqa: BLE001 - whatever it is, the others wait for their results too
            _LOG.exception("what follows a transaction failed")


class Threads:
    """``count`` threads that take jobs from one queue in the order in which they were asked for.

    ``ending`` is called in each thread when it ends.
    """

    def __init__(self, name: str, count: int, ending: Callable[[], None] = lambda: None) -> None:
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._ending = ending
        self._threads = [
            threading.Thread(target=self._main, name=f"{name}-{number}", daemon=True) for number in range(count)
        ]
        self._started = False
        #: Jobs that were asked for and have not been handed back.
        self.under_way = 0

    async def run(self, work: Callable[[Job[T]], T]) -> T:
        """The result of ``work``, which is called with its job in one of the threads.

        A caller that is cancelled while the work is queued takes it back; once it has begun its end is awaited, so that
        nothing of it happens later.
        """
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        job = Job(work, asyncio.get_running_loop())
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
        """Let the threads end what is queued, and end."""
        if not self._started:
            return
        for _ in self._threads:
            self._jobs.put(None)
        while any(thread.is_alive() for thread in self._threads):
            await asyncio.to_thread(self._join)

    def _join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _main(self) -> None:
        try:
            going_on = True
            while going_on:
                going_on = self._work_through(self._jobs.get())
        finally:
            self._ending()

    def _work_through(self, job: Job[Any] | None) -> bool:
        """Work off the jobs that are there, and hand them back together; False when the thread is to end."""
        done: list[Job[Any]] = []
        began = time.monotonic()
        try:
            while job is not None:
                if job.run():
                    done.append(job)
                if len(done) >= BATCH or (done and time.monotonic() - began > HAND_BACK_AFTER):
                    return True
                job = self._jobs.get_nowait()
        except Empty:
            return True
        finally:
            if done:
                # At the very end the event loop may be gone, and with it whoever has asked.
                with contextlib.suppress(RuntimeError):
                    done[0].loop.call_soon_threadsafe(_finish_all, done)
        return False


async def _end_of(future: asyncio.Future[Any]) -> None:
    """Wait until the future is done, however often the waiting is cancelled."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])
    # Nobody is left to be told.
    future.exception()
