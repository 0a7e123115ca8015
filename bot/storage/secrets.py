"""Passwords and links, in a table of their own until the import they are for has ended."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.storage.tables import secrets

_OF_DRAFT = select(secrets.c.name, secrets.c.value).where(secrets.c.draft_id == bindparam("of_draft"))
_WIPE_DRAFT = delete(secrets).where(secrets.c.draft_id == bindparam("of_draft"))


class Secrets:
    """By draft until it is confirmed, by batch from then on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: Whether this transaction has deleted anything secret, of which nothing may stay on the disk.
        self.deleted = False

    def of_draft(self, draft_id: int) -> dict[str, str]:
        rows = self._connection.execute(_OF_DRAFT, {"of_draft": draft_id})
        return {row.name: row.value for row in rows}

    def keep_for_draft(self, draft_id: int, values: Mapping[str, str]) -> None:
        if values:
            rows = [{"draft_id": draft_id, "name": name, "value": value} for name, value in values.items()]
            self._connection.execute(insert(secrets), rows)

    def wipe_draft(self, draft_id: int) -> None:
        wiped = self._connection.execute(_WIPE_DRAFT, {"of_draft": draft_id})
        self.deleted = self.deleted or wiped.rowcount > 0

    def hand_to_batch(self, draft_id: int, batch_id: int) -> None:
        moved = update(secrets).where(secrets.c.draft_id == draft_id)
        self._connection.execute(moved.values(draft_id=None, batch_id=batch_id))

    def lock_batch(self, batch_id: int) -> bool:
        """Have the batch's secrets to oneself until the transaction ends; whether there are any."""
        kept = select(secrets.c.id).where(secrets.c.batch_id == batch_id).order_by(secrets.c.id).with_for_update()
        return self._connection.execute(kept).first() is not None

    def wipe_batch(self, batch_id: int) -> bool:
        """Delete the batch's secrets; whether there were any."""
        wiped = self._connection.execute(delete(secrets).where(secrets.c.batch_id == batch_id))
        self.deleted = self.deleted or wiped.rowcount > 0
        return wiped.rowcount > 0
