"""An office: ixBrowser and Telegram, stood in for over HTTP, people with phones, and the bot as a process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.chat.drafting.texts import question
from bot.chat.translator import Html, plain, translator
from bot.domain.draft import Draft, Step
from tests.end_to_end import leaks
from tests.end_to_end.ixbrowser import WatchedIxBrowser
from tests.end_to_end.look import Look
from tests.end_to_end.process import PATIENCE, BotProcess
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message, Person
from tests.support.http_ixbrowser import ServedIxBrowser, served
from tests.support.http_telegram import HttpTelegram
from tests.support.world import ADMIN, button_of

#: Seconds, as the settings have them: what a test has to wait for, and what a busy machine has to keep to.
TIMEOUT = 2.0
GRACE = 0.3
#: The key of a database on a server.
KEY = "5ec7e7" + "0" * 58


def asked(step: Step) -> str:
    """How the card asks this, without what follows in further lines."""
    return plain(Html(re.sub("<[^>]+>", "", question(translator("en"), step, Draft())))).splitlines()[0]


class Phone:
    """Somebody in their private chat with the bot. What is waited for has to come after what they do."""

    def __init__(self, telegram: FakeTelegram, person: Person) -> None:
        self.telegram = telegram
        self.person = person
        self.chat = telegram.chat(person.id)

    async def say(self, text: str, *, until: str) -> Message:
        """Write a message; the bot's message that then says ``until``."""
        before = self._newest_change()
        self.telegram.say(self.person, text)
        return await self._sees(until, before)

    async def tap(self, label: str, *, until: str) -> Message:
        """Press the button of the newest card that is labelled so, as soon as it is there."""
        await self.telegram.settled(lambda: button_of(self.chat.card, label), PATIENCE, chat=self.chat)
        before = self._newest_change()
        self.telegram.press(self.person, self.chat.card, button_of(self.chat.card, label))
        return await self._sees(until, before)

    async def press(self, label: str) -> None:
        """Press the newest button that is labelled so, on whatever card, as soon as it is there."""

        def card() -> Message:
            return self.chat.newest(lambda m: m.from_bot and any(label in each.text for each in m.all_buttons))

        await self.telegram.settled(card, PATIENCE, chat=self.chat)
        self.telegram.press(self.person, card(), button_of(card(), label))

    async def walk(self, *steps: tuple[str, str]) -> Message:
        """Do one after another: each is what to write, or a button's label in brackets, and what is said to it."""
        for what, until in steps:
            label = what[1:-1] if what.startswith("[") and what.endswith("]") else None
            message = await (self.say(what, until=until) if label is None else self.tap(label, until=until))
        return message

    async def sees(self, text: str, *, seconds: float = PATIENCE) -> Message:
        """Wait until a message of the bot says this; the newest one that does."""
        return await self._sees(text, 0, seconds)

    async def _sees(self, text: str, before: int, seconds: float = PATIENCE) -> Message:
        def message() -> Message:
            return self.chat.newest(lambda m: m.from_bot and m.changed > before and text in m.text)

        await self.telegram.settled(message, seconds, chat=self.chat)
        return message()

    def _newest_change(self) -> int:
        return max((message.changed for message in self.chat.messages), default=0)


