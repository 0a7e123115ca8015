"""Links by which somebody goes on in private, and the drafts to which they lead."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.storage.draft_marks import CONTINUING
from bot.storage.group_chat_tables import private_links
from bot.usecases.private_links import PrivateLink


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

    def open_draft(self, draft_id: int) -> int | None:
        return self._connection.scalar(CONTINUING, {"draft_id": draft_id})

    def forget_expired_before(self, moment: datetime) -> None:
        self._connection.execute(delete(private_links).where(private_links.c.expires_at < moment))
