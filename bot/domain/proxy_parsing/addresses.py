"""Addresses with their ports: the evident parts of a proxy, from which everything else is explained."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.hosts import read_host
from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.types import read_port
from bot.domain.proxy_parsing.vocabulary import TOP_LEVEL

#: Of a proxy whose host is a domain.
LOWEST_PORT = 80


class Grade(IntEnum):
    """How evident it is that an address is one, the most evident last."""

    WORD = 0  # a name without a dot: it may be a user as well
    DOTTED = 1  # "john.doe": a host or a user
    NAME = 2  # ends in a top-level domain
    IP = 3


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port at ``start`` to ``end``; ``inner`` is what stands between the two."""

    start: int
    end: int
    host: str
    port: int
    inner: str
    grade: Grade


# A name's characters but for what joins it to its port; marks are part of letters in many scripts.
#: Where an address may begin: in Chinese no space stands between it and a word: "用203.0.113.7:1080".
_BEGIN = rf"(?:(?<![\w.-])|(?<={HAN})(?=[0-9A-Za-z]))"
_NAME = rf"(?!{HAN}+[0-9A-Za-z])[^\W_](?:[\w-]|(?-i:[\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]))*(?:\.[\w-]+)+\.?"
_IP4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_HOST = rf"(?P<ip>{_IP4}(?![\w-]|\.\w))|(?P<bracketed>\[[0-9A-Fa-f:.]{{2,45}}\])|(?P<name>{_NAME})|(?P<local>localhost)"
_PORT_WORD = r"(?:port|порт|端口|cổng|cong|puerto)"
# Blanks are bounded: labels that were read leave long ones.
_INNER = (
    r"[ \t]{0,3}(?:[:|;,]|[-–—](?=[ \t]))[ \t]{0,3}|[ \t]?:[ \t]{0,80}\n[ \t]{0,80}"
    r"|[ \t]{1,200}|[ \t]{0,80}\n[ \t]{0,80}"
    r"|[ \t]{0,40}(?:[,;(][ \t]{0,8})?(?:\b(?:on|at|auf|en|на|の)[ \t]{1,8})?"
    rf"{_PORT_WORD}[ \t]{{0,8}}(?:[:=][ \t]{{0,8}})?"
)
_PORT = rf"(?P<port>[0-9]{{1,5}})(?!(?!{HAN})[\w%]|[.-][0-9]|/[0-9]{{1,3}}(?![0-9])|\.\w)"
_ADDRESS = LatePattern(rf"{_BEGIN}(?:{_HOST})(?P<inner>{_INNER}){_PORT}", re.IGNORECASE)
_HOST_ALONE = LatePattern(rf"{_BEGIN}(?:{_HOST})", re.IGNORECASE)
_BARE_IP6 = re.compile(
    r"(?<![\w:.\[])(?:(?:[23][0-9a-f]{3}|f[cde][0-9a-f]{2}):|::)[0-9a-f:]{1,45}(?![\w\]])", re.IGNORECASE
)
_PORT_BEHIND = re.compile(r"[ \t]?[|;,][ \t]?(?P<a>[0-9]{1,5})(?!\w)|[ \t]+(?P<b>[0-9]{1,5})(?!\w)", re.IGNORECASE)
_ALL_GROUPS = 8


def find_addresses(plain: str, start: int = 0, end: int | None = None) -> list[Address]:
    """Every address with a port in a stretch of a text, in its order."""
    limit = len(plain) if end is None else end
    found = [*_found_by_pattern(plain, start, limit), *_bare_ip6(plain, start, limit)]
    return sorted(found, key=lambda address: address.start)


def find_hosts(plain: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Every evident host in a stretch of a text, whether or not a port stands behind it."""
    for match in _HOST_ALONE.compiled.finditer(plain, start, end):
        host = read_host(_host_of(match))
        if host is not None and grade_of(host) >= Grade.NAME:
            yield match.start(), match.end(), host


def begins_with_host(text: str) -> bool:
    """Whether a text begins with an evident host."""
    return any(start == 0 for start, _, _ in find_hosts(text, 0, len(text)))


def grade_of(host: str) -> Grade:
    """How evident a host is that has been read."""
    if ":" in host or re.fullmatch(r"[0-9.]+", host):
        return Grade.IP
    if host == "localhost":
        return Grade.NAME
    if "." not in host:
        return Grade.WORD
    last = host.rpartition(".")[2]
    known = not last.isascii() or (len(last) == 2 and last.isalpha()) or last.startswith("xn--") or last in TOP_LEVEL
    return Grade.NAME if known else Grade.DOTTED


def _found_by_pattern(plain: str, start: int, end: int) -> Iterator[Address]:
    for match in _ADDRESS.compiled.finditer(plain, start, end):
        host, port = read_host(_host_of(match)), read_port(match["port"])
        if host is None or port is None:
            continue
        grade = grade_of(host)
        if grade < Grade.IP and match["inner"].isspace() and _words_before(plain, match.start()):
            grade = min(grade, Grade.DOTTED)  # "see docs.example.com 80 times"
        yield Address(match.start(), match.end(), host, port, match["inner"], grade)


def _host_of(match: re.Match[str]) -> str:
    return match["ip"] or match["bracketed"] or match["name"] or match["local"]


def _words_before(plain: str, start: int) -> bool:
    line = line_start(plain, start)
    return len(plain[line:start].split()) > 1


def _bare_ip6(plain: str, start: int, end: int) -> Iterator[Address]:
    """An IPv6 address without brackets: a port behind another sign than a colon, or its last group."""
    for match in _BARE_IP6.finditer(plain, start, end):
        text = match.group()
        behind = _PORT_BEHIND.match(plain, match.end())
        if behind and _is_ip6(text) and (port := read_port(behind["a"] or behind["b"])):
            yield Address(match.start(), behind.end(), text.lower(), port, plain[match.end()], Grade.IP)
            continue
        groups = text.split(":")
        whole = ":".join(groups[:_ALL_GROUPS]) if "" not in groups[:_ALL_GROUPS] else ""
        host = whole if len(groups) > _ALL_GROUPS else ":".join(groups[:-1])
        last = groups[_ALL_GROUPS] if len(groups) > _ALL_GROUPS and whole else groups[-1]
        port = read_port(last)
        if port and _is_ip6(host):
            end = match.start() + len(host) + 1 + len(last)
            yield Address(match.start(), end, host.lower(), port, ":", Grade.IP)


def _is_ip6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False
