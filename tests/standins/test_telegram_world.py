from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Person
from tests.support.telegram_calls import call, keyboard


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    return telegram.add_person(7, "Ana", "ana", "ru")


async def updates(telegram: FakeTelegram) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = await call(telegram, "getUpdates")
    return result


async def card(telegram: FakeTelegram, chat_id: int = 7) -> None:
    await call(
        telegram, "sendMessage", chat_id=chat_id, text="Card", reply_markup=keyboard([("Import", "i:1"), ("Back", "b")])
    )


async def test_a_message_reaches_the_bot_with_its_sender_and_its_commands(telegram: FakeTelegram, ana: Person) -> None:
    update_id = telegram.say(ana, "/import 76686828-89727101")
    (update,) = await updates(telegram)
    message = update["message"]
    assert update["update_id"] == update_id
    assert message["from"] == {
        "id": 7,
        "is_bot": False,
        "first_name": "Ana",
        "username": "ana",
        "language_code": "ru",
    }
    assert message["chat"] == {"id": 7, "type": "private", "first_name": "Ana", "username": "ana"}
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 7}]


async def test_a_message_in_a_topic_of_a_forum_names_it_and_what_it_replies_to(
    telegram: FakeTelegram, ana: Person
) -> None:
    group = telegram.add_group(-5, "Team", threads=[11])
    telegram.say(ana, "first", group, thread=11)
    telegram.say(ana, "second", -5, thread=11, reply_to=group.last)
    _, update = await updates(telegram)
    message = update["message"]
    assert message["chat"] == {"id": -5, "type": "supergroup", "title": "Team", "is_forum": True}
    assert (message["message_thread_id"], message["is_topic_message"]) == (11, True)
    assert message["reply_to_message"]["text"] == "first"


async def test_a_long_text_goes_out_as_several_messages(telegram: FakeTelegram, ana: Person) -> None:
    last = telegram.say(ana, "\n".join(["76686828-89727101"] * 300))
    assert telegram.updates.pending == [last - 1, last]


async def test_a_text_arrives_trimmed_and_an_empty_one_is_not_sent(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, " hello\t\n")
    assert telegram.chat(7).last.text == "hello"
    with pytest.raises(ValueError, match="without text"):
        telegram.say(ana, " \u200b")
    with pytest.raises(ValueError, match="without text"):
        telegram.edit(ana, telegram.chat(7).last, "")
    assert [message.text for message in telegram.chat(7).messages] == ["hello"]


async def test_photos_stickers_and_voices_reach_the_bot(telegram: FakeTelegram, ana: Person) -> None:
    telegram.send_photo(ana, "a code?")
    telegram.send_sticker(ana)
    telegram.send_voice(ana)
    photo, sticker, voice = [update["message"] for update in await updates(telegram)]
    assert (photo["caption"], "text" in photo, "photo" in photo) == ("a code?", False, True)
    assert "sticker" in sticker
    assert "voice" in voice


async def test_an_edited_message_reaches_the_bot_as_edited(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, "old")
    telegram.edit(ana, telegram.chat(7).last, "/new")
    first, second = await updates(telegram)
    assert first["message"]["text"] == "old"
    assert second["edited_message"]["text"] == "/new"
    assert "edit_date" in second["edited_message"]


async def test_only_ones_own_message_can_be_edited(telegram: FakeTelegram, ana: Person) -> None:
    await card(telegram)
    with pytest.raises(LookupError):
        telegram.edit(ana, telegram.chat(7).last, "mine")


async def test_a_press_carries_the_card_as_it_stands(telegram: FakeTelegram, ana: Person) -> None:
    await card(telegram)
    telegram.press(ana, telegram.chat(7).card, "Import")
    (update,) = await updates(telegram)
    query = update["callback_query"]
    assert (query["data"], query["from"]) == ("i:1", ana.json())
    assert query["message"]["text"] == "Card"


async def test_a_forged_press_or_one_from_a_phone_behind_is_sent_all_the_same(
    telegram: FakeTelegram, ana: Person
) -> None:
    await card(telegram)
    telegram.press(ana, telegram.chat(7).last, Button("whatever", "x" * 64))
    (update,) = await updates(telegram)
    assert update["callback_query"]["data"] == "x" * 64


async def test_a_press_on_a_message_that_telegram_no_longer_gives_names_it_only(
    telegram: FakeTelegram, ana: Person
) -> None:
    await card(telegram)
    telegram.press(ana, telegram.chat(7).card, "b", inaccessible=True)
    (update,) = await updates(telegram)
    assert update["callback_query"]["message"] == {"chat": telegram.chat(7).json(), "message_id": 1, "date": 0}


