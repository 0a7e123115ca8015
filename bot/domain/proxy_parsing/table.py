"""Header lines, and the rows of a table under one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.columns import LONGEST_NAME, Column, column, read_cells
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import read_port
from bot.domain.proxy_parsing.vocabulary import HEADER_WORDS, NAMES, Part

_WORD = re.compile(r"[^\s:@|;,/{}<>\[\]()\"'`*=#]+")
_LINE = re.compile(r"[^\s][^\n]*")
#: What parts the cells of a line, the surest first: a sign, or spaces.
_SIGNS = "\t;|,:"
_PARTED = (*"\t;|,", "  ", " ")
_SPACES = {"  ": re.compile(r"\S+(?: \S+)*"), " ": re.compile(r"\S+")}
_ONCE = (Part.USER, Part.PASSWORD, Part.TYPE)
#: Signs of a cell that is no name of a column.
_NO_NAME = re.compile(r"[@={}<>]|://|[0-9]{3}|[.!?]\Z")
_FEWEST = 3  # columns of a table of which some are not known
#: The end of a password, and a host.
_BEFORE_PORT = re.compile(r"\S*@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row under a header line that names its fields, and the proxies that it may say, the likeliest first."""

    start: int
    end: int
    ways: tuple[Custom, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A header line at ``start`` to ``end``, and the rows under it that can be read.

    ``turned`` says that in the usual order another cell would be the user.
    """

    start: int
    end: int
    rows: tuple[Row, ...]
    turned: bool


def headers(plain: str) -> Iterator[tuple[int, int]]:
    """The lines that only name the fields of what stands below them, or beside."""
    for start, line in _lines(plain):
        if _is_header(line):
            yield start, start + len(line)


def tables(view: View) -> list[Table]:
    """The tables of a text whose columns a line names: any columns, where those of a proxy are among them."""
    found: list[Table] = []
    for start, line in _lines(view.plain):
        end = start + len(line)
        sign = next((sign for sign in _PARTED if sign in line.strip()), "")
        if not sign or (found and found[-1].rows and start < found[-1].rows[-1].end):
            continue
        cells = _cells(view.plain, start, end, sign)
        columns = [column(view.plain[slice(*cell)]) for cell in cells]
        if _is_table(columns, [view.plain[slice(*cell)].strip() for cell in cells], sign):
            below = tuple(_rows(view, end, sign, columns))
            turned = _is_turned(columns) and (sign != " " or all(each.known for each in columns))
            found.append(Table(start, end, below, turned))
    return found


def rows(view: View, header: tuple[int, int]) -> Iterator[Row]:
    """The rows under a header, all of whose words are known, that have as many fields as it names."""
    line = view.plain[slice(*header)].strip().removesuffix(":")
    signs = [sign for sign in _SIGNS if sign in line] or [" "]
    if len(signs) != 1:
        return
    columns = [column(name) for name in line.split(signs[0] if signs[0] != " " else None)]
    parts = [each.part for each in columns]
    if any(parts.count(part) != 1 for part in (Part.HOST, Part.PORT)) or any(parts.count(part) > 1 for part in _ONCE):
        return
    yield from _rows(view, header[1], signs[0], columns)


def is_in_another_order(host: str, user: str, password: str) -> bool:
    """Whether a row has another order than its header names, as "ana:9:pass@gate.example:8000" under "ip:port:…"."""
    is_word = not set(".:") & set(host)
    return is_word and _BEFORE_PORT.fullmatch(user) is not None and read_port(password) is not None


def stacked(view: View) -> Iterator[Row]:
    """A table of two columns of which the first was copied whole, and then the second: names, then values."""
    lines = [match.span() for match in _LINE.finditer(view.plain)]
    columns = [column(view.plain[slice(*line)]) for line in lines]
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and columns[end].known:
            end += 1
        names = columns[at:end]
        parts = [each.part for each in names]
        values = lines[end : end + len(names)]
        once = all(parts.count(part) == 1 for part in (Part.HOST, Part.PORT))
        if len(names) > 2 and len(values) == len(names) and once:
            ways = _read(view, values, names)
            if ways:
                yield Row(lines[at][0], values[-1][1], ways)
        at = end + 1


def _is_table(columns: Sequence[Column], names: Sequence[str], sign: str) -> bool:
    """Whether a line names columns, among them an address and a login."""
    parts = {each.part for each in columns}
    others = [name for each, name in zip(columns, names, strict=True) if not each.known]
    return (
        len(columns) >= _FEWEST
        and Part.HOST in parts
        and Part.USER in parts
        # A line of single words may be a sentence.
        and (sign != " " or {Part.PASSWORD, Part.PORT} <= parts)
        and all(sum(each.part is part for each in columns) <= 1 for part in _ONCE)
        and all(len(name) <= LONGEST_NAME and not _NO_NAME.search(name) for name in others)
    )


def _is_turned(columns: Sequence[Column]) -> bool:
    """Whether something else than host, port and user stands in front of the password, or before the user."""
    parts = [each.part for each in columns]
    first = min(parts.index(part) for part in (Part.USER, Part.PASSWORD) if part in parts)
    usual = parts[first] is Part.USER and not {Part.OTHER, Part.TYPE} & set(parts[:first])
    return not usual or (Part.PASSWORD in parts and parts.index(Part.PASSWORD) > first + 1)


def _rows(view: View, start: int, sign: str, columns: Sequence[Column]) -> Iterator[Row]:
    for at, line in _lines(view.plain, start + 1):
        spans = _cells(view.text.plain, at, at + len(line), sign)
        ways = _read(view, spans, columns) if len(spans) == len(columns) else ()
        if ways:
            yield Row(at, at + len(line), ways)


def _read(view: View, spans: Sequence[tuple[int, int]], columns: Sequence[Column]) -> tuple[Custom, ...]:
    ways = read_cells(columns, [view.typed(*span) for span in spans])
    if any(is_in_another_order(way.host or "", way.user, way.password or "") for way in ways):
        return ()
    return ways


def _lines(plain: str, start: int = 0) -> Iterator[tuple[int, str]]:
    for line in plain[start:].split("\n"):
        yield start, line
        start += len(line) + 1


def _cells(plain: str, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand; the signs that open and close a line, as in Markdown, part none."""
    if sign in _SPACES:
        return [match.span() for match in _SPACES[sign].finditer(plain, start, end)]
    line = plain[start:end]
    if sign == "|" and line.strip().startswith("|") and line.strip().endswith("|") and len(line.strip()) > 1:
        start, end = start + line.index("|") + 1, start + line.rindex("|")
    spans = []
    for at in [at for at in range(start, end) if plain[at] == sign]:
        if at < start or _is_quoted(plain, start, at, end):
            continue
        spans.append((start, at))
        start = at + 1
    return [*spans, (start, end)] if spans else []


def _is_quoted(plain: str, start: int, at: int, end: int) -> bool:
    """Whether the sign stands in the quotes of the cell that begins at ``start``, as in "New York, NY"."""
    cell = plain[start:at].lstrip()
    return cell.startswith('"') and not cell[1:].rstrip().endswith('"') and '"' in plain[at:end]


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
