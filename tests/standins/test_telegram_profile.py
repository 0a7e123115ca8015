from __future__ import annotations

import pytest

from tests.standins.telegram import FakeTelegram
from tests.support.telegram_calls import call, refused

COMMANDS = [{"command": "import", "description": "Import a profile"}]


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_person(7, "Ana", "ana")
    return telegram


async def test_the_bot_is_who_its_token_says(telegram: FakeTelegram) -> None:
    me = await call(telegram, "getMe")
    assert telegram.token.startswith(f"{me['id']}:")
    assert (me["is_bot"], me["username"]) == (True, "transfer_demo_bot")


async def test_each_scope_and_language_has_its_own_menu(telegram: FakeTelegram) -> None:
    chat = {"type": "chat", "chat_id": 7}
    await call(telegram, "setMyCommands", commands=COMMANDS)
    await call(telegram, "setMyCommands", commands="[]", scope='{"type": "chat", "chat_id": 7}', language_code="ru")
    assert telegram.menu() == COMMANDS
    assert await call(telegram, "getMyCommands", scope={"type": "default"}) == COMMANDS
    assert await call(telegram, "getMyCommands", scope=chat, language_code="ru") == []
    await call(telegram, "deleteMyCommands")
    assert telegram.menu() == telegram.menu(chat, "ru") == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"commands": [{"command": "Import", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "/", "description": "x"}]}, "command must be non-empty"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "command length must not exceed 32"),
        ({"commands": [{"command": "a", "description": " "}]}, "command description must be non-empty"),
        (
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ({"commands": COMMANDS * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"scope": "{}"}, "can't parse BotCommandScope: Can't find field \"type\""),
        ({"scope": {"type": "everybody"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": {}}, "expected an Array of BotCommand"),
        ({"commands": {"a": "b"}}, "expected an Array of BotCommand"),
        ({"commands": ["a"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field \"description\""),
        ({"commands": [{"command": ["a"]}]}, 'can\'t parse BotCommand: Field "command" must be of type String'),
        ({"scope": "[1]"}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"scope": {"type": "chat"}}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ({"scope": {"type": "chat", "chat_id": ""}}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"scope": {"type": "chat", "chat_id": 8}}, "chat not found"),
        ({"language_code": "eng"}, "invalid language code specified"),
    ],
)
async def test_a_menu_that_telegram_does_not_take_is_refused(
    telegram: FakeTelegram, params: dict[str, object], words: str
) -> None:
    assert await refused(telegram, "setMyCommands", **params) == f"Bad Request: {words}"


async def test_descriptions_are_kept_by_language_and_the_menu_button_is_taken(telegram: FakeTelegram) -> None:
    await call(telegram, "setMyDescription", description="x" * 512)
    await call(telegram, "setMyDescription", description="о чём", language_code="ru")
    await call(telegram, "setMyShortDescription", short_description="y" * 120, language_code="vi")
    await call(telegram, "setChatMenuButton", menu_button='{"type": "commands"}')
    profile = telegram.profile
    assert profile.descriptions == {"": "x" * 512, "ru": "о чём"}
    assert profile.short_descriptions == {"vi": "y" * 120}
    assert profile.menu_button == "commands"
    await call(telegram, "setChatMenuButton")
    assert profile.menu_button == "default"


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("setMyDescription", {"description": "x" * 513}, "description is too long"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "short description is too long"),
        ("setMyDescription", {"description": "x", "language_code": "zh-hans"}, "invalid language code specified"),
        ("setChatMenuButton", {"menu_button": {"type": "x"}}, "can't parse MenuButton: Invalid type specified"),
        ("setChatMenuButton", {"menu_button": "[1]"}, "can't parse MenuButton: MenuButton must be an Object"),
        ("setChatMenuButton", {"chat_id": 8}, "chat not found"),
    ],
)
async def test_descriptions_and_buttons_that_telegram_does_not_take_are_refused(
    telegram: FakeTelegram, method: str, params: dict[str, object], words: str
) -> None:
    assert await refused(telegram, method, **params) == f"Bad Request: {words}"


async def test_pending_updates_are_counted_and_dropped_with_the_webhook(telegram: FakeTelegram) -> None:
    telegram.say(telegram.add_person(8, "Ben"), "hello")
    assert (await call(telegram, "getWebhookInfo"))["pending_update_count"] == 1
    await call(telegram, "deleteWebhook")
    assert len(telegram.updates.pending) == 1
    await call(telegram, "deleteWebhook", drop_pending_updates="true")
    assert telegram.updates.pending == []


async def test_a_chat_tells_about_itself(telegram: FakeTelegram) -> None:
    telegram.add_group(-5, "Team")
    assert (await call(telegram, "getChat", chat_id=7))["username"] == "ana"
    assert (await call(telegram, "getChat", chat_id=-5))["title"] == "Team"
    assert await refused(telegram, "getChat", chat_id=8) == "Bad Request: chat not found"


async def test_only_known_actions_are_shown_in_a_chat(telegram: FakeTelegram) -> None:
    await call(telegram, "sendChatAction", chat_id=7, action="typing")
    words = "Bad Request: wrong parameter action in request"
    assert await refused(telegram, "sendChatAction", chat_id=7, action="thinking") == words
    telegram.blocked.add(7)
    words = "Forbidden: bot was blocked by the user"
    assert await refused(telegram, "sendChatAction", chat_id=7, action="typing") == words
