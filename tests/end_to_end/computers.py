"""Computers on which one bot may be: each with a folder, a home, a database, and a way to ixBrowser of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from bot.storage.key import key_file
from tests.end_to_end.mischief import LATEST, SLOWEST, MischievousIxBrowser, WatchedTelegram, changes_something
from tests.end_to_end.office import Office
from tests.end_to_end.process import BotProcess, environment
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_audit import COMPLETE_READING, Audit
from tests.standins.ixbrowser_world import Row
from tests.support.http_ixbrowser import served
from tests.support.http_telegram import HttpTelegram
from tests.support.postgresql import PostgresqlServer, find_programs
from tests.support.postgresql_databases import Databases

#: Seconds within which all is done, and shows, that ixBrowser still does for a request.
_UNDER_WAY = SLOWEST + LATEST
_SIDES = ("", "-wal", ".key")


class LateAudit(Audit):
    """Takes no reading for a look at an import that may still have been under way when the reading began."""

    def __init__(self, shown: Callable[[], Sequence[int]]) -> None:
        super().__init__(shown)
        self._arrived: dict[str, float] = {}

    def arrived(self, action: str, body: Row) -> None:
        super().arrived(action, body)
        now = time.monotonic()
        if action == IMPORT:
            self._arrived[str(body.get("transfer_code") or "")] = now
        self._covered -= {code for code, since in self._arrived.items() if now - since < _UNDER_WAY}

    def arrived_elsewhere(self, code: str) -> None:
        """Another computer sends an import of this code: what becomes of it is not known here before a look."""
        self._uncertain.add(code)
        self._arrived[code] = time.monotonic()

    @property
    def readings(self) -> int:
        """How many complete ones there were."""
        return self.events.count((COMPLETE_READING, ""))


class Way:
    """A computer's way to the one ixBrowser: what it reads there is its own, what is imported all know of.

    ``asked`` is called with each request that changes something there, before it is passed on.
    """

    def __init__(self, browser: MischievousIxBrowser) -> None:
        self.audit = LateAudit(lambda: [row["id"] for row in browser.records])
        self.others: list[Way] = []
        self.asked: Callable[[str, Row], None] = lambda *_: None
        self._browser = browser

    async def handle(self, action: str, body: bytes) -> tuple[int, bytes]:
        request = json.loads(body or b"{}")
        if changes_something(action):
            self.asked(action, request)
        self.audit.arrived(action, request)
        if action == IMPORT:
            for way in self.others:
                way.audit.arrived_elsewhere(str(request.get("transfer_code") or ""))
        status, answer = await self._browser.handle(action, body)
        for way in (self, *self.others) if action == IMPORT else (self,):
            way.audit.answered(action, request, answer)
        return status, answer

    async def close(self) -> None:
        """What has begun there ends by itself."""


class Computer:
    """One with an SQLite file."""

    suffix = ".db"

    def __init__(self, office: Office, way: Way) -> None:
        self.office = office
        self.way = way

    def backups(self) -> Sequence[Path]:
        """What the bot has made by itself, and what restoring has kept, oldest first."""
        made = [*self.office.folder.glob("backups/*.db"), *self.office.folder.glob("bot.db.replaced-*Z")]
        return sorted(made, key=lambda file: file.stat().st_mtime)

    async def command(self, *arguments: str, typing: bool = False) -> BotProcess:
        return await BotProcess.start(self.office.folder, self.office.settings, *arguments, typing=typing)

    def clear(self) -> None:
        """Leave nothing there."""
        for old in (*self.office.folder.glob("bot.db*"), *self.office.folder.glob(".env*")):
            old.unlink()

    def take_key(self, other: Computer) -> None:
        """Have the key of another computer's database here."""
        key = key_file(other.office.database)
        shutil.copy(key, self.office.folder / key.name)

    async def copy_from(self, other: Computer, *, marker: bool) -> None:
        """Have here what is there, while no bot serves it."""
        self.clear()
        for side in (*_SIDES, *((".marker",) if marker else ())):
            source = other.office.database.with_name(f"{other.office.database.name}{side}")
            if source.exists():
                shutil.copyfile(source, self.office.database.with_name(source.name))

    def identity(self) -> str:
        """What is another where another state of the database is there."""
        tables = ("installation", "holders", "handled_updates", "drafts")
        return repr([self.office.rows(table) for table in tables])


class ServerComputer(Computer):
    """One with a database of its own on a PostgreSQL server."""

    suffix = ".dump"

    def __init__(self, office: Office, way: Way, server: PostgresqlServer, name: str) -> None:
        super().__init__(office, way)
        self._databases = Databases(server.url(""), "computer")
        self.name = name

    def backups(self) -> Sequence[Path]:
        made = [file for file in (self.office.folder / "home").rglob("*.dump") if file.parent.name == "backups"]
        return sorted(made, key=lambda file: file.stat().st_mtime)

    def clear(self) -> None:
        super().clear()
        shutil.rmtree(self.office.folder / "home", ignore_errors=True)
        with self._databases.connection("postgres") as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {self.name}")

    def take_key(self, other: Computer) -> None:
        """Their settings have the same."""

    async def copy_from(self, other: Computer, *, marker: bool) -> None:
        await asyncio.to_thread(self._copy_database, cast("ServerComputer", other))
        home = self.office.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(other.office.folder / "home", home)
        if not marker:
            for file in home.rglob("*.marker"):
                file.unlink()

    def _copy_database(self, other: ServerComputer) -> None:
        self._databases.end_connections(self._databases.url(other.name))
        with self._databases.connection("postgres") as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {self.name} TEMPLATE {other.name}")


@asynccontextmanager
async def two_computers(
    folder: Path,
    telegram: WatchedTelegram,
    browser: MischievousIxBrowser,
    settings: Mapping[str, object],
    server: PostgresqlServer | None,
) -> AsyncIterator[Sequence[Computer]]:
    """The one where the bot is, and another on which there is nothing yet."""
    ways = [Way(browser), Way(browser)]
    ways[0].others, ways[1].others = [ways[1]], [ways[0]]
    computers: list[Computer] = []
    async with HttpTelegram(telegram) as http, _served(ways[0]) as first, _served(ways[1]) as second:
        try:
            for number, (way, station) in enumerate(zip(ways, (first, second), strict=True)):
                place = folder / f"computer{number}"
                place.mkdir()
                url = None if server is None else server.url(f"computer{number}")
                office = Office(place, telegram, http.origin, browser, station, database_url=url)
                office.settings |= settings
                environment(place, {})
                if server is None:
                    computers.append(Computer(office, way))
                    continue
                programs = find_programs()
                assert programs is not None
                office.settings["PATH"] = f"{programs / 'bin'}{os.pathsep}{os.environ['PATH']}"
                computers.append(ServerComputer(office, way, server, f"computer{number}"))
            if isinstance(computers[0], ServerComputer):
                computers[0].clear()
            yield computers
        finally:
            for computer in computers:
                await computer.office.close()
            await browser.close()


def _served(way: Way) -> Any:
    return cast("Any", served)(cast("FakeIxBrowser", way))
