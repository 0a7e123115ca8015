"""While the database's server is away for a moment, as when it is started again, whoever writes only waits longer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.chat import gate, patient_store
from bot.chat.connection import LAST_RETRY
from bot.chat.patient_store import AGAIN, WAITS, PatientStore
from bot.errors import DatabaseUnreachable, StorageError
from bot.usecases.members import all_roles
from tests.support.chatting import GROUP, ready_to_import, said, timed
from tests.support.clock import MovableClock
from tests.support.world import World, button_of

AWAY = DatabaseUnreachable("the database's server can't be reached", "database_away")


@contextmanager
def away(world: World, times: int = 10**9) -> Iterator[list[str]]:
    """Let the first so many transactions of the hub fail, as a server does that is away; the list grows with each."""
    store, failed = world.app.store, list[str]()
    ways = {"read": store.read, "write": store.write}

    def failing(name: str) -> Any:
        async def fail_or_do(*args: Any, **kwargs: Any) -> Any:
            if len(failed) < times:
                failed.append(name)
                raise DatabaseUnreachable(str(AWAY), AWAY.reason)
            return await ways[name](*args, **kwargs)

        return fail_or_do

    for name in ways:
        setattr(store, name, failing(name))
    try:
        yield failed
    finally:
        for name, way in ways.items():
            setattr(store, name, way)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_what_is_said_while_the_server_is_away_for_a_moment_is_done_once_it_is_back(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    code = world.browser.offer()
    with away(world, times=3) as failed:
        assert "Which proxy?" in (await world.say(code)).text
    assert len(failed) == 3
    with away(world, times=3):
        assert "Import this profile?" in (await world.tap("Keep")).text
    assert errors(caplog) == []
    await world.tap("✅ Import")
    assert len(world.browser.imports) == 1


async def test_so_is_what_somebody_says_whom_a_new_process_does_not_know_yet(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.let_in(world.mai)
    with away(world, times=3) as failed:
        assert "How to import" in (await world.say("/help", world.mai)).text
    # Her menu may be put into Telegram meanwhile, and that fails too.
    assert "read" in failed
    assert errors(caplog) == []


async def test_a_stranger_who_comes_then_is_told_how_to_be_let_in(world: World) -> None:
    with away(world, times=3):
        assert "This bot is private" in (await world.say("/start", world.sam)).text


async def test_a_group_chat_into_which_the_bot_comes_then_is_known(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with away(world, times=3):
        group = world.telegram.add_group(GROUP, "Team", added_by=world.ana)
        await world.rest()
    assert said(world, group) != []
    assert errors(caplog) == []


async def test_a_menu_that_could_not_be_made_then_is_made_once_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with timed(tmp_path) as (world, clock):
        store, failed = world.app.store, list[Any]()
        read = store.read

        async def fail_or_read(ask: Any, *args: Any, **kwargs: Any) -> Any:
            if ask is all_roles and not failed:
                failed.append(ask)
                world.telegram.changed()
                raise AWAY
            return await read(ask, *args, **kwargs)

        monkeypatch.setattr(store, "read", fail_or_read)
        await world.let_in(world.mai)
        await world.telegram.settled(lambda: failed)
        await world.rest()
        assert world.telegram.menu({"type": "chat", "chat_id": world.mai.id}) == []
        clock.jump(LAST_RETRY)
        await world.telegram.settled(lambda: world.telegram.menu({"type": "chat", "chat_id": world.mai.id}))


async def test_a_server_that_is_away_for_longer_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_store, "WAITS", 0.5)
    with away(world):
        world.telegram.say(world.ana, "/help")
        await world.telegram.handled()
    assert "I can't save anything right now: the database's server can't be reached" in said(world)[-1]
    assert "How to import" in (await world.say("/help")).text


async def test_what_may_have_been_saved_before_it_went_away_is_to_be_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_store, "WAITS", 0.5)
    card = await ready_to_import(world, world.browser.offer())
    store, write = world.app.store, world.app.store.write
    with ExitStack() as lasting:

        async def lose_the_answer(function: Any, *args: Any, **kwargs: Any) -> Any:
            result = await write(function, *args, **kwargs)
            if function is not gate.handle:
                return result
            lasting.enter_context(away(world))
            raise DatabaseUnreachable(str(AWAY), AWAY.reason, maybe_committed=True)

        with monkeypatch.context() as patch:
            patch.setattr(store, "write", lose_the_answer)
            world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
            await world.telegram.handled()
            lasting.close()
    told = next(text for text in said(world) if "try again later" in text)
    assert "I can't tell whether this was saved: the database's server can't be reached" in told
    assert "Check whether it went through" in told
    await world.rest()
    assert len(world.browser.imports) == 1


# --- for how long -----------------------------------------------------------------------------------------------------


class AwayStore:
    """A server that is away until it is ``there``; each attempt takes so many ``seconds``.

    The ``first`` attempt may fail by an error of its own.
    """

    def __init__(
        self,
        clock: MovableClock,
        seconds: float = 0.0,
        error: StorageError = AWAY,
        first: StorageError | None = None,
    ) -> None:
        self.there = False
        self.attempts = 0
        self._clock = clock
        self._seconds = seconds
        self._error = error
        self._first = first

    async def read(self, *_: object) -> str:
        self.attempts += 1
        await self._clock.pass_by(self._seconds)
        if self.there:
            return "done"
        raise self._first if self._first is not None and self.attempts == 1 else self._error


async def asked(clock: MovableClock, patient: PatientStore) -> tuple[str, float]:
    """What comes of asking, and after how many seconds."""
    began = clock.awake()
    asking = asyncio.create_task(patient.read(cast(Any, None)))
    await clock.advance_until(asking.done)
    return str(asking.exception() or asking.result()), round(clock.awake() - began, 1)


async def test_it_is_tried_again_and_again_until_the_server_is_back() -> None:
    clock = MovableClock()
    server = AwayStore(clock)
    asking = asyncio.create_task(PatientStore(cast(Any, server), clock).read(cast(Any, None)))
    await clock.advance(WAITS - 2 * AGAIN)
    server.there = True
    await clock.advance(AGAIN)
    assert await asking == "done"


async def test_after_a_while_it_is_said_and_then_at_once_to_everybody_who_comes() -> None:
    clock = MovableClock()
    patient = PatientStore(cast(Any, AwayStore(clock)), clock)
    said_so, after = await asked(clock, patient)
    assert said_so == str(AWAY)
    assert WAITS - 2 * AGAIN <= after <= WAITS
    for _ in range(3):
        await clock.advance(WAITS / 2)
        assert await asked(clock, patient) == (str(AWAY), 0.0)


async def test_who_comes_long_after_that_is_waited_for_again() -> None:
    clock = MovableClock()
    patient = PatientStore(cast(Any, AwayStore(clock)), clock)
    await asked(clock, patient)
    await clock.advance(WAITS * 2)
    assert (await asked(clock, patient))[1] >= WAITS - 2 * AGAIN


async def test_so_it_is_when_the_server_was_back_meanwhile() -> None:
    clock = MovableClock()
    server = AwayStore(clock)
    patient = PatientStore(cast(Any, server), clock)
    await asked(clock, patient)
    server.there = True
    assert await asked(clock, patient) == ("done", 0.0)
    server.there = False
    assert (await asked(clock, patient))[1] >= WAITS - 2 * AGAIN


async def test_where_each_try_takes_long_there_is_no_other() -> None:
    clock = MovableClock()
    server = AwayStore(clock, seconds=5.0)
    assert await asked(clock, PatientStore(cast(Any, server), clock)) == (str(AWAY), 5.0)
    assert server.attempts == 1


async def test_what_no_waiting_helps_against_is_said_at_once() -> None:
    clock = MovableClock()
    server = AwayStore(clock, error=StorageError("the disk is full"))
    assert await asked(clock, PatientStore(cast(Any, server), clock)) == ("the disk is full", 0.0)


@pytest.mark.parametrize("last", [DatabaseUnreachable("away"), StorageError("the disk is full")], ids=str)
async def test_what_an_earlier_attempt_may_have_done_the_last_one_s_failure_says_too(last: StorageError) -> None:
    clock = MovableClock()
    server = AwayStore(clock, error=last, first=DatabaseUnreachable("lost", maybe_committed=True))
    assert (await asked(clock, PatientStore(cast(Any, server), clock)))[0] == str(last)
    assert server.attempts > 1
    assert last.maybe_committed
