"""Header lines, and the rows of a table under one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.hosts import read_host
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import read_port, read_types
from bot.domain.proxy_parsing.vocabulary import HEADER_WORDS, NAMES, Part
from bot.errors import InputError

_WORD = re.compile(r"[^\s:@|;,/{}<>\[\]()\"'`*=#]+")
_SIGNS = "\t,;|:"
_BY_NAME: dict[str, Part] = {name: part for part in Part for name in NAMES[part] if part is not Part.LOGIN}
_BY_NAME |= {"proxy address": Part.HOST, "ip address": Part.HOST, "pass word": Part.PASSWORD, "proxy type": Part.TYPE}
_NEEDED = (Part.HOST, Part.PORT)
#: The end of a password, and a host.
_BEFORE_PORT = re.compile(r"\S*@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a header line that names its fields."""

    start: int
    end: int
    proxy: Custom


def headers(plain: str) -> Iterator[tuple[int, int]]:
    """The lines that only name the fields of what stands below them, or beside."""
    start = 0
    for line in plain.split("\n"):
        if _is_header(line):
            yield start, start + len(line)
        start += len(line) + 1


def rows(view: View, header: tuple[int, int]) -> Iterator[Row]:
    """The rows under a header that have as many fields as it names."""
    line = view.plain[slice(*header)].strip().removesuffix(":")
    signs = [sign for sign in _SIGNS if sign in line] or [" "]
    if len(signs) != 1:
        return
    names = [
        name.strip(" \"'`()[]").lower().replace("_", " ") for name in line.split(signs[0] if signs[0] != " " else None)
    ]
    parts = [_BY_NAME.get(name, Part.OTHER) for name in names]
    if any(parts.count(part) != 1 for part in _NEEDED) or any(
        parts.count(part) > 1 for part in (Part.USER, Part.PASSWORD)
    ):
        return
    start = header[1] + 1
    for below in view.plain[start:].split("\n"):
        end = start + len(below)
        row = _row(view, start, end, signs[0], parts)
        if row is not None:
            yield row
        start = end + 1


def is_in_another_order(host: str, user: str, password: str) -> bool:
    """Whether a row has another order than its header names, as "ana:9:pass@gate.example:8000" under "ip:port:…"."""
    is_word = not set(".:") & set(host)
    return is_word and _BEFORE_PORT.fullmatch(user) is not None and read_port(password) is not None


def stacked(view: View) -> Iterator[Row]:
    """A table of two columns of which the first was copied whole, and then the second: names, then values."""
    lines = [match.span() for match in re.compile(r"[^\s][^\n]*").finditer(view.plain)]
    parts = [_BY_NAME.get(view.plain[slice(*line)].strip(" \t:").lower()) for line in lines]
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and parts[end] is not None:
            end += 1
        names = [part for part in parts[at:end] if part is not None]
        values = lines[end : end + len(names)]
        if len(names) > 2 and len(values) == len(names) and all(names.count(part) == 1 for part in _NEEDED):
            row = _row_of(view, values, names)
            if row is not None:
                yield Row(lines[at][0], values[-1][1], row.proxy)
        at = end + 1


def _row(view: View, start: int, end: int, sign: str, parts: Sequence[Part]) -> Row | None:
    spans = _fields(view, start, end, sign)
    return _row_of(view, spans, parts) if len(spans) == len(parts) else None


def _row_of(view: View, spans: Sequence[tuple[int, int]], parts: Sequence[Part]) -> Row | None:
    values: dict[Part, str] = {}
    start, end = spans[0][0], spans[-1][1]
    for part, span in zip(parts, spans, strict=True):
        values[part] = view.typed(*span).strip(" \t").strip('"')
    host, port = read_host(values[Part.HOST]), read_port(values[Part.PORT].strip())
    user, password = values.get(Part.USER, ""), values.get(Part.PASSWORD)
    if host is None or port is None or " " in user:
        return None
    if is_in_another_order(host, user, password or ""):
        return None
    type_ = values.get(Part.TYPE, "")
    try:
        named = read_types(type_)
    except InputError:
        return None
    password = None if password and " " in password.strip() else password  # it may be a cell with a remark
    told = password if password is not None and (user or password) else (None if user else "")
    return Row(start, end, Custom(host, port, named, user, told))


def _fields(view: View, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    if sign == " ":
        return [match.span() for match in re.compile(r"\S+").finditer(view.plain, start, end)]
    spans = []
    for at in [at for at in range(start, end) if view.plain[at] == sign]:
        spans.append((start, at))
        start = at + 1
    return [*spans, (start, end)] if spans else []


def _is_header(line: str) -> bool:
    words = [word.strip("-–—.!?").lower() for word in _WORD.findall(line)]
    words = [word for word in words if word]
    if len(words) < 2 or not all(word in HEADER_WORDS for word in words):
        return False
    spelled = " ".join(words).replace("_", " ")
    signs = sum(sign in line for sign in ":,;|@\t") > 0 or len(words) > 2
    return signs and any(_has(spelled, part) for part in (Part.HOST,)) and _has(spelled, Part.PORT)


def _has(spelled: str, part: Part) -> bool:
    return any(f" {name} " in f" {spelled} " for name in NAMES[part])
