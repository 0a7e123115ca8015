"""Showing: what must be said is said sooner or later, whatever Telegram, the chat or the database does meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat import presenter
from bot.errors import StorageError
from bot.storage.tables import drafts, outbox
from bot.usecases.records import Place
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import (
    all_run,
    failing_changes,
    failing_reads,
    hanging_calls,
    imported,
    ready_to_import,
    said,
    timed,
    until,
)
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("ptb_of_today")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        yield world, clock


Scene = tuple[World, JumpingClock]


async def until_said(world: World, clock: JumpingClock, words: str) -> None:
    """Let time pass until the bot has said these words to Ana."""
    await until(world, clock, lambda: any(words in text for text in said(world)))


async def until_imported(world: World) -> None:
    async with asyncio.timeout(5):
        while not all(row["status"] == "imported" for row in await world.log()):
            await all_run(world)


async def until_logged(world: World, caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(5):
        while words not in caplog.text:
            await all_run(world)


# --- Telegram is away -------------------------------------------------------------------------------------------------


async def test_what_could_not_be_said_while_telegram_was_away_is_said_afterwards(scene: Scene) -> None:
    world, clock = scene
    card = await ready_to_import(world, world.browser.offer("Shop"))
    with hanging_calls(world, "editMessageText", "sendMessage"):
        world.telegram.press(world.ana, card, "✅ Import")
        await world.telegram.handled()
        await until_imported(world)
    await until_said(world, clock, "“Shop”")
    assert len(said(world)) == 1


async def test_an_hour_without_telegram_loses_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, clock = scene
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.telegram.press(world.ana, card, "✅ Import")
    await world.telegram.handled()
    world.telegram.down = True
    await until_imported(world)
    for _ in range(60):
        clock.jump(60)
        await all_run(world)
    world.telegram.down = False
    await until_said(world, clock, "Imported")
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_bot_that_stopped_before_it_could_show_does_so_at_the_next_start(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    settings = settings_for(tmp_path)
    async with running(settings, telegram=telegram, browser=browser) as world:
        card = await ready_to_import(world, browser.offer("Shop"))
        with hanging_calls(world, "editMessageText", "sendMessage"):
            telegram.press(world.ana, card, "✅ Import")
            await telegram.handled()
            telegram.say(world.ana, "/help")
            await telegram.handled()
            await until_imported(world)
            telegram.down = True
    telegram.down = False
    assert not any("“Shop”" in text or "How to import" in text for text in said(world))
    async with running(settings, telegram=telegram, browser=browser) as world:
        await world.rest()
        assert any("“Shop”" in text for text in said(world))
        assert any("How to import" in text for text in said(world))
        assert await world.rows(outbox) == []


async def test_a_bad_gateway_is_tried_again(scene: Scene) -> None:
    world, clock = scene
    world.telegram.fail("sendMessage", 502, "Bad Gateway", times=3)
    world.telegram.say(world.ana, "/help")
    await world.telegram.handled()
    await until_said(world, clock, "How to import")
    assert len(said(world)) == 1


# --- flood control ----------------------------------------------------------------------------------------------------


async def test_flood_control_is_waited_out_and_not_run_against(scene: Scene) -> None:
    world, clock = scene
    world.telegram.flood(ADMIN, 30)
    world.telegram.say(world.ana, "/help")
    await world.telegram.handled()
    await world.telegram.settled(lambda: sends(world) == 1)
    # What else happens in this chat waits as well.
    for _ in range(5):
        world.telegram.say(world.ana, "/start")
    await world.telegram.handled()
    clock.jump(10)
    await all_run(world)
    assert sends(world) == 1
    clock.jump(21)
    await world.rest()
    assert len(said(world)) == 6


def sends(world: World) -> int:
    return sum(method.lower() == "sendmessage" for method, _ in world.telegram.calls)


# --- chats that can't be written to -----------------------------------------------------------------------------------


async def test_who_blocked_the_bot_is_told_when_they_come_back(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, presenter.__name__)
    world, clock = scene
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.browser.import_seconds = 20
    world.telegram.press(world.ana, card, "✅ Import")
    await world.telegram.settled(lambda: "Importing" in card.text)
    world.telegram.blocked.add(ADMIN)
    while not all(row["profile_name"] for row in await world.log()):
        clock.jump(1)
        await all_run(world)
    await until_logged(world, caplog, "can't be written to until somebody writes there")
    await world.app.presenter.idle()

    refused = sends(world)
    for _ in range(5):
        clock.jump(120)
        await all_run(world)
    assert sends(world) == refused
    assert "Importing" in card.text
    world.telegram.blocked.clear()
    await world.say("/start")
    assert any("“Shop”" in text for text in said(world))
    assert await world.rows(outbox) == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Bad Request: chat not found"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    ],
)
async def test_a_chat_that_is_gone_or_shut_is_left_alone_until_somebody_writes_there(
    scene: Scene, caplog: pytest.LogCaptureFixture, status: int, words: str
) -> None:
    world, clock = scene
    world.telegram.fail("sendMessage", status, words)
    world.telegram.say(world.ana, "/help")
    await world.telegram.handled()
    await world.app.presenter.idle()
    clock.jump(300)
    await all_run(world)
    assert said(world) == []
    await world.say("/start")
    assert any("How to import" in text for text in said(world))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


# --- the database -----------------------------------------------------------------------------------------------------


async def test_nothing_is_lost_when_the_database_fails_while_noting_what_was_shown(scene: Scene) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    with failing_changes(world, StorageError("the disk is full"), times=2) as failed:
        await world.app.database.write(
            lambda connection: connection.execute(drafts.update().values(revision=drafts.c.revision + 1, repost=True))
        )
        world.app.presenter.tell(ADMIN)
        await world.telegram.settled(lambda: world.newest(ADMIN) is not card)
        await until(world, clock, lambda: len(failed) == 2)
    clock.jump(60)
    await world.rest()
    assert "Which proxy?" in world.newest(ADMIN).text
    [row] = await world.rows(drafts)
    assert (row["shown_revision"], row["message_id"]) == (row["revision"], world.newest(ADMIN).id)


async def test_a_database_that_cannot_be_read_for_a_while_is_asked_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    world, clock = scene
    with failing_reads(world, StorageError("the disk can't be read")):
        clock.jump(presenter.SWEEP + 1)
        await until_logged(world, caplog, "the chats that are behind can't be read: the disk")
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
        await until_logged(world, caplog, f"chat {ADMIN} can't be brought up to date: the disk")
    assert said(world) == []
    await until_said(world, clock, "How to import")


async def test_what_nobody_expects_is_logged_and_tried_again(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, clock = scene
    with failing_reads(world, KeyError("nobody expects this")):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
        await until_logged(world, caplog, f"chat {ADMIN} can't be brought up to date")
    await until_said(world, clock, "How to import")


async def test_a_chat_that_nobody_told_about_is_found_by_itself(scene: Scene) -> None:
    world, clock = scene
    await world.say("/help")
    await world.app.store.write(
        lambda work: work.outbox.say(Place(ADMIN, ADMIN, None, "en"), "Found", world.app.clock.now())
    )
    await until_said(world, clock, "Found")


async def test_a_chat_once_served_leaves_nothing_behind(world: World) -> None:
    await imported(world)
    for number in range(5):
        await world.say("hello", world.telegram.add_person(3000 + number, "Stranger"))
    assert world.app.presenter._chats == {}
    assert world.app.presenter._showing._pauses._shown_at == {}
