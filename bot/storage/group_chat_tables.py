"""The tables that group chats alone need."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.metadata import metadata
from bot.storage.tables import drafts

CONTINUES = drafts.c.continues.is_not(None)
Index("ix_drafts_continues", drafts.c.continues, sqlite_where=CONTINUES, postgresql_where=CONTINUES)

# Links by which somebody goes on in private; of each only the hash, by which it is recognised.
private_links = Table(
    "private_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("draft_id", RowId, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used", Boolean, nullable=False),
)

# Who was told in which group chat that others can use the codes that are posted there.
code_warnings = Table(
    "code_warnings",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
)
