"""Times as they are kept, and the names of what the tables are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Constraint, Index, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from bot.storage.column_types import UtcDateTime
from bot.storage.schema import metadata
from bot.storage.tables import handled_updates
from tests.storage.support import dialect

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2400, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zone is drawn


@given(TIMES)
def test_a_time_comes_back_as_the_same_moment_in_utc(time: datetime) -> None:
    engine = create_engine("sqlite://")
    handled_updates.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(handled_updates).values(update_id=1, handled_at=time))
        kept = connection.scalar(select(handled_updates.c.handled_at))
    engine.dispose()

    assert kept == time
    assert kept is not None
    assert kept.tzinfo is UTC
    assert kept.microsecond == time.microsecond


def test_a_time_without_a_zone_is_refused() -> None:
    engine = create_engine("sqlite://")
    handled_updates.create(engine)
    naive = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - that is the point
    with engine.begin() as connection, pytest.raises(StatementError, match="a time without a zone"):
        connection.execute(insert(handled_updates).values(update_id=1, handled_at=naive))
    engine.dispose()


@given(TIMES, TIMES)
def test_times_are_compared_by_moment_and_not_by_the_clock_on_the_wall(one: datetime, other: datetime) -> None:
    engine = create_engine("sqlite://")
    handled_updates.create(engine)
    with engine.begin() as connection:
        connection.execute(insert(handled_updates).values(update_id=1, handled_at=one))
        earlier = connection.scalar(select(handled_updates.c.update_id).where(handled_updates.c.handled_at < other))
    engine.dispose()

    assert (earlier is not None) == (one < other)


def test_a_database_that_knows_zones_is_given_the_zone() -> None:
    kind = UtcDateTime()
    hanoi = datetime(2026, 3, 1, 19, tzinfo=timezone(timedelta(hours=7)))
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert kind.process_bind_param(hanoi, dialect("postgresql")) == noon
    assert kind.process_result_value(hanoi, dialect("postgresql")) == noon
    assert kind.process_bind_param(None, dialect("sqlite")) is None
    assert kind.process_result_value(None, dialect("sqlite")) is None


def named_parts() -> Iterator[tuple[Table, Constraint | Index]]:
    for table in metadata.sorted_tables:
        yield from ((table, constraint) for constraint in table.constraints)
        yield from ((table, index) for index in table.indexes)


def test_every_constraint_and_index_has_a_name_by_the_convention() -> None:
    kinds = {
        "PrimaryKeyConstraint": "pk",
        "ForeignKeyConstraint": "fk",
        "UniqueConstraint": "uq",
        "CheckConstraint": "ck",
        "Index": "ix|uq",
    }
    odd = [
        str(part.name)
        for table, part in named_parts()
        if not re.fullmatch(f"({kinds[type(part).__name__]})_{table.name}(_[a-z_]+)?", str(part.name))
    ]
    assert odd == []


def test_every_column_that_holds_an_id_of_telegram_is_wide_enough() -> None:
    wide = {"BIGINT", "INTEGER"}  # on SQLite an INTEGER has 64 bits
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.name in {"user_id", "chat_id", "thread_id", "message_id", "update_id", "added_by"}:
                assert column.type.compile(dialect("postgresql")) == "BIGINT", column
                assert column.type.compile(dialect("sqlite")) in wide, column
