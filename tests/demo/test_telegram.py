from __future__ import annotations

import asyncio

import pytest

from bot.demo.telegram import DemoTelegram, Refusal
from bot.demo.telegram_html import read_html
from tests.support.telegram_calls import keyboard


@pytest.fixture
def telegram() -> DemoTelegram:
    telegram = DemoTelegram("7000000001:nobody")
    telegram.add_person(7, "Ana")
    return telegram


def test_html_becomes_plain_text_and_styles() -> None:
    assert read_html("a <b>b</b> &lt;Q4&gt; <code>c &amp; d</code>") == (
        "a b <Q4> c & d",
        ((2, 3, "b"), (9, 14, "code")),
    )


@pytest.mark.parametrize("source", ["1 < 2", "<b>never closed", "</b>closed only"])
def test_text_that_is_no_html_is_shown_all_the_same(source: str) -> None:
    assert read_html(source)[0] in {"1 < 2", "never closed", "closed only"}


async def test_an_update_is_given_until_it_is_confirmed(telegram: DemoTelegram) -> None:
    telegram.say(telegram.chat(7).person, "/start now")
    (update,) = await telegram.handle("getUpdates", {})
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert await telegram.handle("getUpdates", {}) == [update]
    assert await telegram.handle("getUpdates", {"offset": update["update_id"] + 1}) == []
    assert telegram.pending == []


async def test_a_long_poll_ends_when_somebody_writes(telegram: DemoTelegram) -> None:
    poll = asyncio.create_task(telegram.handle("getUpdates", {"timeout": 50}))
    await asyncio.sleep(0)
    telegram.say(telegram.chat(7).person, "hello")
    async with asyncio.timeout(5):
        assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_a_press_is_answered_once(telegram: DemoTelegram) -> None:
    await telegram.handle("SendMessage", {"chat_id": 7, "text": "Card", "reply_markup": keyboard([("Yes", "y")])})
    card = telegram.chat(7).card
    assert card is not None
    telegram.press(telegram.chat(7).person, card, card.all_buttons[0])
    (update,) = await telegram.handle("getUpdates", {})
    query = update["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("y", card.id)

    assert await telegram.handle("answerCallbackQuery", {"callback_query_id": query["id"], "text": "Done"})
    assert [answer.text for answer in telegram.answers] == ["Done"]
    with pytest.raises(Refusal, match="query is too old"):
        await telegram.handle("answerCallbackQuery", {"callback_query_id": query["id"]})


async def test_buttons_can_be_taken_off(telegram: DemoTelegram) -> None:
    await telegram.handle("sendMessage", {"chat_id": 7, "text": "Card", "reply_markup": keyboard([("Yes", "y")])})
    await telegram.handle("editMessageReplyMarkup", {"chat_id": 7, "message_id": 1})
    assert telegram.chat(7).card is None


async def test_an_edit_that_changes_nothing_to_be_seen_is_no_news(telegram: DemoTelegram) -> None:
    await telegram.handle("sendMessage", {"chat_id": 7, "text": "Card", "reply_markup": keyboard([("Yes", "y1")])})
    [card] = telegram.chat(7).messages
    seen = card.changed
    edit = {"chat_id": 7, "message_id": card.id, "text": "Card"}
    await telegram.handle("editMessageText", {**edit, "reply_markup": keyboard([("Yes", "y2")])})
    assert (card.all_buttons[0].callback_data, card.changed, card.edited) == ("y2", seen, False)
    await telegram.handle("editMessageText", {**edit, "reply_markup": keyboard([("No", "y2")])})
    assert card.changed > seen
    assert card.edited


async def test_what_is_not_there_is_refused_in_the_words_that_the_bot_knows(telegram: DemoTelegram) -> None:
    await telegram.handle("sendMessage", {"chat_id": 7, "text": "Soon gone"})
    await telegram.handle("deleteMessage", {"chat_id": 7, "message_id": 1})
    for method, words in {
        "sendMessage": "chat not found",
        "editMessageText": "message to edit not found",
        "deleteMessage": "message to delete not found",
    }.items():
        chat_id = 8 if method == "sendMessage" else 7
        with pytest.raises(Refusal, match=words):
            await telegram.handle(method, {"chat_id": chat_id, "message_id": 1, "text": "x"})


async def test_an_edit_that_changes_nothing_is_no_news(telegram: DemoTelegram) -> None:
    await telegram.handle("sendMessage", {"chat_id": 7, "text": "Same"})
    message = telegram.chat(7).messages[0]
    before = message.changed
    await telegram.handle("editMessageText", {"chat_id": 7, "message_id": 1, "text": "Same"})
    assert (message.changed, message.edited) == (before, False)
