"""What a word around a proxy may be: a name, a part of a sentence, a secret."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.proxy_parsing.vocabulary import PLACES, PROSE

_EDGES = " \t.,;:!?()[]{}\"'“”«»*_`-–—#"
_DATE = re.compile(
    r"[0-9]{1,4}(?:[./-][0-9]{1,4}){1,2}|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,3}(?:d|h|m|gb|mb|ms|%)",
    re.IGNORECASE,
)


def is_prose(word: str) -> bool:
    """Whether a word is one of ordinary sentences."""
    return word.strip(_EDGES).lower() in PROSE


def is_place(word: str) -> bool:
    """Whether a word is a flag, or a country's or city's name or code."""
    bare = word.strip(_EDGES)
    if bare and all("\U0001f1e6" <= sign <= "\U0001f1ff" for sign in bare):
        return True
    return bare.lower() in PLACES and (len(bare) > 2 or bare.isupper())


def is_name(word: str) -> bool:
    """Whether a word is likelier to be a name or a remark than a login."""
    bare = word.strip(_EDGES)
    if not any(map(str.isalnum, bare)) or is_prose(word) or is_place(word) or _DATE.fullmatch(bare):
        return True
    if re.search(r"[a-zа-я][A-ZА-Я]", bare):
        return False
    return bare.isdecimal() or (bare.isalpha() and (bare[0].isupper() or not bare.isascii()))


def is_secret(word: str) -> bool:
    """Whether a word has the look of a password."""
    if is_prose(word) or is_place(word):
        return False
    kinds = {unicodedata.category(sign)[0] for sign in word}
    mixed = re.search(r"[a-z][A-Z]|[A-Z]{2}[a-z]", word) is not None
    return len(word) >= 4 and (
        ({"N", "L"} <= kinds) or mixed or bool({"P", "S"} & kinds and "L" in kinds and len(word) > 6)
    )
