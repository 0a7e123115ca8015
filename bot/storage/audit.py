"""The audit's entries. The database itself refuses to change or delete one: see the migration that makes the table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, String, Table, insert

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.metadata import id_column, metadata
from bot.usecases.audit import AuditKind

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor_id", BigInteger, nullable=False, index=True),
    Column("subject_id", BigInteger, index=True),
    Column("chat_id", BigInteger),
    Column("object_id", RowId),
    Column("detail", String(32), nullable=False),
)


class SqlAudit:
    """The use cases' ``Audit``."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def note(
        self,
        kind: AuditKind,
        actor_id: int,
        *,
        chat_id: int | None = None,
        subject_id: int | None = None,
        object_id: int | None = None,
        detail: str = "",
    ) -> None:
        entry = {"at": self._now, "kind": kind, "actor_id": actor_id, "subject_id": subject_id, "chat_id": chat_id,
                 "object_id": object_id, "detail": detail}  # fmt: skip
        self._connection.execute(insert(audit), entry)
