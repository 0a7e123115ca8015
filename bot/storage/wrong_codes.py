"""Codes that were wrong, by who sent them, and when admins were told of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Index, Table, delete, func, insert, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import new_id
from bot.storage.metadata import id_column, metadata
from bot.storage.shared_cards import forget_cards, shared_cards
from bot.storage.tables import WRONG_CODE, imports
from bot.usecases.shared_card_rows import SharedKind

wrong_codes = Table(
    "wrong_codes",
    metadata,
    id_column(),
    Column("user_id", BigInteger, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    # A number is never given twice: a card of a row that is gone must not tell of another.
    sqlite_autoincrement=True,
)
Index("ix_wrong_codes_user_id", wrong_codes.c.user_id, wrong_codes.c.id)


class SqlWrongCodes:
    """The use cases' ``WrongCodes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self, row_ids: Collection[int]) -> Collection[int]:
        theirs = select(imports.c.user_id).where(imports.c.id.in_(list(row_ids))).distinct()
        return self._connection.scalars(theirs).all()

    def count(self, user_id: int, since: datetime) -> int:
        theirs = (WRONG_CODE, imports.c.user_id == user_id, imports.c.finished_at >= since)
        return self._connection.scalar(select(func.count()).select_from(imports).where(*theirs)) or 0

    def last_told(self, user_id: int) -> datetime | None:
        told = select(wrong_codes.c.told_at).where(wrong_codes.c.user_id == user_id)
        last: datetime | None = self._connection.scalar(told.order_by(wrong_codes.c.id.desc()).limit(1))
        return last

    def tell(self, user_id: int, now: datetime) -> int:
        return new_id(self._connection.execute(insert(wrong_codes), {"user_id": user_id, "told_at": now}))

    def forget_told_before(self, moment: datetime) -> None:
        """Forget of whom admins were told, with the cards that told it."""
        self._connection.execute(delete(wrong_codes).where(wrong_codes.c.told_at < moment))
        gone = shared_cards.c.subject_id.not_in(select(wrong_codes.c.id))
        forget_cards(self._connection, SharedKind.WRONG_CODES, gone)

    def told_of(self, row_id: int) -> int | None:
        user_id: int | None = self._connection.scalar(select(wrong_codes.c.user_id).where(wrong_codes.c.id == row_id))
        return user_id
