"""The last admin, whom no setting names, can't be removed or demoted, whoever comes first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import labels
from tests.support.members import opened, role_of
from tests.support.world import MEMBER, STRANGER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.fixture
async def without_settings(tmp_path: Path) -> AsyncIterator[World]:
    """Mai and Sam are admins, and no setting names one."""
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        for person in (world.mai, world.sam):
            await world.let_in(person)
            await world.say("/start", person)
            await opened(world, person.first_name)
            await world.tap("Promote")
            await world.tap("Yes")
    async with running(settings_for(tmp_path, admin_ids=frozenset()), telegram=telegram) as world:
        yield world


async def test_the_last_admin_can_be_neither_removed_nor_demoted(without_settings: World) -> None:
    world = without_settings
    mais = await world.say("/members", world.mai)
    assert labels(mais) == ["Mai", "Sam"]
    own = await world.tap("Mai", world.mai, mais)
    await world.tap("Demote", world.mai, own)
    answer = own.button("Yes")
    sams = await world.say("/members", world.sam)
    await world.tap("Sam", world.sam, sams)
    await world.tap("Remove", world.sam, sams)
    world.telegram.press(world.sam, sams, sams.button("Yes"))
    world.telegram.press(world.mai, own, answer)
    await world.rest()
    left = [user_id for user_id in (MEMBER, STRANGER) if await role_of(world, user_id) == Role.ADMIN]
    assert left == [MEMBER]
    assert world.popups()[2:] == ["This is the only admin. Make somebody else an admin first."]
    assert own.text.endswith("This is the only admin. Make somebody else an admin first.")
    assert labels(own) == ["Back"]
    assert (await world.say(f"/remove {MEMBER}", world.mai)).text.startswith("This is the only admin.")


async def test_of_two_admins_who_remove_one_another_at_once_one_stays(without_settings: World) -> None:
    world = without_settings
    questions = {}
    for person, other in ((world.mai, "Sam"), (world.sam, "Mai")):
        card = await world.say("/members", person)
        await world.tap(other, person, card)
        await world.tap("Remove", person, card)
        questions[person.id] = (person, card)
    for person, card in questions.values():
        world.telegram.press(person, card, card.button("Yes"))
    await world.rest()
    roles = [await role_of(world, user_id) for user_id in (MEMBER, STRANGER)]
    assert sorted(map(str, roles)) == ["None", "admin"]
    assert len(world.telegram.unanswered) == 0
