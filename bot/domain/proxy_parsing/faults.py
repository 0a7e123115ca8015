"""Why a text is no proxy, as closely as can be told without showing what may be a password."""

from __future__ import annotations

import re

from bot.domain.hosts import is_evident, is_ip, read_host
from bot.domain.proxy_parsing.forms import SCHEME, Split, read_port, splits, type_words
from bot.errors import InputError

LONGEST_SHOWN = 60
NOT_SHOWN = "…"

_LINK = re.compile(r"(?:https?://)?([^/?#\s]*)[/?#]\S", re.IGNORECASE)
_LIKE_AN_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){2,}|\[[0-9A-Fa-f:.]*(?:%\w*)?\]")
_LIKE_A_NAME = re.compile(r"[\w-]*(?:\.[\w-]*)+")
_SIGNS = re.compile("[ :@|;,]")


def is_link(text: str) -> bool:
    """Whether a text begins as the address of a page does: evidently a host, then a path or a query."""
    match = _LINK.match(text)
    if match is None:
        return False
    name, _, port = match[1].rpartition(":")
    host = read_host(name if name and port.isdecimal() else match[1])
    return host is not None and is_evident(host)


def why_not(text: str) -> InputError:
    """What is wrong with a text that has no sound reading. Of white space it has single spaces only."""
    if scheme := SCHEME.match(text):
        body = text[scheme.end() :].strip().rstrip("/")
    else:
        body = next((word.rest for word in type_words(text)), text)
    mistakes = [mistake for split in splits(body) if (mistake := _wrong_part(split))]
    for reason in ("port_out_of_range", "bad_address", "port_not_number", "no_port"):
        for mistake in mistakes:
            if mistake.reason == reason:
                return mistake
    if is_link(text):
        return InputError("is_a_link")
    return InputError("unreadable") if any(map(_has_address, splits(body))) else _no_port(body)


def port_mistake(typed: str, *, certain: bool) -> InputError:
    """What is wrong with a port that is none; ``certain`` says that it can't be a password."""
    if not typed:
        return InputError("no_port")
    if not typed.isdecimal():
        return InputError("port_not_number")
    return InputError("port_out_of_range", value=typed[:LONGEST_SHOWN] if certain else NOT_SHOWN)


def _wrong_part(split: Split) -> InputError | None:
    host, port = read_host(split.host), read_port(split.port)
    if host is None:
        # A text's first part is a host or a user, a later one may be a password unless it has the look of an address.
        shown = _LIKE_AN_ADDRESS.fullmatch(split.host) or (
            not split.login_in_front and _LIKE_A_NAME.fullmatch(split.host)
        )
        return InputError("bad_address", value=split.host[:LONGEST_SHOWN]) if port and shown else None
    if port or not is_evident(host):
        return None
    if split.outer == "@" and not split.login_in_front and not is_ip(host):
        return None  # more likely user:pass@host with its port forgotten
    return port_mistake(split.port, certain=is_ip(host) or not split.login)


def _has_address(split: Split) -> bool:
    host = read_host(split.host)
    return host is not None and is_evident(host) and read_port(split.port) is not None


def _no_port(body: str) -> InputError:
    """The mistake of a text in which nothing has a port."""
    if _LIKE_AN_ADDRESS.fullmatch(body) and read_host(body) is None:
        return InputError("bad_address", value=body[:LONGEST_SHOWN])
    parts = _SIGNS.split(body)
    alone = read_host(body)
    behind_at = read_host(body.rpartition("@")[2]) if "@" in body else None
    at_an_end = [host for part in (parts[0], parts[-1]) if (host := read_host(part)) and is_ip(host)]
    if (alone and is_evident(alone)) or behind_at or at_an_end:
        return InputError("no_port")
    return InputError("unreadable")
