"""What rows say behind a password that can be nothing else: "Pw1secret;UK;London;BT"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.vocabulary import words_of
from bot.domain.proxy_parsing.words import is_password, is_place

#: Networks through which proxies go, as rows name them beside their places.
_PROVIDERS = words_of(
    """
    at&t bt vodafone verizon t-mobile tmobile comcast spectrum charter cox sprint orange telefonica movistar o2 three
    ee sky virgin telekom telecom swisscom tele2 mts megafon beeline yota rostelecom kyivstar lifecell frontier
    centurylink мтс мегафон билайн теле2 йота ростелеком киевстар viettel vnpt fpt mobifone vinaphone airtel jio plus
    play turkcell telcel claro vivo tim wind optus
    """
)
_SIGNS = ";|,"
_FEWEST = 2  # cells: a single one may be a part of a password


def without_places(readings: Iterable[Custom], found: Found, plain: str) -> list[Custom]:
    """The readings of a proxy, their passwords without the places and providers in two or more cells at their end."""
    return [
        replace(each, password=bare)
        if each.user
        and each.password
        and plain.endswith(each.password, 0, found.end)
        and (bare := _bare(each.password))
        else each
        for each in readings
    ]


def _bare(password: str) -> str | None:
    for sign in _SIGNS:
        first, *cells = password.split(sign)
        named = [cell.strip() for cell in cells]
        if len(named) < _FEWEST or not is_password(first) or any(other in first for other in _SIGNS):
            continue
        if is_place(named[0]) and all(is_place(cell) or cell.lower() in _PROVIDERS for cell in named):
            return first
    return None
