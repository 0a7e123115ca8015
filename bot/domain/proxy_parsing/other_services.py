"""Addresses that are said to be something other than a proxy, beside one that is the proxy: "SMTP: …", "DNS …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.accounts import HAN_PANELS, PANELS
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.set_aside import is_placeholder, set_aside
from bot.domain.proxy_parsing.vocabulary import names_proxy

_SMALL_WORDS = (
    r"(?:(?:\W|_)+(?:for|of|at|is|on|in|listening|на|по|у|в|это|server|сервер|host|хост|ip|address|адрес|url|https?))*"
    r"(?:\W|_)*\Z"
)
#: What an address is of, with nothing but small words between the two.
_SERVICE = LatePattern(
    rf"(?<![^\W_])(?:debugger|smtps?|imap|pop3?|rdp|vnc|dns|s?ftp|mysql|postgres\w*|redis|mongo\w*|mqtt|sip|stun|telnet"
    rf"|api|webhooks?|3?x-ui|(?:last|login|exit|real|whitelist\w*) ip|(?:fraud )?score){_SMALL_WORDS}",
    re.IGNORECASE,
)
#: What a proxy may be for as well: "For the site: …".
_PURPOSE = LatePattern(rf"(?:(?<![^\W_])(?:{PANELS}|site|сайт|бд|database)|{HAN_PANELS}){_SMALL_WORDS}", re.IGNORECASE)
_FAR = 80  # characters in front


def without_passed_over(plain: str, found: Sequence[Found]) -> Sequence[Found]:
    """The proxies of a text without what is said to be something else, or is set aside, where any is left."""
    fronts = [_front(plain, each, found[at - 1] if at else None) for at, each in enumerate(found)]
    named = any(map(_is_of_proxy, fronts))
    left = [
        each
        for each, front in zip(found, fronts, strict=True)
        if not _is_service(front) and (not is_for_purpose(front) or (not named and each.has_login))
    ]
    if not any(way.user for each in left for way in each.readings):
        left = [*found]
    aside = set_aside(plain, left)
    if any(map(is_placeholder, aside)):
        left = [each for each in left if each not in aside or not is_placeholder(each)] or left
    there = [each for each in left if each not in aside]
    logins = [each for each in there if any(way.user for way in each.readings)]
    return (there if logins else left) or found


def is_for_purpose(front: str) -> bool:
    """Whether what stands in front of an address says that it is a site's, or that a proxy is for one."""
    return _PURPOSE.compiled.search(front[-_FAR:]) is not None and not _is_of_proxy(front)


def _is_service(front: str) -> bool:
    return _SERVICE.compiled.search(front[-_FAR:]) is not None and not _is_of_proxy(front)


def _is_of_proxy(front: str) -> bool:
    return names_proxy(front) or "socks" in front.lower()


def _front(plain: str, found: Found, former: Found | None) -> str:
    """What stands in front of the host of a proxy in its line, behind the ``former`` one."""
    at = _host(plain, found)
    floor = 0 if former is None else _host(plain, former)
    return plain[max(floor, line_start(plain, at)) : at]


def _host(plain: str, found: Found) -> int:
    """Where the host of a proxy stands."""
    host = found.readings[0].host or "" if found.readings else ""
    return max(found.start, plain.lower().find(host, found.start))
