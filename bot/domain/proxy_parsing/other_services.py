"""Addresses that are said to be something other than a proxy, beside one that is the proxy: "SMTP: …", "DNS …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.set_aside import is_placeholder, set_aside
from bot.domain.proxy_parsing.vocabulary import names_proxy

#: What an address is of, with nothing but small words between the two.
_SERVICE = LatePattern(
    r"(?<![^\W_])(?:site|сайт|бд|database|debugger|smtps?|imap|pop3?|rdp|vnc|dns|s?ftp|mysql|postgres\w*|redis|mongo\w*|mqtt|sip|stun|telnet|api"
    r"|webhooks?|panel|dashboard|cabinet|3?x-ui|(?:last|login|exit|real|whitelist\w*) ip"
    r"|(?:fraud )?score|панел[ьи]|админк[аи]|кабинет\w*|面板|后台)"
    r"(?:(?:\W|_)+(?:for|of|at|is|on|in|listening|на|по|у|в|это|server|сервер|host|хост|ip|address|адрес|url|https?))*(?:\W|_)*\Z",
    re.IGNORECASE,
)
_FAR = 80  # characters in front


def without_services(plain: str, found: Sequence[Found]) -> Sequence[Found]:
    """The proxies of a text without what is said to be something else, where any is left."""
    left = [each for at, each in enumerate(found) if not _is_service(plain, each, found[at - 1] if at else None)]
    if not any(way.user for each in left for way in each.readings):
        left = [*found]
    aside = set_aside(plain, left)
    if any(map(is_placeholder, aside)):
        left = [each for each in left if each not in aside or not is_placeholder(each)] or left
    there = [each for each in left if each not in aside]
    logins = [each for each in there if any(way.user for way in each.readings)]
    return (there if logins else left) or found


def _is_service(plain: str, found: Found, former: Found | None) -> bool:
    at = _host(plain, found)
    floor = 0 if former is None else _host(plain, former)
    front = plain[max(floor, plain.rfind("\n", 0, at) + 1) : at]
    return _SERVICE.compiled.search(front[-_FAR:]) is not None and not (names_proxy(front) or "socks" in front.lower())


def _host(plain: str, found: Found) -> int:
    """Where the host of a proxy stands."""
    host = found.readings[0].host or "" if found.readings else ""
    return max(found.start, plain.lower().find(host, found.start))
