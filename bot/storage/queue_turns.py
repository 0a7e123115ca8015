"""Whose import is taken next: people have their turns one after another, however much each has queued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import islice, zip_longest

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.inserts import upserting
from bot.storage.metadata import metadata
from bot.storage.tables import READY, imports

# When each person had an import taken last: of two the higher number was the later.
queue_turns = Table(
    "queue_turns",
    metadata,
    Column("station", String(128), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("turn", BigInteger, nullable=False),
)

_HERE = bindparam("here", type_=String())
_READY_HERE = (imports.c.station == _HERE, READY)
_NOT_SKIPPED = imports.c.id.not_in(bindparam("skipped", expanding=True))

# The people who have something queued, found one by one in the index: they are few where their imports are many.
_people = select(func.min(imports.c.user_id).label("user_id")).where(*_READY_HERE).cte("people", recursive=True)
_following = select(func.min(imports.c.user_id)).where(*_READY_HERE, imports.c.user_id > _people.c.user_id)
_people = _people.union_all(select(_following.scalar_subquery()).where(_people.c.user_id.is_not(None)))
_theirs = (*_READY_HERE, _NOT_SKIPPED, imports.c.user_id == _people.c.user_id)
_first, _newest = (select(end(imports.c.id)).where(*_theirs).scalar_subquery() for end in (func.min, func.max))
#: Everybody who has something queued, with their oldest row, their newest one, and their last turn.
_WAITING = (
    select(_people.c.user_id, _first.label("first"), _newest.label("newest"), queue_turns.c.turn)
    .join_from(
        _people,
        queue_turns,
        (queue_turns.c.user_id == _people.c.user_id) & (queue_turns.c.station == _HERE),
        isouter=True,
    )
    .where(_people.c.user_id.is_not(None))
)

# From the first rows of some people on, the next row of each is found in the index, up to ``most`` of each.
_rows = (
    select(imports.c.user_id, imports.c.id, literal_column("1", Integer()).label("nth"))
    .where(imports.c.id.in_(bindparam("first", expanding=True)))
    .cte("rows_of_each", recursive=True)
)
_behind = select(func.min(imports.c.id)).where(
    *_READY_HERE, _NOT_SKIPPED, imports.c.user_id == _rows.c.user_id, imports.c.id > _rows.c.id
)
_rows = _rows.union_all(
    select(_rows.c.user_id, _behind.scalar_subquery(), _rows.c.nth + literal_column("1", Integer())).where(
        _rows.c.id.is_not(None), _rows.c.nth < bindparam("most")
    )
)
#: Those rows, apart from the first.
_OTHERS = select(_rows.c.user_id, _rows.c.id).where(_rows.c.id.is_not(None), _rows.c.nth > 1)

_this = select(func.coalesce(func.max(queue_turns.c.turn), 0) + 1).where(queue_turns.c.station == _HERE)


@cache
def _take(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Somebody has had the turn that is behind all others."""
    row = {"station": _HERE, "user_id": bindparam("of"), "turn": _this.scalar_subquery()}
    return upserting(dialect, queue_turns, row)


class QueueTurns:
    """The turns of one station."""

    def __init__(self, connection: Connection, station: str) -> None:
        self._connection = connection
        self._station = station

    def next(self, limit: int, skipped: Collection[int]) -> Sequence[int] | None:
        """Up to so many queued rows, in the order in which they are to be taken, apart from those skipped.

        None when nothing is queued at all. Whose last turn is longest ago is first, and who has had none before all who
        have; of each the oldest row, and a second one where everybody has had their first.
        """
        given = {"here": self._station, "skipped": list(skipped)}
        everybody = self._connection.execute(_WAITING, given).all()
        if not everybody:
            return None
        waiting = [row for row in everybody if row.first is not None]
        waiting.sort(key=lambda row: (row.turn or 0, row.first))
        of_each = {row.user_id: [row.first] for row in waiting}
        with_more = [row.first for row in waiting if row.newest != row.first]
        if len(waiting) < limit and with_more:
            others = self._connection.execute(_OTHERS, {**given, "first": with_more, "most": limit})
            for row in sorted(others, key=lambda row: row.id):
                of_each[row.user_id].append(row.id)
        rounds = (row_id for rows in zip_longest(*of_each.values()) for row_id in rows if row_id is not None)
        return list(islice(rounds, limit))

    def take(self, user_ids: Sequence[int]) -> None:
        """These people have had their turns, in this order."""
        if user_ids:
            had = [{"here": self._station, "of": user_id} for user_id in user_ids]
            self._connection.execute(_take(self._connection.dialect.name), had)
