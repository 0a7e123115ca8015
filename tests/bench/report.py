"""What a benchmark prints: one table, each figure beside what it is compared with."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=130, highlight=False).print(table)


def times(seconds: float) -> str:
    """A duration as people read it."""
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def percentile(values: Sequence[float], part: int) -> float:
    """The value that ``part`` percent of at least two values don't exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]


def spread(values: Sequence[float], digits: int = 2) -> str:
    """The median, and beside it the smallest and the largest where there are several."""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}-{max(values):.{digits}f})"
