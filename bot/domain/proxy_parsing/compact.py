"""Proxies whose host is one word: read only where the form of a whole word leaves no doubt that it is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.hosts import read_host
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import Grade, find_hosts, grade_of
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import is_type, read_port, read_type

_HOST = r"(?P<host>(?=[\w-]*[^\W\d_])[^\W_](?:[\w-]*[^\W_])?)"
_PORT = r"(?P<port>[0-9]{1,5})"
_FORMS = (
    rf"(?:(?P<type>\w+)(?P<sign>[:|;,]))?{_HOST}:{_PORT}:(?P<user>[^:]+):(?P<password>.+)",
    rf"{_HOST}(?P<sign>[|;,]){_PORT}(?P=sign)(?P<user>[^|;,]+)(?P=sign)(?P<password>.+)",
    rf"(?P<user>[^:@]+):(?P<password>.+)@{_HOST}:{_PORT}",
    rf"{_HOST}:{_PORT}@(?P<user>[^:@]+):(?P<password>.+)",
    rf"(?P<user>[^:@]+):(?P<password>[^@]+):{_HOST}:{_PORT}",
    rf"(?P<user>[^|;,@]+)(?P<sign>[|;,])(?P<password>.+)(?P=sign){_HOST}(?P=sign){_PORT}",
)
_PATTERNS = tuple(map(re.compile, _FORMS))
_WORD = re.compile(r"\S+")


def words_read(view: View) -> Iterator[tuple[int, int, list[Custom]]]:
    """Every word of a text that can be read as a proxy, with its readings."""
    for match in _WORD.finditer(view.plain):
        start, end = match.span()
        if any(grade_of(host) is Grade.IP for _, _, host in find_hosts(view.plain, start, end)):
            continue  # no other word is the host
        readings = list(dict.fromkeys(_readings(view, start, end)))
        if readings:
            yield start, end, readings


def _readings(view: View, start: int, end: int) -> Iterator[Custom]:
    for pattern in _PATTERNS:
        match = pattern.fullmatch(view.plain, start, end)
        if match is None:
            continue
        parts = match.groupdict()
        named = parts.get("type")
        host, port = read_host(match["host"]), read_port(match["port"])
        if host is None or port is None or (named and not is_type(named)) or is_type(host):
            continue
        user, password = view.typed(*match.span("user")), view.typed(*match.span("password"))
        yield Custom(host, port, read_type(named) if named else None, user, password)
