"""Inserts that tell what became of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that passes over a row of which a unique index has another already: its ``rowcount`` is 0 then.

    One statement decides, where a look before would leave a moment for somebody else to be first.
    """
    return _insert(connection.dialect.name, table)


@cache
def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # Without being asked to, SQLAlchemy does not keep the count of an INSERT where the driver forgets it.
    return insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def new_id(result: CursorResult[Any]) -> int:
    """The id of the row that was just inserted."""
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - an INSERT of one row always has one
    return int(key[0])