async def test_what_can_not_be_pressed_is_not_pressed(telegram: FakeTelegram, ana: Person) -> None:
    await card(telegram)
    message = telegram.chat(7).card
    with pytest.raises(LookupError, match=r"no button 'Next' among \['Import', 'Back'\]"):
        telegram.press(ana, message, "Next")
    with pytest.raises(LookupError, match="sends nothing"):
        telegram.press(ana, message, Button("Site", url="https://example.com"))
    telegram.delete(message)
    with pytest.raises(LookupError, match="deleted"):
        telegram.press(ana, message, "Import")
    assert telegram.updates.pending == []


async def test_an_unanswered_press_comes_again_as_a_new_update(telegram: FakeTelegram, ana: Person) -> None:
    await card(telegram)
    first = telegram.press(ana, telegram.chat(7).card, "Import")
    second = telegram.resend_unanswered_press()
    old, new = await updates(telegram)
    assert (old["update_id"], new["update_id"]) == (first, second)
    assert old["callback_query"]["data"] == new["callback_query"]["data"] == "i:1"
    await call(telegram, "answerCallbackQuery", callback_query_id=new["callback_query"]["id"])
    with pytest.raises(LookupError):
        telegram.resend_unanswered_press()


async def test_a_group_that_moves_says_so_in_both_chats(telegram: FakeTelegram, ana: Person) -> None:
    telegram.add_group(-5, "Team", kind="group", can_delete=True)
    moved = telegram.migrate(ana, -5, -1005)
    old, new, joined = await updates(telegram)
    assert (old["message"]["chat"], old["message"]["migrate_to_chat_id"]) == (telegram.chat(-5).json(), -1005)
    assert (new["message"]["chat"], new["message"]["migrate_from_chat_id"]) == (moved.json(), -5)
    assert moved.can_delete
    assert joined["my_chat_member"]["chat"] == moved.json()


async def test_the_newest_message_answer_and_card_are_found(telegram: FakeTelegram, ana: Person) -> None:
    chat = telegram.chat(7)
    with pytest.raises(LookupError):
        _ = chat.last
    await card(telegram)
    await call(telegram, "sendMessage", chat_id=7, text="Plain")
    telegram.say(ana, "mine")
    assert (chat.last.text, chat.answer.text, chat.card.text) == ("mine", "Plain", "Card")
    telegram.delete(chat.last)
    assert chat.last.text == "Plain"


async def test_the_transcript_shows_who_said_what(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, "code\nand more")
    telegram.send_photo(ana)
    await card(telegram)
    await call(telegram, "editMessageText", chat_id=7, message_id=3, text="Done", reply_markup=keyboard([("Ok", "o")]))
    telegram.delete(telegram.chat(7).messages[0])
    assert telegram.transcript(7).splitlines() == [
        "Ana (deleted): code",
        "    and more",
        "Ana (photo): ",
        "Transfer Bot (edited): Done",
        "    [Ok]",
    ]


async def test_waiting_ends_when_what_was_waited_for_comes_true(telegram: FakeTelegram, ana: Person) -> None:
    waiting = [
        asyncio.create_task(telegram.settled(lambda: telegram.chat(7).last.text == "two")),
        asyncio.create_task(telegram.settled(lambda: telegram.chat(7).last.text == "two", chat=7)),
    ]
    await asyncio.wait(waiting, timeout=0)
    telegram.say(ana, "one")
    assert not any(task.done() for task in waiting)
    telegram.say(ana, "two")
    telegram.say(ana, "three")
    await asyncio.gather(*waiting)


async def test_waiting_in_vain_shows_the_chat(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, "hello")
    with pytest.raises(AssertionError, match=r"(?s)0\.01 s; 1 updates unconfirmed.*chat 7\nAna: hello"):
        await telegram.settled(lambda: telegram.chat(7).answer, 0.01)
    with pytest.raises(AssertionError, match="Ana: hello"):
        await telegram.settled(lambda: telegram.chat(7).answer, 0.01, chat=7)


async def test_what_a_predicate_raises_reaches_who_waits(telegram: FakeTelegram, ana: Person) -> None:
    waiting = asyncio.create_task(telegram.settled(lambda: 1 / len(telegram.chat(7).last.text[1:])))
    await asyncio.wait({waiting}, timeout=0)
    telegram.say(ana, "x")
    with pytest.raises(ZeroDivisionError):
        await waiting


async def test_updates_are_handled_when_the_bot_has_confirmed_them(telegram: FakeTelegram, ana: Person) -> None:
    update_id = telegram.say(ana, "hello")
    waiting = asyncio.create_task(telegram.handled())
    await call(telegram, "getUpdates")
    assert not waiting.done()
    await call(telegram, "getUpdates", offset=update_id + 1)
    await waiting
    assert telegram.updates.pending == []
