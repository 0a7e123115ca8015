"""The people whom Telegram does not let the bot write to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import metadata
from bot.usecases.unreachable import Unreachable, Why

unreachable = Table(
    "unreachable",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    Column("why", String(16), nullable=False),
)


class SqlUnreachable:
    """The use cases' ``UnreachablePeople``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Unreachable]:
        rows = self._connection.execute(select(unreachable).order_by(unreachable.c.user_id))
        return [Unreachable(row.user_id, row.since, Why(row.why)) for row in rows]

    def note(self, person: Unreachable) -> None:
        row = {"user_id": person.user_id, "since": person.since, "why": person.why}
        self._connection.execute(insert_or_ignore(self._connection, unreachable), row)

    def forget(self, user_id: int) -> None:
        self._connection.execute(delete(unreachable).where(unreachable.c.user_id == user_id))

    def forget_all(self) -> None:
        self._connection.execute(delete(unreachable))
