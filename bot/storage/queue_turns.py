"""Whose import is taken next: people have their turns one after another, however much each has queued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice, zip_longest

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    String,
    Table,
    bindparam,
    func,
    insert,
    select,
    update,
)

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
_first = select(func.min(imports.c.id)).where(*_READY_HERE, _NOT_SKIPPED, imports.c.user_id == _people.c.user_id)
#: Everybody who has something queued, with their oldest row and their last turn.
_WAITING = (
    select(_people.c.user_id, _first.scalar_subquery().label("first"), queue_turns.c.turn)
    .join_from(
        _people,
        queue_turns,
        (queue_turns.c.user_id == _people.c.user_id) & (queue_turns.c.station == _HERE),
        isouter=True,
    )
    .where(_people.c.user_id.is_not(None))
)
#: The first rows of one person.
_OF_ONE = (
    select(imports.c.id)
    .where(*_READY_HERE, _NOT_SKIPPED, imports.c.user_id == bindparam("of"))
    .order_by(imports.c.id)
    .limit(bindparam("most"))
)
_LAST = select(func.max(queue_turns.c.turn)).where(queue_turns.c.station == _HERE)
_TAKE = (
    update(queue_turns)
    .where(queue_turns.c.station == _HERE, queue_turns.c.user_id == bindparam("of"))
    .values(turn=bindparam("this"))
)


class QueueTurns:
    """The turns of one station."""

    def __init__(self, connection: Connection, station: str) -> None:
        self._connection = connection
        self._station = station

    def next(self, limit: int, skipped: Collection[int]) -> Sequence[int]:
        """Up to so many queued rows, in the order in which they are to be taken, apart from those skipped.

        Whose last turn is longest ago is first, and who has had none before all who have; of each the oldest row, and
        a second one where everybody has had their first.
        """
        given = {"here": self._station, "skipped": list(skipped)}
        waiting = [row for row in self._connection.execute(_WAITING, given) if row.first is not None]
        waiting.sort(key=lambda row: (row.turn or 0, row.first))
        if len(waiting) >= limit:
            return [row.first for row in waiting[:limit]]
        of_each = [
            self._connection.scalars(_OF_ONE, {**given, "of": row.user_id, "most": limit}).all() for row in waiting
        ]
        rounds = (row_id for rows in zip_longest(*of_each) for row_id in rows if row_id is not None)
        return list(islice(rounds, limit))

    def take(self, user_ids: Sequence[int]) -> None:
        """These people have had their turns, in this order."""
        last = self._connection.scalar(_LAST, {"here": self._station}) or 0
        for turn, user_id in enumerate(user_ids, last + 1):
            taken = self._connection.execute(_TAKE, {"here": self._station, "of": user_id, "this": turn})
            if not taken.rowcount:
                self._connection.execute(
                    insert(queue_turns), {"station": self._station, "user_id": user_id, "turn": turn}
                )
