"""Who is told of a handoff after it was left: of its parts, and of what nobody could be told of before."""

from __future__ import annotations

import pytest

from tests.chat.handoffs.conftest import Team
from tests.support.chatting import labels, refused_chat
from tests.support.left_codes import leave, notices, reassign, statuses, take, withdraw

pytestmark = pytest.mark.usefixtures("calm_log")

BLOCKED = (403, "Forbidden: bot was blocked by the user")


async def test_each_part_is_shown_to_whom_it_waits_for_without_a_sound(team: Team) -> None:
    world = team.world
    codes = [world.browser.offer() for _ in range(5)]
    await leave(world, team.mai, None, *codes)
    await world.tap("Split", team.mai)
    await world.tap("3", team.mai)
    for person in (team.ana, team.kim, team.lee):
        first, *parts = notices(world, person)
        assert [message.text.splitlines()[0] for message in (first, *parts)] == [
            f"Mai has left {count} for the team" for count in ("2 codes", "2 codes", "1 code")
        ]
        assert [message.silent for message in (first, *parts)] == [False, True, True]
        assert all(labels(message) == ["Take", "Later"] for message in parts)
    assert notices(world, team.mai) == []
    await world.tap("Take", team.kim, notices(world, team.kim)[1])
    assert [labels(message) for message in notices(world, team.lee)] == [["Take", "Later"], [], ["Take", "Later"]]


async def test_parts_are_not_shown_to_whom_they_are_not_for_any_more(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim, *(world.browser.offer() for _ in range(2)))
    await reassign(world, team.mai, number, team.lee)
    await world.tap("Split", team.mai)
    await world.tap("2", team.mai)
    assert len(notices(world, team.lee)) == 2
    assert len(notices(world, team.kim)) == 1


async def test_who_could_not_be_told_is_not_told_afterwards_of_what_is_over(team: Team) -> None:
    world = team.world
    with refused_chat(world, team.kim.id, *BLOCKED):
        taken = await leave(world, team.mai, None)
        await take(world, team.lee, taken)
        await withdraw(world, team.mai, await leave(world, team.mai, team.kim))
        await reassign(world, team.mai, await leave(world, team.mai, team.kim), team.lee)
        waiting = await leave(world, team.mai, None)
    await world.say("/timezone Asia/Tokyo", team.kim)
    [told] = notices(world, team.kim)
    assert not told.silent
    await world.tap("Take", team.kim, told)
    assert await statuses(world, waiting) == ["taken"]


async def test_what_waits_again_is_told_to_who_could_not_be_told_before(team: Team) -> None:
    world = team.world
    with refused_chat(world, team.kim.id, *BLOCKED):
        number = await leave(world, team.mai, None)
        await take(world, team.lee, number)
    await world.say("/timezone Asia/Tokyo", team.kim)
    assert notices(world, team.kim) == []
    await world.tap("Cancel", team.lee)
    [told] = notices(world, team.kim)
    assert labels(told) == ["Take", "Later"]
    assert not told.silent


async def test_what_waits_again_is_not_told_to_who_was_removed(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    await take(world, team.lee, number)
    await world.say(f"/remove {team.kim.id}")
    await world.tap("Cancel", team.lee)
    assert await statuses(world, number) == ["waiting"]
    assert notices(world, team.kim) == []
