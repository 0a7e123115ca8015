"""Characters that nobody sees: those without any width, and those that turn the direction of writing round.

They come along when something is copied from a web page, a chat or an address list, and are left out where a value is
read. The joiners of emoji and of Persian words, and the selectors behind an emoji, are no such characters in a name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIRECTION: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN: Final = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    f"\ufff9-\ufffc{_DIRECTION}"
)
_JOINERS: Final = "\u200c\u200d\ufe00-\ufe0f"

_DIRECTION_MARK: Final = re.compile(f"[{_DIRECTION}]")
_UNSEEN_MARK: Final = re.compile(f"[{_UNSEEN}]")
_MARK: Final = re.compile(f"[{_UNSEEN}{_JOINERS}]")
#: Categories of what is no letter, digit, sign or space: control characters, line ends, halves of characters.
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Categories of what can't be seen without a character before it.
_LEANING: Final = frozenset({"Mn", "Me", "Cf", "Zs"})


def without_direction(text: str) -> str:
    """The text without marks that turn the direction of writing round, for it and for what stands behind it."""
    return text if text.isascii() else _DIRECTION_MARK.sub("", text)


def without_unseen(text: str) -> str:
    """The text without characters that have no width, joiners and selectors excepted."""
    return text if text.isascii() else _UNSEEN_MARK.sub("", text)


def without_marks(text: str) -> str:
    """The text without any character that has no width, for what is written in plain letters and digits."""
    return text if text.isascii() else _MARK.sub("", text)


def one_line(text: str, most: int) -> str:
    """A name from outside on one line of at most so many characters; empty where nothing of it can be seen."""
    if not text.isascii():
        # Two halves of a character that came apart are one again.
        text = without_unseen(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    readable = "".join(" " if unicodedata.category(each) in _NO_TEXT else each for each in text)
    line = " ".join(readable.split())[:most].rstrip()
    return line if any(unicodedata.category(each) not in _LEANING for each in line) else ""
