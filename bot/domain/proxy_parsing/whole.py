"""Which of the proxies that nothing but spaces join are meant as such: those that have their lines for themselves."""

from __future__ import annotations

import re

from bot.domain.hosts import is_evident, is_ip
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.lines import line_end, line_start
from bot.domain.proxy_parsing.words import is_password, is_place, is_prose

_OF_EVERY_SORT = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])")


def is_whole_message(found: Found, plain: str, rest: str) -> bool:
    """Whether a proxy with a login has its lines for itself, but for words of a sentence, and can be nothing else.

    ``rest`` is what of ``plain`` nothing has explained, as long as that.
    """
    if not all(has_evident_address(each, plain) for each in found.readings):
        return False
    said = [word for start, end in found.spans for word in plain[start:end].split()]
    has_password = any(_has_password(each, said) for each in found.readings)
    return has_password and not any(_has_other_words(rest, span) for span in found.spans)


def has_evident_address(reading: Custom, plain: str) -> bool:
    """Whether the host is an address of numbers, or a domain that more than a space joins to its port."""
    host = reading.host or ""
    if is_ip(host) or (reading.type is not None and is_evident(host)):
        return True
    joined = rf"{re.escape(host)}[ \t]*[:|;,\n]\s*{reading.port}(?![0-9])"
    return is_evident(host) and re.search(joined, plain, re.IGNORECASE) is not None


def _has_password(reading: Custom, said: list[str]) -> bool:
    """Whether a user is told and what has the look of a password, although it may be a part of it."""
    told = [reading.password] if reading.password is not None else [word for word in said if word != reading.user]
    host = reading.host or ""
    # Of "dev.example.com:8080 build a1b2c3d" nobody knows.
    page = reading.type is None and not is_ip(host)
    words = [word for word in told if host not in word.lower() and not (page and _OF_EVERY_SORT.match(word) is None)]
    return bool(reading.user) and any(map(is_password, words))


def _has_other_words(rest: str, span: tuple[int, int]) -> bool:
    words = rest[line_start(rest, span[0]) : line_end(rest, span[1])].split()
    return not all(is_prose(word) or is_place(word) for word in words if any(map(str.isalnum, word)))
