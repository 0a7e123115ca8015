"""Labels that stand behind their values: "ana (login) Pw1secret (password)", "ana - логин" over "Pw1 - пароль"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.hosts import read_host
from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.label_patterns import is_label_name
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.outside import named, spelled
from bot.domain.proxy_parsing.types import read_port
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import is_prose

_NAMED = {part: named(part) for part in (Part.USER, Part.PASSWORD, Part.HOST, Part.PORT)}
_LOGIN = rf"(?:{spelled(Part.USER)}|{spelled(Part.PASSWORD)})"
_ANY = rf"(?:{_LOGIN}|{spelled(Part.HOST)}|{spelled(Part.PORT)})"
_VALUE = r"(?<![^\s(])(?P<value>[^\s,;()（）\[\]]+)"
_ARTICLE = r"(?:(?:the|my|your|это|мой|твой)[ ])*"
#: Each of these forms alone has to tell user and password.
_FORMS = (
    LatePattern(rf"{_VALUE}[ \t]?[(（\[][ \t]*{_ARTICLE}(?P<word>{_ANY})[ \t]*[)）\]]", re.IGNORECASE),
    LatePattern(
        rf"{_VALUE}(?:[ \t]+(?:[-–—=]|is|это|est|es|ist|là)[ \t]+|[ \t]*是[ \t]*){_ARTICLE}(?P<word>{_ANY})"
        r"(?=[ \t]*(?:[,;.)!，。]|\n|\Z)|[ \t]+(?:and|и|а|y|et|und)[ \t])",
        re.IGNORECASE,
    ),
    LatePattern(rf"^[ \t]*{_VALUE}[ \t]+(?P<word>{_ANY})[ \t,;.]*$", re.IGNORECASE | re.MULTILINE),
    LatePattern(
        rf"{_VALUE}[ \t]+(?P<word>{_LOGIN})[ \t,]+(?P<other>[^\s,;()（）\[\]]+)[ \t]+(?P<end>{_LOGIN})[ \t.]*$",
        re.IGNORECASE | re.MULTILINE,
    ),
)


def labels_behind(plain: str) -> Sequence[Label]:
    """The labels behind user and password, with these as their values, and those of host and port beside them."""
    if not any(_NAMED[Part.PASSWORD].compiled.finditer(plain)):
        return []
    for form in _FORMS:
        told = [each for match in form.compiled.finditer(plain) for each in _told(match)]
        parts = [part for part, _, _ in told]
        if parts.count(Part.USER) == parts.count(Part.PASSWORD) == 1 and len(set(parts)) == len(parts):
            return [label for part, value, word in told for label in _labels(part, value, word)]
    return []


def _told(match: re.Match[str]) -> Iterator[tuple[Part, tuple[int, int], tuple[int, int]]]:
    pairs = [("value", "word"), *([("other", "end")] if "end" in match.re.groupindex else [])]
    for value, word in pairs:
        for part, pattern in _NAMED.items():
            if pattern.compiled.fullmatch(match[word]):
                if _may_be(part, match[value]) and not is_label_name(f"{match[value]} {match[word]}"):
                    yield part, match.span(value), match.span(word)
                break


def _may_be(part: Part, value: str) -> bool:
    if part is Part.HOST:
        return read_host(value) is not None and "." in value
    if part is Part.PORT:
        return read_port(value) is not None
    named_ = is_label_name(value) or is_prose(value) or not any(map(str.isalnum, value))
    return not named_ and not find_addresses(value) and ":" not in value


def _labels(part: Part, value: tuple[int, int], word: tuple[int, int]) -> Iterator[Label]:
    yield Label(part, value[0], *value, strict=True)
    yield Label(Part.OTHER, word[0], word[1], word[1], strict=True)  # the word itself, which is no value
