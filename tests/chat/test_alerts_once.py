"""Each change is told once: while something comes and goes, after a restart, to several, and to whom it can be told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.usecases.records import Role
from bot.usecases.roles import give_role
from tests.chat.test_alerts import AWAY, BACK, LOGGED_OUT, Scene, choose, pass_by, polled
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.chatting import said, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

MINUTE, HOUR = 60, 3600


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with timed(tmp_path) as scene:
        yield scene


async def second_admin(world: World) -> Person:
    boss = world.telegram.add_person(2001, "Olga")
    await world.app.store.write(lambda work: give_role(work, ADMIN, boss.id, Role.ADMIN, was=None))
    await world.say("/start", boss)
    return boss


def told(world: World, person: Person | None = None) -> list[str]:
    """What somebody was told of ixBrowser."""
    return [each for each in said(world, person) if each in {AWAY, BACK, LOGGED_OUT}]


async def test_what_comes_and_goes_is_told_when_it_stays(scene: Scene) -> None:
    world, _ = scene
    for _ in range(5):
        world.browser.running = False
        await pass_by(scene, MINUTE)
        world.browser.running = True
        await pass_by(scene, MINUTE)
    assert told(world) == []
    world.browser.running = False
    await pass_by(scene, 3 * MINUTE)
    for _ in range(5):
        world.browser.running = True
        await pass_by(scene, MINUTE)
        world.browser.running = False
        await pass_by(scene, MINUTE)
    assert told(world) == [AWAY]
    world.browser.running = True
    await pass_by(scene, 3 * MINUTE)
    assert told(world) == [AWAY, BACK]


async def test_a_restart_in_the_middle_loses_no_change_and_tells_none_twice(tmp_path: Path) -> None:
    clock = JumpingClock()
    telegram = FakeTelegram(now=clock.timestamp)
    # For how long each process runs, and whether ixBrowser does meanwhile.
    for seconds, runs in [(90, False), (90, False), (90, False), (60, True), (MINUTE, True), (MINUTE, True)]:
        browser = FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)
        browser.running = runs
        async with running(settings_for(tmp_path), telegram=telegram, browser=browser, clock=clock) as world:
            clock.jumped = partial(polled, world, clock)
            await pass_by((world, clock), seconds)
    assert told(world) == [AWAY, BACK]


async def test_each_of_several_admins_is_told_once(scene: Scene) -> None:
    world, _ = scene
    boss = await second_admin(world)
    world.browser.running = False
    await pass_by(scene, 10 * MINUTE)
    world.browser.running = True
    await pass_by(scene, 10 * MINUTE)
    assert told(world) == told(world, boss) == [AWAY, BACK]


async def test_an_admin_who_has_blocked_the_bot_is_told_later_only_of_what_changes_then(scene: Scene) -> None:
    world, _ = scene
    boss = await second_admin(world)
    world.telegram.blocked.add(boss.id)
    for runs in (False, True, False):
        world.browser.running = runs
        await pass_by(scene, 5 * MINUTE)
    assert told(world) == [AWAY, BACK, AWAY]
    world.telegram.blocked.clear()
    await world.say("/start", boss)
    await pass_by(scene, HOUR)
    assert told(world, boss) == []
    world.browser.running = True
    await pass_by(scene, 5 * MINUTE)
    assert told(world, boss) == [BACK]
    assert told(world) == [AWAY, BACK, AWAY, BACK]


async def test_a_kind_that_is_switched_off_meanwhile_tells_nothing_and_again_what_changes_after(scene: Scene) -> None:
    world, _ = scene
    world.browser.running = False
    await pass_by(scene, MINUTE)
    await choose(world, "ixBrowser", "🚫")
    await pass_by(scene, 5 * MINUTE)
    await choose(world, "ixBrowser", "🔔")
    await pass_by(scene, 5 * MINUTE)
    assert told(world) == []
    world.browser.running = True
    await pass_by(scene, 5 * MINUTE)
    assert told(world) == [BACK]
