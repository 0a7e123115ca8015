"""Admins are told what becomes of the bot itself: once a change, not for a blink, and as loud as each wants it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot import __version__
from bot.domain.alert import AlertKind
from bot.domain.loudness import Loudness
from bot.station.browser_watch import EVERY
from bot.storage.health import hub_health
from bot.usecases.health import ENOUGH, NEARLY_FULL
from bot.usecases.health_rows import Disk
from bot.usecases.records import Role
from bot.usecases.roles import give_role
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import all_run, labels, said, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World, button_of, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

Scene = tuple[World, JumpingClock]

AWAY = "ixBrowser is not running. Imports wait: start it."
BACK = "ixBrowser is back. Imports go on."
LOGGED_OUT = "ixBrowser is logged out. Imports wait: log in to ixBrowser."
CRASHED = "I have started again after a crash. Imports that were under way are checked. The log says more."


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with timed(tmp_path) as scene:
        yield scene


async def pass_by(scene: Scene, seconds: float) -> None:
    """Let time pass, look by look: the station's first, then the hub's."""
    world, clock = scene
    for _ in range(round(seconds / EVERY)):
        world.app.browser_watch.looked.clear()
        world.app.health_monitor.looked.clear()
        clock.jump(EVERY)
        await world.app.browser_watch.looked.wait()
        await world.app.health_monitor.looked.wait()
        await all_run(world)
    await world.rest()


def polled(world: World, clock: JumpingClock) -> None:
    """Telegram has been polled while the clock was put forward."""
    world.app.polling.succeeded_at = clock.awake()


def message(world: World, text: str, person: Person | None = None) -> Message:
    [found] = [each for each in world.telegram.chat((person or world.ana).id).messages if each.text == text]
    return found


async def choose(world: World, kind: str, loudness: str) -> None:
    """Tap the kind under ``/status`` until it has this sign."""
    card = await world.say("/status")
    for _ in range(3):
        label = next(each for each in labels(card) if each.endswith(kind))
        if label.startswith(loudness):
            return
        world.telegram.press(world.ana, card, button_of(card, label))
        await world.rest()
    raise AssertionError(labels(card))


# --- ixBrowser --------------------------------------------------------------------------------------------------------


async def test_ixbrowser_away_logged_out_and_back_are_told_once_each(scene: Scene) -> None:
    world, _ = scene
    world.browser.running = False
    await pass_by(scene, 600)
    assert said(world) == [AWAY]
    world.browser.running, world.browser.logged_in = True, False
    await pass_by(scene, 600)
    assert said(world) == [AWAY, LOGGED_OUT]
    world.browser.logged_in = True
    await pass_by(scene, 600)
    assert said(world) == [AWAY, LOGGED_OUT, BACK]


async def test_a_blink_is_not_told(scene: Scene) -> None:
    world, _ = scene
    world.browser.running = False
    await pass_by(scene, 90)
    world.browser.running = True
    await pass_by(scene, 600)
    assert said(world) == []


async def test_every_admin_is_told_in_their_language_and_nobody_else(scene: Scene) -> None:
    world, _ = scene
    await world.let_in(world.mai)
    boss = world.telegram.add_person(2001, "Olga")
    await world.app.store.write(lambda work: give_role(work, ADMIN, boss.id, Role.ADMIN, was=None))
    await world.say("/start", boss)
    await world.app.store.write(lambda work: work.users.set_language(boss.id, "ru"))
    before = len(said(world, world.mai))
    world.browser.running = False
    await pass_by(scene, 300)
    assert AWAY in said(world)
    assert "ixBrowser не запущен. Импорт ждёт: запустите ixBrowser." in said(world, boss)
    assert len(said(world, world.mai)) == before


async def test_what_was_told_is_not_told_again_after_a_restart(tmp_path: Path) -> None:
    clock = JumpingClock()
    telegram, browser = FakeTelegram(now=clock.timestamp), FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)
    browser.running = False
    for _ in range(2):
        async with running(settings_for(tmp_path), telegram=telegram, browser=browser, clock=clock) as world:
            clock.jumped = partial(polled, world, clock)
            await pass_by((world, clock), 300)
            assert said(world) == [AWAY]
        browser = FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)
        browser.running = False


# --- as loud as each wants it -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sign", "told", "silent"), [("🔔", True, False), ("🔕", True, True), ("🚫", False, False)])
async def test_each_kind_is_told_as_loud_as_it_was_chosen(scene: Scene, sign: str, told: bool, silent: bool) -> None:
    world, _ = scene
    await choose(world, "ixBrowser", sign)
    world.browser.running = False
    await pass_by(scene, 300)
    assert (AWAY in said(world)) == told
    if told:
        assert message(world, AWAY).silent == silent


async def test_buttons_show_what_is_chosen_and_a_second_tap_of_an_old_one_changes_nothing(scene: Scene) -> None:
    world, _ = scene
    card = await world.say("/status")
    others = ["🔔 Backups", "🔕 Restarts", "🔕 Updates"]
    assert labels(card) == ["Refresh", "🔔 ixBrowser", "🔔 Second bot", "🔔 Disk", *others]
    old = button_of(card, "🔔 Disk")
    for _ in range(2):
        world.telegram.press(world.ana, card, old)
        await world.rest()
        assert labels(card) == ["Refresh", "🔔 ixBrowser", "🔔 Second bot", "🚫 Disk", *others]
    assert "What I tell you about: 🔔 with a sound, 🔕 without, 🚫 not at all." in card.text


# --- disk, crash, version ---------------------------------------------------------------------------------------------


async def test_a_disk_that_is_nearly_full_is_told_and_that_it_is_not_any_more(scene: Scene) -> None:
    world, _ = scene
    disk = Disk(NEARLY_FULL - 1, 2**40)
    world.app.health_monitor._disk = lambda: disk
    await pass_by(scene, 300)
    full = "The disk of my computer is nearly full: 500 MB are free. Make room, or I can't work any more."
    assert said(world) == [full]
    # A little more is not enough: otherwise it would be told again and again.
    disk = Disk(ENOUGH - 1, 2**40)
    await pass_by(scene, 300)
    assert said(world) == [full]
    disk = Disk(ENOUGH, 2**40)
    await pass_by(scene, 300)
    assert said(world) == [full, "There is room on the disk of my computer again: 1,024 MB are free."]


async def test_an_end_in_order_is_told_to_nobody(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    for _ in range(2):
        async with running(settings_for(tmp_path), telegram=telegram) as world:
            await world.rest()
            assert said(world) == []


async def test_a_start_after_a_crash_is_told_silently_and_not_again_within_the_hour(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    for _ in range(3):
        async with running(settings_for(tmp_path), telegram=telegram) as world:
            await world.rest()
            # From here on it is as if it were killed.
            world.app.health_monitor._begun = False
    assert said(world) == [CRASHED]
    assert message(world, CRASHED).silent


async def test_a_new_version_is_told_with_the_one_before(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        pass
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.rest()
        assert said(world) == []
        update = hub_health.update().values(version="0.0.9")
        await world.app.store.write(lambda work: work.connection.execute(update))
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.rest()
        assert said(world) == [f"Version {__version__} runs now. Before it was 0.0.9."]


def test_choices_and_kinds_fit_a_button() -> None:
    longest = max(len(f"{kind}/{loudness}") for kind in AlertKind for loudness in Loudness)
    assert longest <= 32
