"""Inserts that tell what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that passes over a row of which a unique index has another already: its ``rowcount`` is 0 then.

    One statement decides, where a look before would leave a moment for somebody else to be first.
    """
    return _insert(connection.dialect.name, table)


def upsert(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Write rows, each over the one with the same primary key where there is one. All have the same columns."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0])), rows)


def upserting(dialect: str, table: Table, row: Mapping[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """A statement like that of ``upsert``, for a row whose values are parameters or expressions."""
    return _over(_of_dialect(dialect)(table).values(**row), table, row)


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    return _over(_of_dialect(dialect)(table), table, columns)


def _over(
    insert: sqlite.Insert | postgresql.Insert, table: Table, columns: Iterable[str]
) -> sqlite.Insert | postgresql.Insert:
    key = [column.name for column in table.primary_key]
    written = {name: insert.excluded[name] for name in columns if name not in key}
    return insert.on_conflict_do_update(index_elements=key, set_=written)


def _of_dialect(dialect: str) -> Callable[[Table], sqlite.Insert | postgresql.Insert]:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@cache
def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    # Without being asked to, SQLAlchemy does not keep the count of an INSERT where the driver forgets it.
    return _of_dialect(dialect)(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just inserted."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always has one
    return int(key[0])
