"""Who may use the bot, who decides about it, and what strangers get."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, insert

from bot.chat import gate
from bot.storage.tables import handled_updates, users
from bot.usecases.records import Role
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button
from tests.support.chatting import GROUP, imported, labels, ready_to_import, said, snapshot, timed
from tests.support.world import ADMIN, MEMBER, STRANGER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")


# --- strangers --------------------------------------------------------------------------------------------------------


async def test_a_stranger_gets_their_own_id_and_a_way_to_be_let_in(world: World) -> None:
    answer = await world.say("Hello?", world.sam)
    assert answer.text == f"This bot is private. To use it, ask for access.\nYour ID: {STRANGER}"
    assert answer.html.count(f"<code>{STRANGER}</code>") == 1
    assert labels(answer) == ["Ask for access"]


async def test_a_stranger_is_told_once_an_hour_whatever_they_send(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        for text in ("Hello?", "/start", "/history", "/allow 1003", world.browser.offer()):
            await world.say(text, world.sam)
        world.telegram.send_photo(world.sam, "76686828-89727101")
        await world.rest()
        assert len(said(world, world.sam)) == 1

        clock.jump(3599)
        await world.say("Hello?", world.sam)
        assert len(said(world, world.sam)) == 1
        clock.jump(2)
        await world.say("Hello?", world.sam)
        assert len(said(world, world.sam)) == 2


async def test_a_strangers_code_is_neither_imported_nor_kept(world: World) -> None:
    before = await snapshot(world)
    await world.say(world.browser.offer(), world.sam)
    assert await snapshot(world) == before
    assert [each for each in world.browser.requests if each[0] == IMPORT] == []


async def test_strangers_are_ignored_in_a_group(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    for text in ("/start", "/import", world.browser.offer()):
        world.telegram.say(world.sam, text, group)
    await world.rest()
    assert said(world, group) == []


async def test_a_strangers_press_does_nothing_at_all(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, world.browser.offer(), group)
    await world.rest()
    card = world.newest(group)
    before = await snapshot(world)

    for button in card.all_buttons:
        world.telegram.press(world.sam, card, button)
    own = world.telegram.post(world.telegram.chat(STRANGER), world.telegram.bot, text="old")
    world.telegram.press(world.sam, own, Button("Import", "n:0:0:new"))
    await world.rest()

    assert await snapshot(world) == before
    # Each has an answer, so that no phone goes on waiting, and none says anything.
    assert world.telegram.answers != []
    assert world.popups() == []
    assert said(world, world.sam) == ["old"]


async def test_a_flood_of_strangers_is_remembered_within_bounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_STRANGERS", 3)
    strangers = [world.telegram.add_person(2000 + number, f"S{number}") for number in range(5)]
    for stranger in strangers:
        world.telegram.say(stranger, "Hello?")
    await world.rest()
    assert [len(said(world, stranger)) for stranger in strangers] == [1] * 5
    # The oldest is no longer remembered, the newest is.
    await world.say("Hello?", strangers[0])
    await world.say("Hello?", strangers[4])
    assert [len(said(world, strangers[0])), len(said(world, strangers[4]))] == [2, 1]


async def test_a_stranger_is_not_told_twice_when_telegram_delivers_the_message_again(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.say("Hello?", world.sam)
        [noted] = await world.rows(handled_updates)
    # A new process has not told anybody yet; that the update has its answer already stands in the database.
    telegram.updates.next_id = noted["update_id"]
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.say("Hello?", world.sam)
        assert len(said(world, world.sam)) == 1


@pytest.mark.parametrize(
    "sender",
    [
        {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": {"id": GROUP}},
        {"from": {"id": ADMIN, "is_bot": False, "first_name": "Ana"}, "sender_chat": {"id": -1002}},
        {"from": {"id": 136817688, "is_bot": True, "first_name": "Channel"}, "sender_chat": {"id": -1002}},
        {"from": {"id": 5000, "is_bot": True, "first_name": "Another bot"}},
        {},
    ],
    ids=["anonymous admin", "channel under an admin's name", "channel", "bot", "nobody"],
)
async def test_who_hides_in_a_group_is_a_stranger(world: World, sender: dict[str, dict[str, object]]) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    if "sender_chat" in sender:
        sender = {**sender, "sender_chat": {**sender["sender_chat"], "type": "channel", "title": "Team"}}
    before = await snapshot(world)
    message = {"message_id": 90, "date": 1, "chat": group.json(), "text": world.browser.offer(), **sender}
    world.telegram.raw_update({"message": message})
    await world.rest()
    assert said(world, group) == []
    assert await snapshot(world) == before


# --- letting in and out -----------------------------------------------------------------------------------------------


async def test_an_admin_lets_somebody_in_who_can_import_at_once(world: World) -> None:
    answer = await world.say(f"/allow {MEMBER}")
    assert "may use this bot now" in answer.text
    result = await imported(world, person=world.mai)
    assert "Imported" in result.text


async def test_who_was_let_in_already_is_said_to_be(world: World) -> None:
    await world.let_in(world.mai)
    assert "already" in (await world.say(f"/allow {MEMBER}")).text
    assert "already" in (await world.say(f"/allow {ADMIN}")).text


async def test_a_removed_member_is_a_stranger_at_once(world: World) -> None:
    await world.let_in(world.mai)
    card = await ready_to_import(world, world.browser.offer(), person=world.mai)
    answer = await world.say(f"/remove {MEMBER}")
    assert "no longer" in answer.text
    before = await snapshot(world)

    for button in card.all_buttons:
        world.telegram.press(world.mai, card, button)
    await world.rest()
    assert await snapshot(world) == before
    assert world.browser.imports == []
    assert str(MEMBER) in (await world.say("/history", world.mai)).text


async def test_removing_somebody_who_never_was_in_is_said(world: World) -> None:
    assert "could not use this bot anyway" in (await world.say("/remove 123456")).text
    await world.say("/allow 123456")
    await world.say("/remove 123456")
    assert "could not use this bot anyway" in (await world.say("/remove 123456")).text


async def test_an_admin_by_the_settings_outranks_the_database(world: World) -> None:
    await world.app.database.write(lambda connection: connection.execute(users.delete()))
    answer = await world.say(f"/remove {ADMIN}")
    assert "ADMIN_IDS" in answer.text
    assert "Send me a transfer code" in (await world.say("hello")).text


@pytest.mark.parametrize("command", ["allow", "remove"])
async def test_rubbish_for_an_id_is_asked_back_and_changes_nothing(world: World, command: str) -> None:
    await world.say("/help")
    before = await snapshot(world)
    for rubbish in (
        "abc",
        "-5",
        "0",
        "12 34",
        "1.5",
        "٣٤",
        "²",
        "9" * 30,
        str(1 << 52),
        "<b>7</b>",
        "@mai",
        "+7",
        "1_0",
    ):
        answer = await world.say(f"/{command} {rubbish}")
        assert f"/{command} 123456789" in answer.text
        world.telegram.delete(answer)
    assert await snapshot(world) == before


async def test_removing_nobody_is_asked_back(world: World) -> None:
    assert "/remove 123456789" in (await world.say("/remove")).text


async def test_an_id_is_read_whatever_space_is_before_it(world: World) -> None:
    for number, between in enumerate(["  ", "\n", "\t", " \u00a0"], 5000):
        assert f"{number} may use this bot now" in (await world.say(f"/allow{between}{number}")).text


async def test_the_largest_id_that_telegram_can_give_is_taken(world: World) -> None:
    assert "may use this bot now" in (await world.say(f"/allow {(1 << 52) - 1}")).text


async def test_allow_alone_lists_who_may(world: World) -> None:
    await world.let_in(world.mai)
    assert f"{MEMBER}, member\n0 imports" in (await world.say("/allow")).text
    world.mai.first_name = "Mai <b>& co"
    await world.say("/help", world.mai)
    await world.say("/allow 777")
    listed = (await world.say("/allow")).text.splitlines()
    assert "Ana, admin by the settings" in listed
    assert "Mai <b>& co, member" in listed
    assert "777, member" in listed
    assert not any(line.startswith(str(STRANGER)) for line in listed)


async def test_a_member_can_let_nobody_in_or_out(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    before = await snapshot(world)
    for command in ("/allow", "/allow 1003", "/remove 1001", "/remove"):
        assert (await world.say(command, world.mai)).text == "Only an admin can do this."
    assert await snapshot(world) == before


async def test_an_admin_of_the_database_may_do_what_admins_may(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:

        def change(connection: Connection) -> None:
            row = {"id": MEMBER, "name": "Mai", "role": Role.ADMIN, "language": "en", "time_zone": ""}
            connection.execute(insert(users).values(**row, created_at=world.app.clock.now()))

        await world.app.database.write(change)
        assert "may use this bot now" in (await world.say("/allow 777", world.mai)).text
        assert "Mai, admin" in (await world.say("/allow")).text
    # With an admin there, the bot serves without any in the settings; they are no admins then.
    async with running(settings_for(tmp_path, admin_ids=frozenset()), telegram=telegram) as world:
        assert "may use this bot now" in (await world.say("/allow 778", world.mai)).text
        assert str(ADMIN) in (await world.say("/allow 779")).text


async def test_a_bot_with_another_token_knows_its_own_id(tmp_path: Path) -> None:
    token = "123456:another-bots-token-for-the-test-00000"
    async with running(settings_for(tmp_path, telegram_token=SecretStr(token)), telegram=FakeTelegram(token)) as world:
        assert "Hello Ana" in (await world.say("/start")).text
