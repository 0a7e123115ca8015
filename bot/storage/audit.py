"""The audit's entries. The database itself refuses to change or delete one: see the migration that makes the table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    CTE,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Index,
    Select,
    String,
    Table,
    func,
    insert,
    select,
    union_all,
)

from bot.domain.pseudonym import FIRST, LAST
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.metadata import id_column, metadata
from bot.usecases.audit import NOBODY, AuditEntry, AuditKind

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("subject_id", BigInteger),
    Column("chat_id", BigInteger),
    Column("object_id", RowId),
    Column("detail", String(32), nullable=False),
)
for _column in (audit.c.actor_id, audit.c.subject_id, audit.c.kind):
    Index(f"ix_audit_{_column.name}", _column, audit.c.id)

# Who is erased, and by what pseudonym. What is written here the database does at once to the audit, and forgets.
audit_erasures = Table(
    "audit_erasures",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("pseudonym", BigInteger, nullable=False),
    CheckConstraint(f"pseudonym BETWEEN {FIRST} AND {LAST}", name="pseudonym"),
)

_DENIED = audit.c.kind == AuditKind.DENIED


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

    def find(
        self, *, person_id: int | None, kind: str | None, size: int, before: int | None = None, after: int | None = None
    ) -> Sequence[AuditEntry]:
        def some(*conditions: ColumnElement[bool]) -> Select[tuple[int]]:
            wanted = select(audit.c.id).where(*conditions)
            if kind is not None:
                wanted = wanted.where(audit.c.kind == kind)
            if before is not None:
                wanted = wanted.where(audit.c.id < before)
            if after is not None:
                return wanted.where(audit.c.id > after).order_by(audit.c.id).limit(size)
            return wanted.order_by(audit.c.id.desc()).limit(size)

        if person_id is None:
            found = some()
        else:
            # Each by its own index, which has the entries in their order.
            each = (some(column == person_id).subquery() for column in (audit.c.actor_id, audit.c.subject_id))
            of_person = union_all(*(select(part.c.id) for part in each)).subquery()
            ids = select(of_person.c.id).distinct()
            order = of_person.c.id.asc() if after is not None else of_person.c.id.desc()
            found = ids.order_by(order).limit(size)
        entries = select(audit).where(audit.c.id.in_(list(self._connection.scalars(found)))).order_by(audit.c.id.desc())
        return [AuditEntry(*row) for row in self._connection.execute(entries)]

    def people(self) -> Sequence[int]:
        newest: dict[int, int] = {}
        for column in (audit.c.actor_id, audit.c.subject_id):
            known = _different(column)
            last = select(func.max(audit.c.id)).where(column == known.c.id).scalar_subquery()
            for person_id, entry_id in self._connection.execute(
                select(known.c.id, last).where(known.c.id.is_not(None), known.c.id != NOBODY)
            ):
                newest[person_id] = max(entry_id, newest.get(person_id, 0))
        return sorted(newest, key=lambda person_id: newest[person_id], reverse=True)

    def last_denied(self, actor_id: int) -> datetime | None:
        theirs = select(audit.c.at).where(audit.c.actor_id == actor_id, _DENIED)
        last: datetime | None = self._connection.scalar(theirs.order_by(audit.c.id.desc()).limit(1))
        return last

    def count_denied(self, since: datetime, most: int) -> int:
        last = select(audit.c.at).where(_DENIED).order_by(audit.c.id.desc()).limit(most).subquery()
        return self._connection.scalar(select(func.count()).select_from(last).where(last.c.at >= since)) or 0


def _different(column: ColumnElement[int | None]) -> CTE:
    """The values of a column, each once and None behind them, found one by one in its index.

    To look for different values goes through all of the index otherwise.
    """
    first = select(func.min(column).label("id")).cte(recursive=True)
    following = select(func.min(column)).where(column > first.c.id).scalar_subquery()
    return first.union_all(select(following).where(first.c.id.is_not(None)))
