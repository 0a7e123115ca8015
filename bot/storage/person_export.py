"""What the database has of a person, for themselves: every row that is theirs or names them, without secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, func, or_, select

from bot.domain.transfer_code import TransferCode
from bot.storage.encryption import Cipher
from bot.storage.metadata import metadata
from bot.storage.tables import draft_codes, drafts


def count_rows(connection: Connection, columns: Sequence[Column[Any]], user_id: int) -> Mapping[str, int]:
    """How many rows of each table have the person's number in one of these columns."""
    counts = {}
    for table, some in _by_table(columns).items():
        theirs = or_(*(column == user_id for column in some))
        counts[table.name] = connection.scalar(select(func.count()).select_from(table).where(theirs)) or 0
    return {name: count for name, count in counts.items() if count}


def export_rows(
    connection: Connection, columns: Sequence[Column[Any]], user_id: int, cipher: Cipher
) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The rows themselves, oldest first. Of a code that was not used its mask is there, and of no secret anything."""
    found: dict[str, Sequence[Mapping[str, object]]] = {}
    for table, some in _by_table(columns).items():
        # Ciphertext and hashes can't be read, or are not to be.
        readable = [column for column in table.c if not isinstance(column.type, LargeBinary)]
        theirs = or_(*(column == user_id for column in some))
        rows = connection.execute(select(*readable).where(theirs).order_by(*table.primary_key.columns))
        found[table.name] = [{name: _plain(value) for name, value in row.items()} for row in rows.mappings()]
    codes = select(draft_codes).join(drafts, drafts.c.id == draft_codes.c.draft_id).where(drafts.c.user_id == user_id)
    found[draft_codes.name] = [
        {"draft_id": row.draft_id, "code": TransferCode(cipher.decrypt(row.code_encrypted)).masked, "own": row.own}
        for row in connection.execute(codes.order_by(draft_codes.c.id))
    ]
    return {name: rows for name, rows in found.items() if rows}


def _by_table(columns: Sequence[Column[Any]]) -> Mapping[Table, Sequence[Column[Any]]]:
    return {
        table: some
        for table in metadata.sorted_tables
        if (some := [column for column in columns if column.table is table])
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
