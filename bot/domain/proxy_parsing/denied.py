"""Values of a proxy that a sentence replaces with others: "not 8000 but 8001", "8000 -> 8001"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.domain.proxy_parsing.changed import ARROW
from bot.domain.proxy_parsing.han import HAN

_BEFORE = re.compile(
    r"(?:(?<![^\W_])(?:not|не|nicht|instead of|вместо|замість|statt|zamiast|en vez de|was|был|была|không phải)"
    r"|不是|从)[ \t:]{0,8}[\"'«]?\Z",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"[ \t]{{0,8}}(?:{ARROW})[ \t]{{0,8}}\S|[ \t]{{1,8}}(?:yerine|değil)",
    re.IGNORECASE,
)
_LETTER_BEFORE = re.compile("[0-9A-Za-z\u00c0-\u04ff_]")
_LETTER_BEHIND = re.compile(rf"(?!{HAN})[^\W_]")
_FAR = 30  # characters in front


def denies(piece: str, values: Iterable[str | None]) -> bool:
    """Whether a sentence says that any of these values is not the right one."""
    return any(value and _denies(piece, value) for value in values)


def _denies(piece: str, value: str) -> bool:
    at = piece.find(value)
    while at >= 0:
        end = at + len(value)
        alone = not (_LETTER_BEFORE.match(piece[max(0, at - 1) : at]) or _LETTER_BEHIND.match(piece, end))
        if alone and (_BEFORE.search(piece[max(0, at - _FAR) : at]) or _BEHIND.match(piece, end)):
            return True
        at = piece.find(value, at + 1)
    return False
