"""Lists of imports whose codes were kept when somebody was removed. The codes themselves stay in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Table, delete, insert, select

from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.inserts import new_id
from bot.storage.metadata import id_column, metadata
from bot.usecases.kept_code_rows import KeptList

kept_codes = Table(
    "kept_codes",
    metadata,
    id_column(),
    Column("user_id", BigInteger, nullable=False),
    Column("kept_for", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    # A number is never given twice: a button of a list that is gone must not be that of another.
    sqlite_autoincrement=True,
)

kept_code_imports = Table(
    "kept_code_imports",
    metadata,
    Column("kept_id", RowId, ForeignKey("kept_codes.id", ondelete="CASCADE"), primary_key=True),
    Column("import_id", RowId, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class SqlKeptCodes:
    """The use cases' ``KeptCodes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, user_id: int, kept_for: int, import_ids: Sequence[int], now: datetime) -> int:
        values = {"user_id": user_id, "kept_for": kept_for, "created_at": now}
        kept_id = new_id(self._connection.execute(insert(kept_codes), values))
        rows = [{"kept_id": kept_id, "import_id": import_id} for import_id in import_ids]
        self._connection.execute(insert(kept_code_imports), rows)
        return kept_id

    def find(self, kept_id: int) -> KeptList | None:
        row = self._connection.execute(select(kept_codes).where(kept_codes.c.id == kept_id)).one_or_none()
        return None if row is None else KeptList(row.user_id, row.kept_for)

    def forget_older_than(self, moment: datetime) -> None:
        self._connection.execute(delete(kept_codes).where(kept_codes.c.created_at < moment))
