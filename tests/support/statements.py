"""SQL statements that are compiled once for all databases of a test's process.

Each world has a database of its own, and SQLAlchemy compiles every statement anew for each engine: that took more than
a fifth of the time of a test of the chat. What is compiled is kept by the dialect, so engines share one that is equal.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_COMPILED: Final[dict[Any, Any]] = {}


class _EqualDialect:
    """All of a kind are one and the same to whoever keeps what was compiled for them."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class Sqlite(_EqualDialect, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class Postgresql(_EqualDialect, PGDialect_psycopg):
    supports_statement_cache = True


def share_compiled_statements() -> None:
    """From now on, in this process."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)
    event.listen(Engine, "engine_connect", _share)


def _share(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)
