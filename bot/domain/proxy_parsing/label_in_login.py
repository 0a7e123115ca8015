"""What is spelled like a label, and is a part of a login: the "country" of "ana;country=US:Pw1secret"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.label_patterns import part_of
from bot.domain.proxy_parsing.label_values import OF_LOGIN_OR_PORT
from bot.domain.proxy_parsing.lines import line_start

_TOKEN = re.compile(r"\S*")
#: What in a word is no sign of a login: a scheme, and an address with its port.
_ADDRESS = re.compile(r"\A[\w+.-]+://|(?<![\w.-])(?:\[[0-9A-Fa-f:.]+\]|[\w-]+(?:\.[\w-]+)+):[0-9]{1,5}(?!\w)")
_QUOTES = frozenset("\"'`*_")


def is_in_login(plain: str, match: re.Match[str], before: Sequence[re.Match[str]]) -> bool:
    """Whether what was matched stands within a login, or within the value of the label before it.

    Sellers have users and passwords such as "ana;country=US;session=1". In a row of labels all have the same sign.
    """
    sign, start = match["join"], match.start()
    if part_of(match) in OF_LOGIN_OR_PORT or not sign.strip() or not match[0].isascii():
        return False
    begin = max(plain.rfind(space, 0, start) for space in " \t\n") + 1
    joint = plain[start - 1 : start]
    if begin == start or joint.isalnum() or joint in _QUOTES or not any(map(str.isalnum, plain[begin:start])):
        return False
    if joint == "(" and match["open"]:
        return False  # 'proxy = dict(scheme="socks5", …)'
    if before and not plain[before[-1].end() : begin].strip():
        line = line_start(plain, start)
        alone = sum(each.start() >= line for each in before) == 1 and part_of(before[-1]) in OF_LOGIN_OR_PORT
        return before[-1]["join"] != sign or alone
    word = _TOKEN.match(plain, begin)
    prefix = _ADDRESS.sub("", plain[begin:start])
    rest = _ADDRESS.sub("", word[0] if word else "")
    fields = "|" in rest and joint != "|"
    return fields or "@" in rest or ":" in (prefix if sign.strip() == ":" else rest)
