"""The whole application: how it starts with Telegram away or refusing, and how it goes over the network."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import REFUSED_BY_TELEGRAM, App
from bot.errors import SettingError
from bot.storage.database import Database
from bot.storage.migration_copy import copy_of
from bot.usecases.records import Place
from bot.usecases.shared_card_rows import SharedKind
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.storage.migrating import copies
from tests.storage.old_versions import make_old
from tests.support.http_telegram import HttpTelegram
from tests.support.serving import STOPS_WITHIN, errors, serving
from tests.support.world import ADMIN, settings_for

pytestmark = pytest.mark.usefixtures("ptb_of_today")


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


# --- a database of before ---------------------------------------------------------------------------------------------


async def test_the_copy_of_before_a_migration_stays_until_updates_are_fetched(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    old = Database(f"sqlite:///{file}", "office")
    await make_old(old, "0002", {})
    await old.close()
    telegram = FakeTelegram()
    ana = telegram.add_person(ADMIN, "Ana")
    async with serving(tmp_path, telegram) as on:
        await on.until_ready()
        async with asyncio.timeout(STOPS_WITHIN):
            # Telegram answers once there is something to fetch.
            await telegram.settled(lambda: any(method == "getUpdates" for method, _ in telegram.calls))
            assert copies(file) == [copy_of(file).name]
            telegram.say(ana, "/start")
            while copies(file):
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
