"""The whole application: how it stops, and what ends it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.chat import connection
from bot.errors import PartEnded
from bot.storage.database import Database
from bot.storage.tables import handled_updates
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Place
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import ready_to_import, said
from tests.support.postgresql_databases import Databases
from tests.support.serving import errors, serving
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("ptb_of_today")


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
