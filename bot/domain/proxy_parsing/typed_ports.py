"""Ports that have the name of a type: "HTTP: 8000", "SOCKS5 - 8001"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.addresses import begins_with_host, find_addresses, find_hosts
from bot.domain.proxy_parsing.label_values import Label
from bot.domain.proxy_parsing.types import is_type, read_port
from bot.domain.proxy_parsing.units import UNIT, YEARS
from bot.domain.proxy_parsing.vocabulary import Part

_SEVERAL = 2
_TYPE = r"https?(?:\(s\))?|socks(?:[ -]?5h?)?|сокс(?:[ -]?5)?|ssh"
#: Numbers of three digits are rather what a server answers: "HTTP 502"; those of two are terms: "SOCKS5 30".
_PORT = re.compile(
    rf"(?<![\w:@/.+=%$-])(?P<types>(?:{_TYPE})(?:[ \t]?[/&+,][ \t]?(?:{_TYPE})){{0,3}})"
    rf"(?:[ \t]{{0,8}}(?P<sign>[:=])[ \t]{{0,8}}|[ \t]{{1,8}}[-–—][ \t]{{1,8}}|[ \t]{{1,8}})"
    rf"(?P<port>[0-9]{{4,5}}|443|(?(sign)[0-9]{{2}}|(?!)))(?![\w:@.-])(?![ \t]*[(\[]?[ \t]*{UNIT})",
    re.IGNORECASE,
)
#: What stands behind a port in its clause: another with its type, or a word that says that it is one.
_NEXT = re.compile(
    rf"[ \t]*(?:(?:and|or|и|или|y|und|et|và|和)[ \t]+)?(?:{_TYPE}|port|порт)(?![^\W_])"
    r"|[ \t]+[-–—][ \t]|[ \t]*[^\w \t]|[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)

_HEADING = re.compile(rf"^[ \t]*(?P<type>{_TYPE})[ \t]*(?:代理|隧道)[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)


def with_typed_ports(plain: str, labels: Sequence[Label]) -> list[Label]:
    """The labels with those of such ports, where a label tells the host, and none the port.

    Where the host has no label, there must be several.
    """
    if any(each.part is Part.PORT for each in labels):
        return list(labels)
    found: list[Label] = []
    for match in _PORT.finditer(plain):
        # "http 8000 socks 8001 ana Pw1secret"
        goes_on = bool(found) and not plain[found[-1].end : match.start()].strip()
        if _is_port(plain, match, labels, goes_on=goes_on):
            found.append(_label(match))
    if not found or find_addresses(plain):
        return list(labels)
    hosts = {host for _, _, host in find_hosts(plain, 0, len(plain))}
    labelled = any(each.part is Part.HOST and begins_with_host(plain[each.start : each.end]) for each in labels)
    if len(hosts) != 1 or not (labelled or len(found) >= _SEVERAL):
        return list(labels)
    kept = [each for each in labels if not any(port.begin <= each.begin < port.end for port in found)]
    return [*kept, *found]


def _is_alone(match: re.Match[str], labels: Sequence[Label]) -> bool:
    """Whether it is no part of what a label tells."""
    return not any(each.start <= match.start() < each.end for each in labels if each.part is not Part.HOST)


def _is_port(plain: str, match: re.Match[str], labels: Sequence[Label], *, goes_on: bool) -> bool:
    """Whether a number is a port, rather than a term or a count that a word of its clause explains.

    ``goes_on``: another stands in front of it.
    """
    if not read_port(match["port"]) or not _is_alone(match, labels):
        return False
    if int(match["port"]) in YEARS and not match["sign"]:
        return False
    following = len(plain) - len(plain[match.end() :].lstrip(" \t"))
    return goes_on or _NEXT.match(plain, match.end()) is not None or any(each.begin == following for each in labels)


def _label(match: re.Match[str]) -> Label:
    qualifier = match["types"] if is_type(match["types"]) else ""
    return Label(Part.PORT, match.start(), *match.span("port"), True, False, qualifier, match["types"].lower())


def types_of_headings(plain: str) -> list[Label]:
    """The types in names for proxies that are a line of their own: "socks5代理" over the labels."""
    return [
        Label(Part.TYPE, match.start("type"), *match.span("type"), strict=True, name="")
        for match in _HEADING.finditer(plain)
    ]
