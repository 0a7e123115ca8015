"""The whole application: how it starts when something is away, how it stops, and what ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import REFUSED_BY_TELEGRAM, App
from bot.chat import connection
from bot.errors import PartEnded, SettingError
from bot.external_systems import ExternalSystems
from bot.storage.database import Database
from bot.storage.tables import handled_updates
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Place
from bot.usecases.shared_card_rows import SharedKind
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_transport import InProcess
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.chatting import ready_to_import, said
from tests.support.http_telegram import HttpTelegram
from tests.support.jumping_clock import JumpingClock
from tests.support.postgresql_databases import Databases
from tests.support.world import ADMIN, World, running, settings_for, with_database

#: Seconds within which the bot has to stop when nothing is under way; far more than it takes.
STOPS_WITHIN = 5.0


@pytest.fixture(autouse=True)
def ptb_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of every RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


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


# --- starting ---------------------------------------------------------------------------------------------------------


async def test_without_telegram_it_waits_and_then_serves(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    telegram = FakeTelegram()
    telegram.down = True
    async with serving(tmp_path, telegram) as on:
        async with asyncio.timeout(STOPS_WITHIN):
            while "trying again in 2 s" not in caplog.text:
                on.clock.jump(1)
                await asyncio.wait({on.task}, timeout=0.005)
        assert not on.ready.is_set()
        telegram.down = False
        await on.until_ready()
    assert errors(caplog) == []


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("getMe", 0),
        ("getMe", 502),
        ("getMe", 429),
        ("deleteWebhook", 502),
        ("setMyCommands", 0),
        ("setMyCommands", 429),
    ],
)
async def test_a_call_that_fails_at_the_start_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str, status: int
) -> None:
    telegram = FakeTelegram()
    if status == 429:
        telegram.fail(method, status, "Too Many Requests: retry after 1", retry_after=1)
    else:
        telegram.fail(method, status, "Bad Gateway")
    async with serving(tmp_path, telegram) as on:
        await on.until_ready()
        async with asyncio.timeout(STOPS_WITHIN):
            while not telegram.menu():
                on.clock.jump(1)
                await asyncio.wait({on.task}, timeout=0.005)
    assert errors(caplog) == []


async def test_it_stops_at_once_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.down = True
    async with serving(tmp_path, telegram) as on:
        await asyncio.wait({on.task}, timeout=0.05)
        on.stop.set()
        await on.ends()
        assert not on.ready.is_set()


async def test_it_stops_at_once_while_polling_cannot_begin(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    telegram.fail("deleteWebhook", 502, "Bad Gateway", times=100)
    async with serving(tmp_path, telegram) as on:
        async with asyncio.timeout(STOPS_WITHIN):
            await telegram.settled(lambda: any(method == "deleteWebhook" for method, _ in telegram.calls))
        on.stop.set()
        await on.ends()


async def test_told_to_stop_before_it_began_it_asks_nothing(tmp_path: Path) -> None:
    async with serving(tmp_path) as on:
        on.stop.set()
        await on.ends()
        assert on.telegram.calls == []


async def test_without_an_admin_it_does_not_serve(tmp_path: Path) -> None:
    before = App(settings_for(tmp_path))
    await before.prepare()
    place = Place(ADMIN, ADMIN, None, "en")
    await before.store.write(lambda work: work.shared_cards.add(SharedKind.ACCESS_REQUEST, 1, place))
    await before.close()
    app = App(settings_for(tmp_path, admin_ids=frozenset()))
    with pytest.raises(SettingError, match="ADMIN_IDS"):
        await app.prepare()
    # Nor does that cost the admins the cards that they have.
    assert len(await app.store.read(lambda work: work.shared_cards.behind([ADMIN]))) == 1
    await app.close()


async def test_a_menu_that_telegram_refuses_is_only_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    telegram = FakeTelegram()
    telegram.fail("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID")
    async with serving(tmp_path, telegram) as on:
        await on.until_ready()
        async with asyncio.timeout(STOPS_WITHIN):
            while "could not be put into Telegram's menu" not in caplog.text:
                await asyncio.wait({on.task}, timeout=0.005)
        assert not on.task.done()


# --- the token --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "words"), [(401, "Unauthorized"), (404, "Not Found")])
@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands"])
async def test_a_token_that_is_not_taken_at_the_start_ends_it_with_a_sentence(
    tmp_path: Path, method: str, status: int, words: str
) -> None:
    telegram = FakeTelegram()
    telegram.fail(method, status, words)
    async with serving(tmp_path, telegram) as on:
        with pytest.raises(SettingError) as ended:
            await on.ends()
        assert str(ended.value) == REFUSED_BY_TELEGRAM


async def test_a_token_that_is_revoked_while_it_runs_ends_it_with_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path) as on:
        await on.until_ready()
        on.telegram.revoke()
        with pytest.raises(SettingError, match="TELEGRAM_TOKEN"):
            await on.ends()
    assert TOKEN not in caplog.text


# --- stopping ---------------------------------------------------------------------------------------------------------


async def test_a_second_stop_does_no_harm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(tmp_path) as on:
        await on.until_ready()
        on.stop.set()
        on.stop.set()
        await on.ends()
        on.stop.set()
        await on.app.close()
        await on.app.close()
    assert errors(caplog) == []


async def test_it_stops_although_telegram_is_away(tmp_path: Path) -> None:
    async with serving(tmp_path) as on:
        await on.until_ready()
        on.telegram.down = True
        on.stop.set()
        await on.ends()


async def test_it_stops_although_a_handler_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WIND_DOWN", 0.1)
    telegram = FakeTelegram()
    hangs = asyncio.Event()

    async def hang(*_args: object, **_kwargs: object) -> None:
        hangs.set()
        await asyncio.Event().wait()

    async with serving(tmp_path, telegram) as on:
        await on.until_ready()
        monkeypatch.setattr(on.app.store, "write", hang)
        telegram.say(telegram.add_person(ADMIN, "Ana"), "/help")
        await hangs.wait()
        on.stop.set()
        await on.ends()
        # It was not acknowledged: the next start gets it again.
        assert len(telegram.updates.pending) == 1


async def test_what_is_being_imported_is_waited_for_when_it_stops(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.import_seconds = 0.5
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        card = await ready_to_import(world, browser.offer("Shop"))
        telegram.press(world.ana, card, "✅ Import")
        await telegram.settled(lambda: "Importing" in card.text)
    assert len(browser.profiles) == 1
    assert any("Imported" in text for text in said(world))


async def test_an_update_that_comes_while_it_stops_is_not_lost(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        telegram.say(world.ana, "/help")
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.rest()
        assert len(said(world)) == 1


PARTS = {
    "bot.chat.polling_monitor.PollingMonitor.run": "polling monitor",
    "bot.chat.presenter.Presenter.run": "presenter",
    "bot.station.importer.Importer.run": "importer",
    "bot.station.group_creator.GroupCreator.run": "group creator",
    "bot.storage.housekeeping.Housekeeping.run": "housekeeping",
    "bot.chat.connection.Connection._publish": "publisher of commands",
    "telegram.ext.Application._update_fetcher": "queue of updates",
}


@pytest.mark.parametrize(("part", "raises"), [(part, number % 2 == 0) for number, part in enumerate(PARTS)])
async def test_a_part_that_ends_although_it_never_should_ends_the_bot_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, part: str, raises: bool
) -> None:
    async def end(*_: object) -> None:
        if raises:
            raise RuntimeError("nobody expects this")

    monkeypatch.setattr(part, end)
    async with serving(tmp_path) as on:
        with pytest.raises(PartEnded) as ended:
            await on.ends()
    sentence = f"The bot has stopped: its {PARTS[part]} has ended, which it never should."
    assert str(ended.value).startswith(sentence)
    assert sentence in caplog.text
    assert ("nobody expects this" in caplog.text) == raises


async def test_polling_that_ends_by_itself_ends_the_bot_with_a_sentence(tmp_path: Path) -> None:
    async with serving(tmp_path) as on:
        await on.until_ready()
        [polling] = [task for task in asyncio.all_tasks() if task.get_name().endswith(":polling_task")]
        polling.cancel()
        with pytest.raises(PartEnded, match="its polling of Telegram has ended"):
            await on.ends()


async def test_an_import_under_way_is_waited_for_when_a_part_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    browser.import_seconds = 0.5
    fails = asyncio.Event()

    async def fail(_self: object) -> None:
        await fails.wait()

    monkeypatch.setattr("bot.storage.housekeeping.Housekeeping.run", fail)

    async def import_while_it_ends() -> None:
        async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
            card = await ready_to_import(world, browser.offer("Shop"))
            telegram.press(world.ana, card, "✅ Import")
            await telegram.settled(lambda: "Importing" in card.text)
            fails.set()

    with pytest.raises(PartEnded, match="its housekeeping has ended"):
        await import_while_it_ends()
    assert len(browser.profiles) == 1
    assert any("Imported" in message.text for message in telegram.chat(ADMIN).messages)


async def test_what_was_taken_over_by_another_process_is_not_written_any_more(tmp_path: Path) -> None:
    telegram = FakeTelegram()

    async def write_after_another_start() -> None:
        async with running(settings_for(tmp_path), telegram=telegram) as world:
            later = App(settings_for(tmp_path))
            await later.prepare()
            await later.close()
            telegram.say(world.ana, "/help")
            await telegram.settled(lambda: "can't write" in world.newest(ADMIN).text)
            assert await world.rows(handled_updates) == []

    with pytest.raises(PartEnded, match="another process has taken the database over"):
        await write_after_another_start()


def said_last(world: World, text: str) -> bool:
    return world.newest(ADMIN).text == text


async def test_what_another_process_has_to_say_on_a_server_is_said_at_once(
    tmp_path: Path, postgresql: Databases
) -> None:
    url = postgresql.make()
    async with running(settings_for(tmp_path, database_url=SecretStr(url))) as world:
        await world.say("/help")
        database = Database(url, "attic")
        await unlock(database)
        other = SqlStore(database)

        def say(work: SqlWork, text: str) -> None:
            work.outbox.say(Place(ADMIN, ADMIN, None, "en"), text, work.now)
            work.signals.chat_behind(ADMIN)

        # Of its own accord the bot looks once a minute.
        for text in ("the first", "the second"):
            await other.write(say, text)
            await world.telegram.settled(partial(said_last, world, text), 10)
        await database.close()
    postgresql.drop(url)


# --- over the network -------------------------------------------------------------------------------------------------


async def test_by_itself_it_goes_to_telegram_over_the_network(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    ana = telegram.add_person(ADMIN, "Ana")
    async with HttpTelegram(telegram) as served:
        app = App(settings_for(tmp_path, telegram_api_url=served.origin, ixbrowser_url="http://127.0.0.1:9"))
        await app.prepare()
        stop, ready = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(app.serve(stop, ready.set))
        async with asyncio.timeout(STOPS_WITHIN):
            await ready.wait()
        telegram.say(ana, "/start")
        await telegram.settled(lambda: "Hello Ana" in telegram.chat(ADMIN).answer.text)
        stop.set()
        async with asyncio.timeout(STOPS_WITHIN):
            await task


async def test_a_telegram_that_was_never_reached_leaves_no_connection_open(tmp_path: Path) -> None:
    app = App(settings_for(tmp_path, telegram_api_url="http://127.0.0.1:9"))
    await app.prepare()
    stop = asyncio.Event()
    task = asyncio.create_task(app.serve(stop))
    await asyncio.wait({task}, timeout=0.1)
    stop.set()
    async with asyncio.timeout(STOPS_WITHIN):
        await task
    assert app.telegram.bot.request._session is None or app.telegram.bot.request._session.closed
