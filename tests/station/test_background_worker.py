from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.errors import BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, StorageError
from bot.station.background_worker import BackOff, CancellableReads, Worker, WorkerGroup, attempt, within
from tests.support.clock import MovableClock, settle


@asynccontextmanager
async def running(work: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    await settle()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_success() -> None:
    pauses = BackOff()
    assert [pauses.next() for _ in range(6)] == [5, 10, 20, 40, 60, 60]
    pauses.reset()
    assert pauses.next() == 5


async def test_a_worker_that_has_nothing_to_do_is_woken_by_time_or_by_somebody() -> None:
    clock = MovableClock()
    steps: list[float] = []

    async def step() -> float:
        steps.append(clock.awake())
        return 30.0

    worker = Worker("test", step, clock)
    async with running(worker.run()):
        await clock.advance(65)
        worker.wake()
        worker.wake()
        await settle()
        assert steps == [1000, 1030, 1060, 1065]


async def test_a_worker_that_is_woken_during_its_step_takes_another() -> None:
    clock = MovableClock()
    steps: list[float] = []

    async def step() -> float:
        steps.append(clock.awake())
        await clock.pass_by(2)
        return 30.0

    worker = Worker("test", step, clock)
    async with running(worker.run()):
        worker.wake()
        await clock.advance(5)
        assert steps == [1000, 1002]


@pytest.mark.parametrize("fault", [StorageError("locked"), RuntimeError("a bug")])
async def test_nothing_that_a_step_raises_ends_the_worker_and_waking_does_not_hurry_it(fault: Exception) -> None:
    clock = MovableClock()
    steps: list[float] = []

    async def step() -> float:
        steps.append(clock.awake() - 1000)
        worker.wake()
        raise fault

    worker = Worker("test", step, clock)
    async with running(worker.run()):
        await clock.advance(100)
        assert steps == [0, 1, 3, 7, 15, 31, 61, 91]


async def test_a_worker_that_is_stopped_ends_its_step_and_takes_no_other() -> None:
    clock = MovableClock()
    ended: list[float] = []

    async def step() -> float:
        await clock.pass_by(2)
        ended.append(clock.awake())
        return 0.0

    worker = Worker("test", step, clock)
    task = asyncio.create_task(worker.run())
    await settle()
    worker.stop()
    await clock.advance(10)
    assert (task.done(), ended) == (True, [1002])


async def test_work_that_lasts_too_long_is_cancelled() -> None:
    clock = MovableClock()
    waiting = asyncio.create_task(within(clock, 5, clock.pass_by(6)))
    await clock.advance(5)
    with pytest.raises(TimeoutError):
        await waiting


async def test_work_whose_caller_is_cancelled_is_cancelled_too() -> None:
    clock = MovableClock()
    work = asyncio.create_task(clock.pass_by(6))
    caller = asyncio.create_task(within(clock, None, work))
    await settle()
    caller.cancel()
    await settle()
    assert work.cancelled()


# --- calls


async def answer(given: Exception | int) -> int:
    if isinstance(given, Exception):
        raise given
    return given


async def test_a_look_gives_the_calls_answer() -> None:
    assert await CancellableReads(MovableClock()).run(answer(7)) == 7


async def test_a_look_that_lasts_too_long_counts_as_silent() -> None:
    clock = MovableClock()
    look = asyncio.create_task(CancellableReads(clock).run(clock.pass_by(100), 5))
    await clock.advance(5)
    with pytest.raises(BrowserNoAnswer):
        await look


async def test_looks_that_are_given_up_end_at_once_and_so_does_each_one_to_come() -> None:
    clock = MovableClock()
    looks = CancellableReads(clock)
    look = asyncio.create_task(looks.run(clock.pass_by(100)))
    await settle()
    looks.give_up()
    with pytest.raises(BrowserNoAnswer):
        await look
    with pytest.raises(BrowserNoAnswer):
        await looks.run(answer(7))


@pytest.mark.parametrize(
    ("call", "unexpected"), [(CancellableReads(MovableClock()).run, BrowserInvalidAnswer), (attempt, BrowserNoAnswer)]
)
async def test_whatever_a_call_raises_comes_as_an_error_of_the_browser(
    call: Callable[..., Awaitable[int]], unexpected: type[Exception]
) -> None:
    with pytest.raises(BrowserNotRunning):
        await call(answer(BrowserNotRunning()))
    with pytest.raises(unexpected):
        await call(answer(KeyError("a bug")))


# --- a crew


async def test_a_crew_waits_for_what_follows_but_not_longer_than_its_patience() -> None:
    clock = MovableClock()
    crew = WorkerGroup(clock, [Worker("test", lambda: answer_later(clock), clock)], 3)

    async def afterwards() -> None:
        await clock.pass_by(60)

    task = asyncio.create_task(crew.run(afterwards))
    await settle()
    crew.halt()
    await clock.advance(2.9)
    assert not task.done()
    await clock.advance(0.1)
    await crew.ended()
    assert task.done()


async def answer_later(clock: MovableClock) -> float:
    await clock.pass_by(0.5)
    return 30.0


async def test_a_crew_that_never_ran_has_ended() -> None:
    clock = MovableClock()
    crew = WorkerGroup(clock, [], 3)
    crew.halt()
    await crew.ended()
    assert clock.awake() == 1000
