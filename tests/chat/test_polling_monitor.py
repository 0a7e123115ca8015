"""What is said when updates no longer come in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram.error import NetworkError, TelegramError

from bot.chat.polling import AckAfterHandlingRequest
from bot.chat.polling_monitor import EVERY, SILENT_FOR, PollingMonitor
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from bot.storage.signals import SignalHandlers
from bot.storage.work import SqlStore
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.chatting import everybody
from tests.support.clock import MovableClock
from tests.support.world import ADMIN


class Watch:
    """A supervisor on a clock that the test moves, and what it has said."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovableClock()
        self.polling = AckAfterHandlingRequest(InProcessRequest(FakeTelegram()), asyncio.Queue(), self.clock, everybody)
        self.told: list[int] = []
        self.store = SqlStore(
            database, SignalHandlers(chat_behind=self.told.append), self.clock.now, admins=frozenset({ADMIN})
        )
        self.polling_monitor = PollingMonitor(self.polling, self.store, self.clock)

    async def look_after(self, seconds: float) -> None:
        await self.clock.advance(seconds)
        await self.polling_monitor.look()

    def polled(self) -> None:
        self.polling._note(200)


@pytest.fixture
async def watch(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Watch]:
    caplog.set_level(logging.INFO, "bot.chat.polling_monitor")
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", "office")
    await bring_up_to_date(database)
    yield Watch(database)
    await database.close()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "bot.chat.polling_monitor"
    ]


async def test_two_minutes_without_updates_are_reported_once_and_their_end_too(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    watch.polling_monitor.polling_failed(NetworkError("no answer from Telegram"))
    await watch.look_after(SILENT_FOR)
    assert lines(caplog) == ["WARNING updates can't be fetched: no answer from Telegram"]
    for _ in range(3):
        await watch.look_after(EVERY)
    watch.polled()
    await watch.look_after(EVERY)
    await watch.look_after(EVERY)
    assert lines(caplog)[1:] == [
        "ERROR no updates could be fetched for 135 s: no answer from Telegram",
        "INFO updates are fetched again",
    ]


async def test_a_silence_for_which_telegram_gives_no_reason_is_reported_as_well(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    await watch.look_after(SILENT_FOR + 1)
    assert lines(caplog) == ["ERROR no updates could be fetched for 121 s: Telegram is silent"]


async def test_a_reason_is_logged_when_it_changes_and_when_it_comes_again(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    for error in (NetworkError("a"), NetworkError("a"), TelegramError("b"), NetworkError("")):
        watch.polling_monitor.polling_failed(error)
        await watch.look_after(EVERY)
    watch.polled()
    await watch.look_after(EVERY)
    watch.polled()
    await watch.look_after(EVERY)
    watch.polling_monitor.polling_failed(NetworkError("a"))
    said_why = [line.rpartition(": ")[2] for line in lines(caplog)]
    assert said_why == ["a", "b", "NetworkError", "a"]
