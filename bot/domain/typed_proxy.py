"""From a typed text to the proxy choice of a draft, and from one that is unclear to the ways to read it."""

from __future__ import annotations

from bot.domain.draft import Notice
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Unclear, read_proxy
from bot.domain.transfer_code import looks_like_code
from bot.errors import InputError


def choice_of(text: str) -> tuple[Custom, Notice | None]:
    """The choice that a text makes, and what is to be said about it; raises ``InputError`` where it makes none."""
    try:
        reading = read_proxy(text)
    except InputError as mistake:
        if mistake.reason in ("unreadable", "no_address") and looks_like_code(text):
            raise InputError("almost_code") from None
        raise
    choice = Custom(unclear=text) if isinstance(reading, Unclear) else reading.proxy
    return choice, Notice("several_proxies") if reading.several else None


def ways_to_read(choice: Custom) -> tuple[Custom, ...]:
    """The ways to read an unclear choice; none where an earlier version of the program found it unclear."""
    if choice.unclear is None:
        return ()
    try:
        return read_proxy(choice.unclear).ways
    except InputError:
        return ()
