"""What tests of the chat do again and again, and how they look at its screen and its tables."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from bot.storage.alerts import alerts
from bot.storage.audit import audit
from bot.storage.backups import backup_failures, last_backups
from bot.storage.health import failures, hub_health, station_health
from bot.storage.polling import polling
from bot.storage.published_texts import published_texts
from bot.storage.schema import metadata
from bot.storage.tables import handled_updates, installation
from bot.usecases.records import UNDER_WAY
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram, TelegramAway
from tests.standins.telegram_checks import Params, Refusal
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.clock import settle
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World, running, settings_for

GROUP = -1001

#: Columns of how a card is shown.
_SHOWN = frozenset({"revision", "shown_revision", "message_id", "below"})
#: Rows that every update writes, whatever it is, or that was refused, and those about what Telegram shows of the bot.
_NOTED = (
    *(handled_updates, audit, polling, published_texts, installation),
    *(hub_health, station_health, failures, alerts, backup_failures, last_backups),
)


def said(world: World, chat: Chat | Person | None = None) -> list[str]:
    """What the bot has said in a chat and is still there; in Ana's where none is given."""
    where = chat if isinstance(chat, Chat) else world.telegram.chat((chat or world.ana).id)
    return [message.text for message in where.messages if message.from_bot and not message.deleted]


def labels(message: Message) -> list[str]:
    """What stands on a message's buttons."""
    return [button.text for button in message.all_buttons]


async def ready_to_import(world: World, *codes: str, person: Person | None = None) -> Message:
    """Send codes and choose Keep where a proxy is asked for; the confirm card."""
    card = await world.say(" ".join(codes), person)
    if "Which proxy?" in card.text:
        card = await world.tap("Keep", person)
    assert "Import th" in card.text, card.text
    return card


async def imported(world: World, *codes: str, person: Person | None = None) -> Message:
    """Have codes imported, a fresh one where none is given; the card with the result."""
    await ready_to_import(world, *(codes or (world.browser.offer(),)), person=person)
    return await world.tap("✅ Import", person)


async def snapshot(world: World) -> dict[str, Sequence[Any]]:
    """Every row of every table, but for what the bot notes of its own work."""
    tables: list[Table] = [table for table in metadata.sorted_tables if table not in _NOTED]
    return {table.name: await world.rows(table) for table in tables}


def substance(rows: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    """The rows without how cards are shown, which may move: a press on an old one has the current one shown again."""
    return {
        name: [{key: value for key, value in row.items() if key not in _SHOWN} for row in table]
        for name, table in rows.items()
    }


@asynccontextmanager
async def timed(folder: Path, **changes: Any) -> AsyncIterator[tuple[World, JumpingClock]]:
    """A world whose clocks the test can put forward; Telegram has then been polled meanwhile."""
    clock = JumpingClock()
    telegram = FakeTelegram(now=clock.timestamp)
    browser = FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)
    async with running(settings_for(folder, **changes), telegram=telegram, browser=browser, clock=clock) as world:

        def polled() -> None:
            world.app.polling.succeeded_at = clock.awake()
            world.app.polling.fetched_at = clock.now()

        clock.jumped = polled
        yield world, clock


async def all_run(world: World) -> None:
    """Let everything run that does not wait for time to pass, the databases' threads included."""
    while True:
        await settle()
        under_way = [database for database in world.databases if database.under_way]
        if not under_way:
            return
        for database in under_way:
            # Whoever changes something is served in turn: what was begun before this is done after it.
            await database.write(lambda _: None)


async def until(
    world: World, clock: JumpingClock, happened: Callable[[], object], *, seconds: float = 3600.0, step: float = 1.0
) -> None:
    """Let time pass, a ``step`` at a time, until this has happened; ``seconds`` is the most that may pass."""
    passed = 0.0
    while True:
        await all_run(world)
        if happened():
            return
        assert passed < seconds, world.telegram.transcript(world.ana.id)
        clock.jump(step)
        passed += step


async def until_shown(
    world: World, clock: JumpingClock, words: str, *, seconds: float = 3600.0, step: float = 1.0
) -> Message:
    """Let time pass until Ana's newest message has these words; that message."""
    await until(world, clock, lambda: words in world.newest(world.ana.id).text, seconds=seconds, step=step)
    return world.newest(world.ana.id)


async def until_ended(world: World, clock: JumpingClock, *, seconds: float = 3600.0) -> Sequence[Mapping[str, Any]]:
    """Let time pass until no import is under way; the log."""
    passed = 0.0
    while any(row["status"] in UNDER_WAY for row in await world.log()):
        assert passed < seconds, world.telegram.transcript(world.ana.id)
        clock.jump(1)
        passed += 1
        await all_run(world)
    await world.rest()
    return await world.log()