class Office:
    """Both stand-ins, and the bot between them as often as it is started. Ana is its admin."""

    def __init__(
        self,
        folder: Path,
        telegram: FakeTelegram,
        telegram_url: str,
        browser: WatchedIxBrowser,
        station: ServedIxBrowser,
        *,
        database_url: str | None = None,
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self.browser = browser
        self.station = station
        #: The database's file, where it is not on a server.
        self.database = folder / "bot.db"
        self.look = Look(database_url or f"sqlite:///{self.database}", KEY)
        self.settings: dict[str, object] = {
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram_url,
            "IXBROWSER_URL": station.url,
            "IXBROWSER_TIMEOUT": TIMEOUT,
            "IXBROWSER_GRACE": GRACE,
            "DATABASE_URL": self.look.url,
            "ADMIN_IDS": ADMIN,
            "LOG_LEVEL": "DEBUG",
        }
        if database_url is not None:
            # Several computers may serve it.
            self.settings["ENCRYPTION_KEY"] = KEY
        #: What is secret although nothing in the typed text shows it, such as a password that was asked for.
        self.planted: set[str] = set()
        self._phones: list[Phone] = []
        self._processes: list[BotProcess] = []
        self.ana = self.phone("Ana")

    def phone(self, name: str) -> Phone:
        """Somebody new, of whom the bot knows nothing; the first one is the admin."""
        user_id = ADMIN
        while self.telegram.find(user_id) is not None:
            user_id += 1
        phone = Phone(self.telegram, self.telegram.add_person(user_id, name))
        self._phones.append(phone)
        return phone

    async def newcomer(self, name: str = "Mai") -> Phone:
        """Somebody new whom Ana lets in."""
        phone = self.phone(name)
        await self.ana.say(f"/allow {phone.person.id}", until=f"{phone.person.id} may use this bot now")
        return phone

    async def spawn(self, *arguments: str, **changes: object) -> BotProcess:
        """Start the bot, which may need a while until it serves."""
        process = await BotProcess.start(self.folder, self.settings | changes, *arguments)
        self._processes.append(process)
        return process

    async def start(self, *arguments: str, **changes: object) -> BotProcess:
        """Start the bot, and wait until it serves."""
        return await (await self.spawn(*arguments, **changes)).ready()

    def rows(self, table: str = "imports") -> Sequence[dict[str, Any]]:
        """A table as it is by now, oldest row first."""
        return self.look.rows(table)

    def row(self, code: str) -> dict[str, Any]:
        """The one row of the import log with this code."""
        [row] = [row for row in self.rows() if row["code"] == code]
        return row

    def secrets(self) -> set[str]:
        """All that must come out nowhere: the token, what people have typed, what ixBrowser has."""
        token = str(self.settings["TELEGRAM_TOKEN"])
        typed = [message.text for phone in self._phones for message in phone.chat.messages if not message.from_bot]
        browser = self.browser
        passwords = {str(row["password"]) for row in browser.profiles.values()}
        passwords |= {str(row["proxy_password"]) for row in browser.proxies.values()}
        found = {token, token.partition(":")[2], *browser.offers, *browser.made, *self.planted, *(passwords - {""})}
        return found.union(*map(leaks.secrets_in, typed))

    def leaks(self) -> Sequence[str]:
        """A sentence for each secret that was printed or sent to Telegram, or is in a file that need not hold it."""
        secrets = self.secrets()
        printed = "".join(process.said for process in self._processes)
        sent = "".join(map(repr, self.telegram.calls))
        return [
            *leaks.told(printed, secrets, "what the bot has printed"),
            *leaks.told(sent, secrets, "what the bot has sent to Telegram"),
            *leaks.left(self.folder, self.look, secrets),
        ]

    def keeps_secrets(self) -> None:
        """AssertionError with every secret that is anywhere."""
        found = self.leaks()
        assert not found, "\n".join(found)

    def log(self) -> str:
        """What every process has said, but for the steps of its work: what the reader of a failed test needs."""
        lines = [f"--- process {process.pid}\n{process.said}" for process in self._processes]
        return "\n".join(line for line in "\n".join(lines).splitlines() if " DEBUG " not in line)

    async def close(self) -> None:
        for process in self._processes:
            await process.close()


@asynccontextmanager
async def open_office(
    folder: Path,
    telegram: FakeTelegram | None = None,
    browser: WatchedIxBrowser | None = None,
    database_url: str | None = None,
) -> AsyncIterator[Office]:
    """An office without a bot yet; every process started in it is gone when the block ends.

    Its database is a file in the folder, unless another is named.
    """
    telegram = telegram or FakeTelegram()
    browser = browser or WatchedIxBrowser()
    async with served(browser) as station, HttpTelegram(telegram) as server:
        office = Office(folder, telegram, server.origin, browser, station, database_url=database_url)
        try:
            yield office
        finally:
            await office.close()
