"""Pages of the import log of rows that fit one of several conditions, each of which has an index of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true, union

from bot.storage.tables import imports
from bot.usecases.records import LoggedImport, Page


@dataclass(frozen=True, slots=True)
class Turn:
    """At most so many rows: the newest, the newest that are older than ``before``, the oldest newer than ``after``."""

    most: int
    before: int | None = None
    after: int | None = None

    @property
    def forwards(self) -> bool:
        """Whether the oldest come first."""
        return self.after is not None

    def of(self, most: int) -> Turn:
        return replace(self, most=most)

    def has(self, row_id: int) -> bool:
        if self.after is not None:
            return row_id > self.after
        return self.before is None or row_id < self.before

    def condition(self) -> ColumnElement[bool]:
        if self.after is not None:
            return imports.c.id > self.after
        return true() if self.before is None else imports.c.id < self.before

    def order(self, row_id: ColumnElement[int]) -> ColumnElement[int]:
        return row_id.asc() if self.forwards else row_id.desc()


def part(condition: ColumnElement[bool], turn: Turn, *columns: ColumnElement[Any]) -> Select[Any]:
    """The ids, or these columns, of rows that fit this condition: no more of them than are wanted of all."""
    found = select(*(columns or (imports.c.id,))).where(condition, turn.condition())
    return found.order_by(turn.order(imports.c.id)).limit(turn.most)


def any_of(parts: Sequence[Select[Any]], turn: Turn) -> Select[Any]:
    """The rows of all parts in one order, each once.

    Each part ends after a few rows of its index. With the conditions joined by OR a database reads and sorts all rows.
    """
    subqueries = [each.subquery() for each in parts]
    every = union(*(select(each) for each in subqueries)).subquery()
    return select(every).order_by(turn.order(every.c.id)).limit(turn.most)


def page_of(ids: Sequence[int], read: Callable[[Sequence[int]], Sequence[LoggedImport]], size: int, turn: Turn) -> Page:
    """The page that begins with these ids, of which one more than ``size`` shows that there are more.

    ``read`` gives rows by their ids, oldest first.
    """
    rows = read(ids[:size])[::-1] if ids else []
    more = len(ids) > size
    if turn.forwards:
        return Page(rows, newer=more, older=bool(ids))
    return Page(rows, newer=turn.before is not None and bool(ids), older=more)
