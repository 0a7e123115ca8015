"""Long lists of values for one condition: SQLite takes 32,766 in a statement (sqlite.org/limits.html)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_MOST = 10_000


def in_pieces(values: Collection[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that fit into a statement; none for no values."""
    every = list(values)
    for start in range(0, len(every), _MOST):
        yield every[start : start + _MOST]
