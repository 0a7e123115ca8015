"""Quotes and brackets around a text, and around the fields of a row."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.addresses import find_hosts
from bot.domain.proxy_parsing.label_patterns import NAME
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.logins import CLOSING

Span = tuple[int, int]

_EMOJI = re.compile(r"(?<!\S)[\u2300-\u2bff\U0001f000-\U0001f1e5\U0001f200-\U0001faff\ufe0f]+")
_NUMBER_OF_LINE = re.compile(r"^[ \t]*[0-9]{1,3}[.)](?=[ \t]+\S)", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[•·▪●◦‣](?=[ \t]*\S)", re.MULTILINE)

QUOTES = {
    "```": "```",
    "**": "**",
    "__": "__",
    "~~": "~~",
    "||": "||",
    "|": "|",
    "*": "*",
    "~": "~",
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
#: Of those, signs that join fields as well.
_SIGNS = frozenset({"|", "*", "~"})
#: A row of fields in quotes.
_QUOTED = re.compile(r'^[ \t]*"[^"\n]*"(?:[ \t]*[,;|\t:]?[ \t]*"[^"\n]*"){2,}[ \t]*$', re.MULTILINE)
#: The same as programs write it: "["host:port", "user", "pass"]", "proxy=('host', 8000, True, 'user', 'pass')".
_VALUE = r"""(?:"[^"\n]*"|'[^'\n]*'|[\w.]+)"""
_LISTED = re.compile(
    rf"(?:^|(?<=[=:(,\s]))(?:new[ \t]+)?[\w.]{{0,40}}[\[(]"
    rf"(?P<fields>[ \t]*{_VALUE}(?:[ \t]*,[ \t]*{_VALUE})+)[ \t]*[\])][,;]?"
    r"(?=\s|[)}\]]|\Z)[ \t)}\];]*",
    re.MULTILINE,
)
_NO_FIELD = re.compile(r"\bsocks\.(?=SOCKS5)|\b(?:True|False|None|true|false|null)[ \t]*,[ \t]*")
_QUOTE_OF_FIELD = re.compile(r"[\"'](?=[ \t]*(?:,|\Z))|(?:(?<=\A)|(?<=,)|(?<=, ))[\"']")
#: Tags of HTML, as bots format what they send.
_TAGS = "code|pre|b|strong|i|em|u|s|del|strike|tg-spoiler|blockquote|span|p|div|td|tr"
_TAG = re.compile(rf"<(?P<end>/?)(?P<name>{_TAGS})(?:[ \t][^<>\n]{{0,80}})?>", re.IGNORECASE)


def where_words_begin(marks: str, most: int = 1) -> str:
    """A pattern for where a word begins, behind at most so many of these ``marks``, which are a class of characters.

    Those within a word are a part of a password.
    """
    behind = [rf"(?<={before}{marks * count})" for count in range(1, most + 1) for before in (r"\A", r"\s")]
    return "|".join([r"(?:(?<!\S)", *behind]) + ")"


_BEGINS = where_words_begin(r"[(\[]")
#: Marks of Markdown around one word.
_MARKED = re.compile(_BEGINS + r"(?P<mark>`|\*\*|__|~~|\|\|)(?P<inside>[^\s`*~|]+)(?P=mark)(?![^\s.,;:!?)\]])")
_MARKED_ONCE = re.compile(_BEGINS + r"(?P<mark>[*~|])(?P<inside>[^\s`*~|]+)(?P=mark)(?![^\s.,;:!?)\]])")
#: Marks around the name of a label: "*host:* 203.0.113.7", "_Port_: 1080".
_MARKED_LABEL = LatePattern(
    rf"(?<!\S)(?P<mark>\*\*|__|\|\||~~|[*_~])(?P<name>[ ]?{NAME}[ ]?)"
    r"(?:(?P<colon>[:=])(?P=mark)(?=[ \t\n])|(?P=mark)(?=[ \t]*[:=]))",
    re.IGNORECASE,
)
#: A dash between a word and an address: "proxy-203.0.113.7:1080:ana:pass".
_DASH_TO_IP = re.compile(
    r"(?:(?<=^)|(?<=\s))[^\W_][\w.]{0,20}(?P<dash>[-–—])(?=(?:[0-9]{1,3}\.){3}[0-9]{1,3}:[0-9]{1,5}(?!\w))",
    re.MULTILINE,
)
_BRACKETS = "".join((*CLOSING, *CLOSING.values()))
#: A bracket or quote in front of a word, and its like behind one, with no other between.
_IN_BRACKETS = re.compile(
    "|".join(
        rf"(?<!\S){re.escape(opening)}[^{re.escape(_BRACKETS)}\n]+{re.escape(closing)}(?=[\s.,;!?]|\Z)"
        for opening, closing in CLOSING.items()
    )
)
_FIELD = r"[\[({<'‘“«「][^\s\[\](){}<>'’”»」\"]+[\])}>'’”»」]"
_WRAPPED_FIELD = re.compile(_FIELD)
#: Fields of which each has brackets around it.
_WRAPPED = re.compile(rf"(?<!\S){_FIELD}(?:[ \t]*[:@|;,]?[ \t]*{_FIELD})+(?!\S)")


