"""What is said when updates no longer come in, and when somebody else fetches them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from telegram.error import Conflict, NetworkError, TelegramError

from bot.chat.polling import AckAfterHandlingRequest
from bot.chat.polling_monitor import EVERY, SILENT_FOR, PollingMonitor
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.migrate import bring_up_to_date
from bot.storage.signals import SignalHandlers
from bot.storage.tables import outbox
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.chatting import all_run, everybody, failing_changes, said, timed
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

    def conflicts(self) -> None:
        self.polling._note(409)
        self.polling_monitor.polling_failed(Conflict("Conflict: terminated by other getUpdates request"))


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


async def test_one_stray_conflict_is_told_to_nobody(watch: Watch) -> None:
    watch.conflicts()
    for _ in range(10):
        watch.polled()
        await watch.look_after(EVERY)
    assert watch.told == []


async def test_a_minute_of_conflict_is_told_to_every_admin_once(watch: Watch) -> None:
    def change(work: SqlWork) -> None:
        work.users.keep(ADMIN, "Ana", "en", watch.clock.now())
        work.users.set_role(4711, Role.ADMIN, ADMIN, watch.clock.now())
        work.users.set_role(4712, Role.MEMBER, ADMIN, watch.clock.now())

    await watch.store.write(change)
    for _ in range(12):
        watch.conflicts()
        await watch.look_after(EVERY)
        # Of two that poll, each succeeds now and then.
        watch.polled()
    assert sorted(watch.told) == [ADMIN, 4711]

    def look(connection: Connection) -> Any:
        return (connection.execute(select(outbox.c.chat_id, outbox.c.text))).all()

    notes = await watch.database.read(look)
    assert sorted(note.chat_id for note in notes) == [ADMIN, 4711]
    assert all("is also running on another computer" in note.text for note in notes)


async def test_a_conflict_that_comes_again_later_is_told_again(watch: Watch) -> None:
    for _ in range(2):
        for _ in range(6):
            watch.conflicts()
            await watch.look_after(EVERY)
        for _ in range(6):
            watch.polled()
            await watch.look_after(EVERY)
    assert watch.told == [ADMIN, ADMIN]


async def test_a_conflict_is_logged_in_words(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(6):
        watch.conflicts()
        await watch.look_after(EVERY)
        watch.polled()
    assert lines(caplog) == [
        "WARNING updates can't be fetched: another process polls with this bot's token; "
        "only one of them gets each message"
    ]


async def test_admins_who_could_not_be_told_are_told_when_the_database_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with timed(tmp_path) as (world, clock):

        async def conflict() -> None:
            world.app.polling._note(409)
            clock.jump(EVERY)

        with failing_changes(world, StorageError("the disk is full")):
            async with asyncio.timeout(5):
                while "admins can't be told: the disk is full" not in caplog.text:
                    await conflict()
                    await all_run(world)
        assert said(world) == []
        async with asyncio.timeout(5):
            while not said(world):
                await conflict()
                await all_run(world)
        await conflict()
        await world.app.polling_monitor.look()
        await world.rest()
        [told] = said(world)
        assert "is also running on another computer" in told
