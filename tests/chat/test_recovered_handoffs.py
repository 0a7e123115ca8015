"""Codes that wait in handoffs are neither shown as waiting nor moved before it is known which of them have arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.handoff import HandoffStatus
from bot.storage.handoff_tables import handoff_codes, handoffs
from tests.chat.test_recovery import Office, card, go_on, so
from tests.standins.telegram_state import Person
from tests.support.chatting import labels
from tests.support.handoffs import leave
from tests.support.world import World

HELD_BACK = "My database was restored. Codes can be taken again as soon as an admin has let me go on."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def lose_what_was_taken(office: Office, *, expires: bool = False) -> None:
    """Put the database back to when Ana had left two codes for Mai, days ago, of which one has arrived since."""
    codes = [office.browser.offer("Shop"), office.browser.offer("Market")]
    async with office.serves() as world:
        await world.let_in(world.mai)
        await world.say("/start", world.mai)
        await leave(world, *codes)
        long_ago = datetime.now(UTC) - timedelta(days=2)
        old = update(handoffs).values(waiting_since=long_ago, expires_at=long_ago if expires else None)
        await world.app.database.write(lambda connection: connection.execute(old))
        office.keep()
    office.browser.receive(codes[0], 1, None)
    office.put_back()


async def begun(world: World) -> None:
    """The recovery is shown, the members are confirmed, and the first round of what ends by itself is over."""
    await so(world, lambda: "Confirm members" in labels(card(world)))
    await world.tap("Confirm members", message=card(world))
    await world.app.housekeeping.tidy()
    await world.rest()


def told(world: World, person: Person, since: int) -> str:
    return "\n".join(message.text for message in world.telegram.chat(person.id).messages[since:])


@pytest.mark.parametrize("expires", [False, True])
async def test_nobody_is_reminded_of_them_and_none_comes_back(office: Office, expires: bool) -> None:
    await lose_what_was_taken(office, expires=expires)
    since = [len(office.telegram.chat(person).messages) for person in (1001, 1002)]
    async with office.serves() as world:
        await begun(world)
        assert "left" not in told(world, world.mai, since[1])
        assert "in time" not in told(world, world.ana, since[0])
        assert {row["status"] for row in await world.rows(handoff_codes)} == {HandoffStatus.WAITING}
        await go_on(world)
        await so(world, lambda: "Imports go on." in card(world).text)
        await world.app.housekeeping.tidy()
        await world.rest()
        ends = HandoffStatus.EXPIRED if expires else HandoffStatus.WAITING
        assert [row["status"] for row in await world.rows(handoff_codes)] == [HandoffStatus.IMPORTED, ends]


async def test_no_list_shows_them(office: Office) -> None:
    await lose_what_was_taken(office)
    async with office.serves() as world:
        await begun(world)
        assert (await world.say("/inbox", world.mai)).text == HELD_BACK
        given = await world.say("/given")
        assert given.text == HELD_BACK
        assert labels(given) == ["Left by everybody"]
        await world.tap("Left by everybody")
        assert given.text == HELD_BACK
        await go_on(world)
        await so(world, lambda: "Imports go on." in card(world).text)
        assert "waiting" in (await world.say("/given")).text


async def test_who_inherits_them_does_not_see_them_as_waiting(office: Office) -> None:
    codes = [office.browser.offer("Shop"), office.browser.offer("Market")]
    async with office.serves() as world:
        await world.let_in(world.mai)
        await world.say("/start", world.mai)
        await leave(world, *codes, to="The team", giver=world.mai)
        office.keep()
        await world.say("/import")
    office.browser.receive(codes[0], 1, None)
    office.put_back()
    async with office.serves() as world:
        await begun(world)
        await world.say(f"/remove {world.mai.id}")
        receipt = world.telegram.chat(world.ana.id).newest(lambda message: message.text == HELD_BACK)
        assert labels(receipt) == []
        await go_on(world)
        await so(world, lambda: "Imports go on." in card(world).text)
        await so(world, lambda: "imported" in receipt.text and "waiting" in receipt.text)
        assert "Withdraw" in " ".join(labels(receipt)) or "Take back" in " ".join(labels(receipt))


async def test_what_is_left_meanwhile_waits_to_be_taken(office: Office) -> None:
    await lose_what_was_taken(office)
    async with office.serves() as world:
        await begun(world)
        receipt = await leave(world, office.browser.offer("New"))
        assert receipt.text == HELD_BACK
        await go_on(world)
        await so(world, lambda: "waiting" in receipt.text)
