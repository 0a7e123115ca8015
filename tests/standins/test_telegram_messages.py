"""Messages and files that the bot sends, as Telegram takes or refuses them."""

from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person, Upload
from tests.support.telegram_calls import call, keyboard, refused
from tests.support.telegram_clock import Clock


async def test_a_message_arrives_with_its_text_its_buttons_and_its_silence(telegram: FakeTelegram, ana: Person) -> None:
    result = await call(
        telegram,
        "sendMessage",
        chat_id=ana.id,
        text=" <b>Group</b> &amp; proxy",
        parse_mode="HTML",
        disable_notification="true",
        reply_markup=keyboard([("Import", "i:1"), ("Cancel", "c:1")], [], [("Back", "b:1")]),
    )
    message = telegram.chat(ana.id).last
    assert (message.text, message.html) == ("Group & proxy", " <b>Group</b> &amp; proxy")
    assert [[button.text for button in row] for row in message.buttons] == [["Import", "Cancel"], ["Back"]]
    assert message.button("Import").callback_data == "i:1"
    assert (message.from_bot, message.silent, message.date) == (True, True, 1_700_000_000)
    assert result["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert result["reply_markup"]["inline_keyboard"][1] == [{"text": "Back", "callback_data": "b:1"}]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n\u200b"}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "😀" * 2048 + "a"}, "message is too long"),
        ({"text": "a" * 40_000}, "text is too long"),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "a < b", "parse_mode": "html"}, 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
        ({"text": "*a*", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "a", "chat_id": None}, "chat_id is empty"),
        ({"text": "a", "chat_id": 8}, "chat not found"),
        ({"text": "a", "chat_id": "Ana"}, "chat not found"),
        ({"text": "a", "message_thread_id": 5}, "message thread not found"),
        ({"text": "a", "reply_parameters": '{"message_id": 99}'}, "message to be replied not found"),
        ({"text": "a", "reply_to_message_id": 99}, "message to be replied not found"),
        ({"text": "a", "reply_parameters": "[]"}, "object expected as reply parameters"),
        ({"text": "a", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    ],
)
async def test_what_telegram_does_not_send_is_refused(
    telegram: FakeTelegram, ana: Person, params: dict[str, object], words: str
) -> None:
    assert await refused(telegram, "sendMessage", **{"chat_id": ana.id, **params}) == f"Bad Request: {words}"
    assert telegram.chat(ana.id).messages == []


async def test_a_reply_says_what_it_replies_to(telegram: FakeTelegram, ana: Person) -> None:
    telegram.say(ana, "code")
    asked = telegram.chat(ana.id).last
    result = await call(telegram, "sendMessage", chat_id=ana.id, text="ok", reply_parameters={"message_id": asked.id})
    assert telegram.chat(ana.id).last.reply_to is asked
    assert result["reply_to_message"]["text"] == "code"


async def test_a_reply_to_what_is_gone_is_sent_without_it_where_that_is_allowed(
    telegram: FakeTelegram, ana: Person
) -> None:
    reply = '{"message_id": 99, "allow_sending_without_reply": true}'
    await call(telegram, "sendMessage", chat_id=ana.id, text="ok", reply_parameters=reply)
    assert telegram.chat(ana.id).last.reply_to is None


async def test_who_blocked_the_bot_or_never_started_it_is_not_written_to(telegram: FakeTelegram, ana: Person) -> None:
    telegram.blocked.add(ana.id)
    telegram.add_person(8, "Ben", started=False)
    assert await refused(telegram, "sendMessage", chat_id=7, text="x") == "Forbidden: bot was blocked by the user"
    assert (
        await refused(telegram, "sendMessage", chat_id=8, text="x")
        == "Forbidden: bot can't initiate conversation with a user"
    )
    assert telegram.chat(7).messages + telegram.chat(8).messages == []


async def test_who_starts_the_bot_can_be_written_to(telegram: FakeTelegram) -> None:
    ben = telegram.add_person(8, "Ben", started=False)
    telegram.say(ben, "/start")
    await call(telegram, "sendMessage", chat_id=8, text="welcome")
    assert telegram.chat(8).last.text == "welcome"


async def test_a_flooded_chat_is_written_to_again_when_the_time_has_passed(
    telegram: FakeTelegram, ana: Person, clock: Clock
) -> None:
    telegram.flood(ana.id, 2.5)
    status, body = await telegram.handle(telegram.token, "sendMessage", {"chat_id": "7", "text": "x"})
    assert status == 429
    assert b'"Too Many Requests: retry after 3", "parameters": {"retry_after": 3}' in body
    clock.seconds += 3
    await call(telegram, "sendMessage", chat_id=7, text="x")


async def test_a_group_that_moved_says_where_to(telegram: FakeTelegram, ana: Person) -> None:
    telegram.add_group(-5, "Team", kind="group")
    telegram.migrate(ana, -5, -1005)
    status, body = await telegram.handle(telegram.token, "sendMessage", {"chat_id": -5, "text": "x"})
    assert status == 400
    assert b"Bad Request: group chat was upgraded to a supergroup chat" in body
    assert b'"parameters": {"migrate_to_chat_id": -1005}' in body
    edited = await refused(telegram, "editMessageText", chat_id=-5, message_id=1, text="x")
    assert edited == "Bad Request: PEER_ID_INVALID"
    await call(telegram, "sendMessage", chat_id=-1005, text="x")


async def test_a_chat_from_which_the_bot_was_removed_refuses_everything(telegram: FakeTelegram) -> None:
    group = telegram.add_group(-5, "Team")
    await call(telegram, "sendMessage", chat_id=-5, text="x")
    group.closed = "bot was kicked from the supergroup chat"
    words = "Forbidden: bot was kicked from the supergroup chat"
    assert await refused(telegram, "sendMessage", chat_id=-5, text="x") == words
    assert await refused(telegram, "deleteMessage", chat_id=-5, message_id=1) == words


async def test_only_the_topics_of_a_forum_can_be_written_into(telegram: FakeTelegram) -> None:
    telegram.add_group(-5, "Forum", threads=(11,))
    telegram.add_group(-6, "Plain")
    result = await call(telegram, "sendMessage", chat_id=-5, text="x", message_thread_id=11)
    assert (result["message_thread_id"], result["is_topic_message"], result["chat"]["is_forum"]) == (11, True, True)
    described = await refused(telegram, "sendMessage", chat_id=-5, text="x", message_thread_id=12)
    assert described == "Bad Request: message thread not found"
    await call(telegram, "sendMessage", chat_id=-6, text="x", message_thread_id=12)
    assert telegram.chat(-6).last.thread is None


async def test_a_file_arrives_with_its_content_and_its_caption(telegram: FakeTelegram) -> None:
    upload = Upload("imports.csv", b"id,status\n")
    result = await call(
        telegram, "sendDocument", chat_id=7, document=upload, caption="<b>All</b> imports", parse_mode="HTML"
    )
    message = telegram.chat(7).last
    assert (message.kind, message.file, message.text) == ("document", upload, "All imports")
    assert (result["document"]["file_name"], result["caption"]) == ("imports.csv", "All imports")
    assert result["caption_entities"] == [{"type": "bold", "offset": 0, "length": 3}]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "there is no photo in the request"),
        ({"photo": "file", "caption": "a" * 1025}, "message caption is too long"),
    ],
)
async def test_a_photo_that_telegram_does_not_take_is_refused(
    telegram: FakeTelegram, params: dict[str, object], words: str
) -> None:
    assert await refused(telegram, "sendPhoto", chat_id=7, **params) == f"Bad Request: {words}"