def quotes_of_rows(plain: str) -> list[Span]:
    """The quotes and brackets around the fields of rows in which every field has them."""
    found = [(at, at + 1) for row in _QUOTED.finditer(plain) for at in range(*row.span()) if plain[at] == '"']
    for row in _LISTED.finditer(plain):
        start, end = row.span("fields")
        if not _QUOTE_OF_FIELD.search(row["fields"]):
            continue
        if any(find_hosts(plain, start, end)):
            listed = plain[start:end]
            empty = (at for at in _NO_FIELD.finditer(listed) if not _is_in_quotes(listed[: at.start()]))
            others = (*_QUOTE_OF_FIELD.finditer(listed), *empty)
            found += [
                (row.start(), start),
                (end, row.end()),
                *((start + at.start(), start + at.end()) for at in others),
            ]
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


def tags_and_marks(plain: str) -> list[Span]:
    """Tags of HTML, and marks of Markdown around each of several words, or around one with a host."""
    tags = list(_TAG.finditer(plain)) if "</" in plain else []
    # What nothing begins or ends, or stands within a word, is a part of a password.
    begun, ended = ({tag["name"].lower() for tag in tags if bool(tag["end"]) is end} for end in (False, True))
    formatting = (begun & ended) - {tag["name"].lower() for tag in tags if _is_glued(plain, tag)}
    found = [tag.span() for tag in tags if tag["name"].lower() in formatting]
    marked = list(_MARKED.finditer(plain))
    several = len(marked) > 1
    for match in (*marked, *_MARKED_ONCE.finditer(plain)):
        start, end = match.span("inside")
        if (several and match in marked) or any(find_hosts(plain, start, end)):
            found += [(match.start(), start), (end, match.end())]
    for match in _MARKED_LABEL.compiled.finditer(plain):
        mark = len(match["mark"])
        end = match.end("colon" if match["colon"] else "name")
        found += [(match.start(), match.start() + mark), (end, end + mark)]
    return found


def _is_glued(plain: str, tag: re.Match[str]) -> bool:
    """Whether a tag that begins something stands behind a word, or one that ends it in front of one."""
    beside = plain[tag.end() : tag.end() + 1] if tag["end"] else plain[max(0, tag.start() - 1) : tag.start()]
    return bool(beside.strip()) and beside not in "<>()[].,;"


def outer_quotes(plain: str) -> list[Span]:
    """The quotes around all of a text."""
    start, end = len(plain) - len(plain.lstrip()), len(plain.rstrip())
    for opening, closing in QUOTES.items():
        inner = start + len(opening), end - len(closing)
        if plain.startswith(opening, start) and plain.endswith(closing, start, end) and inner[0] < inner[1]:
            if opening in _SIGNS and (opening in plain[slice(*inner)] or "\n" in plain[slice(*inner)]):
                continue  # rather the cells of a table
            return [(start, inner[0]), (inner[1], end)]
    return []


def brackets_around(plain: str) -> list[Span]:
    """The brackets and quotes around a proxy that does not begin with its address, or has spaces within.

    So in "use (ana:pass:203.0.113.7:1080) please".
    """
    found = []
    for match in _IN_BRACKETS.finditer(plain):
        start, end = match.start() + 1, match.end() - 1
        if any(begin > start or " " in plain[start:end] for begin, _, _ in find_hosts(plain, start, end)):
            found += [(start - 1, start), (end, end + 1)]
    return found


def marks_in_front(plain: str) -> list[Span]:
    """The emoji in front of words, the numbers and bullets in front of lines, and a dash in front of an address."""
    found = [emoji.span() for emoji in _EMOJI.finditer(plain)]
    found += [match.span("dash") for match in _DASH_TO_IP.finditer(plain)]
    for pattern in (_NUMBER_OF_LINE, _BULLET):
        marks = [mark.span() for mark in pattern.finditer(plain)]
        found += marks if len(marks) > 1 else []
    return found


def _is_in_quotes(before: str) -> bool:
    """Whether a quote is open at the end of a text."""
    return any(before.count(quote) % 2 for quote in "\"'")
