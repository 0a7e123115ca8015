"""Names as they are compared with what somebody types who is looking for one."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Latin letters that don't come apart into a letter and a mark.
_LETTERS: Final = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i"})


def plain_letters(text: str) -> str:
    """Small letters without marks: a phone's keyboard may have no others."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return "".join(each for each in apart if not unicodedata.combining(each))


def has_words(name: str, typed: str) -> bool:
    """Whether each word that was typed is in a name, in whatever order; nothing is in every name."""
    plain, words = plain_letters(name), plain_letters(typed).split()
    return (bool(words) or not typed.strip()) and all(word in plain for word in words)
