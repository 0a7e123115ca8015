"""Which part of a row words beside it name: "host:port:Pw1secret:ana, where ana is the login"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.label_patterns import is_pair_of_names
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.outside import named, spelled
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import goes_first, is_password, is_secret, may_go_last
from bot.errors import InputError

_USER, _PASSWORD = named(Part.USER), named(Part.PASSWORD)
#: What may stand between a label and its value.
_BETWEEN = re.compile(
    r"(?:[\s(（\[{\"'«»`“”)）:=–—-]|(?<![^\W_])(?:is|the|my|your|это|es|est|ist|là)(?![^\W_])|[是为為])*", re.IGNORECASE
)
_LABEL = rf"(?:{spelled(Part.USER)}|{spelled(Part.PASSWORD)})"
_LABEL_ALONE = LatePattern(_LABEL, re.IGNORECASE)
_IN_BRACKETS = LatePattern(rf".+[(（\[]{_LABEL}[)）\]]", re.IGNORECASE | re.DOTALL)
_LABEL_AT_END = LatePattern(rf".+[=/]{_LABEL}", re.IGNORECASE | re.DOTALL)
_DASHED = LatePattern(rf".+[–-]{_LABEL}", re.IGNORECASE | re.DOTALL)
#: A sign or a word for "is" between a label and its value.
_IS = re.compile(r"[:=–—-]|(?<![^\W_])(?:is|это|es|est|ist|là)(?![^\W_])|[是为為]", re.IGNORECASE)
#: What may stand behind both.
_ENDS = re.compile(r"[\s\"'»`”*_]*(?:\Z|[^\w\s]|(?:and|и|а|y|et|und|và)(?![^\W_]))", re.IGNORECASE)
_TURNED = frozenset({("user", Part.PASSWORD), ("password", Part.USER)})
#: "user" or "password" of a reading, what words call it, and whether it is they that do.
Named = tuple[str, Part, bool]
_NEAR = 5  # characters between two labels that are one


def as_named(readings: Sequence[Custom], row: str, said: Sequence[str]) -> tuple[Custom, ...]:
    """The readings of a row, of which those whose user is called a password, or the other way round, are turned.

    Those that take a label for a part are left out. Raises ``InputError`` where none with a user is left.
    """
    kept: list[Custom] = []
    for each in readings:
        if each.user and _took_label_for_part(each, row):
            continue
        last = (each.password or "").rstrip(",;")
        if each.user not in row or last not in row:
            kept.append(each)  # labels tell it
            continue
        named = {told for piece in said for told in _told(piece, each.user, last)}
        turned = {told for told in named if told[:2] in _TURNED}
        weak = not any(sure for _, _, sure in turned)
        if not turned or (weak and len(turned) < len(named)):
            kept.append(each)
        elif len(turned) == len(named) and last and _is_turned(each, last, row, turned):
            kept.append(replace(each, user=last, password=each.user))
        elif weak and (goes_first(each.user, last) if last else _has_secret(each, row)):
            kept.append(replace(each, password=None))
    if readings and not any(each.user for each in kept) and len(kept) < len(readings):
        raise InputError("unreadable")
    return tuple(dict.fromkeys(kept))


def _is_turned(reading: Custom, last: str, row: str, turned: Set[Named]) -> bool:
    """Whether words that call the user of a row its password, or the other way round, are to be believed."""
    if f"{reading.user}:{reading.password}@" in row:
        return False  # a URL, in which the user always goes first
    sure = any(sure for _, _, sure in turned)
    both = len({name for name, _, _ in turned}) > 1
    return (sure and both) or may_go_last(reading.user, last, sure=sure or both)


def _has_secret(reading: Custom, row: str) -> bool:
    """Whether a row has what looks like a password, and its user doesn't."""
    words = re.split(r"[\s:|;,/@]+", row.replace(reading.host or "", " ").replace(reading.user, " ", 1))
    return not is_secret(reading.user) and any(map(is_secret, words))


def _took_label_for_part(reading: Custom, row: str) -> bool:
    """Whether a label was read as user or password, where it is a word of its own, or stands behind both."""
    user, password = reading.user, reading.password or ""
    if _IN_BRACKETS.compiled.fullmatch(user) or all(map(_LABEL_AT_END.compiled.fullmatch, (user, password))):
        return True
    if all(map(_DASHED.compiled.fullmatch, (user, password))) and _are_words(user, password, row):
        return True  # "ana-login Pw1secret-pass", but not "my-user:my-pass"
    if _LABEL_ALONE.compiled.fullmatch(password) and _is_parted(user, password, row):
        return True  # "Ana - login"
    if is_pair_of_names(f"{user}:{password}"):
        return False  # "user pass", which stands for a login
    if _USER.compiled.fullmatch(password) or (_PASSWORD.compiled.fullmatch(password) and is_password(user)):
        return _is_word(password, row)  # "ana login", "Pw1secret password", but not "ana pass"
    return _LABEL_ALONE.compiled.fullmatch(user) is not None and _is_word(user, row)


def _are_words(user: str, password: str, row: str) -> bool:
    return re.search(rf"(?<!\S){re.escape(user)}\s+{re.escape(password)}(?!\S)", row) is not None


def _is_parted(user: str, password: str, row: str) -> bool:
    return (
        re.search(rf"(?<!\S)(?<![-–—|/:;,][ \t]){re.escape(user)}[ \t]+[-–—][ \t]+{re.escape(password)}(?!\S)", row)
        is not None
    )


def _is_word(value: str, row: str) -> bool:
    return re.search(rf"(?<!\S){re.escape(value)}(?!\S)", row) is not None


def _told(piece: str, user: str, password: str) -> Iterator[Named]:
    """What a sentence calls user and password of a reading: a label goes with the value behind it, or before it.

    With nothing but a space between, the two may be words of a sentence: "the password of kate".
    """
    if not user or user == password:
        return
    values = [(match.span(), "user") for match in _alone(user, piece)]
    values += [(match.span(), "password") for match in _alone(password, piece)] if password else []
    taken = [span for span, _ in values]
    labels = [
        (match.span(), part)
        for part, pattern in ((Part.USER, _USER), (Part.PASSWORD, _PASSWORD))
        for match in pattern.compiled.finditer(piece)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    marks: list[tuple[tuple[int, int], str | Part]] = sorted([*values, *labels], key=lambda mark: mark[0])
    for index, (span, mark) in enumerate(marks[:-1]):
        following = marks[index + 1]
        if isinstance(mark, Part) and isinstance(following[1], Part) and following[0][0] - span[1] <= _NEAR:
            return  # "login and password: …"
    skip = False
    for (first, one), (second, other) in pairwise(marks):
        joined = not skip and _BETWEEN.fullmatch(piece, first[1], second[0]) is not None
        skip = joined and isinstance(one, Part) != isinstance(other, Part)
        if skip:
            value, part = (other, one) if isinstance(one, Part) else (one, other)
            if isinstance(value, str) and isinstance(part, Part):
                is_joined = _IS.search(piece, first[1], second[0]) is not None
                yield value, part, is_joined and _ENDS.match(piece, second[1]) is not None


def _alone(value: str, piece: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![0-9A-Za-z\u00c0-\u04ff_@:]){re.escape(value)}(?![0-9A-Za-z\u00c0-\u04ff_@:])", piece)
