"""Nobody waits for somebody else: each is answered within a second, whatever goes on in the other chats."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.transfer_code import mask
from tests.standins.ixbrowser_faults import slow
from tests.support.chatting import all_run, hanging_calls, ready_to_import, said, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("ptb_of_today")

#: Seconds within which everybody is answered.
HELD_UP = 3.0
STRANGERS = 300
#: Seconds within which a member behind a flood of strangers is answered: more where coverage is measured, which slows
#: every line of the bot.
FLOODED = 1.0 if sys.gettrace() is None else 3.0
BURSTS = 3
#: How many times as long as without them an answer may take behind so many strangers.
AS_LONG = STRANGERS / 3


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        yield world, clock


Scene = tuple[World, JumpingClock]


async def answered(world: World, words: str) -> None:
    """Mai, who has just said or pressed something, is told this in time."""
    await world.telegram.settled(lambda: words in world.newest(MEMBER).text, HELD_UP)


async def test_flood_control_in_one_chat_holds_up_neither_the_others_nor_its_own_import(scene: Scene) -> None:
    world, clock = scene
    await world.let_in(world.mai)
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.telegram.flood(ADMIN, 3600)
    world.telegram.press(world.ana, card, "✅ Import")
    world.telegram.say(world.mai, world.browser.offer())
    await answered(world, "Which proxy?")
    async with asyncio.timeout(HELD_UP):
        while not world.browser.profiles:
            await all_run(world)
    clock.jump(3601)
    await world.rest()
    assert "“Shop”" in world.newest(ADMIN).text


async def test_one_whose_messages_hang_does_not_hold_up_the_others(scene: Scene) -> None:
    world, clock = scene
    await world.let_in(world.mai)
    before = len(said(world))
    with hanging_calls(world, "sendMessage", "editMessageText", chat_id=ADMIN) as hanging:
        for _ in range(3):
            world.telegram.say(world.ana, "/help")
        await world.telegram.settled(lambda: hanging)
        world.telegram.say(world.mai, world.browser.offer())
        await answered(world, "Which proxy?")
    await all_run(world)
    clock.jump(2)
    await world.rest()
    assert len(said(world)) == before + 3


async def test_one_whose_presses_cannot_be_answered_does_not_hold_up_the_others(scene: Scene) -> None:
    world, _ = scene
    await world.let_in(world.mai)
    card = await world.say(world.browser.offer())
    with hanging_calls(world, "answerCallbackQuery") as hanging:
        world.telegram.press(world.ana, card, "Keep")
        await world.telegram.settled(lambda: hanging)
        world.telegram.say(world.mai, "/help")
        await answered(world, "How to import")
        await world.telegram.settled(lambda: "Import this profile?" in card.text, HELD_UP)


async def burst(world: World, numbers: Iterator[int], strangers: int = STRANGERS) -> float:
    """Strangers crowd in, and behind them Mai says a code: the seconds until she is answered."""
    for number in itertools.islice(numbers, strangers):
        world.telegram.say(world.telegram.add_person(number, "Stranger"), "let me in")
    code = world.browser.offer()
    began = time.perf_counter()
    world.telegram.say(world.mai, code)
    await world.telegram.settled(lambda: mask(code) in world.newest(MEMBER).text, 10, chat=MEMBER)
    seconds = time.perf_counter() - began
    await world.rest()
    return seconds


async def test_a_flood_of_strangers_does_not_hold_up_the_members(world: World) -> None:
    await world.let_in(world.mai)
    numbers, seconds = itertools.count(2000), list[float]()
    alone = min([await burst(world, numbers, strangers=0) for _ in range(BURSTS)])
    # On a slow computer nobody is answered sooner.
    limit = max(FLOODED, AS_LONG * alone)
    # What else the computer does may spoil one burst; the bot itself would spoil them all.
    while not seconds or (min(seconds) > limit and len(seconds) < BURSTS):
        seconds.append(await burst(world, numbers))
    assert min(seconds) <= limit, (alone, seconds)


async def test_a_slow_list_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, ixbrowser_timeout=60)) as world:
        await world.let_in(world.mai)
        world.browser.always("group-list", slow(before=30))
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Asking ixBrowser" in world.newest(ADMIN).text, HELD_UP)
        world.telegram.say(world.mai, world.browser.offer())
        await answered(world, "Asking ixBrowser")
        world.telegram.say(world.mai, "/help")
        await answered(world, "How to import")
