"""The way to the Bot API: what arrives there, through which proxy, and what is said when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.chat.transport import Transport
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.support.http_telegram import HttpTelegram
from tests.support.proxy import proxy


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_person(7, "Ana")
    return telegram


@asynccontextmanager
async def bot_at(origin: str, through: str | None = None) -> AsyncIterator[Bot]:
    def transport() -> Transport:
        return Transport(connections=4, proxy=through)

    bot = Bot(TOKEN, base_url=f"{origin}/bot", request=transport(), get_updates_request=transport())
    async with bot:
        yield bot


async def test_what_the_bot_says_arrives(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        await bot.send_message(7, "<b>Привет</b> & 你好", parse_mode=None)

    assert telegram.chat(7).last.text == "<b>Привет</b> & 你好"


async def test_a_file_arrives_whole(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        await bot.send_document(7, b"\x00\x01log", filename="log.bin", caption="the log")

    sent = telegram.chat(7).last
    assert sent.text == "the log"
    assert sent.file is not None


async def test_updates_come_in(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        telegram.say(telegram.chat(7).person, "hello")  # type: ignore[arg-type] # a private chat has a person
        [update] = await bot.get_updates()

    assert update.message is not None
    assert update.message.text == "hello"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("login", ["", "ana:s3cret"])
async def test_everything_goes_through_the_proxy(telegram: FakeTelegram, scheme: str, login: str) -> None:
    async with HttpTelegram(telegram) as served, proxy(login) as way:
        through = f"{scheme}://{login + '@' if login else ''}127.0.0.1:{way.port}"
        async with bot_at(served.origin, through) as bot:
            await bot.send_message(7, "hello")
            await bot.get_updates()

    assert telegram.chat(7).last.text == "hello"
    assert way.connections == 2, "one for sending, one for polling"


async def test_a_proxy_that_refuses_is_a_network_error(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, proxy("ana:s3cret") as way:
        with pytest.raises(NetworkError):
            async with bot_at(served.origin, f"socks5://ana:wrong@127.0.0.1:{way.port}"):
                pass


async def test_an_answer_that_does_not_come_in_time_has_timed_out(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        telegram.delay = 5
        with pytest.raises(TimedOut):
            await bot.send_message(7, "hello", read_timeout=0.05)


async def test_a_cut_connection_is_a_network_error_that_does_not_tell_the_token(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        telegram.down = True
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(7, "hello")

    shown = repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
    assert TOKEN not in shown
    assert TOKEN.partition(":")[2] not in shown


async def test_a_transport_can_be_closed_and_opened_again(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served:
        transport = Transport(connections=1)
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            status, _ = await transport.do_request(f"{served.origin}/bot{TOKEN}/getMe", "POST")
            assert status == 200
            await transport.shutdown()


async def test_a_transport_that_is_not_open_says_so() -> None:
    transport = Transport(connections=1)
    await transport.shutdown()
    with pytest.raises(RuntimeError, match="not open"):
        await transport.do_request("http://127.0.0.1/bot/getMe", "POST")


async def test_calls_share_the_pool(telegram: FakeTelegram) -> None:
    async with HttpTelegram(telegram) as served, bot_at(served.origin) as bot:
        await asyncio.gather(*(bot.send_message(7, f"message {number}") for number in range(20)))

    assert {message.text for message in telegram.chat(7).messages} == {f"message {number}" for number in range(20)}
