"""An application that serves in a test, and how it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import App
from bot.external_systems import ExternalSystems
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_transport import InProcess
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, settings_for, with_database

#: Seconds within which the bot has to stop when nothing is under way; far more than it takes.
STOPS_WITHIN = 5.0


class Serving:
    """An application that serves, and how it is told to stop."""

    def __init__(self, app: App, telegram: FakeTelegram, clock: JumpingClock) -> None:
        self.app = app
        self.telegram = telegram
        self.clock = clock
        self.clock.jumped = self._polled
        self.stop = asyncio.Event()
        self.ready = asyncio.Event()
        self.task = asyncio.create_task(app.serve(self.stop, self.ready.set))

    def _polled(self) -> None:
        """The time that the test puts forward is none in which nothing could be fetched."""
        self.app.polling.succeeded_at = self.clock.awake()

    async def until_ready(self) -> None:
        """Wait, and let time pass meanwhile."""
        async with asyncio.timeout(STOPS_WITHIN):
            while not self.ready.is_set():
                self.clock.jump(1)
                await asyncio.wait({self.task}, timeout=0.005)

    async def ends(self) -> None:
        """Wait for the end, which must be near; what ``serve`` raises is raised here."""
        async with asyncio.timeout(STOPS_WITHIN):
            await self.task


@asynccontextmanager
async def serving(folder: Path, telegram: FakeTelegram | None = None) -> AsyncIterator[Serving]:
    """The application from its first moment on, whatever becomes of it."""
    telegram = telegram or FakeTelegram()
    if telegram.find(ADMIN) is None:
        telegram.add_person(ADMIN, "Ana")
    browser, clock = FakeIxBrowser(), JumpingClock()
    outside = ExternalSystems(
        InProcessRequest(telegram), InProcessRequest(telegram, read_timeout=30), InProcess(browser)
    )
    app = App(with_database(settings_for(folder)), outside, clock)
    await app.prepare()
    on = Serving(app, telegram, clock)
    try:
        yield on
    finally:
        on.stop.set()
        await asyncio.gather(on.task, return_exceptions=True)
        await browser.close()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
