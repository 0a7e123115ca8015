"""Links by which somebody goes on in private, and the drafts to which they lead."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, Connection, LargeBinary, Table, delete, insert, select, update

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.draft_marks import CONTINUING
from bot.storage.metadata import metadata
from bot.usecases.private_links import PrivateLink

# Of each token only the hash, by which it is recognised.
private_links = Table(
    "private_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("draft_id", RowId, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used", Boolean, nullable=False),
)


def _hash(token: str) -> bytes:
    """A token is random and long enough to be hashed without a key."""
    return hashlib.sha256(token.encode()).digest()


class SqlPrivateLinks:
    """The use cases' ``PrivateLinks``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: str, link: PrivateLink) -> None:
        values = {
            "token_hash": _hash(token),
            "user_id": link.user_id,
            "draft_id": link.draft_id,
            "expires_at": link.expires_at,
            "used": link.used,
        }
        self._connection.execute(insert(private_links), values)

    def find(self, token: str) -> PrivateLink | None:
        found = select(private_links).where(private_links.c.token_hash == _hash(token))
        row = self._connection.execute(found).one_or_none()
        return None if row is None else PrivateLink(row.user_id, row.draft_id, row.expires_at, row.used)

    def use(self, token: str) -> bool:
        unused = update(private_links).where(private_links.c.token_hash == _hash(token), ~private_links.c.used)
        return self._connection.execute(unused.values(used=True)).rowcount > 0

    def forget_of(self, user_id: int) -> None:
        self._connection.execute(delete(private_links).where(private_links.c.user_id == user_id))

    def open_draft(self, draft_id: int) -> int | None:
        return self._connection.scalar(CONTINUING, {"draft_id": draft_id})

    def forget_expired_before(self, moment: datetime) -> None:
        self._connection.execute(delete(private_links).where(private_links.c.expires_at < moment))
