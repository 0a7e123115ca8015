"""A declared order: "Format: user:pass:host:port", and the proxies that are written in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.hosts import read_host
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.table import Row, is_in_another_order
from bot.domain.proxy_parsing.types import is_supported, read_port, read_type
from bot.domain.proxy_parsing.vocabulary import NAMES, Part, any_of, spaced

_PARTS = (Part.HOST, Part.PORT, Part.USER, Part.PASSWORD, Part.TYPE)
_BY_NAME = {name: part for part in _PARTS for name in NAMES[part] if not re.search(r"[:/]", name)}
_BY_SPELLING = {re.sub(r"[ _-]", "", name): part for name, part in _BY_NAME.items()}
_NAMED = any_of(_BY_NAME, spaced)
_FIELD = rf"[\[{{<(%$]{{0,2}}(?:{_NAMED})[\]}}>)%]{{0,2}}"
_SIGN = r"(?:://|##|[:@|;,/])"
_FORMAT = (
    r"(?:(?:(?:the|in|proxy|прокси|代理)[ ]?)*(?:format|формат(?:е|ом)?|порядок|格式|định dạng|dạng|formato|syntax"
    r"|order|вид(?:е)?)(?: прокси| proxy)?[\"'*`]*[ \t]*(?:is|[:=–—-])?[ \t\n\"'`*]*)?"
)
_ORDER = LatePattern(
    rf"(?<![\w@|;,/.])(?P<format>{_FORMAT})(?P<order>[(\[\"'`]?{_FIELD}(?:{_SIGN}{_FIELD}){{3,4}}[)\]\"'`]?)(?![\w:@|;,/.-]\w)",
    re.IGNORECASE,
)
_PIECE = LatePattern(rf"(?P<name>{_NAMED})|(?P<sign>{_SIGN})", re.IGNORECASE)
_PORT_NAMED = re.compile("|".join(map(re.escape, NAMES[Part.PORT])), re.IGNORECASE)
_ONE_SIGN = (":", "|", ";", ",")
_WORD = re.compile(r"\S+")
_AROUND = "\"'`()<>*,;"
_CLOSING = "\"'`)>*"
_LOGIN = r"(?:log(?:in)?|user(?:name)?|логин|账号|tài khoản)"
_PW = r"(?:pass(?:word|wd)?|pwd|парол[ьяе]|密码|mật khẩu)"
_FIRST = r"(?:сначала|перв(?:ый|ым|ое)(?:[ ]+ид[её]т)?)"
_LAST = (
    r"(?:последн(?:ий|им)|(?:стоит |ид[её]т )?в (?:самом )?конце|last|at the end|четв[её]рт(?:ый|ым)|fourth|cuối|sau)"
)
#: "(password first, then username)", "(pass:login)", "login is last", "пароль перед логином"
_TURNED = LatePattern(
    rf"(?<![^\W_])(?:{_FIRST}[ ]+парол|{_PW}[ ,]+(?:(?:is|goes|comes|идёт)[ ]+)?(?:first|trước|{_FIRST}))"
    rf"|先密码|密码在?前|[(（][ ]*{_PW}[ ]*[:,，/|-][ ]*{_LOGIN}[ ]*[)）]|(?<=\S[ ]){_PW}[:/|]{_LOGIN}\Z"
    rf"|(?<![^\W_]){_LOGIN}[ ]+(?:(?:is|goes|comes|stands|идёт|стоит|тут|здесь)[ ]+)?{_LAST}(?=[ ]*(?:[^\w ]|\n|\Z))"
    rf"|(?<![^\W_])(?:{_LOGIN}(?:[ ]+(?:is|goes|comes|идёт|стоит))?[ ]+(?:after|behind|после|за|sau)"
    rf"|{_PW}(?:[ ]+(?:is|goes|comes|идёт|стоит))?[ ]+(?:before|in front of|перед|до|trước))[ ]+(?:the[ ]+)?"
    rf"(?:{_LOGIN}|{_PW})(?:а|ом|ем|я|ем|ю)?(?![^\W_])"
    rf"|(?<![^\W_])(?:{_LOGIN}|{_PW})[ ]*(?:[/,]|и|and|&|và|y)[ ]*(?:{_LOGIN}|{_PW})[ ]+(?:\w+[ ]+)?"
    r"(?:местами|перепута\w+|наоборот|swapped|reversed|switched|mixed up|the other way|ngược)"
    r"|(?:账号|用户名)在(?:最)?后|密码和?账号反",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of fields that a text declares at ``start`` to ``end``, and the signs between them."""

    start: int
    end: int
    parts: tuple[Part, ...]
    signs: tuple[str, ...]

    @property
    def turned(self) -> bool:
        """Whether the password goes before the user, which nobody expects."""
        return self.parts.index(Part.PASSWORD) < self.parts.index(Part.USER)


