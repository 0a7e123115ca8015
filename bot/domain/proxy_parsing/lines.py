"""Where the lines of a text begin and end."""

from __future__ import annotations


def line_start(plain: str, at: int) -> int:
    """Where the line of a place begins."""
    return plain.rfind("\n", 0, at) + 1


def line_end(plain: str, at: int) -> int:
    """Where the line of a place ends."""
    end = plain.find("\n", at)
    return len(plain) if end < 0 else end


def line_above(plain: str, at: int) -> str:
    """The next line over that of a place that is not empty; an empty one where there is none."""
    return plain[: line_start(plain, at)].rstrip("\n").rpartition("\n")[2]
