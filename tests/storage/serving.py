"""Processes that serve a database on a server, as tests of its lock start them, and what is to be seen of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from sqlalchemy import text

from bot.errors import AlreadyRunning, DatabaseUnreachable, LockTaken, StorageError, Superseded
from bot.storage.database import Database
from bot.storage.holding import Holding
from bot.storage.migrate import bring_up_to_date
from bot.storage.server_lock import LockTimes
from bot.storage.work import SqlStore
from tests.storage.support import NOW

T = TypeVar("T")

BOT = 1111
PATIENCE = 30.0
FAST = LockTimes(beat_every=0.1, patience=0.5, old_after=1.0, again=0.05)


async def patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Do it, trying again while it is said that this may help."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await work()
            except (AlreadyRunning, Superseded):
                raise
            except StorageError as error:
                if not isinstance(error, LockTaken | DatabaseUnreachable) and "is being taken again" not in str(error):
                    raise
            await asyncio.sleep(FAST.again)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await true():
                return
            await asyncio.sleep(FAST.again)


class Process:
    """What a process has that serves the database of a URL as a station."""

    def __init__(self, url: str, station: str = "office", bot_id: int = BOT, times: LockTimes = FAST) -> None:
        self.database = Database(url, station)
        self.holding = Holding(self.database, bot_id, times)
        self.store = SqlStore(self.database, holder=self.holding.station)
        self.kept: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start as the bot does, waiting for what it waits for."""

        async def prepare() -> None:
            await self.holding.lock()
            await bring_up_to_date(self.database)
            await self.holding.take()

        await patiently(prepare)
        self.kept = asyncio.create_task(self.holding.kept())

    async def writes(self, update_id: int) -> None:
        """Write for the station, trying for as long as it is told to wait."""
        written = await patiently(lambda: self.store.write(lambda work: work.updates.is_new(update_id, NOW)))
        assert written

    async def ends(self) -> None:
        assert self.kept is not None
        async with asyncio.timeout(PATIENCE):
            await self.kept

    async def close(self) -> None:
        if self.kept is not None:
            self.kept.cancel()
            await asyncio.gather(self.kept, return_exceptions=True)
        await self.holding.close()
        await self.database.close()


async def sessions(process: Process) -> list[int]:
    """The sessions that hold locks."""
    listed = text("SELECT pid FROM pg_stat_activity WHERE application_name = 'transfer-bot lock' ORDER BY pid")
    return await process.database.read(lambda connection: list(connection.scalars(listed)))


async def has_another_session(process: Process, than: int) -> bool:
    return await sessions(process) not in ([than], [])


async def is_paused(process: Process) -> bool:
    return process.holding.station.paused


@asynccontextmanager
async def busy(url: str) -> AsyncIterator[None]:
    """Others keep transactions open."""

    async def hold() -> None:
        database = Database(url, "office")
        try:
            while True:
                await database.write(lambda connection: connection.execute(text("SELECT pg_sleep(0.25)")))
        finally:
            await database.close()

    others = [asyncio.create_task(hold()) for _ in range(3)]
    try:
        yield
    finally:
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
