"""Groups: what a bot in privacy mode is shown, whom a forced reply asks, and links that start the bot."""

from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.telegram_calls import call, keyboard, refused

GROUP = -1001


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    return telegram.add_person(7, "Ana", "ana")


@pytest.fixture
def mai(telegram: FakeTelegram) -> Person:
    return telegram.add_person(8, "Mai")


async def seen(telegram: FakeTelegram) -> list[str]:
    """The texts that the bot is shown."""
    updates = await call(telegram, "getUpdates", offset=-100)
    return [(update.get("message") or update["edited_message"])["text"] for update in updates]


FOR_THE_BOT = ["/import", "/import@transfer_demo_bot", "@transfer_demo_bot hello", "hello, @transfer_demo_bot"]
FOR_OTHERS = [
    "hello",
    "76686828-89727101",
    "/import@dice_bot",
    "see /import",
    "@transfer_demo_bots hello",
    "@ana hello",
]


async def test_in_privacy_mode_a_bot_is_shown_commands_and_what_mentions_it(
    telegram: FakeTelegram, ana: Person
) -> None:
    group = telegram.add_group(GROUP, "Team", privacy=True)
    for text in FOR_THE_BOT + FOR_OTHERS:
        telegram.say(ana, text, group)
    assert await seen(telegram) == FOR_THE_BOT


async def test_in_privacy_mode_a_bot_is_shown_replies_to_it_and_no_others(telegram: FakeTelegram, ana: Person) -> None:
    group = telegram.add_group(GROUP, "Team", privacy=True)
    await call(telegram, "sendMessage", chat_id=GROUP, text="Which?")
    telegram.say(ana, "this one", group, reply_to=group.answer)
    telegram.say(ana, "that one", group, reply_to=group.last)
    assert await seen(telegram) == ["this one"]
    group.answer.deleted = True
    telegram.say(ana, "none", group, reply_to=group.messages[0])
    assert await seen(telegram) == ["this one"]


async def test_an_admin_is_shown_everything(telegram: FakeTelegram, ana: Person) -> None:
    group = telegram.add_group(GROUP, "Team", privacy=True, can_delete=True)
    telegram.say(ana, "hello", group)
    assert await seen(telegram) == ["hello"]


async def test_what_people_change_is_shown_like_what_they_send(telegram: FakeTelegram, ana: Person) -> None:
    group = telegram.add_group(GROUP, "Team", privacy=True)
    telegram.say(ana, "hello", group)
    telegram.edit(ana, group.last, "good morning")
    assert await seen(telegram) == []


async def test_a_forced_reply_asks_all_or_those_who_are_mentioned_or_replied_to(
    telegram: FakeTelegram, ana: Person, mai: Person
) -> None:
    group = telegram.add_group(GROUP, "Team")

    async def asks(text: str, *, selective: bool = True, **parameters: object) -> list[str]:
        markup = {"force_reply": True, "selective": selective}
        await call(
            telegram, "sendMessage", chat_id=GROUP, text=text, parse_mode="HTML", reply_markup=markup, **parameters
        )
        return [person.first_name for person in (ana, mai) if group.answer.opens_reply(person)]

    assert await asks("Which?", selective=False) == ["Ana", "Mai"]
    assert await asks("Which?") == []
    assert await asks('<a href="tg://user?id=8">Mai</a>, which?') == ["Mai"]
    telegram.say(ana, "hello", group)
    assert await asks("Which?", reply_parameters={"message_id": group.last.id}) == ["Ana"]


async def test_a_message_with_a_forced_reply_cannot_be_edited(telegram: FakeTelegram, ana: Person) -> None:
    markup = {"force_reply": True, "input_field_placeholder": "a name"}
    sent = await call(telegram, "sendMessage", chat_id=7, text="Which?", reply_markup=markup)
    message = {"chat_id": 7, "message_id": sent["message_id"]}
    assert await refused(telegram, "editMessageText", **message, text="That") == "Bad Request: message can't be edited"
    assert await refused(telegram, "editMessageReplyMarkup", **message) == "Bad Request: message can't be edited"
    assert await call(telegram, "deleteMessage", **message)
    assert not telegram.chat(7).messages[0].opens_reply(ana)


@pytest.mark.usefixtures("ana")
async def test_a_placeholder_has_64_characters_at_most(telegram: FakeTelegram) -> None:
    markup = {"force_reply": True, "input_field_placeholder": "x" * 65}
    said = await refused(telegram, "sendMessage", chat_id=7, text="Which?", reply_markup=markup)
    assert said == "Bad Request: REPLY_MARKUP_INVALID"


async def test_a_press_may_open_a_link_that_starts_this_bot_and_no_other(telegram: FakeTelegram, ana: Person) -> None:
    await call(telegram, "sendMessage", chat_id=7, text="Card", reply_markup=keyboard([("Go on", "go")]))

    async def press() -> str:
        telegram.press(ana, telegram.chat(7).card, "Go on")
        return next(reversed(telegram.unanswered))

    for url in ("https://example.com", "https://t.me/dice_bot?start=abc", "https://t.me/transfer_demo_bot?start=a.b"):
        said = await refused(telegram, "answerCallbackQuery", callback_query_id=await press(), url=url)
        assert said == "Bad Request: URL_INVALID"
    url = "https://t.me/transfer_demo_bot?start=abc"
    await call(telegram, "answerCallbackQuery", callback_query_id=await press(), url=url)
    assert telegram.answers[-1].url == url
    telegram.follow(ana, url)
    assert telegram.chat(7).last.text == "/start abc"
    with pytest.raises(LookupError):
        telegram.follow(ana, "https://t.me/dice_bot?start=abc")
