"""When the last backup was made, and whether they fail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table, delete, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import metadata

# One row while they fail, and none while they are made.
backup_failures = Table(
    "backup_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(32), nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
)
# One row: when the last one was made of which the bot saw to it.
last_backups = Table(
    "last_backups",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("made_at", UtcDateTime, nullable=False),
)
_ROW = 1


class SqlBackups:
    """The use cases' ``Backups``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failure(self) -> str | None:
        reason: str | None = self._connection.scalar(select(backup_failures.c.reason))
        return reason

    def last(self) -> datetime | None:
        made_at: datetime | None = self._connection.scalar(select(last_backups.c.made_at))
        return made_at

    def note(self, failure: str | None, now: datetime) -> None:
        if failure is None:
            self._connection.execute(delete(backup_failures))
            upsert(self._connection, last_backups, {"id": _ROW, "made_at": now})
        else:
            upsert(self._connection, backup_failures, {"id": _ROW, "reason": failure, "told_at": now})
