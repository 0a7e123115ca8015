"""Quotes and brackets around a text, and around the fields of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.domain.proxy_parsing.addresses import find_hosts
from bot.domain.proxy_parsing.logins import CLOSING

Span = tuple[int, int]

_EMOJI = re.compile(r"(?<!\S)[\u2300-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff\ufe0f]+")
_NUMBER_OF_LINE = re.compile(r"^[ \t]*[0-9]{1,3}[.)](?=[ \t]+\S)", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[•·▪●◦‣](?=[ \t]*\S)", re.MULTILINE)
#: The two hyphens of a domain in Punycode, "xn--p1ai", join nothing.
_REPEATED = re.compile(
    r"(?<=[^\s=_~|#*+-])(?<![^\w-]xn)(?<!--xn)(?<!^xn)(?P<sign>[=_~|#*+-])(?P=sign)+(?=[^\s=_~|#*+-])", re.IGNORECASE
)
_IP = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_IS_ADDRESS = re.compile(rf"\s*(?:{_IP}|[\w-]+(?:\.[\w-]+)+)(?::[0-9]{{1,5}})?\s*")
_HAS_IP = re.compile(rf"\s*{_IP}(?![\w.])")
_HAS_PORT = re.compile(r"\s*(?:[\w-]+(?:\.[\w-]+)+:)?[0-9]{1,5}\s*")


QUOTES = {
    "```": "```",
    "**": "**",
    "__": "__",
    "~~": "~~",
    "【": "】",
    "`": "`",
    '"': '"',
    "'": "'",
    "«": "»",
    "“": "”",
    "„": "“",
    "‘": "’",
    "「": "」",
    "<": ">",
}
#: A row of fields in quotes.
_QUOTED = re.compile(r'^[ \t]*"[^"\n]*"(?:[ \t]*[,;|\t:]?[ \t]*"[^"\n]*"){2,}[ \t]*$', re.MULTILINE)
_FIELD = r"[\[({<'‘“«「][^\s\[\](){}<>'’”»」\"]+[\])}>'’”»」]"
_WRAPPED_FIELD = re.compile(_FIELD)
#: Fields of which each has brackets around it.
_WRAPPED = re.compile(rf"(?<!\S){_FIELD}(?:[ \t]*[:@|;,]?[ \t]*{_FIELD})+(?!\S)")


def quotes_of_rows(plain: str) -> list[Span]:
    """The quotes and brackets around the fields of rows in which every field has them."""
    found = [(at, at + 1) for row in _QUOTED.finditer(plain) for at in range(*row.span()) if plain[at] == '"']
    for row in _WRAPPED.finditer(plain):
        fields = list(_WRAPPED_FIELD.finditer(plain, *row.span()))
        wrappers = {CLOSING[field[0][0]] for field in fields}
        if len(wrappers) == 1 and wrappers == {field[0][-1] for field in fields}:
            hosts = [host for field in fields for host in find_hosts(plain, field.start() + 1, field.end() - 1)]
            if hosts:
                found += [
                    span
                    for field in fields
                    for span in ((field.start(), field.start() + 1), (field.end() - 1, field.end()))
                ]
    return found


def outer_quotes(plain: str) -> list[Span]:
    """The quotes around all of a text."""
    start, end = len(plain) - len(plain.lstrip()), len(plain.rstrip())
    for opening, closing in QUOTES.items():
        inner = start + len(opening), end - len(closing)
        if plain.startswith(opening, start) and plain.endswith(closing, start, end) and inner[0] < inner[1]:
            return [(start, inner[0]), (inner[1], end)]
    return []


def repeated_joints(plain: str) -> Iterator[Span]:
    """Where a sign that stands several times joins the fields of a line: "ana----pass----203.0.113.7:8000"."""
    start = 0
    for line in plain.split("\n"):
        found = list(_REPEATED.finditer(line))
        joints = {joint[0] for joint in found}
        fields = re.split("|".join(map(re.escape, joints)), line) if len(joints) == 1 else []
        if len(found) > 1 and _are_joined(fields, found[0][0]):
            yield from ((start + joint.start(), start + joint.end()) for joint in found)
        start += len(line) + 1


def _are_joined(fields: Sequence[str], joint: str) -> bool:
    """Whether these are the fields of a proxy; hyphens stand within domains too: "a--b.c--d.com:80:ana:pass".

    Where the host is no address of numbers, two hyphens join nothing, and more of them only where a field has the port.
    """
    if not any(map(_IS_ADDRESS.fullmatch, fields)) or any("://" in field and "@" in field for field in fields):
        return False
    if not joint.startswith("-") or any(map(_HAS_IP.match, fields)):
        return True
    return joint != "--" and any(map(_HAS_PORT.fullmatch, fields))


def marks_in_front(plain: str) -> list[Span]:
    """The emoji in front of words, and the numbers and bullets in front of the lines of a list."""
    found = [emoji.span() for emoji in _EMOJI.finditer(plain)]
    for pattern in (_NUMBER_OF_LINE, _BULLET):
        marks = [mark.span() for mark in pattern.finditer(plain)]
        found += marks if len(marks) > 1 else []
    return found
