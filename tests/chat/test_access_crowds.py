"""Many people ask to be let in at once: the admins get one message about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.edit_pauses import PROGRESS_PAUSE
from bot.storage.access_requests import access_requests
from bot.usecases.access_requests import MOST_CARDS
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import all_run, labels, said, timed
from tests.support.world import PATIENCE, World

pytestmark = pytest.mark.usefixtures("calm_log")


async def all_ask(world: World, count: int, first: int = 2000) -> list[Person]:
    people = [world.telegram.add_person(first + number, f"S{number}", language_code="vi") for number in range(count)]
    for person in people:
        world.telegram.say(person, "let me in")
    await world.rest()
    for person in people:
        world.telegram.press(person, world.card(person), "Xin quyền dùng bot")
    await world.rest()
    return people


def crowd_card(world: World) -> Message:
    return world.telegram.chat(world.ana.id).newest(lambda message: "ask" in message.text and "more" in message.text)


async def test_of_more_than_ten_the_rest_are_one_message_that_shows_them_one_by_one(world: World) -> None:
    people = await all_ask(world, MOST_CARDS + 3)
    assert len([text for text in said(world) if "asks for access.\nID" in text]) == MOST_CARDS
    card = crowd_card(world)
    assert card.text == "🔔 3 more people ask for access. Many people asked at once, so they are all in one message."
    assert labels(card) == ["Show one by one", "Refuse all"]

    assert not card.silent
    one = await world.tap("Show one by one", message=card)
    assert one.silent
    assert one.text == f"🔔 S10 asks for access.\nID {people[MOST_CARDS].id}"
    await world.tap("Allow", message=one)
    assert "Admin đã cấp quyền dùng bot cho bạn" in world.newest(people[MOST_CARDS].id).text
    two = world.card()
    assert two.text.startswith("🔔 S11 asks")
    assert crowd_card(world).text.startswith("🔔 2 more people ask")
    # Asked for again, the same one comes below what has been written since.
    await world.say("/help")
    again = await world.tap("Show one by one", message=card)
    assert "S12" in again.text
    for _ in range(2):
        await world.tap("Refuse", message=world.telegram.chat(world.ana.id).newest(lambda m: "Refuse" in labels(m)))
    assert card.text == "All of these requests are answered. Allowed: 1, refused: 2."
    assert labels(card) == []


async def test_a_crowd_that_grows_is_not_edited_at_every_request(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await all_ask(world, MOST_CARDS + 1)
        card, began, before = crowd_card(world), clock.awake(), crowd_card(world).edited
        for number in range(8):
            await asks_unhurried(world, 3000 + number)
        assert card.edited - before <= (clock.awake() - began) / PROGRESS_PAUSE + 1
        await world.rest()
        assert card.text.startswith("🔔 9 more people ask for access.")


async def asks_unhurried(world: World, user_id: int) -> None:
    """Somebody asks, and the admins are shown what can be shown by now."""
    person = world.telegram.add_person(user_id, "S")
    world.telegram.say(person, "let me in")
    await world.telegram.settled(lambda: world.card(person), PATIENCE)
    world.telegram.press(person, world.card(person), "Ask for access")
    await world.telegram.settled(lambda: "asked the admins" in world.newest(user_id).text, PATIENCE)
    await all_run(world)


async def test_all_are_refused_with_a_second_tap_and_told_so(world: World) -> None:
    people = await all_ask(world, MOST_CARDS + 2)
    card = crowd_card(world)
    asked = await world.tap("Refuse all", message=card)
    assert asked.text == "Refuse 2 requests? I tell each person. They can ask again in a week."
    await world.tap("Cancel", message=asked)
    assert asked.text == "No request was refused."
    assert {row["state"] for row in await world.rows(access_requests)} == {"waiting"}

    asked = await world.tap("Refuse all", message=card)
    # Who comes now is not meant.
    await all_ask(world, 1, first=3000)
    await world.tap("Refuse all", message=asked)
    assert asked.text == "2 requests were refused."
    for person in people[MOST_CARDS:]:
        assert "Rất tiếc" in world.newest(person.id).text
    assert crowd_card(world).text.startswith("🔔 1 more person asks")
