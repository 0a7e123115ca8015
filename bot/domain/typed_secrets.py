"""Whether a text that somebody typed holds a proxy's password or an extraction link."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from bot.domain.draft import PROXY_TEXT_STEPS, Step
from bot.domain.hosts import is_evident, is_ip
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.reader import Unclear, read_link, read_proxy
from bot.errors import InputError


def is_secret_asked_for(asked: Step | None, text: str) -> bool:
    """Whether a text is the secret that is asked for, even if it holds what looks like a transfer code."""
    if asked is Step.PASSWORD:
        return any(map(str.isalpha, text)) and len(text.split()) == 1
    if asked is Step.LINK:
        return _is_link(text)
    return asked in PROXY_TEXT_STEPS and bool(_proxies(text))


def is_secret_unasked_for(asked: Step | None, text: str) -> bool:
    """Whether a text holds a proxy with its password, or an extraction link, although nobody asked for one."""
    # Where domains are asked for, a page's address is one of those.
    if asked is not Step.BYPASS and _is_link(text) and urlsplit(text.strip()).query:
        return True
    # The name of a group can be read as a proxy as well; with a login it hardly is one, if it has an address of numbers
    # in it or is a single word.
    alone = len(text.split()) == 1
    return any(
        proxy.password and (is_ip(proxy.host or "") or (alone and is_evident(proxy.host or "")))
        for proxy in _proxies(text)
    )


def _is_link(text: str) -> bool:
    try:
        return bool(read_link(text))
    except InputError:
        return False


def _proxies(text: str) -> Sequence[Custom]:
    """Every way in which a text can be read as a proxy."""
    try:
        reading = read_proxy(text)
    except InputError:
        return ()
    return reading.readings if isinstance(reading, Unclear) else (reading.proxy,)
