"""Showing: what must be said is said sooner or later, whatever Telegram, the chat or the database does meanwhile."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat import presenter, showing
from bot.demo.ixbrowser import FakeIxBrowser
from bot.demo.ixbrowser_faults import slow
from bot.demo.telegram import FakeTelegram
from bot.errors import StorageError
from bot.storage.tables import drafts, outbox
from bot.transfer.records import Place
from tests.support.chatting import (
    all_run,
    failing_changes,
    failing_reads,
    hanging_calls,
    imported,
    labels,
    ready_to_import,
    said,
    timed,
    until,
)
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, MEMBER, World, button_of, running, settings_for

#: Seconds after which somebody counts as held up: on a busy machine too they are answered sooner, and what would hold
#: them up here takes far longer.
HELD_UP = 3.0


@pytest.fixture(autouse=True)
def ptb_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it python-telegram-bot warns of every RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


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
    return sum(method == "sendMessage" for method, _ in world.telegram.calls)


async def test_one_under_flood_control_does_not_hold_up_the_others(scene: Scene) -> None:
    world, _ = scene
    await world.let_in(world.mai)
    world.telegram.flood(ADMIN, 3600)
    world.telegram.say(world.ana, world.browser.offer())
    world.telegram.say(world.mai, world.browser.offer())
    await world.telegram.settled(lambda: "Which proxy?" in world.newest(MEMBER).text, HELD_UP)


async def test_one_whose_messages_hang_does_not_hold_up_the_others(scene: Scene) -> None:
    world, _ = scene
    await world.let_in(world.mai)
    with hanging_calls(world, "sendMessage", "editMessageText", chat_id=ADMIN) as hanging:
        for _ in range(3):
            world.telegram.say(world.ana, "/help")
        await world.telegram.settled(lambda: hanging)
        world.telegram.say(world.mai, world.browser.offer())
        await world.telegram.settled(lambda: "Which proxy?" in world.newest(MEMBER).text, HELD_UP)


async def test_a_flood_of_strangers_does_not_hold_up_the_members(world: World) -> None:
    await world.let_in(world.mai)
    strangers = [world.telegram.add_person(2000 + number, "Stranger") for number in range(10)]
    for _ in range(10):
        for stranger in strangers:
            world.telegram.say(stranger, "let me in")
    world.telegram.say(world.mai, world.browser.offer())
    await world.telegram.settled(lambda: "Which proxy?" in world.newest(MEMBER).text, HELD_UP)


async def test_a_slow_list_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, ixbrowser_timeout=60)) as world:
        await world.let_in(world.mai)
        world.browser.always("group-list", slow(before=30))
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Asking ixBrowser" in world.newest(ADMIN).text, HELD_UP)
        world.telegram.say(world.mai, "/help")
        await world.telegram.settled(lambda: "How to import" in world.newest(MEMBER).text, HELD_UP)


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


# --- cards ------------------------------------------------------------------------------------------------------------


async def test_a_card_that_its_person_has_deleted_comes_anew(world: World) -> None:
    card = await world.say(world.browser.offer())
    keep = button_of(card, "Keep")
    world.telegram.delete(card)
    other_phone = world.telegram.post(world.telegram.chat(ADMIN), world.telegram.bot, text="as another phone shows it")
    world.telegram.press(world.ana, other_phone, keep)
    await world.rest()
    assert "Import this profile?" in world.newest(ADMIN).text
    assert world.newest(ADMIN) is not other_phone
    await world.tap("✅ Import")
    assert len(world.browser.imports) == 1


@pytest.mark.usefixtures("calm_log")
async def test_a_message_that_is_not_modified_is_as_good_as_edited(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.telegram.fail("editMessageText", 400, "Bad Request: message is not modified", carried_out=True)
    await world.tap("✅ Import", message=card)
    assert len(said(world)) == 1


async def test_a_card_older_than_two_days_loses_its_buttons_where_it_cannot_be_deleted(scene: Scene) -> None:
    world, clock = scene
    old = await imported(world)
    card = await world.say(world.browser.offer())
    assert not old.deleted
    clock.jump(3 * 24 * 3600)
    await world.telegram.settled(lambda: "put this away" in world.newest(ADMIN).text)
    assert world.newest(ADMIN) is card
    assert labels(card) == ["New import"]


async def test_an_open_card_that_cannot_be_deleted_is_disarmed(scene: Scene) -> None:
    world, _ = scene
    card = await world.say(world.browser.offer())
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    world.telegram.send_photo(world.ana)
    await world.rest()
    assert not card.deleted
    assert labels(card) == []
    assert labels(world.newest(ADMIN)) != []


async def test_a_card_out_of_reach_is_left_where_it_is(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    world, _ = scene
    card = await world.say(world.browser.offer())
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    world.telegram.fail("editMessageReplyMarkup", 400, "Bad Request: message can't be edited")
    world.telegram.send_photo(world.ana)
    await world.rest()
    assert not card.deleted
    assert await world.rows(outbox) == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_message_that_telegram_refuses_for_good_does_not_block_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.telegram.fail("sendMessage", 400, "Bad Request: message is too long")
    world.telegram.say(world.ana, "/help")
    world.telegram.say(world.ana, "/start")
    await world.rest()
    assert [text.split()[0] for text in said(world)] == ["Hello"]
    assert "Telegram refuses a message" in caplog.text


async def test_a_card_that_telegram_refuses_for_good_is_tried_at_the_next_answer(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.telegram.fail("sendMessage", 400, "Bad Request: can't parse entities")
    world.telegram.say(world.ana, world.browser.offer())
    await world.rest()
    assert said(world) == []
    assert "Telegram refuses the card of draft 1" in caplog.text
    assert "Which proxy?" in (await world.say("/import")).text


async def test_an_edit_that_telegram_refuses_for_good_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    card = await world.say(world.browser.offer())
    world.telegram.fail("editMessageText", 400, "Bad Request: can't parse entities")
    await world.tap("Keep", message=card)
    assert "Which proxy?" in card.text
    assert "Telegram refuses the card of draft 1: Can't parse entities" in caplog.text
    assert "Import this profile?" in (await world.say("/import")).text


@pytest.mark.usefixtures("calm_log")
async def test_a_pressed_answer_edits_the_card_and_a_typed_one_moves_it_below(world: World) -> None:
    card = await world.say(world.browser.offer())
    assert await world.tap("Custom", message=card) is card
    below = await world.say("203.0.113.7:1080")
    assert card.deleted
    assert world.telegram.chat(ADMIN).last is below
    assert await world.tap("socks5", message=below) is below


async def test_several_edits_of_one_import_keep_a_distance(scene: Scene) -> None:
    """Telegram counts every edit, and soon wants none any more."""
    world, clock = scene
    card = await ready_to_import(world, *(world.browser.offer() for _ in range(12)))
    world.browser.import_seconds = 0.5
    world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
    progress: list[tuple[str, float]] = []
    while not (log := await world.log()) or any(row["status"] != "imported" for row in log):
        clock.jump(0.1)
        await all_run(world)
        if "of 12 done" in card.text and card.text not in [text for text, _ in progress]:
            progress.append((card.text, clock.awake()))
    await world.rest()
    assert "All 12 imported" in world.newest(ADMIN).text
    gaps = [after - before for (_, before), (_, after) in itertools.pairwise(progress)]
    assert gaps
    assert all(gap > showing.PROGRESS_PAUSE - 0.2 for gap in gaps), gaps


# --- secrets ----------------------------------------------------------------------------------------------------------


async def test_a_secret_that_telegram_will_not_delete_is_said_to_stay(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    world.telegram.fail("deleteMessage", 400, "Bad Request: message can't be deleted", times=2)
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    assert any("could not delete your message" in text for text in said(world))


async def test_a_secret_that_is_gone_already_needs_no_word(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    world.telegram.fail("deleteMessage", 400, "Bad Request: message to delete not found", times=2)
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    assert not any("could not delete" in text for text in said(world))


# --- the database -----------------------------------------------------------------------------------------------------


async def test_nothing_is_lost_when_the_database_fails_while_noting_what_was_shown(scene: Scene) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    with failing_changes(world, StorageError("the disk is full"), times=2) as failed:
        async with world.app.database.write() as connection:
            await connection.execute(drafts.update().values(revision=drafts.c.revision + 1, below=True))
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
    async with world.app.store.write() as work:
        await work.outbox.say(Place(ADMIN, ADMIN, None, "en"), "Found", world.app.clock.now())
    await until_said(world, clock, "Found")


async def test_a_chat_once_served_leaves_nothing_behind(world: World) -> None:
    await imported(world)
    for number in range(5):
        await world.say("hello", world.telegram.add_person(3000 + number, "Stranger"))
    assert world.app.presenter._chats == {}
    assert world.app.presenter._showing._progress_at == {}
