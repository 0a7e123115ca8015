"""When a handler fails its person is told, with a reference that the log has too; and nothing is half done."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot.chat import failures, gate
from bot.errors import StorageError
from tests.standins.telegram_state import Chat
from tests.support.chatting import (
    GROUP,
    failing_changes,
    hanging_calls,
    held_changes,
    ready_to_import,
    said,
    snapshot,
)
from tests.support.world import ADMIN, World, button_of

FULL = StorageError("the disk is full: free some space", "disk_full")
UNEXPECTED = RuntimeError("secret-value-of-somebody")


def reference_in(world: World, chat: Chat | None = None) -> str:
    """The reference that the newest message names."""
    found = re.search(r"this reference: ([0-9a-f]{6})", said(world, chat)[-1])
    assert found is not None, said(world, chat)[-1]
    return found[1]


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_full_disk_is_said_with_what_to_do_and_a_reference(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = await snapshot(world)
    with failing_changes(world, FULL):
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.handled()
    assert "the disk is full: free some space. Nothing was changed" in said(world)[-1]
    [error] = errors(caplog)
    assert error.startswith(f"[{reference_in(world)}] update ")
    assert f"of {ADMIN} in {ADMIN}" in error
    assert await snapshot(world) == before


async def test_a_commit_that_may_have_been_done_is_not_called_undone(world: World) -> None:
    for reason, said_first in (("disk_failed", "saved: the disk can't be written to"), ("", "saved. ")):
        with failing_changes(world, StorageError("the disk", reason, maybe_committed=True)):
            world.telegram.say(world.ana, "/help")
            await world.telegram.handled()
        assert f"I can't tell whether this was {said_first}" in said(world)[-1]
        assert "Check whether it went through; if not, try again later." in said(world)[-1]
        assert "othing was changed" not in said(world)[-1]


async def test_an_error_that_nobody_expected_shows_no_value_and_no_traceback(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with failing_changes(world, UNEXPECTED):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    [told] = said(world)
    assert "Something went wrong here, and nothing was changed" in told
    assert "secret-value" not in told
    assert "Error" not in told
    assert errors(caplog)[0].startswith(f"[{reference_in(world)}]")


async def test_it_works_again_once_the_cause_is_gone(world: World) -> None:
    code = world.browser.offer()
    with failing_changes(world, FULL):
        world.telegram.say(world.ana, code)
        await world.telegram.handled()
    assert "Which proxy?" in (await world.say(code)).text


async def test_what_a_failing_handler_had_begun_is_undone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await ready_to_import(world, world.browser.offer())
    before = await snapshot(world)

    def fail(*_: object) -> None:
        raise UNEXPECTED

    with monkeypatch.context() as patch:
        patch.setattr("bot.storage.users.SqlUsers.remember", fail)
        world.telegram.press(world.ana, card, "✅ Import")
        await world.telegram.handled()
    assert "nothing was changed" in said(world)[-1]
    assert await snapshot(world) == before
    assert world.telegram.unanswered == {}
    await world.tap("✅ Import", message=card)
    assert len(world.browser.imports) == 1


async def test_a_press_that_fails_is_answered_and_told(world: World) -> None:
    card = await world.say(world.browser.offer())
    with failing_changes(world, FULL):
        world.telegram.press(world.ana, card, button_of(card, "Keep"))
        await world.telegram.handled()
    assert "the disk is full" in said(world)[-1]
    assert world.telegram.unanswered == {}


async def test_when_the_person_cannot_be_told_either_the_log_says_so(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with failing_changes(world, FULL):
        world.telegram.fail("sendMessage", 403, "Forbidden: bot was blocked by the user")
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    assert said(world) == []
    assert "its person could not be told: Forbidden" in caplog.text


async def test_telling_does_not_hold_up_the_next_updates(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(failures, "TELL_WITHIN", 0.05)
    with failing_changes(world, FULL), hanging_calls(world, "sendMessage"):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    assert "its person could not be told" in caplog.text


async def test_an_error_outside_of_any_message_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.app.telegram.process_error(None, UNEXPECTED)
    [error] = errors(caplog)
    assert re.fullmatch(r"\[[0-9a-f]{6}\] something outside of any message failed", error)


# --- in a group -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "told"), [("/import", True), ("{code}", True), ("good morning", False)])
async def test_in_a_group_only_those_are_told_who_wanted_something(world: World, text: str, told: bool) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    await world.rest()
    with failing_changes(world, FULL):
        world.telegram.say(world.ana, text.format(code=world.browser.offer()), group)
        await world.telegram.handled()
    assert len(said(world, group)) == told


async def test_in_a_group_that_is_not_allowed_nobody_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    group = world.telegram.add_group(GROUP, "Team", added_by=world.sam)
    await world.rest()
    with failing_changes(world, FULL):
        world.telegram.say(world.mai, "/import", group)
        await world.telegram.handled()
    assert said(world, group) == []
    assert "could not be handled" in caplog.text


# --- what hangs -------------------------------------------------------------------------------------------------------


async def test_a_handler_that_hangs_is_ended_and_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = await snapshot(world)
    with monkeypatch.context() as patch, held_changes(world):
        patch.setattr(gate, "HANDLE_WITHIN", 0.1)
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.handled()
    assert "This took too long" in said(world)[-1]
    assert errors(caplog)[0].startswith(f"[{reference_in(world)}]")
    assert await snapshot(world) == before
    assert "Which proxy?" in (await world.say(world.browser.offer())).text


async def test_a_database_that_is_held_for_long_does_not_stop_the_bot(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    holding = asyncio.create_task(world.app.database.write(lambda _: go_on.wait()))
    await asyncio.sleep(0)
    with monkeypatch.context() as patch:
        patch.setattr(gate, "HANDLE_WITHIN", 0.1)
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    go_on.set()
    await holding
    assert "This took too long" in said(world)[-1]
    assert "How to import" in (await world.say("/help")).text


async def test_what_was_committed_although_it_took_too_long_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is up while the commit is under way, in the database's thread, where nothing can end it."""
    write = world.app.store.write
    first = [True]

    async def write_and_hang(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        hangs = first and first.pop()
        result = await write(function, *args, **kwargs)
        if hangs:
            await asyncio.Event().wait()
        return result

    with monkeypatch.context() as patch:
        patch.setattr(gate, "HANDLE_WITHIN", 1.0)
        patch.setattr(world.app.store, "write", write_and_hang)
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    await world.rest()
    assert any("How to import" in text for text in said(world))
    assert any("Check whether it went through" in text for text in said(world))


async def test_a_gate_that_hangs_lets_nobody_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, held_changes(world):
        patch.setattr(gate, "HANDLE_WITHIN", 0.1)
        world.telegram.say(world.sam, world.browser.offer())
        await world.telegram.handled()
        assert said(world, world.sam) == []
    # Who they are they are told as soon as it can be noted that they were.
    await world.telegram.settled(lambda: bool(said(world, world.sam)))
    [told] = said(world, world.sam)
    assert "This bot is private" in told
    assert (await snapshot(world))["drafts"] == []


async def test_a_press_whose_answer_hangs_holds_nobody_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "ANSWER_WITHIN", 0.05)
    card = await world.say(world.browser.offer())
    with hanging_calls(world, "answerCallbackQuery") as hanging:
        world.telegram.press(world.ana, card, "Keep")
        await world.telegram.handled()
        assert hanging
    await world.rest()
    assert "Import this profile?" in world.newest(ADMIN).text


async def test_a_press_that_is_too_old_to_be_answered_does_its_work(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    card = await world.say(world.browser.offer())
    world.telegram.press_lifetime = -1
    assert "Import this profile?" in (await world.tap("Keep", message=card)).text
    assert errors(caplog) == []
