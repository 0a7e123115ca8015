"""Nothing that is said to the database is SQLite's own: the same can be said to PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Connection, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ClauseElement

from bot.storage.database import Database
from bot.storage.inserts import _insert
from bot.storage.schema import metadata
from bot.storage.tables import draft_codes, handled_updates, imports, secrets
from bot.storage.work import SqlStore
from tests.storage.every_statement import converse, work_off
from tests.storage.support import dialect
from tests.support.clock import MovableClock

POSTGRESQL = dialect("postgresql+psycopg")


def test_the_dialect_is_the_one_that_is_used() -> None:
    assert isinstance(POSTGRESQL, psycopg.PGDialect_psycopg)


def test_every_table_and_index_can_be_made() -> None:
    made = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=POSTGRESQL)))
        made += [str(CreateIndex(index).compile(dialect=POSTGRESQL)) for index in table.indexes]
    partial = [statement for statement in made if " WHERE " in statement]
    assert len(partial) == 26
    assert any("BIGSERIAL" in statement for statement in made)
    assert any("TIMESTAMP WITH TIME ZONE" in statement for statement in made)


async def test_every_statement_can_be_said(database: Database, store: SqlStore, clock: MovableClock) -> None:
    said: set[str] = set()

    def translate(_connection: Connection, statement: object, *_more: object) -> None:
        if isinstance(statement, ClauseElement) and not isinstance(statement, sqlite.Insert):
            said.add(str(statement.compile(dialect=POSTGRESQL)))

    event.listen(database.engine, "before_execute", translate)
    await converse(store)
    await work_off(database, clock)
    assert len(said) > 60
    assert any("FOR UPDATE OF imports SKIP LOCKED" in statement for statement in said)


def test_inserts_that_pass_over_what_is_there_are_said_in_its_own_way() -> None:
    for table in (handled_updates, imports, draft_codes, secrets):
        assert "ON CONFLICT DO NOTHING" in str(_insert("postgresql", table).compile(dialect=POSTGRESQL))
