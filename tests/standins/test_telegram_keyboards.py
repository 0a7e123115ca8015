"""The keyboard of a private chat as Telegram has it: its buttons, whom they offer, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_keyboards import choose
from tests.standins.telegram_state import Person
from tests.support.telegram_calls import call, keyboard, refused

WANTED = {"request_id": 7, "user_is_bot": False, "request_name": True, "request_username": True}


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    return telegram.add_person(7, "Ana", "ana")


def asking(**wanted: Any) -> dict[str, Any]:
    return {"keyboard": [[{"text": "Choose", "request_users": WANTED | wanted}]]}


async def test_somebody_who_never_started_the_bot_is_chosen_and_named(telegram: FakeTelegram, ana: Person) -> None:
    mai = telegram.add_person(8, "Mai", "mai", started=False)
    await call(telegram, "sendMessage", chat_id=ana.id, text="Whom?", reply_markup=asking())
    update_id = choose(telegram, ana, "Choose", mai)
    [update] = await call(telegram, "getUpdates", offset=update_id)
    message = update["message"]
    named = {"user_id": 8, "first_name": "Mai", "username": "mai"}
    assert message["users_shared"] == {"request_id": 7, "user_ids": [8], "users": [named]}
    assert (message["from"]["id"], message["chat"]["id"]) == (ana.id, ana.id)


async def test_the_button_stays_until_a_message_takes_it_away(telegram: FakeTelegram, ana: Person) -> None:
    chat = telegram.chat(ana.id)
    await call(telegram, "sendMessage", chat_id=ana.id, text="Whom?", reply_markup=asking())
    await call(telegram, "sendMessage", chat_id=ana.id, text="Or?", reply_markup=keyboard([("Yes", "y")]))
    assert [button.text for button in chat.keyboard] == ["Choose"]
    await call(telegram, "sendMessage", chat_id=ana.id, text="Thanks", reply_markup={"remove_keyboard": True})
    assert chat.keyboard == ()
    with pytest.raises(LookupError):
        choose(telegram, ana, "Choose", ana)


async def test_a_message_with_it_or_that_took_it_away_can_not_be_edited(telegram: FakeTelegram, ana: Person) -> None:
    for markup in (asking(), {"remove_keyboard": True}):
        sent = await call(telegram, "sendMessage", chat_id=ana.id, text="Whom?", reply_markup=markup)
        said = await refused(telegram, "editMessageText", chat_id=ana.id, message_id=sent["message_id"], text="Who?")
        assert said == "Bad Request: message can't be edited"


async def test_whom_the_button_does_not_offer_can_not_be_chosen(telegram: FakeTelegram, ana: Person) -> None:
    bot, mai = Person(9, "Bot", is_bot=True), telegram.add_person(8, "Mai")
    await call(telegram, "sendMessage", chat_id=ana.id, text="Whom?", reply_markup=asking())
    for chosen in ([], [bot], [ana, mai]):
        with pytest.raises(LookupError):
            choose(telegram, ana, "Choose", *chosen)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ({"keyboard": [["text"], "row"]}, 'field "keyboard" must be an Array of Arrays'),
        ({"keyboard": [[7]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [[{}]]}, "can't parse keyboard button: Can't find field \"text\""),
        ({"keyboard": [[{"text": " "}]]}, "keyboard button text must be non-empty"),
        ({"keyboard": [[{"text": "Choose", "request_users": 7}]]}, 'Field "request_users" must be of type Object'),
        ({"keyboard": [[{"text": "Choose", "request_users": {}}]]}, 'Can\'t find field "request_id"'),
        (asking(request_id=1 << 31), 'Field "request_id" must be of type Number'),
        (asking(max_quantity=11), "wrong number of users requested"),
    ],
)
async def test_what_is_no_keyboard_is_refused(
    telegram: FakeTelegram, ana: Person, markup: dict[str, Any], said: str
) -> None:
    assert said in await refused(telegram, "sendMessage", chat_id=ana.id, text="Whom?", reply_markup=markup)


async def test_people_are_asked_for_in_private_alone(telegram: FakeTelegram) -> None:
    telegram.add_group(-1001, "Team")
    said = await refused(telegram, "sendMessage", chat_id=-1001, text="Whom?", reply_markup=asking())
    assert said == "Bad Request: users can be requested in private chats only"
    await call(telegram, "sendMessage", chat_id=-1001, text="Whom?", reply_markup={"keyboard": [["Mai"]]})
