"""A store whose writer stands still for a while, so that what is asked for meanwhile waits for one commit."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bot.storage.database import Database
from bot.storage.tables import handled_updates
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import NOW, rows
from tests.support.clock import settle

PATIENCE = 10.0


class Refused(Exception):
    """What some work raises."""


class Queue:
    """A store whose writer stands still until ``go_on``, so that everything else that is asked for waits for it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlStore(database)
        self.statements: list[str] = []
        self._go_on = threading.Event()
        self._standing: asyncio.Task[None] | None = None

    async def stand_still(self) -> None:
        await self.database.write(self._trace)
        begun = threading.Event()

        def wait(_: Connection) -> None:
            begun.set()
            assert self._go_on.wait(PATIENCE)

        self._standing = asyncio.create_task(self.database.write(wait))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        self.statements.clear()

    async def go_on(self) -> None:
        self._go_on.set()
        assert self._standing is not None
        await asyncio.wait_for(self._standing, PATIENCE)

    def commits(self) -> int:
        """Those since it stood still, without its own."""
        return self.statements.count("COMMIT") - 1

    async def handled(self) -> list[int]:
        return [row["update_id"] for row in await rows(self.database, handled_updates)]

    def _trace(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(self.statements.append)


def handle(work: SqlWork, number: int) -> None:
    assert work.updates.is_new(number, NOW)


def refuse(work: SqlWork, number: int) -> None:
    handle(work, number)
    raise Refused(number)


async def asked(queue: Queue, *functions: Callable[[SqlWork], None]) -> Sequence[asyncio.Task[None]]:
    """All of them in the queue, in this order."""
    tasks = [asyncio.create_task(queue.store.write(function)) for function in functions]
    await settle()
    return tasks
