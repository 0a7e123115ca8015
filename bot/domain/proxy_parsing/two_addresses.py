"""A word with two addresses: which of them is that of the proxy, and which a part of its login."""

from __future__ import annotations

import re
from enum import Enum, auto

from bot.domain.proxy_parsing.addresses import LOWEST_PORT, Address, Grade

#: What joins an address to the rest of the password that it begins, and this to the address of the proxy. A login
#: behind a sign of lists is that of the next proxy.
_REST = re.compile(r"[|;,](?![^\s:@/|;,\"']+:\S+[:@]\Z)\S*[:@]")
_ANY_REST = re.compile(r"\S+[:@]")
#: What follows the address of a proxy: one field, or a login and another proxy.
_ONE_FIELD = re.compile(r":[^:]+:")
_LOGIN = re.compile(r":[^:@]+:[^:@]+[@|;,]")
_USER_BEFORE = re.compile(r"(?<![^\s/])[^\s:@/|;,]+:\Z")
_WORD_BEGINS = re.compile(r"(?<![^\s/])\Z")
_LOGIN_BEFORE = re.compile(r"(?<![^\s/])[^\s:@/]+:[^\s/]+@\Z")


class Meant(Enum):
    """The address of a proxy, of two in a word."""

    FIRST = auto()
    LAST = auto()
    #: Either may be meant, the first more likely.
    FIRST_OR_LAST = auto()
    LAST_OR_FIRST = auto()
    UNCLEAR = auto()


def may_begin_password(plain: str, first: Address, between: str) -> bool:
    """Whether an address may be in a password although a sign that parts lists follows it: "ana:b.com:80;a@host:1080".

    ``between`` is what stands between it and the next address. With nothing in front it may be the user as well.
    """
    in_front = _USER_BEFORE.search(plain, 0, first.start) or _WORD_BEGINS.search(plain, 0, first.start)
    rest = _REST if _may_be_proxy(first) else _ANY_REST
    return in_front is not None and rest.fullmatch(between) is not None


def meant(plain: str, floor: int, first: Address, last: Address, *, url: bool) -> Meant:
    """Which of two addresses is the proxy's, in a word that begins at ``floor`` at the earliest.

    Where it is unclear neither may be used nor shown: each may be a part of the password.
    """
    between = plain[first.end : last.start]
    is_first = not plain[floor : first.start].endswith(("@", ":"))
    if len(between) == 1 and first.grade is not last.grade and is_first:
        # A login that has the look of a host and its port: the address of numbers is the proxy's.
        return Meant.FIRST if first.grade > last.grade else Meant.LAST
    if _LOGIN_BEFORE.search(plain, floor, first.start) or _USER_BEFORE.search(plain, floor, first.start):
        return Meant.UNCLEAR if _may_be_proxy(first) else Meant.LAST
    if between == "@" and url and first.grade < Grade.IP:
        return Meant.LAST
    # "ana.lee:80:pass:gate.example:8080" may be a user with the look of a host, or a password with that of an address.
    if between == "@":
        return Meant.LAST_OR_FIRST
    if len(between) == 1 or _ONE_FIELD.fullmatch(between) or _LOGIN.fullmatch(between):
        return Meant.FIRST_OR_LAST
    return Meant.UNCLEAR


def _may_be_proxy(address: Address) -> bool:
    return address.grade is Grade.IP or (address.grade is Grade.NAME and address.port >= LOWEST_PORT)
