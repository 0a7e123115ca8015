"""When updates were fetched last, and who uses the bot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Table, delete, select, union

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import metadata
from bot.storage.tables import drafts, imports, users
from bot.storage.users import user_of
from bot.usecases.records import User

# One row.
polling = Table(
    "polling",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)
_ROW = 1


class SqlPolling:
    """The use cases' ``Polling``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self) -> datetime | None:
        fetched_at: datetime | None = self._connection.scalar(select(polling.c.fetched_at))
        return fetched_at

    def note(self, now: datetime) -> None:
        upsert(self._connection, polling, {"id": _ROW, "fetched_at": now})

    def forget(self) -> None:
        self._connection.execute(delete(polling))

    def active_since(self, moment: datetime) -> Sequence[User]:
        active = union(
            select(drafts.c.user_id).where(drafts.c.updated_at >= moment),
            select(imports.c.user_id).where(imports.c.created_at >= moment),
        )
        found = select(users).where(users.c.id.in_(active)).order_by(users.c.id)
        return [user_of(row) for row in self._connection.execute(found)]
