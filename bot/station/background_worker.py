"""What the importer's parts have in common: a loop that nothing ends, growing pauses, calls that may be given up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, StorageError
from bot.usecases.heartbeats import beat, rest, watched
from bot.usecases.ports import Clock

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds after which a worker looks around although nobody has woken it.
IDLE = 30.0


class BackOff:
    """Pauses in seconds, each twice the one before, up to the longest."""

    def __init__(self, first: float = 5.0, longest: float = 60.0) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def next(self) -> float:
        pause = self._next
        self._next = min(pause * 2, self._longest)
        return pause

    def reset(self) -> None:
        self._next = self._first


class Worker:
    """Takes its step when woken, and when the time has come that the step before has named.

    A step does what there is to do now and returns the seconds after which it wants to be taken again. One that raises
    is logged and taken again after a pause that grows, which waking does not shorten.
    """

    def __init__(self, name: str, step: Callable[[], Awaitable[float]], clock: Clock) -> None:
        self._name = name
        self._step = step
        self._clock = clock
        self._woken = asyncio.Event()
        self._stopped = asyncio.Event()

    @property
    def stopping(self) -> bool:
        return self._stopped.is_set()

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        """Let the step end that is being taken, and take no other."""
        self._stopped.set()
        self._woken.set()

    async def rest(self, seconds: float) -> None:
        """Wait, but no longer than until the worker is to stop."""
        await rest(self._clock, self._stopped, seconds)

    async def run(self) -> None:
        with watched(self._name):
            await self._run()

    async def _run(self) -> None:
        faults = BackOff(1.0, IDLE)
        while not self.stopping:
            self._woken.clear()
            beat()
            try:
                pause = await self._step()
            except StorageError as error:
                logger.warning("%s: the database cannot be used now: %s", self._name, error)
                await self.rest(faults.next())
            except Exception:
                logger.exception("%s failed and will be tried again", self._name)
                await self.rest(faults.next())
            else:
                faults.reset()
                await rest(self._clock, self._woken, pause)


async def within(clock: Clock, seconds: float | None, work: Awaitable[T]) -> T:
    """What ``work`` gives. ``TimeoutError`` where that takes longer, and the work is then cancelled, or has been."""
    task = asyncio.ensure_future(work)
    ended = asyncio.Event()
    task.add_done_callback(lambda _: ended.set())
    try:
        await clock.wait(ended, seconds)
    finally:
        task.cancel()
        await asyncio.wait([task])
    if task.cancelled():
        raise TimeoutError
    return task.result()


class WorkerGroup:
    """Runs workers side by side until they are to stop."""

    def __init__(self, clock: Clock, workers: Sequence[Worker], patience: float) -> None:
        """``patience``: the seconds that the workers' last steps, and what is to follow them, may take."""
        self._clock = clock
        self._workers = workers
        self._patience = patience
        self._halted = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()

    async def run(self, afterwards: Callable[[], Awaitable[None]] | None = None) -> None:
        """Run until ``stop``; then wait for the last steps, and for ``afterwards``."""
        self._ended.clear()
        tasks = [asyncio.create_task(worker.run()) for worker in self._workers]
        try:
            await self._halted.wait()
            await within(self._clock, self._patience, self._finish(tasks, afterwards))
        except TimeoutError:
            logger.warning(
                "something under way lasts too long and is cut off; it will be looked after at the next start"
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._ended.set()

    @staticmethod
    async def _finish(tasks: Sequence[asyncio.Task[None]], afterwards: Callable[[], Awaitable[None]] | None) -> None:
        await asyncio.wait(tasks)
        if afterwards is not None:
            await afterwards()

    def halt(self) -> None:
        """Let no worker take another step."""
        self._halted.set()
        for worker in self._workers:
            worker.stop()

    async def ended(self) -> None:
        """Wait until ``run`` has ended, or return at once where it does not run."""
        await self._ended.wait()


class CancellableReads:
    """Calls of the browser that change nothing, and may therefore be given up when they last or the program stops."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._over = False
        self._calls: set[asyncio.Task[Any]] = set()

    def give_up(self) -> None:
        """End the calls under way, and each one to come, as unanswered."""
        self._over = True
        for call in self._calls:
            call.cancel()

    async def run(self, call: Coroutine[Any, Any, T], seconds: float | None = None) -> T:
        """The call's answer. Raises ``BrowserError`` alone: what nobody expects counts as unreadable."""
        task = asyncio.create_task(call)
        if self._over:
            task.cancel()
        self._calls.add(task)
        try:
            return await within(self._clock, seconds, task)
        except TimeoutError as error:
            raise BrowserNoAnswer("given up") from error
        except BrowserError:
            raise
        except Exception as error:
            logger.exception("a look into ixBrowser failed in a way that nobody expects")
            raise BrowserInvalidAnswer("failed in a way that nobody expects") from error
        finally:
            self._calls.discard(task)


async def attempt(call: Coroutine[Any, Any, T]) -> T:
    """Await a call that changes something. Raises ``BrowserError`` alone: what nobody expects may have been done."""
    try:
        return await call
    except BrowserError:
        raise
    except Exception as error:
        logger.exception("a call of ixBrowser failed in a way that nobody expects")
        raise BrowserNoAnswer("failed in a way that nobody expects") from error
