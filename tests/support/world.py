"""The whole bot between its stand-ins, in the test's own process: full updates through the real application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Table, select

from bot.app import App
from bot.demonstration import at_rest
from bot.external_systems import ExternalSystems
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.tables import imports
from bot.usecases.actor import Actor
from bot.usecases.group_chats import GroupChatSeen, bot_seen
from bot.usecases.ports import Clock, UnitOfWork
from bot.usecases.records import Role
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_transport import InProcess
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.codes import readable
from tests.support.migrated import put_database

#: Seconds within which the bot has to come to rest; far more than it takes.
PATIENCE = 20.0

ADMIN = 1001
MEMBER = 1002
STRANGER = 1003


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a bot whose database is in the folder, with times that a test can wait for."""
    values: dict[str, Any] = {
        "telegram_token": SecretStr(TOKEN),
        "database_url": SecretStr(f"sqlite:///{folder / 'bot.db'}"),
        "ixbrowser_timeout": 5,
        "ixbrowser_grace": 0.2,
        "admin_ids": frozenset({ADMIN}),
        "backups_kept": 0,
        "log_level": "DEBUG",
        "station": "office",
    }
    return Settings(**values | changes)


def with_database(settings: Settings) -> Settings:
    """The settings; their database is there by now, empty and up to date unless it was there before."""
    file = settings.database_file
    if file is not None and settings.encryption_key is None and not file.exists():
        put_database(file)
    return settings


class World:
    """The application, both stand-ins, an admin (Ana), a member (Mai) and a stranger (Sam).

    A group to which nobody is said to have added the bot is one of Ana's, in which it works.

    ``say`` and ``tap`` wait until the bot has come to rest. What they give is the newest message of the bot.
    """

    def __init__(self, app: App, telegram: FakeTelegram, browser: FakeIxBrowser) -> None:
        self.app = app
        self.telegram = telegram
        self.browser = browser
        #: The bot's own, and what else a test has opened for the world: time waits for whatever is done in them.
        self.databases: list[Database] = [app.database]
        self.ana = _person(telegram, ADMIN, "Ana")
        self.mai = _person(telegram, MEMBER, "Mai")
        self.sam = _person(telegram, STRANGER, "Sam")
        self._loop = asyncio.get_running_loop()
        self._allowing: set[asyncio.Task[None]] = set()
        for chat in telegram.groups:
            self._allow(chat)
        telegram.group_added = self._allow

    async def say(self, text: str, person: Person | None = None, chat: Chat | None = None) -> Message:
        """Somebody (Ana) writes."""
        person = person or self.ana
        self.telegram.say(person, text, chat)
        await self.rest()
        return self.newest(chat or person.id)

    async def tap(self, label: str, person: Person | None = None, message: Message | None = None) -> Message:
        """Somebody (Ana) presses the button whose label is, or begins or ends with, this."""
        person = person or self.ana
        message = message or self.telegram.chat(person.id).card
        self.telegram.press(person, message, button_of(message, label))
        await self.rest()
        return self.newest(message.chat)

    def _allow(self, chat: Chat) -> None:
        """Have Ana bring the bot into a group, which it need not be told, and in which it need not greet."""
        task = self._loop.create_task(self.app.store.write(_bring, GroupChatSeen(chat.id, chat.title)))
        self._allowing.add(task)
        task.add_done_callback(self._allowing.discard)

    async def rest(self) -> None:
        """Wait until every update is handled, and everything shown that can be shown."""
        await asyncio.gather(*self._allowing)
        await self.telegram.handled(PATIENCE)
        async with asyncio.timeout(PATIENCE):
            await at_rest(self.app)

    def newest(self, chat: Chat | int) -> Message:
        """The newest message of the bot that is still there."""
        return self.telegram.chat(chat).newest(lambda message: message.from_bot)

    def card(self, person: Person | None = None) -> Message:
        """The newest message with buttons."""
        return self.telegram.chat((person or self.ana).id).card

    def popups(self) -> Sequence[str]:
        """What was shown over presses, in order."""
        return [answer.text for answer in self.telegram.answers if answer.text]

    async def log(self) -> Sequence[Mapping[str, Any]]:
        """The import log, oldest first."""
        return await self.rows(imports)

    async def rows(self, table: Table) -> Sequence[Mapping[str, Any]]:
        """All of a table; rows that hold a transfer code have it as ``code``."""
        await asyncio.gather(*self._allowing)
        found = select(table).order_by(*table.primary_key.columns)
        database = self.app.database
        return await database.read(
            lambda connection: [readable(dict(row), database.cipher) for row in connection.execute(found).mappings()]
        )

    async def let_in(self, person: Person) -> None:
        """Have the admin let somebody in."""
        await self.say(f"/allow {person.id}")


def _bring(work: UnitOfWork, seen: GroupChatSeen) -> None:
    bot_seen(work, Actor(ADMIN, "Ana", Role.ADMIN, "en"), seen)


def _person(telegram: FakeTelegram, user_id: int, name: str) -> Person:
    """The person, who is there already where the pretend Telegram has outlived an earlier bot."""
    chat = telegram.find(user_id)
    return chat.person if chat is not None and chat.person is not None else telegram.add_person(user_id, name)


def button_of(message: Message, label: str) -> Any:
    """The button with this label, or the first that begins or ends with it; LookupError with those that there are."""
    buttons = message.all_buttons
    for fits in (str.__eq__, str.startswith, str.endswith):
        for button in buttons:
            if fits(button.text, label):
                return button
    raise LookupError(f"no button {label!r} among {[button.text for button in buttons]} under {message.text!r}")


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    telegram: FakeTelegram | None = None,
    browser: FakeIxBrowser | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[World]:
    """The bot, serving while the block runs. Stand-ins that are handed in outlive it."""
    telegram = telegram or FakeTelegram()
    browser = browser or FakeIxBrowser()
    outside = ExternalSystems(
        InProcessRequest(telegram), InProcessRequest(telegram, read_timeout=30), InProcess(browser)
    )
    app = App(with_database(settings), outside, clock)
    await app.prepare()
    stop, ready = asyncio.Event(), asyncio.Event()
    world = World(app, telegram, browser)
    serving = asyncio.create_task(app.serve(stop, ready.set))
    try:
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
            await app.connection.published.wait()
            # What is looked at from time to time is not to be seen to for the first time in the midst of a test.
            await app.health_monitor.looked.wait()
            await app.browser_watch.looked.wait()
        yield world
    finally:
        stop.set()
        await serving
        await browser.close()
