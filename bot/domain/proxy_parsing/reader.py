"""Proxies, extraction links and passwords, read from what people type and paste.

A proxy is a host, a port, and often a user and a password, joined by signs that the password may hold as well. So a
text is read in every way that it can be; a way whose host is evidently a host goes before one whose host could be
anything; and where several are left, the person is asked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from bot.domain.hosts import is_evident, read_host, without_invisible_marks
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.faults import is_link, port_mistake, why_not
from bot.domain.proxy_parsing.forms import SCHEME, TYPES, UNSUPPORTED, read_port, readings
from bot.domain.proxy_parsing.labels import Labelled, read_labels, without_label
from bot.errors import InputError

LONGEST_TEXT = 2000
LONGEST_LINK = 2000
LONGEST_LOGIN = 256  # of a user, and of a password
MOST_READINGS = 4

_QUOTES = {"```": "```", "`": "`", '"': '"', "'": "'", "«": "»", "“": "”", "„": "“", "‘": "’", "「": "」", "<": ">"}
_ROTATE_LINK = re.compile(
    r"(?:\s*[\[(]\s*https?://[^\[\]()\s]*\s*[\])]|(?<=\S)\s+https?://[^\s/?#@]+[/?#]\S+)\Z", re.IGNORECASE
)
_LINK = re.compile(
    r"https?://(?:[^/?#@\s]*@)?(?P<host>\[[^\]\s]*\]|[^/?#@:\s]+)(?::(?P<port>[0-9]+))?(?:[/?#]\S*)?", re.IGNORECASE
)
_WHITE_SPACE = re.compile(r"\s+")
_LONE_SIGN = re.compile(" ([:@|;,]) ")
_LONE_DASH = re.compile(r" [-–—/\\>]+ ")
_SPACED_SIGN = re.compile(r" ?([:@|;,]) ?")
_FULL_WIDTH_SIGNS = str.maketrans("：＠｜；，", ":@|;,")
_BETWEEN_PROXIES = re.compile(r"[\s|;,]+")


@dataclass(frozen=True, slots=True)
class Clear:
    """The text says this. ``type`` is None where it doesn't say; ``password`` is None where a user has none."""

    proxy: Custom


@dataclass(frozen=True, slots=True)
class Unclear:
    """The text can be read in these ways, 2 to 4, the likeliest first."""

    readings: tuple[Custom, ...]


Reading = Clear | Unclear


def read_proxy(text: str) -> Reading:
    """The proxy that a text tells, in any of the ways in which people write them.

    Raises ``InputError``: ``empty``, ``too_long``, ``unreadable``, ``several_proxies``, ``is_a_link``, ``no_port``,
    ``port_not_number``, ``port_out_of_range`` (``value``), ``bad_address`` (``value``), ``unsupported_type``
    (``value``). A ``value`` that may be a part of a password is "…".
    """
    typed = _tidy(text)
    try:
        found = _read_any(_ROTATE_LINK.sub("", typed))
    except InputError as mistake:
        if mistake.reason == "unreadable" and any(SCHEME.match(word) and is_link(word) for word in typed.split()):
            raise InputError("is_a_link") from None
        raise
    for proxy in found:
        for part in (proxy.user, proxy.password or ""):
            if len(part) > LONGEST_LOGIN:
                raise InputError("too_long")
            if not _is_printable(part):
                raise InputError("unreadable")
    return Clear(found[0]) if len(found) == 1 else Unclear(tuple(found[:MOST_READINGS]))


def read_link(text: str) -> str:
    """A link from which proxies are taken; raises ``InputError``: ``empty``, ``too_long``, ``not_a_link``."""
    link = _without_quotes(without_invisible_marks(text).strip())
    if not link:
        raise InputError("empty")
    if len(link) > LONGEST_LINK:
        raise InputError("too_long")
    match = _LINK.fullmatch(link)
    if match is None or not _is_printable(link) or read_host(match["host"]) is None:
        raise InputError("not_a_link")
    if match["port"] is not None and read_port(match["port"]) is None:
        raise InputError("not_a_link")
    return link


def read_password(text: str) -> str:
    """A password, as it is but for line breaks around it.

    Raises ``InputError``: ``empty``, ``too_long`` (more than 256 characters), ``bad_password`` (a line break, a tab
    or another control character within).
    """
    password = text.strip("\r\n")
    if not password:
        raise InputError("empty")
    if len(password) > LONGEST_LOGIN:
        raise InputError("too_long")
    if not _is_printable(password):
        raise InputError("bad_password")
    return password


def _tidy(text: str) -> str:
    """The text without what surrounds it or can't be seen; it is not empty, and no longer than may be."""
    tidy = _without_quotes("\n".join(without_invisible_marks(text).strip().splitlines()))
    if not tidy:
        raise InputError("empty")
    if len(tidy) > LONGEST_TEXT:
        raise InputError("too_long")
    if not all(map(_is_printable, re.split(r"[\n\t]", tidy))):
        raise InputError("unreadable")
    return tidy


def _without_quotes(text: str) -> str:
    for opening, closing in _QUOTES.items():
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening + closing):
            return text.removeprefix(opening).removesuffix(closing).strip()
    return text


def _is_printable(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)


def _read_any(text: str) -> list[Custom]:
    parts = read_labels(text)
    return _read_parts(parts) if parts else _read_whole(text)


def _read_whole(text: str) -> list[Custom]:
    if max(_count_proxies(text.split("\n")), _count_proxies(_BETWEEN_PROXIES.split(text))) > 1:
        raise InputError("several_proxies")
    if SCHEME.match(text) and is_link(text):
        raise InputError("is_a_link")
    for version in _versions(text):
        if found := readings(version):
            return found
    raise why_not(version)


def _read_parts(parts: Labelled) -> list[Custom]:
    """What a text says that names its parts. The address may come with a port, a type or a login of its own."""
    if not parts.address:
        raise InputError("unreadable")
    if parts.port is not None and read_port(parts.port) is None:
        raise port_mistake(parts.port, certain=True)
    type_ = (parts.type or "").lower()
    if type_ in UNSUPPORTED:
        raise InputError("unsupported_type", value=type_)
    found = []
    for proxy in _read_whole(parts.address if parts.port is None else f"{parts.address}:{parts.port}"):
        user = proxy.user if parts.user is None else parts.user
        untold = proxy.password if parts.user is None else (None if user else "")
        found.append(replace(proxy, type=TYPES.get(type_, proxy.type), user=user, password=parts.password or untold))
    return list(dict.fromkeys(found))


def _count_proxies(pieces: list[str]) -> int:
    return sum(map(_is_proxy, set(pieces)))


def _is_proxy(piece: str) -> bool:
    try:
        return any(
            is_evident(proxy.host or "") for proxy in readings(_single_spaced(piece).translate(_FULL_WIDTH_SIGNS))
        )
    except InputError:
        return False


def _versions(text: str) -> list[str]:
    """The text with single spaces, as it is first; then as it reads on other keyboards and without a label."""
    spaced = _single_spaced(text)
    unlabelled = without_label(spaced)
    versions = []
    for version in (unlabelled,) if SCHEME.match(unlabelled) else (spaced, unlabelled):
        narrow = version.translate(_FULL_WIDTH_SIGNS)
        versions += [version, narrow, _SPACED_SIGN.sub(r"\1", narrow)]
    return list(dict.fromkeys(versions))


def _single_spaced(text: str) -> str:
    """The text with single spaces for white space, and none around a sign that stands alone between two words."""
    single = _WHITE_SPACE.sub(" ", text.strip())
    return _LONE_DASH.sub(" ", _LONE_SIGN.sub(r"\1", single))