async def everybody(user_ids: Collection[int]) -> Collection[int]:
    """Those of some people who may use the bot, where all may."""
    return user_ids


@dataclass(slots=True)
class Held:
    """Changes of the database that wait: ``began`` is set when one is waiting, ``go_on`` lets them all through."""

    began: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


@contextmanager
def held_changes(world: World, wanted: Callable[[int], bool] = lambda _: True) -> Iterator[Held]:
    """Let changes of the database wait, those whose number (from 1) is wanted."""
    held, store, numbers = Held(), world.app.store, itertools.count(1)
    write = store.write

    async def wait_and_write(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if wanted(next(numbers)) and not held.go_on.is_set():
            held.began.set()
            await held.go_on.wait()
        return await write(function, *args, **kwargs)

    store.write = wait_and_write  # type: ignore[method-assign]  # in front of the one that is there
    try:
        yield held
    finally:
        held.go_on.set()
        store.write = write  # type: ignore[method-assign]  # as it was


@contextmanager
def failing_changes(world: World, error: Exception, *, times: int = 10**9) -> Iterator[list[int]]:
    """Let changes of the database fail, the first so many; the list grows with each that does."""
    failed: list[int] = []
    store = world.app.store
    write = store.write

    async def fail_or_write(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if len(failed) < times:
            failed.append(len(failed))
            raise error
        return await write(function, *args, **kwargs)

    store.write = fail_or_write  # type: ignore[method-assign]  # in place of the one that is there
    try:
        yield failed
    finally:
        store.write = write  # type: ignore[method-assign]  # as it was


@contextmanager
def failing_reads(world: World, error: Exception) -> Iterator[list[int]]:
    """Let nothing be read from the database; the list grows with each attempt."""
    failed: list[int] = []
    store = world.app.store
    read = store.read

    async def fail(*_args: Any, **_kwargs: Any) -> Any:
        failed.append(len(failed))
        raise error

    store.read = fail  # type: ignore[method-assign]  # in place of the one that is there
    try:
        yield failed
    finally:
        store.read = read  # type: ignore[method-assign]  # as it was


@contextmanager
def hanging_calls(world: World, *methods: str, chat_id: int | None = None) -> Iterator[list[str]]:
    """Let calls of these methods (of one chat alone, if given) go unanswered meanwhile; the list grows with each."""
    hanging: list[str] = []
    over = asyncio.Event()
    telegram = world.telegram
    handle = telegram.handle
    # To the Bot API case is all the same.
    names = {method.lower() for method in methods}

    async def hang_or_handle(token: str, method: str, params: Params) -> tuple[int, bytes]:
        if method.lower() in names and chat_id in (None, params.get("chat_id")):
            hanging.append(method)
            telegram.changed()
            await over.wait()
            raise TelegramAway
        return await handle(token, method, params)

    telegram.handle = hang_or_handle  # type: ignore[method-assign]  # in front of the one that is there
    try:
        yield hanging
    finally:
        telegram.handle = handle  # type: ignore[method-assign]  # as it was
        over.set()


@contextmanager
def refused_chat(world: World, chat_id: int, status: int, description: str) -> Iterator[list[str]]:
    """Let every call about this chat be refused meanwhile; the list grows with each."""
    refused: list[str] = []
    telegram = world.telegram
    handle = telegram.handle

    async def refuse_or_handle(token: str, method: str, params: Params) -> tuple[int, bytes]:
        if chat_id == params.get("chat_id"):
            refused.append(method)
            telegram.changed()
            return status, Refusal(status, description).body()
        return await handle(token, method, params)

    telegram.handle = refuse_or_handle  # type: ignore[method-assign]  # in front of the one that is there
    try:
        yield refused
    finally:
        telegram.handle = handle  # type: ignore[method-assign]  # as it was


@contextmanager
def held_groups(world: World) -> Iterator[None]:
    """ixBrowser does not answer meanwhile what groups it has."""
    over = asyncio.Event()
    handle = world.browser.handle

    async def hold(action: str, body: bytes) -> tuple[int, bytes]:
        if action == "group-list":
            await over.wait()
        return await handle(action, body)

    world.browser.handle = hold  # type: ignore[method-assign]  # in front of the one that is there
    try:
        yield
    finally:
        world.browser.handle = handle  # type: ignore[method-assign]  # as it was
        over.set()
