"""What a word around a proxy may be: a name, a part of a sentence, a secret."""

from __future__ import annotations

import re
import unicodedata

from bot.domain.proxy_parsing.vocabulary import PLACES, PROSE

_EDGES = " \t.,;:!?()[]{}\"'“”«»*_`-–—#"
#: "2026-12-01", "30d", "5$", "US-1", "#3", "mobile".
_REMARK = re.compile(
    r"[0-9]{1,4}(?:[./-][0-9]{1,4}){1,2}(?:[ T].*)?|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    r"|[0-9]+(?:[.,][0-9]+)? ?(?:[$€£₽¥₫%]|usdt?|rub|руб)|[$€£₽¥][0-9]+(?:[.,][0-9]+)?"
    r"|[0-9]+ ?(?:d|h|m|gb|mb|ms|days?|months?|hours?|mins?|дн|дней|день|мес|天|月|ngày|tháng)"
    r"|[A-Z]{2}[-_ ]?[0-9]{1,4}|#?[0-9]{1,3}|mobile|residential|resi|datacenter|dc|isp|static|rotating|sticky|private"
    r"|shared|active|working|alive|live|valid|online|warm|lte|[345]g|t-mobile|verizon|at&t|vodafone|exp(?:ires)?.*|valid.*|until.*|до.*|till.*",
    re.IGNORECASE,
)
#: A transfer code as people copy it.
CODE = re.compile(r"[0-9]{8}-[0-9]{8}")
_WORD = re.compile(r"\S+")
_SHORTEST = 6  # of a password that nothing else says to be one
_VERSION = re.compile(r"(?:\w+/)?v?[0-9]+(?:\.[0-9]+)+\w*", re.IGNORECASE)
_LONGEST = 256
_MIXED = re.compile(r"(?=.*[0-9]).*[^\W\d_]")
_NUMBERED = re.compile(r"[A-Z][^\W\dA-Z_]+[-_]?[0-9]{1,4}|[^\W\d_]+[-_][0-9]{1,4}")  # "Shop12", "node-7"
_SHORTEST_NUMBER = 5  # that may be a password, or a user
_HALF_A_CODE = 8
_OF_PHONES = range(10, 14)  # as many digits has a phone number, which some sellers have for a user
_DATE = re.compile(
    r"[0-9]{1,4}(?:[./-][0-9]{1,4}){1,2}|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,3}(?:d|h|m|gb|mb|ms|%)",
    re.IGNORECASE,
)


def word_at(text: str, start: int) -> str:
    """The word that begins there; empty where white space stands, or nothing."""
    found = _WORD.match(text, start)
    return found.group() if found else ""


def is_prose(word: str) -> bool:
    """Whether a word is one of ordinary sentences."""
    return word.strip(_EDGES).lower() in PROSE


def is_place(word: str) -> bool:
    """Whether a word is a flag, or a country's or city's name or code."""
    bare = word.strip(_EDGES)
    if bare and all("\U0001f1e6" <= sign <= "\U0001f1ff" for sign in bare):
        return True
    return bare.lower() in PLACES and (len(bare) > 2 or bare.isupper() or not bare.isascii())


def is_name(word: str) -> bool:
    """Whether a word is likelier to be a name or a remark than a login."""
    bare = word.strip(_EDGES)
    if not any(map(str.isalnum, bare)) or is_prose(word) or is_place(word) or _DATE.fullmatch(bare):
        return True
    if re.search(r"[a-zа-я][A-ZА-Я]", bare):
        return False
    if bare.isdecimal():
        return len(bare) not in _OF_PHONES
    return bare.isalpha() and (bare[0].isupper() or not bare.isascii())


def is_login_of_digits(user: str, password: str) -> bool:
    """Whether two words may be a login of which the password is a number; two of eight digits are a transfer code."""
    long = password.isdecimal() and len(password) >= _SHORTEST_NUMBER
    if user.isdecimal():
        return long and len(user) >= _SHORTEST_NUMBER and not len(user) == len(password) == _HALF_A_CODE
    return long and not is_name(user)


def is_remark(word: str) -> bool:
    """Whether a word is what sellers note beside a proxy: a date, a term, a price, a number, a sort of proxy."""
    return _REMARK.fullmatch(word.strip()) is not None


def is_secret(word: str) -> bool:
    """Whether a word has the look of a password."""
    if is_prose(word) or is_place(word):
        return False
    kinds = {unicodedata.category(sign)[0] for sign in word}
    mixed = re.search(r"[a-z][A-Z]|[A-Z]{2}[a-z]", word) is not None
    return len(word) >= 4 and (
        ({"N", "L"} <= kinds) or mixed or bool({"P", "S"} & kinds and "L" in kinds and len(word) > 6)
    )


def is_password(word: str) -> bool:
    """Whether a word can hardly be anything but a password, although nothing says that it is one."""
    bare = word.strip(_EDGES)
    odd = _VERSION.fullmatch(bare) or _NUMBERED.fullmatch(bare) or is_remark(bare)
    return _SHORTEST <= len(bare) <= _LONGEST and _MIXED.match(bare) is not None and is_secret(bare) and not odd


def is_plain_secret(word: str) -> bool:
    """Whether a word of letters and digits has the look of a password, rather than of a part of a long user."""
    return word.isalnum() and is_secret(word)


def goes_first(user: str, password: str) -> bool:
    """Whether, of two words, the first is the user by its look: the other has that of a password alone."""
    return is_secret(password) and not is_secret(user)


def may_go_last(user: str, password: str, *, sure: bool) -> bool:
    """Whether words that call the user of a row its password are to be believed; ``sure`` says that they do so."""
    return goes_first(password, user) or (sure and not goes_first(user, password))
