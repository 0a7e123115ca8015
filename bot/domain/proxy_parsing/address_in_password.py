"""An address that stands in the password of another one's login."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.addresses import Address, Grade

_LOGIN_BEFORE = re.compile(r"(?<![^\s/])[^\s:@/]+:[^\s/]+@\Z")
_LOWEST_PORT = 80  # of a proxy whose host is a domain
_USER_BEFORE = re.compile(r"(?<![^\s/])[^\s:@/|;,]+:\Z")


def is_in_password(plain: str, floor: int, first: Address, between: str) -> bool:
    """Whether it stands so in a word with another behind it: "ana:a@b.com:80@host:1080", "ana:b.com:80;a@host:1080".

    ``between`` is what stands between the two, ``floor`` is where the word may begin.
    """
    return (between == "@" and _LOGIN_BEFORE.search(plain, floor, first.start) is not None) or (
        between[:1] in tuple("|;,") and begins_password(plain, floor, first, between)
    )


def begins_password(plain: str, floor: int, first: Address, between: str) -> bool:
    """Whether its user stands in front of it, and the rest of the password behind it."""
    is_rest = between.endswith("@") and ":" not in between
    return is_rest and _USER_BEFORE.search(plain, floor, first.start) is not None


def may_be_proxy(address: Address) -> bool:
    """Whether an address may as well be that of the proxy."""
    return address.grade is Grade.IP or (address.grade is Grade.NAME and address.port >= _LOWEST_PORT)
