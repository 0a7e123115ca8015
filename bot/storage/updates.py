"""Which of Telegram's updates have been handled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from bot.storage.inserts import insert_or_ignore
from bot.storage.tables import handled_updates


class SqlUpdates:
    """The use cases' ``Updates``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_new(self, update_id: int, now: datetime) -> bool:
        noted = self._connection.execute(
            insert_or_ignore(self._connection, handled_updates), {"update_id": update_id, "handled_at": now}
        )
        return noted.rowcount > 0

    def forget_older_than(self, moment: datetime) -> None:
        """Telegram keeps updates for 24 hours, so that older ones can't come again."""
        self._connection.execute(delete(handled_updates).where(handled_updates.c.handled_at < moment))
