"""An admin chooses somebody from Telegram's own list of people: the link is for that person alone."""

from __future__ import annotations

import pytest

from bot.storage.invitations import invitations
from bot.storage.tables import users
from bot.usecases.records import Role
from tests.standins.telegram_keyboards import choose
from tests.standins.telegram_state import KeyboardButton, Message, Person
from tests.support.chatting import labels, said
from tests.support.invitations import follow, link_in
from tests.support.world import ADMIN, MEMBER, STRANGER, World

pytestmark = pytest.mark.usefixtures("calm_log")

BUTTON = "👤 Choose a person"


async def asked(world: World, *choices: str) -> Message:
    """The card of an invitation for which Ana is to choose somebody."""
    card = await world.say("/invite")
    for label in (*choices, "Choose a person"):
        await world.tap(label, message=card)
    assert [button.text for button in keyboard(world)] == [BUTTON]
    return card


def keyboard(world: World, person: Person | None = None) -> tuple[KeyboardButton, ...]:
    return world.telegram.chat((person or world.ana).id).keyboard


async def chosen(world: World, *people: Person) -> Message:
    choose(world.telegram, world.ana, BUTTON, *people)
    await world.rest()
    return world.newest(ADMIN)


async def test_who_never_started_the_bot_is_chosen_and_gets_a_link_that_works_for_nobody_else(world: World) -> None:
    world.sam.started = False
    card = await asked(world, "Viewer")
    assert "Tap “👤 Choose a person” at the bottom of this chat." in card.text
    assert labels(card) == ["Cancel"]
    message = await chosen(world, world.sam)
    assert keyboard(world) == ()
    assert "Forward the message below to Sam. The link works for nobody else." in said(world)[-2]
    assert "It works for Sam alone, until" in message.text
    # The bot has not written to them by itself, which it could not.
    assert said(world, world.sam) == []
    link = link_in(message)
    assert "This invitation is for somebody else." in (await follow(world, link, world.mai)).text
    assert "Welcome, Sam!" in (await follow(world, link)).text
    assert {row["id"]: row["role"] for row in await world.rows(users)}[STRANGER] == "viewer"


async def test_cancel_takes_the_button_away_and_leads_back(world: World) -> None:
    card = await asked(world)
    await world.tap("Cancel", message=card)
    assert keyboard(world) == ()
    assert "You have chosen nobody." in said(world)
    assert "Make link" in labels(card)
    assert link_in(await world.tap("Make link", message=card))


async def test_a_button_that_was_left_chooses_once(world: World) -> None:
    await asked(world)
    for person in (world.sam, world.mai):
        choose(world.telegram, world.ana, BUTTON, person)
    await world.rest()
    assert said(world)[-1].startswith("Ana invites you") or "This choice is closed." in said(world)[-1]
    assert "This choice is closed. Send /invite to start again." in said(world)
    assert [row["for_user_id"] for row in await world.rows(invitations)] == [STRANGER]


async def test_who_is_in_already_needs_no_link(world: World) -> None:
    await world.let_in(world.mai)
    await asked(world)
    assert (await chosen(world, world.mai)).text == "Mai can use this bot already. No invitation is needed."
    assert keyboard(world) == ()
    assert [row["state"] for row in await world.rows(invitations)] == ["choosing"]


async def test_who_is_no_admin_any_more_chooses_nobody_and_loses_the_button(world: World) -> None:
    await world.let_in(world.mai)

    async def make(role: Role) -> None:
        await world.app.store.write(lambda work: work.users.set_role(MEMBER, role, ADMIN, work.now))

    await make(Role.ADMIN)
    card = await world.say("/invite", world.mai)
    await world.tap("Choose a person", world.mai, card)
    await make(Role.MEMBER)
    choose(world.telegram, world.mai, BUTTON, world.sam)
    await world.rest()
    assert keyboard(world, world.mai) == ()
    assert said(world, world.mai)[-1] == "Only an admin can do this."
    assert [row["state"] for row in await world.rows(invitations)] == ["choosing"]


async def test_what_nobody_asked_for_makes_no_link(world: World) -> None:
    """Answers to requests of others, of none, and of several people at once, which no button asks for."""
    await asked(world)
    mine = (await world.rows(invitations))[0]["id"]
    chat = world.telegram.chat(ADMIN)
    sam = {"user_id": STRANGER, "first_name": "Sam"}
    for request_id, people in ((mine + 1, [sam]), (0, [sam]), (-7, [sam]), (mine, []), (mine, [sam, sam])):
        shared = {"request_id": request_id, "users": people, "user_ids": [STRANGER] * len(people)}
        world.telegram.put_service(world.ana, chat, {"users_shared": shared})
    await world.rest()
    assert said(world)[-5:] == ["This choice is closed. Send /invite to start again."] * 5
    assert [row["state"] for row in await world.rows(invitations)] == ["choosing"]


async def test_of_strangers_and_members_it_is_no_more_than_what_they_say(world: World) -> None:
    await world.let_in(world.mai)
    for person in (world.mai, world.sam):
        shared = {"request_id": 1, "users": [{"user_id": 7, "first_name": "X"}], "user_ids": [7]}
        world.telegram.put_service(person, world.telegram.chat(person.id), {"users_shared": shared})
    await world.rest()
    assert said(world, world.mai)[-1] == "Only an admin can do this."
    assert "This bot is private." in said(world, world.sam)[-1]
    assert await world.rows(invitations) == []
