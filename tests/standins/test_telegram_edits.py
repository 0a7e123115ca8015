"""Messages that are edited and deleted afterwards."""

from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.telegram_calls import call, keyboard, refused
from tests.support.telegram_clock import Clock

DAY = 24 * 60 * 60


async def test_an_edit_changes_text_and_buttons_in_place(telegram: FakeTelegram) -> None:
    await call(telegram, "sendMessage", chat_id=7, text="old", reply_markup=keyboard([("x", "x")]))
    card = telegram.chat(7).last
    result = await call(telegram, "editMessageText", chat_id="7", message_id=str(card.id), text="new")
    assert (card.text, card.buttons, card.edited) == ("new", (), 1)
    assert result["edit_date"] == 1_700_000_000
    await call(telegram, "editMessageReplyMarkup", chat_id=7, message_id=card.id, reply_markup=keyboard([("y", "y")]))
    assert (card.text, card.edited, [button.text for button in card.all_buttons]) == ("new", 2, ["y"])
    assert telegram.chat(7).messages == [card]


async def test_an_edit_that_changes_nothing_is_refused(telegram: FakeTelegram) -> None:
    markup = keyboard([("x", "x")])
    await call(telegram, "sendMessage", chat_id=7, text="<b>a</b>", parse_mode="HTML", reply_markup=markup)
    words = (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message"
    )
    same = {"chat_id": 7, "message_id": 1, "reply_markup": markup}
    text = {"text": "<strong>a</strong> ", "parse_mode": "HTML"}
    assert await refused(telegram, "editMessageText", **same, **text) == words
    assert await refused(telegram, "editMessageReplyMarkup", **same) == words
    await call(telegram, "editMessageText", **same, text="a")
    assert telegram.chat(7).last.edited == 1


@pytest.mark.parametrize(
    ("message_id", "text", "words"),
    [
        (1, "x", "message can't be edited"),
        (2, "a" * 4097, "MESSAGE_TOO_LONG"),
        (3, "x", "message to edit not found"),
        (4, "x", "there is no text in the message to edit"),
        (99, "x", "message to edit not found"),
    ],
)
async def test_what_can_not_be_edited_is_refused(
    telegram: FakeTelegram, ana: Person, message_id: int, text: str, words: str
) -> None:
    telegram.say(ana, "mine")
    await call(telegram, "sendMessage", chat_id=7, text="the bot's")
    await call(telegram, "sendMessage", chat_id=7, text="deleted")
    await call(telegram, "deleteMessage", chat_id=7, message_id=3)
    await call(telegram, "sendPhoto", chat_id=7, photo="file")
    described = await refused(telegram, "editMessageText", chat_id=7, message_id=message_id, text=text)
    assert described == f"Bad Request: {words}"


async def test_in_private_the_bot_deletes_its_own_and_the_persons_messages(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, "password")
    await call(telegram, "sendMessage", chat_id=7, text="x")
    await call(telegram, "deleteMessage", chat_id=7, message_id=1)
    await call(telegram, "deleteMessages", chat_id=7, message_ids="[1, 2, 99]")
    assert [message.deleted for message in telegram.chat(7).messages] == [True, True]
    words = "Bad Request: message to delete not found"
    assert await refused(telegram, "deleteMessage", chat_id=7, message_id=1) == words


async def test_in_a_group_others_messages_are_deleted_only_with_the_right(telegram: FakeTelegram, ana: Person) -> None:
    group = telegram.add_group(-5, "Team")
    telegram.say(ana, "password", group)
    telegram.say(ana, "password", group)
    await call(telegram, "sendMessage", chat_id=-5, text="x")
    words = "Bad Request: message can't be deleted"
    assert await refused(telegram, "deleteMessage", chat_id=-5, message_id=1) == words
    assert await refused(telegram, "deleteMessages", chat_id=-5, message_ids=[3, 2]) == words
    await call(telegram, "deleteMessage", chat_id=-5, message_id=3)
    group.can_delete = True
    await call(telegram, "deleteMessage", chat_id=-5, message_id=1)
    assert [message.deleted for message in group.messages] == [True, False, True]


async def test_in_a_basic_group_without_the_right_others_messages_cannot_be_deleted_for_everyone(
    telegram: FakeTelegram, ana: Person
) -> None:
    telegram.add_group(-5, "Team", kind="group")
    telegram.say(ana, "password", -5)
    words = "Bad Request: message can't be deleted for everyone"
    assert await refused(telegram, "deleteMessage", chat_id=-5, message_id=1) == words


@pytest.mark.parametrize(("kind", "ending"), [("supergroup", ""), ("group", " for everyone")])
async def test_messages_of_more_than_two_days_stay(
    telegram: FakeTelegram, clock: Clock, kind: str, ending: str
) -> None:
    telegram.add_group(-5, "Team", kind="supergroup" if kind == "supergroup" else "group", can_delete=True)
    await call(telegram, "sendMessage", chat_id=-5, text="x")
    clock.seconds += 2 * DAY + 1
    words = f"Bad Request: message can't be deleted{ending}"
    assert await refused(telegram, "deleteMessage", chat_id=-5, message_id=1) == words
    assert not telegram.chat(-5).last.deleted


async def test_an_old_card_can_still_be_edited(telegram: FakeTelegram, clock: Clock) -> None:
    await call(telegram, "sendMessage", chat_id=7, text="x")
    clock.seconds += 30 * DAY
    await call(telegram, "editMessageText", chat_id=7, message_id=1, text="y")
    assert telegram.chat(7).last.text == "y"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"message_ids": "x"}, "can't parse message_ids JSON object"),
        ({"message_ids": "7"}, "expected an Array of message identifiers"),
        ({"message_ids": list(range(101))}, "too many message identifiers specified"),
        ({"message_ids": [None]}, "message identifier must be a Number"),
        ({"message_ids": ["x"]}, "can't parse message identifier as a Number"),
        ({"message_ids": [0]}, "invalid message identifier specified"),
        ({}, "message identifiers are not specified"),
    ],
)
async def test_a_wrong_list_of_messages_to_delete_is_refused(
    telegram: FakeTelegram, params: dict[str, object], words: str
) -> None:
    assert await refused(telegram, "deleteMessages", chat_id=7, **params) == f"Bad Request: {words}"
    words = "Bad Request: message identifier is not specified"
    assert await refused(telegram, "deleteMessage", chat_id=7) == words
    assert await refused(telegram, "deleteMessage") == "Bad Request: chat identifier is not specified"
