"""Whoever posts a code in a group chat is warned once that others can use it, and may have the message deleted."""

from __future__ import annotations

import pytest

from bot.storage.deletion_offers import deletion_offers
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.chatting import GROUP, labels, said
from tests.support.groups import say, tap
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

WARNING = "Anyone who sees a code can use it until it is imported. It is safer to send codes to me in private."


@pytest.fixture
def group(world: World) -> Chat:
    return world.telegram.add_group(GROUP, "Team", can_delete=True)


def warnings(group: Chat) -> list[Message]:
    return [message for message in group.messages if message.from_bot and message.text == WARNING]


async def post(world: World, group: Chat, person: Person | None = None) -> Message:
    """Somebody (Ana) posts a code; their message."""
    await say(world, group, world.browser.offer("Shop"), person)
    return group.newest(lambda message: message.sender is (person or world.ana))


async def test_each_is_warned_once_in_each_group(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    other = world.telegram.add_group(-1002, "Another team")
    await post(world, group)
    assert len(warnings(group)) == 1
    await post(world, group)
    assert len(warnings(group)) == 1
    await post(world, group, world.mai)
    assert len(warnings(group)) == 2
    await post(world, other)
    assert len(warnings(other)) == 1


async def test_the_message_is_deleted_by_the_button_and_the_import_goes_on(world: World, group: Chat) -> None:
    typed = await post(world, group)
    [warning] = warnings(group)
    assert labels(warning) == ["Delete my message"]
    await tap(world, group, "Delete my message", message=warning)
    assert (typed.deleted, warning.deleted) == (True, True)
    assert await world.rows(deletion_offers) == []
    # The code is in no message any more, so that its card can show it.
    assert "Show code" in labels(group.card)
    await tap(world, group, "Keep")
    assert "“Shop”" in (await tap(world, group, "✅ Import")).text


async def test_nobody_else_has_it_deleted(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    typed = await post(world, group)
    await tap(world, group, "Delete my message", world.mai, message=warnings(group)[0])
    assert not typed.deleted
    assert world.popups() == ["This card belongs to Ana."]


async def test_where_the_bot_may_not_delete_its_person_is_asked_to(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    typed = await post(world, group)
    await tap(world, group, "Delete my message", message=warnings(group)[0])
    assert not typed.deleted
    assert "I can't delete your message here: please delete it yourself." in said(world, group)


async def test_the_code_behind_a_command_is_warned_of_too(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    assert len(warnings(group)) == 1


async def test_of_a_code_that_is_used_up_nobody_is_warned(world: World, group: Chat) -> None:
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Keep")
    await world.tap("✅ Import")
    await say(world, group, code)
    assert warnings(group) == []


async def test_of_what_is_deleted_at_once_nobody_is_warned(world: World, group: Chat) -> None:
    await say(world, group, f"@transfer_demo_bot {world.browser.offer()} socks5://ana:s3cret@203.0.113.7:1080")
    assert group.messages[0].deleted
    assert warnings(group) == []


async def test_in_private_nobody_is_warned(world: World) -> None:
    await world.say(world.browser.offer())
    assert WARNING not in said(world)
