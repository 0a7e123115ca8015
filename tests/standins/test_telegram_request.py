from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import BaseRequest, HTTPXRequest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.http_telegram import HttpTelegram

App = Application[Any, Any, Any, Any, Any, Any]
Way = Callable[[FakeTelegram], AbstractAsyncContextManager[App]]


def build(token: str, origin: str, make_request: Callable[[], BaseRequest]) -> App:
    builder = ApplicationBuilder().token(token).base_url(f"{origin}/bot")
    return builder.request(make_request()).get_updates_request(make_request()).build()


@asynccontextmanager
async def in_process(telegram: FakeTelegram) -> AsyncIterator[App]:
    async with build(telegram.token, "https://anywhere.example", lambda: InProcessRequest(telegram)) as app:
        yield app


@asynccontextmanager
async def over_http(telegram: FakeTelegram) -> AsyncIterator[App]:
    async with HttpTelegram(telegram) as server, build(telegram.token, server.origin, HTTPXRequest) as app:
        yield app


@pytest.fixture(params=[in_process, over_http])
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_person(7, "Ana")
    return telegram


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Again 😀", callback_data="again")]])
    text = f"<b>{update.effective_message.text_html}</b>"
    await update.effective_message.reply_text(text, parse_mode="HTML", reply_markup=buttons, do_quote=True)


async def again(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("Once more", show_alert=True)
    await update.callback_query.edit_message_text("again")


async def test_an_application_polls_answers_and_edits(telegram: FakeTelegram, way: Way) -> None:
    ana = telegram.add_person(7, "Ana")
    chat = telegram.chat(7)
    async with way(telegram) as app:
        app.add_handlers([MessageHandler(filters.TEXT, echo), CallbackQueryHandler(again)])
        assert app.updater
        await app.start()
        await app.updater.start_polling(allowed_updates=["message", "callback_query"], timeout=10)
        telegram.say(ana, "a & b 😀")
        await telegram.settled(lambda: chat.answer.text == "a & b 😀")
        assert chat.answer.entities == [{"type": "bold", "offset": 0, "length": 8}]
        assert chat.answer.reply_to is chat.messages[0]
        telegram.press(ana, chat.card, "Again 😀")
        await telegram.settled(lambda: chat.answer.text == "again")
        await telegram.handled()
        await app.updater.stop()
        await app.stop()
    assert [(answer.text, answer.show_alert) for answer in telegram.answers] == [("Once more", True)]


async def test_refusals_reach_the_bot_as_the_errors_that_it_knows(
    telegram: FakeTelegram, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # without it python-telegram-bot warns of every RetryAfter
    ana = telegram.add_person(8, "Ben")
    telegram.add_group(-5, "Team", kind="group")
    telegram.migrate(ana, -5, -1005)
    telegram.blocked.add(8)
    async with way(telegram) as app:
        with pytest.raises(Forbidden, match="blocked"):
            await app.bot.send_message(8, "x")
        with pytest.raises(ChatMigrated) as moved:
            await app.bot.send_message(-5, "x")
        with pytest.raises(BadRequest, match="Message is too long"):
            await app.bot.send_message(7, "x" * 4097)
        telegram.flood(7, 30)
        with pytest.raises(RetryAfter):
            await app.bot.send_message(7, "x")
        telegram.fail("getMe", 409, "Conflict: terminated by other getUpdates request")
        with pytest.raises(Conflict):
            await app.bot.get_me()
        telegram.down = True
        with pytest.raises(NetworkError):
            await app.bot.get_me()
        telegram.down = False
        telegram.revoke()
        with pytest.raises(InvalidToken):
            await app.bot.get_me()
    assert moved.value.new_chat_id == -1005


async def test_files_arrive_whole(telegram: FakeTelegram, way: Way) -> None:
    content = bytes(range(256)) * 8192
    async with way(telegram) as app:
        await app.bot.send_document(7, content, filename="imports.csv", caption="All")
        await app.bot.send_photo(7, InputFile(io.BytesIO(b"png"), "chart.png", read_file_handle=False))
    document, photo = [message.file for message in telegram.chat(7).messages]
    assert document
    assert (document.name, document.content == content) == ("imports.csv", True)
    assert photo
    assert (photo.name, photo.content) == ("chart.png", b"png")


async def test_a_chat_and_the_webhook_are_read(telegram: FakeTelegram, way: Way) -> None:
    async with way(telegram) as app:
        assert (await app.bot.get_chat(7)).first_name == "Ana"
        assert (await app.bot.get_webhook_info()).url == ""
        await app.bot.set_my_commands([("import", "Import a profile")], language_code="ru")
    assert telegram.menu(language_code="ru") == [{"command": "import", "description": "Import a profile"}]


async def test_a_slow_answer_times_out_after_the_work_was_done(telegram: FakeTelegram, way: Way) -> None:
    async with way(telegram) as app:
        telegram.delay = 60
        with pytest.raises(TimedOut):
            await app.bot.send_message(7, "x", read_timeout=0.2)
    assert telegram.chat(7).last.text == "x"


async def test_without_a_limit_a_slow_answer_is_waited_for(telegram: FakeTelegram) -> None:
    telegram.delay = 0.05
    async with in_process(telegram) as app:
        message = await app.bot.send_message(7, "x", read_timeout=None)
    assert InProcessRequest(telegram).read_timeout == 5.0
    assert message.text == "x"


async def test_a_file_can_not_be_downloaded(telegram: FakeTelegram) -> None:
    async with in_process(telegram) as app:
        with pytest.raises(InvalidToken):
            await app.bot.request.retrieve("https://anywhere.example/file/botx/photo")


async def test_the_server_comes_back_on_the_same_port(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as server, build(telegram.token, server.origin, HTTPXRequest) as app:
        origin = server.origin
        await server.stop()
        with pytest.raises(NetworkError):
            await app.bot.send_message(7, "x")
        await server.stop()
        await server.start()
        assert server.origin == origin
        await app.bot.send_message(7, "y")
    assert [message.text for message in telegram.chat(7).messages] == ["y"]


async def test_many_calls_and_a_long_poll_are_served_side_by_side(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as server, aiohttp.ClientSession() as session:
        base = f"{server.origin}/bot{telegram.token}"

        async def say(number: int) -> int:
            async with session.post(f"{base}/sendMessage", json={"chat_id": 7, "text": str(number)}) as answer:
                return answer.status

        poll = asyncio.create_task(session.get(f"{base}/getUpdates", params={"timeout": 50}))
        assert await asyncio.gather(*map(say, range(20))) == [200] * 20
        telegram.say(telegram.add_person(8, "Ben"), "hello")
        async with asyncio.timeout(5), await poll as answer:
            (update,) = (await answer.json())["result"]
    assert update["message"]["text"] == "hello"
    assert {message.text for message in telegram.chat(7).messages} == {str(number) for number in range(20)}
