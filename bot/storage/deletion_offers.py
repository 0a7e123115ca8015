"""Messages that may hold a secret, and whose persons may have the bot delete them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Table, delete, insert, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import new_id
from bot.storage.metadata import id_column, metadata
from bot.usecases.records import Place

deletion_offers = Table(
    "deletion_offers",
    metadata,
    id_column(),
    Column("user_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    # A number is never given twice: a button of an offer that is gone must not be that of another.
    sqlite_autoincrement=True,
)


class SqlDeletionOffers:
    """The use cases' ``DeletionOffers``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, where: Place, message_id: int, now: datetime) -> int:
        offer = {"user_id": where.user_id, "chat_id": where.chat_id, "message_id": message_id, "created_at": now}
        return new_id(self._connection.execute(insert(deletion_offers), offer))

    def take(self, offer_id: int, where: Place) -> int | None:
        theirs = (
            deletion_offers.c.id == offer_id,
            deletion_offers.c.user_id == where.user_id,
            deletion_offers.c.chat_id == where.chat_id,
        )
        message_id: int | None = self._connection.scalar(select(deletion_offers.c.message_id).where(*theirs))
        if message_id is not None:
            self._connection.execute(delete(deletion_offers).where(deletion_offers.c.id == offer_id))
        return message_id

    def owner(self, offer_id: int, chat_id: int) -> int | None:
        there = (deletion_offers.c.id == offer_id, deletion_offers.c.chat_id == chat_id)
        return self._connection.scalar(select(deletion_offers.c.user_id).where(*there))

    def forget_older_than(self, moment: datetime) -> None:
        self._connection.execute(delete(deletion_offers).where(deletion_offers.c.created_at < moment))
