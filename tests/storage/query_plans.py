"""The statements that a test runs, and how SQLite goes about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from bot.storage.database import Database

Statements = dict[str, Any]


@contextmanager
def captured(database: Database) -> Iterator[Statements]:
    """Every statement that is run meanwhile, with the values of one of its runs."""
    seen: Statements = {}

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        seen[statement] = values[0] if values and isinstance(values, list) else values

    engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def plans(file: Path, statements: Statements) -> Mapping[str, list[str]]:
    """How SQLite goes about each statement that looks for rows."""
    found = {}
    with closing(sqlite3.connect(file)) as connection:
        for statement, values in statements.items():
            if statement.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT", "WITH"}:
                rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
                found[statement] = [row[3] for row in rows]
    return found
