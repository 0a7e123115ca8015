"""The lines of a text: where they begin and end, and what of them is left."""

from __future__ import annotations

from collections.abc import Iterable


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


def blanked(plain: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text, as long as before, without what stands at these places; line breaks stay."""
    known = list(spans)
    if not known:
        return plain
    signs = list(plain)
    for start, end in known:
        signs[start:end] = (sign if sign == "\n" else " " for sign in signs[start:end])
    return "".join(signs)
