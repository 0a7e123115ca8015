"""Passwords behind which nothing else can stand: those in front of an address, "socks5://ana:Pw~1@host:80"."""

from __future__ import annotations

from urllib.parse import unquote

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.types import SCHEME


def is_enclosed(reading: Custom, found: Found, plain: str) -> bool:
    """Whether the whole login of a reading stands in front of its host, with nothing else but a scheme."""
    login = f"{reading.user}:{reading.password}"
    for start, end in found.spans:
        scheme = SCHEME.match(plain, start, end)
        before, at, address = plain[scheme.end() if scheme else start : end].rpartition("@")
        follows = address.lstrip("[").lower().startswith((reading.host or "").lower())
        if at and follows and login in (before, unquote(before)):
            return True
    return False
