"""Commands: each gets its answer, also where a password is asked for that looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from bot.chat.callbacks import HELP, Press
from bot.domain.draft import Step, step
from bot.storage.tables import users
from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import labels, said
from tests.support.journeys import open_draft
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")


# --- /start and /help -------------------------------------------------------------------------------------------------


async def test_start_greets_by_name_and_offers_to_begin(world: World) -> None:
    world.ana.first_name = "Ana <b>& co"
    answer = await world.say("/start")
    assert answer.text.startswith("Hello Ana <b>& co!")
    assert labels(answer) == ["New import"]
    assert "Send me a transfer code" in (await world.tap("New import")).text


async def test_a_member_is_greeted_too(world: World) -> None:
    await world.let_in(world.mai)
    assert (await world.say("/start", world.mai)).text.startswith("Hello Mai!")


@pytest.mark.parametrize("between", [" ", "\n", "  please take "])
async def test_start_with_a_code_behind_it_begins_the_import(world: World, between: str) -> None:
    code = world.browser.offer()
    card = await world.say(f"/start{between}{code}")
    assert "Which proxy?" in card.text
    assert [code.text for code in (await open_draft(world)).draft.codes] == [code]


async def test_start_with_something_else_behind_it_greets(world: World) -> None:
    assert (await world.say("/start from_website")).text.startswith("Hello Ana!")


async def test_help_is_one_screen_and_the_rest_is_behind_its_buttons(world: World) -> None:
    answer = await world.say("/help")
    first = answer.text
    assert len(first.splitlines()) <= 12
    assert "A code works once" in first
    for title in ("Proxies", "If it does not work", "In a group chat", "For admins"):
        turned = await world.tap(title, message=answer)
        assert turned is answer
        assert title in answer.text.splitlines()[0]
        assert title not in labels(answer)
    assert "/allow" in answer.text
    await world.tap("Back", message=answer)
    assert answer.text == first


async def test_only_admins_are_told_of_their_commands(world: World) -> None:
    await world.let_in(world.mai)
    answer = await world.say("/help", world.mai)
    assert "/history" in answer.text
    assert "For admins" not in labels(answer)
    world.telegram.press(world.mai, answer, Button("For admins", str(Press(HELP, 0, 0, "admins"))))
    await world.rest()
    assert "/allow" not in answer.text


async def test_every_command_that_help_names_is_one(world: World) -> None:
    answer = await world.say("/help")
    words = answer.text.split()
    for title in labels(answer)[:4]:
        words += (await world.tap(title, message=answer)).text.split()
        await world.tap("Back", message=answer)
    for command in {word.strip(",.") for word in words if word.startswith("/")}:
        assert "I don't know this command" not in (await world.say(command)).text


# --- /cancel ----------------------------------------------------------------------------------------------------------


async def test_cancel_ends_the_draft_and_leaves_the_code_good(world: World) -> None:
    code = world.browser.offer()
    await world.say(code)
    answer = await world.say("/cancel")
    assert "Nothing was sent" in answer.text
    assert world.telegram.chat(ADMIN).last is answer
    assert labels(answer) == ["New import"]
    assert world.browser.imports == []
    assert "Which proxy?" in (await world.say(code)).text


async def test_cancel_without_a_draft_says_so(world: World) -> None:
    assert "nothing to cancel" in (await world.say("/cancel")).text


async def test_import_asks_for_a_code_and_takes_one_behind_it(world: World) -> None:
    assert "Send me a transfer code" in (await world.say("/import")).text
    code = world.browser.offer()
    assert "Which proxy?" in (await world.say(f"/import {code}")).text
    assert [code.text for code in (await open_draft(world)).draft.codes] == [code]


# --- the menu ---------------------------------------------------------------------------------------------------------


def menu(telegram: FakeTelegram, user_id: int | None = None) -> list[str]:
    scope: dict[str, object] | None = None if user_id is None else {"type": "chat", "chat_id": user_id}
    return [entry["command"] for entry in telegram.menu(scope)]


async def test_telegrams_menu_shows_the_commands_and_an_admins_theirs(world: World) -> None:
    await world.telegram.settled(lambda: menu(world.telegram, ADMIN))
    everyone = ["import", "inbox", "given", "history", "cancel", "language", "timezone", "help"]
    assert menu(world.telegram) == ["start"]
    admins = ["members", "invite", "allow", "remove", "feed", "audit", "status"]
    assert menu(world.telegram, ADMIN) == [*everyone, *admins]
    assert all(entry["description"] for entry in world.telegram.menu())


async def test_an_admin_who_comes_later_sees_their_commands_then(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, admin_ids=frozenset({ADMIN, 4711}))) as world:
        await world.telegram.settled(lambda: menu(world.telegram, ADMIN))
        assert menu(world.telegram, 4711) == []
        await world.say("/start", world.telegram.add_person(4711, "Late"))
        await world.telegram.settled(lambda: menu(world.telegram, 4711))
        assert "allow" in menu(world.telegram, 4711)


async def test_an_admin_of_the_database_sees_the_admins_commands(world: World) -> None:
    def change(connection: Connection) -> None:
        row = {"id": MEMBER, "name": "Mai", "role": Role.ADMIN, "language": "en", "time_zone": ""}
        connection.execute(insert(users).values(**row, created_at=world.app.clock.now()))

    await world.app.database.write(change)
    await world.say("/start", world.mai)
    await world.telegram.settled(lambda: menu(world.telegram, MEMBER))
    assert "allow" in menu(world.telegram, MEMBER)


# --- secrets that look like something else ----------------------------------------------------------------------------


async def at_password(world: World) -> Message:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    card = await world.say("socks5://ana@203.0.113.7:1080")
    if "Type the password" not in card.text:
        pytest.fail(card.text)
    return card


async def test_a_password_may_begin_with_a_slash(world: World) -> None:
    await at_password(world)
    world.telegram.say(world.ana, "/s3cret")
    await world.rest()
    assert "Import this profile?" in world.newest(ADMIN).text
    typed = next(message for message in world.telegram.chat(ADMIN).messages if message.text == "/s3cret")
    assert typed.deleted
    await world.tap("Import")
    assert world.browser.imports[0]["proxy_config"]["proxy_password"] == "/s3cret"


async def test_where_a_proxy_can_be_chosen_an_unknown_command_is_none(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert "Which proxy?" in card.text
    await world.say("/improt")
    assert any("I don't know this command" in text for text in said(world))
    typed = next(message for message in world.telegram.chat(ADMIN).messages if message.text == "/improt")
    assert not typed.deleted


async def test_a_command_works_while_a_password_is_asked(world: World) -> None:
    await at_password(world)
    assert "Cancelled" in (await world.say("/cancel")).text


async def test_a_secret_that_is_written_into_an_old_message_is_deleted_too(world: World) -> None:
    await at_password(world)
    greeting = world.telegram.chat(ADMIN).newest(lambda message: message.sender is world.ana)
    world.telegram.edit(world.ana, greeting, "s3cret")
    await world.rest()
    assert greeting.deleted
    assert "Please send it as a new message" in said(world)[-2]
    assert step((await open_draft(world)).draft) is Step.PASSWORD
