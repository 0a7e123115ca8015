"""Reading a list of the Local API completely, page by page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.errors import BrowserInvalidAnswer
from bot.ixbrowser.models import Page, whole_number

#: Rows asked for at a time: in common use, while the largest number allowed is not documented.
LIMIT = 100
MAX_PAGES = 1_000
MAX_READINGS = 5

#: Asks for one page: its number, from 1, and how many rows it may have.
Fetch = Callable[[int, int], Awaitable[Page]]

_Rows = dict[object, object]


async def read_all(fetch: Fetch, key: str) -> list[object]:
    """Every row of a list, each once, told apart by its field ``key``.

    The list is read again where its total changed meanwhile. One that ends before its total is reached is believed when
    two readings agree. ``BrowserInvalidAnswer`` if it never holds still, gives the same rows on every page, or none at
    all of those that it counts.
    """
    before: _Rows | None = None
    for _ in range(MAX_READINGS):
        rows, whole = await _read_once(fetch, key)
        if rows is not None and (whole or (before is not None and before.keys() == rows.keys())):
            return list(rows.values())
        before = rows
    raise BrowserInvalidAnswer(f"a list could not be read completely in {MAX_READINGS} attempts")


async def _read_once(fetch: Fetch, key: str) -> tuple[_Rows | None, bool]:
    """The rows of one reading, None if it proves nothing, and whether they are as many as the total says."""
    first = await fetch(1, LIMIT)
    rows = _keyed(first, 1, key)
    if first.total and not rows:
        return None, False
    # Some servers give fewer rows than they are asked for, but skip as many as they are asked for: from here on they
    # are asked for what they give.
    limit = min(LIMIT, len(first.data))
    number = 1
    while len(rows) < first.total:
        if number == MAX_PAGES:
            raise BrowserInvalidAnswer(f"a list has more than {MAX_PAGES} pages")
        number += 1
        page = await fetch(number, limit)
        known = len(rows)
        rows |= _keyed(page, number, key)
        if page.total != first.total or (page.data and len(rows) == known):
            return None, False
        if not page.data:
            return rows, False
    return rows, True


def _keyed(page: Page, number: int, key: str) -> _Rows:
    """The page's rows by their own key, or by their place where they have none that can be read."""
    rows: _Rows = {}
    for place, row in enumerate(page.data):
        try:
            rows[whole_number(row.get(key)) if isinstance(row, dict) else (number, place)] = row
        except ValueError:
            rows[number, place] = row
    return rows
