"""The forms in which a proxy stands in one text: a host and a port, with a login in front or behind.

ixBrowser documents five: ``ip:port``, ``ip:port:user:pass``, ``user:pass@ip:port``, ``ip:port@user:pass`` and
``user:pass:ip:port``. People also put a type in front or behind, and other signs between the parts. The texts that are
read here have single spaces for white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from bot.domain.hosts import is_evident, read_host
from bot.domain.proxy import Custom, ProxyType
from bot.errors import InputError

HIGHEST_PORT = 65535
LONGEST_TYPE_SHOWN = 20

#: ``socks5h`` only says who looks names up, and ``socks`` alone is version 5 in every browser.
TYPES = {
    "http": ProxyType.HTTP,
    "https": ProxyType.HTTPS,
    "socks5": ProxyType.SOCKS5,
    "socks5h": ProxyType.SOCKS5,
    "socks": ProxyType.SOCKS5,
    "ssh": ProxyType.SSH,
}
#: Words that are meant as a type, and that ixBrowser has no such type for.
UNSUPPORTED = ("socks4", "socks4a", "shadowsocks", "trojan", "vless", "vmess")

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")

_WORDS = "|".join((*TYPES, *UNSUPPORTED))
_TYPE_IN_FRONT = re.compile(rf"[\[(]?(?P<word>{_WORDS})[\])]?(?P<joint>[ :|;,])", re.IGNORECASE)
_TYPE_BEHIND = re.compile(rf"(?P<joint>[ :|;,])[\[(]?(?P<word>{_WORDS})[\])]?$", re.IGNORECASE)

_ADDRESS = r"(?P<host>\[[^\[\] ]*\]|[^ :@|;,\[\]]+)(?P<inner>[ :|;,])(?P<port>[^ :@|;,]*)"
#: An IPv6 address without brackets: its last colon parts off the port.
_BARE_IPV6 = r"(?P<host>[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)(?P<inner>[ :|;,])(?P<port>[0-9]+)"
_LOGIN_BEHIND = (
    re.compile(rf"{_ADDRESS}(?:(?P<outer>[ :@|;,])(?P<login>.*))?"),
    re.compile(rf"{_BARE_IPV6}(?:(?P<outer>[ @|;,])(?P<login>.*))?"),
)
_LOGIN_IN_FRONT = (
    re.compile(rf"(?P<login>.*)(?P<outer>[ :@|;,]){_ADDRESS}"),
    re.compile(rf"(?P<login>.*)(?P<outer>[ @|;,]){_BARE_IPV6}"),
)


@dataclass(frozen=True, slots=True)
class Split:
    """One way to take a text apart; nothing in it has been checked.

    ``inner`` is the sign between host and port, ``outer`` the one between address and login.
    """

    host: str
    port: str
    inner: str
    outer: str
    login: str
    login_in_front: bool

    @property
    def standard(self) -> bool:
        """Whether this is ``user:pass@host:port``, the form that URLs have."""
        return self.login_in_front and self.outer == "@"


def splits(text: str) -> list[Split]:
    """Every way to take a text apart, the likeliest first."""
    return sorted(_every_split(text), key=lambda split: (not split.standard, split.login_in_front))


def _every_split(text: str) -> Iterator[Split]:
    for login_in_front, patterns in ((False, _LOGIN_BEHIND), (True, _LOGIN_IN_FRONT)):
        for pattern in patterns:
            if match := pattern.fullmatch(text):
                part = match.groupdict(default="")
                yield Split(part["host"], part["port"], part["inner"], part["outer"], part["login"], login_in_front)


@dataclass(frozen=True, slots=True)
class TypeWord:
    """A word at an end of a text that may name the type: the word, the sign beside it, and the text without both."""

    word: str
    joint: str
    rest: str


def type_words(text: str) -> Iterator[TypeWord]:
    """The words at both ends of a text that may name a type."""
    for match in (_TYPE_IN_FRONT.match(text), _TYPE_BEHIND.search(text)):
        if match:
            rest = text[: match.start()] + text[match.end() :]
            yield TypeWord(match["word"].lower(), match["joint"], rest.strip())


def readings(text: str) -> list[Custom]:
    """Every sound reading of a text, distinct, the likeliest first; none where it can't be read.

    Where one reading's host is evidently a host, those whose host could be anything are left out. Raises
    ``InputError`` ``unsupported_type`` (``value``).
    """
    if scheme := SCHEME.match(text):
        return _evident(_read_url(text[scheme.end() :].strip(), read_type(scheme[1])))
    plain = _read(text)
    for found in type_words(text):
        if without := _read(found.rest):
            # "host:port:user:ssh" may tell a password as well as a type; "host:port ssh" can't.
            doubtful = found.joint == ":" or any(reading.password is None for reading in without)
            others = [reading for reading in plain if doubtful and reading.password is not None]
            if others and found.word in UNSUPPORTED:
                return _evident(others)
            type_ = read_type(found.word)
            return _evident([*(replace(reading, type=type_) for reading in without), *others])
    return _evident(plain)


def read_type(word: str) -> ProxyType:
    """The type that a word names; raises ``InputError`` ``unsupported_type`` (``value``)."""
    type_ = TYPES.get(word.lower())
    if type_ is None:
        raise InputError("unsupported_type", value=word[:LONGEST_TYPE_SHOWN])
    return type_


def read_port(text: str) -> int | None:
    """A port, 1 to 65535, in the digits of any script; None where the text is none."""
    if not text.isdecimal() or len(text) > len(str(HIGHEST_PORT)) or not 1 <= int(text) <= HIGHEST_PORT:
        return None
    return int(text)


def _read(text: str) -> list[Custom]:
    return [reading for split in splits(text) if (reading := _reading(split))]


def _read_url(text: str, type_: ProxyType) -> list[Custom]:
    """What stands behind a scheme. Only in the form that URLs have is ``%40`` an escape, and that form goes first."""
    found = []
    for split in splits(text):
        reading = _reading(replace(split, port=split.port.rstrip("/")))
        if reading and split.standard:
            password = reading.password and _without_escapes(reading.password)
            return [replace(reading, type=type_, user=_without_escapes(reading.user), password=password)]
        if reading:
            found.append(replace(reading, type=type_))
    return found


def _without_escapes(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _reading(split: Split) -> Custom | None:
    host, port, login = read_host(split.host), read_port(split.port), _read_login(split)
    if host is None or port is None or login is None:
        return None
    user, password = login
    return Custom(host=host, port=port, user=user, password=password)


def _read_login(split: Split) -> tuple[str, str | None] | None:
    """User and password; the password is None where only a user is told. None where this can't be a login."""
    if not split.login:
        return "", ""
    signs = split.inner if split.inner == split.outer else (split.inner + split.outer).replace("@", "")
    for marks in (signs, ": "):
        user, *rest = re.split(f"[{re.escape(marks)}]", split.login, maxsplit=1)
        if rest:
            return None if " " in user + rest[0] else (user, rest[0])
    # A single word in front is a user only before "@": "proxy 203.0.113.7:1080" tells none.
    return (split.login, None) if split.standard or not split.login_in_front else None


def _evident(found: list[Custom]) -> list[Custom]:
    """The readings whose host is evidently one, or all where there is none such; each once."""
    evident = [reading for reading in found if reading.host and is_evident(reading.host)]
    return list(dict.fromkeys(evident or found))
