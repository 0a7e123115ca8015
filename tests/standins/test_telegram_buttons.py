"""Buttons under messages, and presses of them."""

from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.telegram_calls import call, keyboard, refused
from tests.support.telegram_clock import Clock


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([("x", "a" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([("x", "é" * 33)]), "BUTTON_DATA_INVALID"),
        (
            keyboard([("x", "")]),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (keyboard([("", "x")]), "inline keyboard button text must be non-empty"),
        (keyboard([("\u200b ", "x")]), "inline keyboard button text must be non-empty"),
        (keyboard([("\ud800", "x")]), "strings must be encoded in UTF-8"),
        (keyboard(*[[("x", "x")]] * 101), "reply markup is too long"),
        (keyboard([("x", "x")] * 9), "reply markup is too long"),
        ({"inline_keyboard": [[{}]]}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"inline_keyboard": [["x"]]}, "can't parse inline keyboard button: InlineKeyboardButton must be an Object"),
        (
            {"inline_keyboard": ["x"]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"inline_keyboard": [[{"text": "x", "url": "nowhere"}]]},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        ("[]", "object expected as reply markup"),
        ("{", "can't parse reply keyboard markup JSON object"),
    ],
)
async def test_a_keyboard_that_telegram_does_not_take_is_refused(
    telegram: FakeTelegram, ana: Person, markup: object, words: str
) -> None:
    described = await refused(telegram, "sendMessage", chat_id=ana.id, text="x", reply_markup=markup)
    assert described == f"Bad Request: {words}"


async def test_the_longest_text_and_the_fullest_keyboard_are_taken(telegram: FakeTelegram, ana: Person) -> None:
    rows = [[("x", "a" * 64)] * 4] * 25
    await call(
        telegram, "sendMessage", chat_id=ana.id, text="😀" * 2048, reply_markup=keyboard(*rows), reply_to_message_id=0
    )
    assert len(telegram.chat(ana.id).last.all_buttons) == 100


async def test_buttons_of_other_kinds_are_taken_and_shown(telegram: FakeTelegram, ana: Person) -> None:
    buttons = [{"text": "Site", "url": "https://example.com"}, {"text": "Copy", "copy_text": {"text": "x"}}]
    await call(
        telegram,
        "sendMessage",
        chat_id=ana.id,
        text="x",
        entities="[]",
        reply_parameters="",
        reply_markup={"inline_keyboard": [buttons]},
    )
    site, copy = telegram.chat(ana.id).last.all_buttons
    assert (site.url, site.callback_data) == ("https://example.com", None)
    assert (copy.url, copy.callback_data) == (None, None)


async def test_another_kind_of_markup_goes_with_a_message_but_not_with_an_edit(
    telegram: FakeTelegram, ana: Person
) -> None:
    await call(telegram, "sendMessage", chat_id=ana.id, text="x", reply_markup={"force_reply": True})
    described = await refused(
        telegram, "editMessageText", chat_id=ana.id, message_id=1, text="y", reply_markup='{"force_reply": true}'
    )
    assert described == "Bad Request: inline keyboard expected"


async def test_a_press_is_answered_once_and_pops_up(telegram: FakeTelegram, ana: Person) -> None:
    await call(telegram, "sendMessage", chat_id=7, text="x", reply_markup=keyboard([("Import", "i:1")]))
    telegram.press(ana, telegram.chat(7).card, "Import")
    (update,) = await call(telegram, "getUpdates")
    query_id = update["callback_query"]["id"]
    too_long = await refused(telegram, "answerCallbackQuery", callback_query_id=query_id, text="x" * 201)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    await call(telegram, "answerCallbackQuery", callback_query_id=query_id, text="Old card", show_alert=True)
    (answer,) = telegram.answers
    assert (answer.person, answer.data, answer.text, answer.show_alert) == (ana, "i:1", "Old card", True)
    again = await refused(telegram, "answerCallbackQuery", callback_query_id=query_id)
    assert again == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_a_press_is_too_old_to_be_answered_some_time_later(
    telegram: FakeTelegram, ana: Person, clock: Clock
) -> None:
    await call(telegram, "sendMessage", chat_id=7, text="x", reply_markup=keyboard([("Import", "i:1")]))
    telegram.press(ana, telegram.chat(7).card, "i:1")
    (update,) = await call(telegram, "getUpdates")
    clock.seconds += telegram.press_lifetime + 1
    described = await refused(telegram, "answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert described.startswith("Bad Request: query is too old")
    assert telegram.answers == []
