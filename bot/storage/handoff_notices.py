"""What single people are told of handoffs that are for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from bot.storage.handoff_tables import handoff_notices
from bot.storage.inserts import insert_or_ignore
from bot.usecases.handoff_rows import HandoffNotice


class SqlHandoffNotices:
    """The use cases' ``HandoffNotices``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handoff_id: int, user_id: int) -> int:
        row = {"handoff_id": handoff_id, "user_id": user_id, "later_used": False}
        self._connection.execute(insert_or_ignore(self._connection, handoff_notices), row)
        return self._find(handoff_notices.c.handoff_id == handoff_id, handoff_notices.c.user_id == user_id)[0].id

    def find(self, notice_id: int) -> HandoffNotice | None:
        return next(iter(self._find(handoff_notices.c.id == notice_id)), None)

    def of_person(self, handoff_id: int, user_id: int) -> HandoffNotice | None:
        return next(
            iter(self._find(handoff_notices.c.handoff_id == handoff_id, handoff_notices.c.user_id == user_id)), None
        )

    def of_handoff(self, handoff_id: int) -> Sequence[HandoffNotice]:
        return self._find(handoff_notices.c.handoff_id == handoff_id)

    def put_off(self, notice_id: int, until: datetime) -> None:
        self._set(notice_id, later_at=until, later_used=True)

    def due(self, moment: datetime) -> Sequence[HandoffNotice]:
        return self._find(handoff_notices.c.later_at.is_not(None), handoff_notices.c.later_at <= moment)

    def note_repeated(self, notice_id: int) -> None:
        self._set(notice_id, later_at=None)

    def _set(self, notice_id: int, **values: Any) -> None:
        self._connection.execute(update(handoff_notices).where(handoff_notices.c.id == notice_id).values(**values))

    def _find(self, *conditions: ColumnElement[bool]) -> Sequence[HandoffNotice]:
        rows = self._connection.execute(select(handoff_notices).where(*conditions).order_by(handoff_notices.c.id))
        return [HandoffNotice(row.id, row.handoff_id, row.user_id, row.later_at, row.later_used) for row in rows]
