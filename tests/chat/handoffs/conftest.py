"""A team that leaves codes for one another, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.standins.telegram_state import Person
from tests.stories.telling import DATABASES, settings_on
from tests.support.chatting import timed
from tests.support.handoffs import a_team
from tests.support.journeys import furnish
from tests.support.jumping_clock import JumpingClock
from tests.support.left_codes import teammate
from tests.support.world import World


@dataclass(frozen=True, slots=True)
class Team:
    """Ana is an admin; Mai, Kim and Lee are members. ``clock`` is the world's."""

    world: World
    clock: JumpingClock
    mai: Person
    kim: Person
    lee: Person

    @property
    def ana(self) -> Person:
        return self.world.ana


@pytest.fixture(params=DATABASES)
async def team(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Team]:
    async with timed(tmp_path, **settings_on(request.param, request)) as (world, clock):
        furnish(world.browser)
        await world.let_in(world.mai)
        await world.say("/start", world.mai)
        kim, lee = await teammate(world, "Kim", 2001), await teammate(world, "Lee", 2002)
        for person in (world.ana, kim, lee):
            await world.say("/start", person)
        for person in (world.ana, world.mai, kim, lee):
            await world.say("/timezone Asia/Tokyo", person)
        yield Team(world, clock, world.mai, kim, lee)


@pytest.fixture(params=DATABASES)
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """One in which Ana, Mai and Sam may import, with the time as it is."""
    async with a_team(tmp_path, **settings_on(request.param, request)) as world:
        yield world
