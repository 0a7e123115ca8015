"""What becomes of a group chat when somebody changes what the bot may do there, and what is kept of who does."""

from __future__ import annotations

import pytest

from bot.storage.group_chats import group_chats
from bot.storage.tables import users
from tests.support.chatting import GROUP
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.usefixtures("calm_log")


async def test_an_admin_allows_a_group_by_giving_it_rights_there_and_not_by_taking_them(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", added_by=world.sam)
    await world.rest()
    for status, state in (
        ("restricted", "waiting"),  # muted
        ("left", "left"),
        ("member", "allowed"),
    ):
        world.telegram.membership.change(world.ana, group, status)
        await world.rest()
        assert [row["state"] for row in await world.rows(group_chats)] == [state], status

    other = world.telegram.add_group(GROUP - 1, "Shop", added_by=world.sam)
    await world.rest()
    world.telegram.membership.statuses[other.id] = "administrator"
    for status, state in (("member", "waiting"), ("administrator", "allowed")):
        world.telegram.membership.change(world.ana, other, status)
        await world.rest()
        assert (await world.rows(group_chats))[-1]["state"] == state, status


async def test_who_adds_it_keeps_their_username(world: World) -> None:
    world.ana.username = "ana_1"
    await world.say("/help")
    world.telegram.add_group(GROUP, "Team", added_by=world.ana)
    await world.rest()
    [ana] = [row for row in await world.rows(users) if row["id"] == ADMIN]
    assert ana["username"] == "ana_1"
