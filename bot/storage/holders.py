"""Who holds the hub and a station: a process that has been superseded can't write any more.

Taking raises the epoch in the holder's row. Every writing transaction compares it first, under a lock that keeps
another process from taking it before the transaction's end, and keeps nobody else from anything.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from bot.errors import StorageError, Superseded
from bot.storage.inserts import insert_or_ignore
from bot.storage.tables import holders

HUB: Final = "hub"

# On PostgreSQL FOR KEY SHARE: the heartbeat, which is written into the same row, waits for nobody.
_EPOCH = select(holders.c.epoch).where(holders.c.name == bindparam("holder")).with_for_update(read=True, key_share=True)
_RAISE = update(holders).where(holders.c.name == bindparam("holder")).values(epoch=holders.c.epoch + 1)


def of_station(station: str) -> str:
    """The name under which a station is held."""
    return f"station {station}"


class Holder:
    """What this process holds, and with which epoch. ``superseded`` is set once another process has it.

    ``paused`` says that the lock's connection is lost. Whoever holds it still may be asked again then, unless it is
    ``strict``: then nothing is written before it is known.
    """

    def __init__(self, name: str, *, strict: bool = False) -> None:
        self.name = name
        self.epoch: int | None = None
        self.paused = False
        self.superseded = asyncio.Event()
        self._strict = strict

    def check(self, connection: Connection) -> None:
        """Raise ``Superseded`` in a transaction of a process that holds this no more, and see that it stays so."""
        if self.paused and self._strict:
            raise StorageError("the lock on the database is being taken again")
        if self._noted(connection) != self.epoch:
            raise Superseded("another process has taken over what this one held")

    def _noted(self, connection: Connection) -> int | None:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            # Every transaction begins so, and SQLAlchemy's part in it costs 60 microseconds, the driver's 3.
            row = driver.execute("SELECT epoch FROM holders WHERE name = ?", (self.name,)).fetchone()
            return None if row is None else int(row[0])
        return connection.scalar(_EPOCH, {"holder": self.name})

    def take(self, connection: Connection) -> int:
        """Raise the epoch, where no other process can be about to do the same; the new one."""
        insert = insert_or_ignore(connection, holders)
        connection.execute(insert, {"name": self.name, "epoch": 0})
        connection.execute(_RAISE, {"holder": self.name})
        epoch: int = connection.execute(_EPOCH, {"holder": self.name}).scalar_one()
        return epoch


def supersede_others(connection: Connection, held: Collection[Holder]) -> None:
    """See that this process still holds all of these, and that nobody who has held anything else writes any more."""
    for holder in held:
        holder.check(connection)
    others = holders.c.name.not_in([holder.name for holder in held])
    # Transactions of theirs that are under way are waited for.
    connection.execute(select(holders.c.name).where(others).order_by(holders.c.name).with_for_update()).all()
    connection.execute(update(holders).where(others).values(epoch=holders.c.epoch + 1))
