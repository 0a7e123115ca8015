from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person, Upload
from tests.support.telegram_calls import call, keyboard, refused

DAY = 24 * 60 * 60


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram(clock: Clock) -> FakeTelegram:
    telegram = FakeTelegram(now=clock)
    telegram.add_person(7, "Ana", "ana")
    return telegram


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    ana = telegram.chat(7).person
    assert ana
    return ana


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
