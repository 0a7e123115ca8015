"""What a process holds of the database while it serves: the database for its bot, the hub, and its station.

On SQLite the operating system's lock on a file keeps other processes away, which is held before the database is opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection

from bot.errors import PartEnded, Superseded
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder, of_station
from bot.storage.lock_session import is_held
from bot.storage.owner import served_bot
from bot.storage.server_lock import LockTimes, ServerLock
from bot.usecases.rebinding import other_bot

#: Why a process ends that has been superseded.
SUPERSEDED: Final = (
    "The bot has stopped, since another process has taken the database over that this one served. Start it again"
    " only if that was not meant to be."
)


class Holding:
    """``hub`` and ``station`` are compared by every transaction that writes for either."""

    def __init__(self, database: Database, bot_id: int, times: LockTimes | None = None) -> None:
        self.hub = Holder(HUB)
        self.station = Holder(of_station(database.station), strict=True)
        self.holders = (self.hub, self.station)
        self._database = database
        self._bot_id = bot_id
        self._lock = None if database.is_sqlite else ServerLock(database.engine, self.holders, times)

    async def lock(self, *, of_any_bot: bool = False) -> None:
        """Keep other processes away, whatever state the database is in.

        Raises ``OtherBot`` unless it may be ``of_any_bot``, and what ``ServerLock.take`` raises.
        """
        if not of_any_bot:
            await refuse_other_bot(self._database, self._bot_id)
        if self._lock is not None:
            await self._lock.take()

    async def take(self) -> None:
        """Take over from every earlier process; the database is up to date, and locked."""
        if self._lock is not None:
            await self._lock.raise_epochs()
            return
        for holder in self.holders:
            holder.epoch = await self._database.write(holder.take)

    async def kept(self) -> None:
        """Until this process has been superseded. Raises ``PartEnded`` then, or ``SettingError`` for a pooler."""
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(each.superseded.wait()) for each in self.holders]
        if self._lock is not None:
            waits.append(asyncio.ensure_future(self._lock.kept()))
        try:
            ended, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in ended:
                wait.result()
        except Superseded:
            pass
        finally:
            for wait in waits:
                wait.cancel()
        raise PartEnded(SUPERSEDED)

    async def close(self) -> None:
        """Let go of the locks."""
        if self._lock is not None:
            await self._lock.close()


async def refuse_other_bot(database: Database, bot_id: int) -> None:
    """Raise ``OtherBot`` where the database, in whatever state it is, belongs to another bot."""
    noted = await database.read(served_bot)
    if noted is not None and noted != bot_id:
        raise other_bot(noted, bot_id)


def stations_at_rest(connection: Connection, stations: Collection[str]) -> Collection[str]:
    """Those of a server's stations that no process holds now."""
    return [station for station in stations if not is_held(connection, of_station(station))]


def is_served(connection: Connection) -> bool:
    """Whether a process holds the hub of a database on a server."""
    return is_held(connection, HUB)
