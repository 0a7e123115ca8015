"""What all tables belong to."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String

from bot.storage.column_types import RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[int]:
    return Column("id", RowId, primary_key=True, autoincrement=True)


def card_table_columns() -> list[Column[object]]:
    """Where a card stands in the chat, and how far it is behind its row.

    ``repost`` asks for the card as a new message, below what has been written since.
    """
    return [
        Column("user_id", BigInteger, nullable=False),
        Column("chat_id", BigInteger, nullable=False),
        Column("thread_id", BigInteger),
        Column("language", String(16), nullable=False),
        Column("message_id", BigInteger),
        Column("below", Boolean, key="repost", nullable=False),
        Column("revision", Integer, nullable=False),
        Column("shown_revision", Integer, nullable=False),
        # In a group chat: the message of its person that a new message replies to.
        Column("reply_to", BigInteger),
    ]
