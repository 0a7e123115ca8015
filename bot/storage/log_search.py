"""Looking for rows of the import log: by who imported or gave, by profile, by what a code's mask shows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Index, Select, func, literal_column, or_, select, true

from bot.storage.log import SqlLog
from bot.storage.log_pages import Turn, any_of, page_of, part
from bot.storage.tables import GIVEN, imports
from bot.usecases.log_search_rows import LOOKED_THROUGH, FoundPage, Sought

# What one person has imported of what another gave.
Index("ix_imports_handed", imports.c.user_id, imports.c.given_by, imports.c.id, sqlite_where=GIVEN,
      postgresql_where=GIVEN)  # fmt: skip
#: The last four digits of a code, which its mask shows, and the first.
last_digits = func.substr(imports.c.code_mask, literal_column("14"))
first_digits = func.substr(imports.c.code_mask, literal_column("1"), literal_column("4"))
Index("ix_imports_last_digits", last_digits, imports.c.id)

#: Of everyone's rows that fit by profile or digits, as many are looked at for those that are somebody's own.
_SIFTED = 10_000


class SqlLogSearch:
    """The use cases' ``LogSearch``."""

    def __init__(self, connection: Connection, log: SqlLog) -> None:
        self._connection = connection
        self._log = log

    def find(
        self, sought: Sought, *, user_id: int | None, size: int, before: int | None = None, after: int | None = None
    ) -> FoundPage:
        turn = Turn(size + 1, before, after)
        parts = [*_of_people(sought.user_ids, user_id, turn), *_of_numbers(sought, user_id, turn)]
        ids = set(self._connection.scalars(any_of(parts, turn))) if parts else set()
        partly = False
        if sought.name:
            named, partly = self._named(sought.name, user_id)
            ids.update(row_id for row_id in named if turn.has(row_id))
        found = sorted(ids, reverse=not turn.forwards)[: turn.most]
        return FoundPage(page_of(found, self._log.rows, size, turn), partly)

    def _named(self, name: str, user_id: int | None) -> tuple[Sequence[int], bool]:
        """The newest rows whose profile's name has this in it, and whether there are older ones than were looked at.

        The names are compared here: SQLite knows upper and lower case of English letters only.
        """
        newest = Turn(LOOKED_THROUGH + 1)
        columns = (imports.c.id, imports.c.profile_name)
        conditions = [true()] if user_id is None else [imports.c.user_id == user_id, imports.c.given_by == user_id]
        parts = [part(condition, newest, *columns) for condition in conditions]
        rows = self._connection.execute(any_of(parts, newest)).all()
        wanted = name.casefold()
        ids = [row.id for row in rows[:LOOKED_THROUGH] if wanted in row.profile_name.casefold()]
        return ids, len(rows) > LOOKED_THROUGH


def _of_people(user_ids: Sequence[int], own: int | None, turn: Turn) -> list[Select[tuple[int]]]:
    """What these people have imported or given, of somebody's ``own`` rows or of all: each by its index."""
    conditions: list[ColumnElement[bool]] = []
    for user_id in user_ids:
        if own is None or own == user_id:
            conditions += [imports.c.user_id == user_id, imports.c.given_by == user_id]
        else:
            for importer, giver in ((own, user_id), (user_id, own)):
                conditions.append((imports.c.user_id == importer) & (imports.c.given_by == giver))
    return [part(condition, turn) for condition in conditions]


def _of_numbers(sought: Sought, own: int | None, turn: Turn) -> list[Select[tuple[int]]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.profile_id is not None:
        conditions.append(imports.c.profile_id == sought.profile_id)
    if sought.last_digits:
        by_digits = last_digits == sought.last_digits
        conditions.append(by_digits & (first_digits == sought.first_digits) if sought.first_digits else by_digits)
    if own is None:
        return [part(condition, turn) for condition in conditions]
    # First by their index, then by whose they are: a database that began with the person might read all of theirs.
    every = [
        part(condition, turn.of(_SIFTED), imports.c.id, imports.c.user_id, imports.c.given_by).subquery()
        for condition in conditions
    ]
    return [select(rows.c.id).where(or_(rows.c.user_id == own, rows.c.given_by == own)) for rows in every]
