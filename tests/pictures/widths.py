"""How wide text is, near enough for every usual font: a picture holds none, each computer draws it with its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

#: Thousandths of the font size, from the space to the tilde: those of Helvetica.
_ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278"
    " 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944"
    " 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500"
    " 278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTHS = dict(zip(map(chr, range(32, 127)), map(int, _ASCII.split()), strict=True))
_EMOJI, _WIDE, _CAPITAL, _SMALL, _MONOSPACED = 1300, 1000, 730, 580, 602
#: How much wider than Helvetica a computer's font may be.
_MARGIN = 1.07
_BOLD = 1.06

#: A character of the text, and the name of its style.
Styled = tuple[str, str]
#: Wide characters may be parted anywhere, other words with the blanks behind them.
_PIECES = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+")


def _thousandths(character: str) -> int:
    base = unicodedata.normalize("NFD", character)[0]
    if base in _WIDTHS:
        return _WIDTHS[base]
    if unicodedata.category(character) in {"Mn", "Cf"}:
        return 0
    if unicodedata.category(character) == "So":
        return _EMOJI
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _CAPITAL if character.isupper() else _SMALL


def width(text: str, size: float, style: str = "") -> float:
    """How wide the text is at this font size, or a little less."""
    if style == "code":
        return len(text) * _MONOSPACED * size / 1000
    return sum(map(_thousandths, text)) * size / 1000 * _MARGIN * (_BOLD if style == "b" else 1)


def wrapped(line: Sequence[Styled], room: float, size: float) -> Iterator[list[Styled]]:
    """One line, as the lines that fit into the room."""
    text = "".join(character for character, _ in line)
    row: list[Styled] = []
    used = 0.0
    for found in _PIECES.finditer(text):
        piece = list(line[found.start() : found.end()])
        needed = sum(width(character, size, style) for character, style in piece)
        blanks = len(found[0]) - len(found[0].rstrip())
        if row and used + needed - blanks * width(" ", size) > room:
            yield row
            row, used = [], 0.0
        for character, style in piece:
            more = width(character, size, style)
            if row and used + more > room and not character.isspace():
                yield row
                row, used = [], 0.0
            row.append((character, style))
            used += more
    yield row


def shortened(text: str, room: float, size: float, style: str = "") -> str:
    """The text, cut where it does not fit."""
    if width(text, size, style) <= room:
        return text
    while text and width(text + "…", size, style) > room:
        text = text[:-1]
    return text.rstrip() + "…"
