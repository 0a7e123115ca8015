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
from bot.domain.proxy_parsing.words import is_name, is_prose, is_secret

_NAMED = {part: named(part) for part in (Part.USER, Part.PASSWORD, Part.HOST, Part.PORT)}
_LOGIN = rf"(?:{spelled(Part.USER)}|{spelled(Part.PASSWORD)})"
_ANY = rf"(?:{_LOGIN}|{spelled(Part.HOST)}|{spelled(Part.PORT)})"
_VALUE = r"(?<![^\s(])(?P<value>[^\s,;()（）\[\]]+)"
_ARTICLE = r"(?:(?:the|my|your|это|мой|твой)[ ])*"
#: What a value stands behind in its line: nothing, a sign, a number, or a word.
_BEGUN = re.compile(
    r"(?:^|[^\w\s]|(?<![^\s.:])[0-9]+|(?P<word>(?<![^\W_])[^\W\d_]+))[ \t]*[*•·\"'`–—-]*[ \t]*\Z", re.MULTILINE
)
_WORDS_FOR_AND = frozenset(
    ["and", "but", "where", "with", "first", "then", "и", "а", "где", "сначала", "потом", "y", "et", "und", "và", "和"]
)
_FURTHEST = 40  # in front of a value
_IN_ONE_LINE = LatePattern(
    rf"{_VALUE}[ \t]+(?P<word>{_LOGIN})[ \t,]+(?P<other>[^\s,;()（）\[\]]+)[ \t]+(?P<end>{_LOGIN})[ \t.]*$",
    re.IGNORECASE | re.MULTILINE,
)
#: Each of these forms alone has to tell user and password.
_FORMS = (
    LatePattern(rf"{_VALUE}[ \t]?(?P<sign>[(（\[])[ \t]*{_ARTICLE}(?P<word>{_ANY})[ \t]*[)）\]]", re.IGNORECASE),
    LatePattern(
        rf"{_VALUE}(?:[ \t]+(?:(?P<sign>[-–—=])|is|это|est|es|ist|là)[ \t]+|[ \t]*是[ \t]*){_ARTICLE}(?P<word>{_ANY})"
        r"(?=[ \t]*(?:[,;.)!，。]|\n|\Z)|[ \t]+(?:and|и|а|y|et|und)[ \t])",
        re.IGNORECASE,
    ),
    LatePattern(rf"^[ \t]*{_VALUE}[ \t]+(?P<word>{_ANY})[ \t,;.]*$", re.IGNORECASE | re.MULTILINE),
    _IN_ONE_LINE,
)


def labels_behind(plain: str) -> Sequence[Label]:
    """The labels behind user and password, with these as their values, and those of host and port beside them."""
    if not any(_NAMED[Part.PASSWORD].compiled.finditer(plain)):
        return []
    for form in _FORMS:
        matches = [match for match in form.compiled.finditer(plain) if _is_begun(match)]
        told = [each for match in matches for each in _told(match)]
        parts = [part for part, _, _ in told]
        values = {part: plain[slice(*value)] for part, value, _ in told}
        signed = all(match.groupdict().get("sign") and _is_begun(match, sure=True) for match in matches)
        whole = {Part.USER, Part.PASSWORD} <= set(parts) and len(set(parts)) == len(parts)
        if whole and _is_login(values[Part.USER], values[Part.PASSWORD], signed=signed):
            return [label for part, value, word in told for label in _labels(part, value, word)]
        if whole and form is _IN_ONE_LINE and len(matches[0]["word"].split()) == 1:
            return list(_unclear(matches[0]))
    return []


def _unclear(match: re.Match[str]) -> Iterator[Label]:
    """Labels because of which the proxy is refused: the password would be the value of the label in front of it."""
    yield Label(Part.USER, match.start("value"), *match.span("word"), strict=True, signed=False)
    yield Label(Part.OTHER, match.start("other"), match.end("end"), match.end("end"), strict=True)


def _told(match: re.Match[str]) -> Iterator[tuple[Part, tuple[int, int], tuple[int, int]]]:
    pairs = [("value", "word"), *([("other", "end")] if "end" in match.re.groupindex else [])]
    for value, word in pairs:
        for part, pattern in _NAMED.items():
            if pattern.compiled.fullmatch(match[word]):
                if _may_be(part, match[value]) and not is_label_name(f"{match[value]} {match[word]}"):
                    yield part, match.span(value), match.span(word)
                break


def _is_begun(match: re.Match[str], *, sure: bool = False) -> bool:
    """Whether a value is the first word of what its line says, or behind words of a sentence if not ``sure``."""
    start = match.start("value")
    begun = _BEGUN.search(match.string, max(0, start - _FURTHEST), start)
    word = begun["word"] if begun else None
    return begun is not None and (not word or (not sure and (is_prose(word) or word.lower() in _WORDS_FOR_AND)))


def _is_login(user: str, password: str, *, signed: bool) -> bool:
    """Whether two values can be no words of a sentence: "where is the login, where is the password"."""
    if user == password or not f"{user}{password}".isascii():
        return False
    if signed:
        return is_secret(password) or not (is_name(user) or is_name(password))
    return is_secret(password) and not password.isalpha()  # "Steam login" over "GitHub password"


def _may_be(part: Part, value: str) -> bool:
    if part is Part.HOST:
        return read_host(value) is not None and "." in value
    if part is Part.PORT:
        return read_port(value) is not None
    is_no_value = is_label_name(value) or is_prose(value) or not any(map(str.isalnum, value))
    return not is_no_value and not find_addresses(value) and ":" not in value


def _labels(part: Part, value: tuple[int, int], word: tuple[int, int]) -> Iterator[Label]:
    yield Label(part, value[0], *value, strict=True)
    yield Label(Part.OTHER, word[0], word[1], word[1], strict=True)  # the word itself, which is no value
