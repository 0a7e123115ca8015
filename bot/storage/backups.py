"""Whether backups fail, and since when."""

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
_ROW = 1


class SqlBackups:
    """The use cases' ``Backups``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failure(self) -> str | None:
        reason: str | None = self._connection.scalar(select(backup_failures.c.reason))
        return reason

    def note(self, failure: str | None, now: datetime) -> None:
        if failure is None:
            self._connection.execute(delete(backup_failures))
        else:
            upsert(self._connection, backup_failures, {"id": _ROW, "reason": failure, "told_at": now})
