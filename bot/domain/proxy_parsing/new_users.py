"""Users that sentences beside a proxy put in the place of the one that was read: "логин теперь ana2"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.changed import CHANGED
from bot.domain.proxy_parsing.denied import denies
from bot.domain.proxy_parsing.han import HAN_SIGN
from bot.domain.proxy_parsing.outside import named
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, NOTHING, Part, words_of
from bot.domain.proxy_parsing.words import is_password, is_place, is_prose, is_secret

_USER, _PORT = named(Part.USER), named(Part.PORT)
#: Chinese signs that say that a user is another now.
_HAN_CHANGED = re.compile("[改成换換为為是了变變更新现在应该應該不从把的]")
_ASCII = re.compile(r"[!-~]+")
_WORD = re.compile(r"[^\s,;，；]+")
#: What parts a user from its password.
_PARTED = re.compile(r"-{3,}|[:/|,，]")
_VALUE = re.compile(r"(?:(?!-{3,})[^:/|,，])+")
#: Small words that may stand beside a new value, and are none of ``PROSE``.
SMALL_WORDS = words_of(
    """
    na thành ra à auf zu en par into been со этот а но же nicht nie pas du o um da jest jako wurde isn't login's я мне
    вы who all sie ich er yesterday вчера сегодня другой другая другое different another там тут it's
    """
)
EDGES = " \t.,;:!?()[]{}\"'“”«»`=–—→>*"


def new_users(piece: str, known: Sequence[Custom]) -> tuple[str | None, bool]:
    """The user that a sentence tells, and whether a password may stand there too.

    What has the look of a password is a user only where nothing but words of a change stands between it and the
    user's label.
    """
    name = _USER.compiled.search(piece)
    denied = denies(piece, {each.user for each in known})
    if name is None and not denied:
        return None, False
    logins = [each for each in known if each.password] or known
    told = {each.user for each in logins} | {each.password for each in known}
    begin = name.end() if name is not None else 0
    user, more = None, False
    for start, value in _values(piece, begin, told, denied=denied, name=name):
        is_first = user is None and (
            not is_password(value) or (name is not None and _is_direct(piece[begin:start], told))
        )
        if is_first:
            user = value
        elif is_secret(value) or _PARTED.search(piece[start - 3 : start]) is not None:
            more = True
    return user, more


def _values(
    piece: str, begin: int, told: set[str | None], *, denied: bool, name: re.Match[str] | None
) -> Iterator[tuple[int, str]]:
    rest = piece[begin:]
    foreign = not piece.isascii()
    joined = name is not None and re.search(r"[=-]>|[→⇒:=]|(?<![^\W_])(?:to|на|thành|be)(?![^\W_])|[成为為是]", rest)
    of_port = _PORT.compiled.search(piece) is not None
    for word in (_ASCII if HAN_SIGN.search(rest) else _WORD).finditer(piece, begin):
        if word[0].strip(EDGES) in told:
            continue
        for part in _VALUE.finditer(word[0]):
            bare = part[0].strip(EDGES)
            if not _may_be_user(bare, told) or (bare.isdecimal() and of_port):
                continue
            of_login = any(map(str.isdigit, bare)) and any(map(str.isalpha, bare))
            if of_login or foreign or joined or denied:
                yield word.start() + part.start(), bare


def _may_be_user(bare: str, told: set[str | None]) -> bool:
    lower = bare.lower()
    if not bare or not bare.isascii() or bare in told or lower in SMALL_WORDS or lower in ELSEWHERE | NOTHING:
        return False
    return not (is_prose(bare) or is_place(bare) or is_type(bare) or CHANGED.compiled.fullmatch(bare))


def _is_direct(between: str, told: set[str | None]) -> bool:
    """Whether what stands between a label and a value says only that there is another now."""
    left = _HAN_CHANGED.sub(" ", CHANGED.compiled.sub(" ", between))
    words = (word.strip(EDGES) for word in left.split())
    return all(not word or word in told or word.lower() in SMALL_WORDS or is_prose(word) for word in words)
