"""Labels that are spelled or marked in another way than usual, spelled as usual: the text stays as long as it is.

So with ``ip-203.0.113.7``, ``Port ...... 1080``, ``логин «ana»``, ``pasword: Pw1secret``.
"""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.addresses import begins_with_host
from bot.domain.proxy_parsing.han import HAN, HAN_RANGE
from bot.domain.proxy_parsing.label_patterns import NAME, is_label_name, part_named
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.mistyped import is_mistyped
from bot.domain.proxy_parsing.types import read_port
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import is_secret, word_at

_SEVERAL = 2
_FURTHEST = 80  # a user is looked for no further from its password
_PARTS = frozenset({Part.HOST, Part.PORT, Part.USER, Part.PASSWORD})
#: "Ip-203.0.113.7", where more such lines follow.
_DASHED = LatePattern(rf"^([ \t]*{NAME})-([^\s:@]+[ \t]*)$", re.MULTILINE | re.IGNORECASE)
_DASHES = 2
#: "ip-203.0.113.7 port-1080", in one line or several.
_JOINED = LatePattern(rf"(?<!\S)(?P<name>{NAME})(?P<sign>[-–—])(?P<value>[^\s–—-]\S*)", re.IGNORECASE)
#: "| Login | ana |", "Login » ana": a table with a name and its value in each line, or a sign of somebody's own.
_CELLS = LatePattern(
    rf"^(?P<name>[ \t|]*[\"'*_`]{{0,2}}{NAME}[\"'*_`]{{0,2}}[ \t]+)[|·•»~/\\,;.]"
    r"(?P<value>[ \t]+[^\n|]*[^\s|])(?P<rest>[ \t|]*)$",
    re.MULTILINE | re.IGNORECASE,
)
#: "Address ......... 203.0.113.7"
_LEADERS = LatePattern(
    rf"^(?P<name>[ \t]*{NAME}[ \t]*)"
    rf"(?P<sign>(?:\.{{3,}}|…+|_{{3,}}|-{{3,}}|={{3,}}|·{{3,}}|[–—]{{2,}})(?=[ \t]*[^\s.…_=·:–—-]))",
    re.MULTILINE | re.IGNORECASE,
)
#: "【端口】1080": the name in brackets, and its value behind them.
_BRACKETED = LatePattern(rf"【(?P<name>{NAME})】(?=[ \t]*[^\s【])", re.IGNORECASE)
_QUOTES = (("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("『", "』"), ("【", "】"))
_IN_QUOTES = "|".join(rf"{opening}[^{opening}{closing}\"\n]+{closing}" for opening, closing in _QUOTES)
#: "логин «ana»", and "账号“ana”" with nothing between.
_QUOTED = LatePattern(
    rf"(?<![^\s,;.:(\"“”„«»「」『』【】{HAN_RANGE}])(?P<name>{NAME})(?P<join>[ \t]*[:=]?[ \t]*)"
    rf"(?:{_IN_QUOTES}|(?<={HAN})\"[^\"\n]+\")",
    re.IGNORECASE,
)
_QUOTE_MARKS = frozenset(mark for pair in _QUOTES for mark in pair) | {'"'}
_WORD = re.compile(r"(?<![\w@:/.-])(?P<word>[^\W\d_]{5,14})(?P<join>[ \t]*[:=][ \t]*|[ \t]+)(?=[\w!-~])")
#: As short as a label that is mistyped at least.
_SHORT = {Part.USER: "user", Part.PASSWORD: "pass"}


def respelled(plain: str) -> str:
    """The text, as long as before, with labels spelled as they usually are, and the colon for other signs."""
    plain = _with_known_names(plain)
    plain = _BRACKETED.compiled.sub(r" \g<name>:", plain)
    if len(_DASHED.compiled.findall(plain)) > _DASHES:
        plain = _DASHED.compiled.sub(r"\1:\2", plain)
    plain = _with_colons_for_dashes(plain)
    if len(_CELLS.compiled.findall(plain)) > 1:
        plain = _CELLS.compiled.sub(lambda cell: f"{cell['name']}:{cell['value']}{' ' * len(cell['rest'])}", plain)
    if len(_LEADERS.compiled.findall(plain)) > 1:
        plain = _LEADERS.compiled.sub(lambda line: f"{line['name']}:{' ' * (len(line['sign']) - 1)}", plain)
    return _with_usual_quotes(plain)


def _with_known_names(plain: str) -> str:
    """The text with the names that are mistyped where nothing but a value can stand behind them."""

    def known(match: re.Match[str]) -> str:
        part = next((part for part in _SHORT if is_mistyped(match["word"], (part,))), None)
        if part is None or not (match["join"].strip() or _is_sure(plain, match, part)):
            return match[0]
        return _SHORT[part].ljust(len(match["word"])) + match["join"]

    return _WORD.sub(known, plain)


def _is_sure(plain: str, match: re.Match[str], part: Part) -> bool:
    """Whether a name with nothing but a space behind it has a secret for its value, or its like in the same line."""
    if part is Part.PASSWORD and is_secret(word_at(plain, match.end())):
        return True
    before = plain[max(0, match.start() - _FURTHEST) : match.start()].rpartition("\n")[2]
    behind = plain[match.end() : match.end() + _FURTHEST].partition("\n")[0]
    other = Part.USER if part is Part.PASSWORD else Part.PASSWORD
    words = (word.strip(":=,;") for word in f"{before} {behind}".split())
    return any(part_named(word) is other or is_mistyped(word, (other,)) for word in words)


def _with_colons_for_dashes(plain: str) -> str:
    if "-" not in plain and "–" not in plain and "—" not in plain:
        return plain
    found = [match for match in _JOINED.compiled.finditer(plain) if _is_value(match)]
    parts = [part_named(match["name"]) for match in found]
    if len(set(parts) & _PARTS) < _SEVERAL:
        return plain
    if not {Part.HOST, Part.PORT} & set(parts) and any("-" in match["value"] for match in found):
        return plain  # a seller's user: "user-ana-country-us"
    for match, part in zip(found, parts, strict=True):
        if part in _PARTS:
            plain = f"{plain[: match.start('sign')]}:{plain[match.end('sign') :]}"
    return plain


def _is_value(joined: re.Match[str]) -> bool:
    """Whether what a dash joins on to a name may be its value: in "прокси-сервера: …" it isn't."""
    part, value = part_named(joined["name"]), joined["value"].rstrip(",;")
    if part is Part.HOST:
        return begins_with_host(value)
    if part is Part.PORT:
        return read_port(value) is not None
    return not is_label_name(value) and not value.endswith((":", "="))


def _with_usual_quotes(plain: str) -> str:
    """The text with straight quotes around values, where several labels have theirs in others.

    Where nothing stands between a label and its value, with a colon and a space in their place.
    """
    if not _QUOTE_MARKS & set(plain):
        return plain
    found: list[re.Match[str]] = []
    for match in _QUOTED.compiled.finditer(plain):
        # A name that is in quotes itself is no label: "密码"
        if plain[match.start() - 1 : match.start()] != '"' or (found and found[-1].end() == match.start()):
            found.append(match)
    if len(found) < _SEVERAL:
        return plain
    for match in found:
        opening, closing = ('"', '"') if match["join"] else (":", " ")
        start, end = match.end("join"), match.end()
        plain = f"{plain[:start]}{opening}{plain[start + 1 : end - 1]}{closing}{plain[end:]}"
    return plain
