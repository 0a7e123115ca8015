"""The ways to read an address with its login, and those that other numbers and hosts beside it add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.addresses import Address, Grade, find_hosts, grade_of
from bot.domain.proxy_parsing.behind import login_behind
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.logins import CLOSING, NONE, Login, View
from bot.domain.proxy_parsing.types import read_port

#: A number behind a port, with a login behind it.
_SECOND_PORT = re.compile(r"(?P<sign>[:|;,/]|[ \t]+)(?P<port>[0-9]{1,5})(?=[:|;,@ \t]+\S)")
_PORT_BEHIND_SLASH = re.compile(r"/(?P<port>[0-9]{4,5})(?!\S)")
_BETWEEN_HOSTS = re.compile(r"[\s,/|;:&+>→-]*(?:(?:[0-9]{1,3}\.){3}[0-9]{1,3}[\s,/|;:&+>→-]*)*(?:and|и|or)?[ \t]*")
_HOST_BEFORE = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}[\s,/|;:&+>→-]+(?:and|и|or)?[ \t]*\Z")
_FURTHEST = 80


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read what stands around an address."""

    host: str
    port: int
    login: Login
    type: ProxyType | None = None


def with_second_port(view: View, address: Address, ways: Sequence[Way], limit: int, *, guess: bool) -> list[Way]:
    """The ways to read an address with one number more behind its port: another port, or a part of it."""
    second = _SECOND_PORT.match(view.plain, address.end, limit)
    if second is None or any(way.port != address.port for way in ways):
        return _with_port_behind_slash(view, address, ways)
    logins, _, _ = login_behind(view, replace(address, end=second.end()), limit, "", guess=guess)
    logins = [login for login in logins if login.user and login.password]
    if not logins:
        return list(ways)
    spaced = second["sign"].isspace()
    joined = read_port(f"{address.port}{second['port']}") if spaced else None
    ports = [joined, address.port, read_port(second["port"])]
    found = [Way(address.host, port, unquoted(login), login.type) for port in ports if port for login in logins]
    kept = () if spaced or second["sign"] == "/" else ways
    return [*found, *(way for way in kept if way.login != NONE)]


def _with_port_behind_slash(view: View, address: Address, ways: Sequence[Way]) -> list[Way]:
    """ "host:8080/1080" with nothing behind it."""
    slash = _PORT_BEHIND_SLASH.match(view.plain, address.end)
    second = slash and read_port(slash["port"])
    if not slash or not second:
        return list(ways)
    ways = [way for way in ways if way.login.user != slash["port"]]
    return [replace(way, port=port) for port in (address.port, second) for way in ways]


def with_other_hosts(view: View, address: Address, ways: Sequence[Way]) -> list[Way]:
    """The same ways for the addresses that stand before this one with no port of their own: "1.1.1.1, 1.1.1.2:80"."""
    line = line_start(view.plain, address.start)
    hosts: list[str] = []
    if not _HOST_BEFORE.search(view.plain, max(line, address.start - _FURTHEST), address.start):
        return []
    for start, end, host in find_hosts(view.plain, max(line, address.start - _FURTHEST), address.start):
        between = view.plain[end : address.start]
        if grade_of(host) is Grade.IP and not view.plain[line:start].strip() and _BETWEEN_HOSTS.fullmatch(between):
            hosts.append(host)
    return [replace(way, host=host) for host in hosts for way in ways]


def unquoted(login: Login) -> Login:
    """The login without quotes or brackets, where user and password each stand in some."""
    user, password = login.user, login.password or ""
    quoted = all(len(part) > 2 and CLOSING.get(part[0]) == part[-1] for part in (user, password))
    return replace(login, user=user[1:-1], password=password[1:-1]) if quoted else login