def says_turned(plain: str) -> bool:
    """Whether words say that the password goes before the user: "(password first, then username)"."""
    return _TURNED.compiled.search(plain) is not None


def orders_in(plain: str) -> list[Order]:
    """Every order that a text declares: it names host, port, user and password once each."""
    if not _PORT_NAMED.search(plain):
        return []
    return [order for match in _ORDER.compiled.finditer(plain) if (order := _order(match))]


def rows_in(view: View, order: Order) -> Iterator[Row]:
    """The words of a text that are written in an order."""
    signs = [order.signs]
    if len(set(order.signs)) == 1:
        signs = [(sign,) * len(order.signs) for sign in dict.fromkeys((order.signs[0], *_ONE_SIGN))]
    patterns = [_pattern(order.parts, each) for each in signs]
    for word in _WORD.finditer(view.plain):
        start, end = _without_signs_around(word)
        for pattern in patterns:
            match = pattern.fullmatch(view.plain, start, max(start, end))
            row = match and _row(view, match)
            if row:
                yield row
                break


def _without_signs_around(word: re.Match[str]) -> tuple[int, int]:
    """Where a word begins and ends without the signs around it: at its end no more than open it, so "Pw1*" stays."""
    opening = len(word[0]) - len(word[0].lstrip(_AROUND))
    listed = word[0].rstrip(",;")
    closing = min(opening, len(listed) - len(listed.rstrip(_CLOSING)))
    return word.start() + opening, word.start() + len(listed) - closing


def _spelling(name: str) -> str:
    return re.sub(r"[ _-]", "", name.lower())


def _order(match: re.Match[str]) -> Order | None:
    parts: list[Part] = []
    signs: list[str] = []
    for piece in _PIECE.compiled.finditer(match["order"]):
        if piece["sign"]:
            signs.append(piece["sign"])
        else:
            part = _BY_SPELLING.get(_spelling(piece["name"]))
            if part is None:
                return None  # one that only looks like the letters of a name, as "ſ" does
            parts.append(part)
    once = all(parts.count(part) == 1 for part in _PARTS[:4])
    return Order(*match.span(), tuple(parts), tuple(signs)) if once and len(signs) == len(parts) - 1 else None


def _pattern(parts: Sequence[Part], signs: Sequence[str]) -> re.Pattern[str]:
    spelled = {
        Part.HOST: r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s@|;,/:]+)",
        Part.PORT: r"(?P<port>[0-9]{1,5})",
        Part.TYPE: r"(?P<type>[^\s@|;,/:]+)",
    }
    pattern = ""
    for index, part in enumerate(parts):
        beside = "".join(signs[max(0, index - 1) : index + 1]).replace("/", "")
        inner = rf"[^\s{re.escape(beside)}]+"
        pattern += spelled.get(part, f"(?P<{part.value}>{inner})")
        pattern += re.escape(signs[index]) if index < len(signs) else ""
    return re.compile(pattern)


def _row(view: View, match: re.Match[str]) -> Row | None:
    host, port = read_host(match["host"]), read_port(match["port"])
    if host is None or port is None:
        return None
    type_ = match.groupdict().get("type") or ""
    if type_ and not is_supported(type_):
        return None  # it is told what it is by what reads any proxy
    user, password = view.typed(*match.span("user")), view.typed(*match.span("password"))
    if is_in_another_order(host, user, password):
        return None
    return Row(*match.span(), (Custom(host, port, read_type(type_) if type_ else None, user, password),))
