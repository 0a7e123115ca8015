"""The unit of work over SQL: the core's ``Store``."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.batches import SqlBatches
from bot.storage.cards import SqlCards
from bot.storage.database import Database
from bot.storage.drafts import SqlDrafts
from bot.storage.log import SqlLog
from bot.storage.outbox import SqlOutbox
from bot.storage.secrets import Secrets
from bot.storage.updates import SqlUpdates
from bot.storage.users import SqlUsers


class SqlWork:
    """One transaction."""

    def __init__(self, connection: AsyncConnection, station: str) -> None:
        self.secrets = Secrets(connection)
        self.updates = SqlUpdates(connection)
        self.users = SqlUsers(connection)
        self.drafts = SqlDrafts(connection, self.secrets)
        self.batches = SqlBatches(connection, station, self.secrets)
        self.log = SqlLog(connection)
        self.outbox = SqlOutbox(connection)
        self.cards = SqlCards(connection, self.secrets)


class SqlStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[SqlWork]:
        async with self._database.read() as connection:
            yield SqlWork(connection, self._database.station)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[SqlWork]:
        async with self._database.write() as connection:
            work = SqlWork(connection, self._database.station)
            yield work
        if work.secrets.deleted:
            self._database.secrets_deleted.set()
