"""Messages that may hold a secret, and whose persons may have the bot delete them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Table, delete, insert, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import new_id
from bot.storage.metadata import id_column, metadata
from bot.usecases.deletion_offers import Offer
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

    def add(self, where: Place, message_ids: Sequence[int], now: datetime) -> Offer:
        offer = {"user_id": where.user_id, "chat_id": where.chat_id, "created_at": now}
        # One by one: only so each has a number behind the one before. Of this chat nothing else is handled meanwhile.
        ids = [
            new_id(self._connection.execute(insert(deletion_offers), {**offer, "message_id": message_id}))
            for message_id in message_ids
        ]
        return Offer(ids[0], ids[-1])

    def take(self, offer: Offer, where: Place) -> Sequence[int]:
        theirs = (
            deletion_offers.c.id.between(offer.first, offer.last),
            deletion_offers.c.user_id == where.user_id,
            deletion_offers.c.chat_id == where.chat_id,
        )
        found = select(deletion_offers.c.message_id).where(*theirs).order_by(deletion_offers.c.id)
        message_ids = self._connection.scalars(found).all()
        self._connection.execute(delete(deletion_offers).where(*theirs))
        return message_ids

    def owner(self, offer_id: int, chat_id: int) -> int | None:
        there = (deletion_offers.c.id == offer_id, deletion_offers.c.chat_id == chat_id)
        return self._connection.scalar(select(deletion_offers.c.user_id).where(*there))

    def forget_older_than(self, moment: datetime) -> None:
        self._connection.execute(delete(deletion_offers).where(deletion_offers.c.created_at < moment))
