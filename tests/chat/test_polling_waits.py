"""To wait for Telegram is no hang of the polling before its own time-outs, nor is the pause after a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest

from bot.chat.polling import LONGEST_PAUSE, POLLED_WITHIN, AckAfterHandlingRequest
from bot.usecases.heartbeats import SILENT_FOR, Heartbeats, watched
from bot.watch import TIMES
from tests.support.clock import MovableClock

URL = "https://telegram.example/bot1:a/getUpdates"


class Away(BaseRequest):
    """Telegram does not answer until ``fails`` is set, and then cannot be reached."""

    def __init__(self) -> None:
        self.fails = asyncio.Event()

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        await self.fails.wait()
        raise NetworkError("away")


async def test_a_poll_and_the_pause_after_it_may_last_and_no_longer() -> None:
    clock, away = MovableClock(), Away()
    hearts = Heartbeats(clock.awake)

    async def nobody(_: Collection[int]) -> Collection[int]:
        return ()

    polling = AckAfterHandlingRequest(away, asyncio.Queue(), clock, nobody)

    async def poll() -> None:
        with watched("polling"):
            with suppress(NetworkError):
                await polling.do_request(URL, "POST")
            await asyncio.Event().wait()

    with hearts.watching():
        task = asyncio.create_task(poll())
    await clock.advance(POLLED_WITHIN + hearts.late_by)
    assert not hearts.silent()
    await clock.advance(1)
    assert [silence.name for silence in hearts.silent()] == ["polling"]
    away.fails.set()
    await clock.advance(LONGEST_PAUSE + hearts.late_by)
    assert not hearts.silent()
    await clock.advance(1)
    assert [silence.name for silence in hearts.silent()] == ["polling"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_what_hangs_is_seen_within_a_minute() -> None:
    late_by = Heartbeats(MovableClock().awake).late_by
    assert max(SILENT_FOR, POLLED_WITHIN + late_by, LONGEST_PAUSE + late_by) + TIMES.look_every < 60
