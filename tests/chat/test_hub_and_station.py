"""Hub and station as two that share nothing but the database: no signal goes from one to the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.ixbrowser.client import LocalApi
from bot.station.list_publisher import ListPublisher
from bot.storage.database import Database
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore
from tests.standins.ixbrowser_transport import InProcess
from tests.support.chatting import all_run, held_groups, labels, timed, until
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

Scene = tuple[World, JumpingClock]
#: Seconds that a lost signal may cost: the looks that both take by themselves, one after the other.
SECONDS = 95


@pytest.fixture
async def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    """The hub's own part that reads lists does nothing; another does so, on connections of its own."""

    async def idle(_self: object) -> None:
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr("bot.app.ListPublisher.run", idle)
        async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
            patched.undo()
            world.browser.add_group("Shops EU")
            world.browser.add_group("Shops US")
            database = Database(world.app.settings.database_url.get_secret_value(), world.app.settings.station)
            await unlock(database)
            world.databases.append(database)
            browser = LocalApi(
                world.app.settings.ixbrowser_url, timeout=60, concurrency=3, transport=InProcess(world.browser)
            )
            station = ListPublisher(SqlStore(database, now=clock.now), browser, clock)
            running = asyncio.create_task(station.run())
            yield world, clock
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await browser.close()
            await database.close()


async def test_a_list_that_was_requested_is_read_and_shown_although_nobody_is_told(apart: Scene) -> None:
    world, clock = apart
    chat = world.telegram.chat(world.ana.id)
    with held_groups(world):
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), seconds=SECONDS)
    world.telegram.press(world.ana, chat.card, "Shops EU")
    await until(world, clock, lambda: "Which proxy?" in chat.card.text)
    assert "Group: Shops EU" in chat.card.text


async def test_an_old_list_is_shown_at_once_and_the_new_one_when_it_has_come(apart: Scene) -> None:
    world, clock = apart
    chat = world.telegram.chat(world.ana.id)
    with held_groups(world):
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), seconds=SECONDS)
    world.telegram.press(world.ana, chat.card, "Cancel")
    await all_run(world)

    with held_groups(world):
        clock.jump(3600)
        world.browser.add_group("Shops Asia")
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Shops EU" in labels(chat.card))
        assert "Shops Asia" not in labels(chat.card)
    await until(world, clock, lambda: "Shops Asia" in labels(chat.card), seconds=SECONDS)
