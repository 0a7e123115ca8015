"""The bypass list: the domains that do not go through a proxy, read from what people type or paste."""

from __future__ import annotations

import re

from bot.domain.characters import without_marks
from bot.domain.hosts import is_evident, is_ip, read_host
from bot.errors import InputError

MOST_DOMAINS = 200
LONGEST_SHOWN = 60

_BETWEEN = re.compile(r"[\s,;，；、]+")
_AROUND = "\"'`«»“”‘’<>"
_SCHEME_AND_USER = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/?#]*@)?", re.IGNORECASE)
_PATH = re.compile(r"[/?#].*", re.DOTALL)
_PREFIX_LENGTH = re.compile(r"/[0-9]+")


def read_domains(text: str) -> tuple[str, ...]:
    """The domains in a text, in small letters, in order, each once; IPv6 addresses stand in brackets.

    One a line, or with commas, semicolons or spaces between. A domain may begin with ``*.``. Of an address of a page
    only the domain is kept.

    Raises ``InputError``: ``empty``; ``too_many_domains`` (``value`` is the most there may be); ``bad_domain``
    (``value`` is the first one that is wrong, cut to 60 characters).
    """
    found: dict[str, None] = {}
    for typed in _BETWEEN.split(without_marks(text)):
        if domain := typed.strip(_AROUND):
            found[_read_domain(domain)] = None
        if len(found) > MOST_DOMAINS:
            raise InputError("too_many_domains", value=str(MOST_DOMAINS))
    if not found:
        raise InputError("empty")
    return tuple(found)


def _read_domain(typed: str) -> str:
    rest = _SCHEME_AND_USER.sub("", typed, count=1) if _SCHEME_AND_USER.match(typed) else typed
    # What stands behind "?" may be a key.
    shown = re.split(r"[?#]", rest, maxsplit=1)[0]
    mistake = InputError("bad_domain", value=shown[:LONGEST_SHOWN] or "…")
    path = _PATH.search(rest)
    name = rest[: path.start()] if path else rest
    wildcard = "*." if name.startswith("*.") else ""
    host = _host(name.removeprefix("*."))
    if host is None:
        raise mistake
    if is_ip(host):
        # Cutting "/8" off a whole network would leave a single address that nobody meant.
        if wildcard or (rest is typed and path and _PREFIX_LENGTH.fullmatch(path.group())):
            raise mistake
        return f"[{host}]" if ":" in host else host
    if not wildcard and not is_evident(host):
        raise mistake
    return wildcard + host


def _host(name: str) -> str | None:
    """The host of ``name`` or of ``name:port``."""
    before, colon, port = name.rpartition(":")
    return read_host(name) or (read_host(before) if colon and (not port or port.isdecimal()) else None)
