from __future__ import annotations

import asyncio
import json

import pytest

from tests.standins.telegram import FakeTelegram, TelegramAway
from tests.support.telegram_calls import call, refused


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_person(7, "Ana")
    return telegram


@pytest.mark.parametrize(
    ("token", "status", "description"),
    [
        ("7000000001:wrong", 401, "Unauthorized"),
        ("8:anything", 401, "Unauthorized"),
        ("7000000001", 404, "Not Found"),
        ("", 404, "Not Found"),
        ("bot:token", 404, "Not Found"),
    ],
)
async def test_a_wrong_token_is_refused(telegram: FakeTelegram, token: str, status: int, description: str) -> None:
    answered, body = await telegram.handle(token, "getMe", {})
    assert answered == status
    assert json.loads(body) == {"ok": False, "error_code": status, "description": description}
    assert telegram.calls == []


async def test_an_unknown_method_is_not_found_and_a_known_one_in_any_case(telegram: FakeTelegram) -> None:
    assert await refused(telegram, "getEverything") == "Not Found: method not found"
    assert (await call(telegram, "GETME"))["is_bot"] is True


async def test_calls_are_kept_in_order(telegram: FakeTelegram) -> None:
    await call(telegram, "getMe")
    await refused(telegram, "sendMessage", chat_id=7)
    assert telegram.calls == [("getMe", {}), ("sendMessage", {"chat_id": 7})]


async def test_a_scripted_failure_answers_so_many_calls_of_its_method(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", 502, "Bad Gateway", times=2)
    for _ in range(2):
        await call(telegram, "getMe")
        assert await refused(telegram, "sendMessage", chat_id=7, text="x") == "Bad Gateway"
    await call(telegram, "sendMessage", chat_id=7, text="x")
    assert len(telegram.chat(7).messages) == 1


async def test_a_failure_may_carry_parameters(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    _, body = await telegram.handle(telegram.token, "sendMessage", {"chat_id": 7, "text": "x"})
    assert json.loads(body)["parameters"] == {"retry_after": 3}


async def test_an_answer_may_be_lost_after_the_work_was_done(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", 0, "", carried_out=True)
    with pytest.raises(TelegramAway):
        await telegram.handle(telegram.token, "sendMessage", {"chat_id": 7, "text": "x"})
    assert telegram.chat(7).last.text == "x"


async def test_while_it_is_down_nothing_is_answered_or_done(telegram: FakeTelegram) -> None:
    telegram.down = True
    assert telegram.down
    with pytest.raises(TelegramAway):
        await telegram.handle(telegram.token, "sendMessage", {"chat_id": 7, "text": "x"})
    telegram.down = False
    assert telegram.chat(7).messages == []
    await call(telegram, "getMe")


async def test_a_poll_ends_when_it_goes_down_or_the_token_is_revoked(telegram: FakeTelegram) -> None:
    token = telegram.token
    poll = asyncio.create_task(telegram.handle(token, "getUpdates", {"timeout": 50}))
    await telegram.settled(lambda: telegram.calls)
    telegram.down = True
    with pytest.raises(TelegramAway):
        await poll
    telegram.down = False
    poll = asyncio.create_task(telegram.handle(token, "getUpdates", {"timeout": 50}))
    await telegram.settled(lambda: len(telegram.calls) == 2)
    telegram.revoke()
    assert (await poll)[0] == 401
    assert (await telegram.handle(token, "getMe", {}))[0] == 401


async def test_a_delayed_answer_comes_late_but_its_work_is_done_at_once(telegram: FakeTelegram) -> None:
    telegram.delay = 0.05
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = asyncio.create_task(telegram.handle(telegram.token, "sendMessage", {"chat_id": 7, "text": "x"}))
    await telegram.settled(lambda: telegram.chat(7).last)
    assert not answer.done()
    assert (await answer)[0] == 200
    assert loop.time() - began >= 0.05
