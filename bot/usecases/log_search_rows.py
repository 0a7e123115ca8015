"""What looking for rows of the import log needs of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.usecases.records import Page

#: Imports whose profile's name is looked at, from the newest on: a part of a name is in no index.
LOOKED_THROUGH = 10_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Rows are wanted for which one of these is true.

    Any of ``user_ids`` has imported or given it; its profile's number is ``profile_id``; the four digits that its code
    ends with, and, where they are given, those that it begins with, are these; ``name`` is part of its profile's name,
    whatever the case.
    """

    user_ids: Sequence[int] = ()
    profile_id: int | None = None
    last_digits: str = ""
    first_digits: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """``partly``: by the profile's name only the newest ``LOOKED_THROUGH`` rows were looked at, and there are more."""

    page: Page
    partly: bool


class LogSearch(Protocol):
    def find(
        self, sought: Sought, *, user_id: int | None, size: int, before: int | None = None, after: int | None = None
    ) -> FoundPage:
        """A page of these rows, of those that one person has imported or given, or (None) of everyone's.

        ``before`` and ``after`` are those of ``Log.page``.
        """
