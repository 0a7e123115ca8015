"""The import log as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.transfer_code import TransferCode
from bot.storage.tables import LIVING, imports
from bot.usecases.records import LoggedImport, Page


def logged(row: Row[Any]) -> LoggedImport:
    return LoggedImport(
        id=row.id,
        batch_id=row.batch_id,
        user_id=row.user_id,
        user_name=row.user_name,
        code=TransferCode(row.transfer_code),
        group_id=row.group_id,
        group_title=row.group_title,
        proxy=row.proxy,
        status=Status(row.status),
        proxy_status=ProxyStatus(row.proxy_status) if row.proxy_status else None,
        profile_id=row.profile_id,
        profile_name=row.profile_name,
        error_code=row.error_code,
        error_message=row.error_message,
        waiting_for=row.waiting_for,
        held=row.held,
        cancel_wanted=row.cancel_wanted,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


class SqlLog:
    """The core's ``Log``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def living(self, codes: Sequence[str]) -> Sequence[LoggedImport]:
        found = self._connection.execute(
            select(imports).where(imports.c.transfer_code.in_(codes), LIVING).order_by(imports.c.id)
        )
        return [logged(row) for row in found]

    def page(
        self,
        *,
        user_id: int | None,
        size: int,
        before: int | None = None,
        after: int | None = None,
    ) -> Page:
        rows = select(imports)
        if user_id is not None:
            rows = rows.where(imports.c.user_id == user_id)
        if after is not None:
            found = self._connection.execute(rows.where(imports.c.id > after).order_by(imports.c.id).limit(size + 1))
            some = [logged(row) for row in found]
            return Page(some[:size][::-1], newer=len(some) > size, older=bool(some))
        if before is not None:
            rows = rows.where(imports.c.id < before)
        found = self._connection.execute(rows.order_by(imports.c.id.desc()).limit(size + 1))
        some = [logged(row) for row in found]
        return Page(some[:size], newer=before is not None and bool(some), older=len(some) > size)
