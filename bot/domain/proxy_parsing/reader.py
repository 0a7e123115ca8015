"""Proxies, extraction links and passwords, read from what people type and paste.

A text is read by what is evident in it: an address with its port, a scheme, labels, links, header lines. The rest is
explained by those. Where more than one explanation is left, the person is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.characters import without_marks
from bot.domain.hosts import read_host
from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.compact import words_read
from bot.domain.proxy_parsing.doubts import judged, relied_on
from bot.domain.proxy_parsing.faults import why_not
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.joints import with_plain_joints
from bot.domain.proxy_parsing.named_secrets import labelled_password
from bot.domain.proxy_parsing.rivals import with_rivals
from bot.domain.proxy_parsing.sentences import is_sentence
from bot.domain.proxy_parsing.survey import Survey, survey
from bot.domain.proxy_parsing.tidy import tidy
from bot.domain.proxy_parsing.types import KNOWN_SCHEMES, read_port
from bot.domain.proxy_parsing.wrappers import QUOTES, where_words_begin
from bot.errors import InputError

LONGEST_TEXT = 2000
LONGEST_LINK = 2000
LONGEST_LOGIN = 256  # of a user, and of a password

_LINK = re.compile(
    r"https?://(?:[^/?#@\s]*@)?(?P<host>\[[^\]\s]*\]|[^/?#@:\s]+)(?::(?P<port>[0-9]+))?(?:[/?#]\S*)?", re.IGNORECASE
)

_BEGINS = where_words_begin(r"[\"'`(<]", most=2)
#: A scheme that is no proxy's, perhaps mistyped: "htpp://".
_UNKNOWN_SCHEME = re.compile(
    rf"{_BEGINS}(?!(?:{'|'.join(map(re.escape, KNOWN_SCHEMES))})://)(?P<scheme>[a-z][a-z0-9]{{1,9}})://[^\s/]*[:@]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clear:
    """The text says this. ``type`` is None where it doesn't say; ``password`` is None where it has to be asked for.

    ``several`` says that there are more proxies in the text, of which this is the first.
    """

    proxy: Custom
    several: bool = False

    @property
    def ways(self) -> tuple[Custom, ...]:
        return (self.proxy,)


@dataclass(frozen=True, slots=True)
class Unclear:
    """The text can be read in these ways, 2 to 4, the likeliest first."""

    ways: tuple[Custom, ...]
    several: bool = False


Reading = Clear | Unclear


def read_proxy(text: str) -> Reading:
    """The proxy that a text tells, in any of the ways in which people write them; of several the first.

    Raises ``InputError``: ``empty``, ``too_long``, ``unreadable``, ``no_address``, ``is_a_link``, ``no_port``,
    ``port_not_number``, ``port_range``, ``port_out_of_range`` (``value``), ``bad_address`` (``value``),
    ``unsupported_type`` (``value``), ``told_twice``, ``unknown_label`` (``value``: the label). A ``value`` that may be
    a part of a password is "…".
    """
    if not without_marks(text).strip():
        raise InputError("empty")
    if len(text) > 4 * LONGEST_TEXT or len(without_marks(text).strip()) > LONGEST_TEXT:
        raise InputError("too_long")
    if not all(map(_is_printable, re.split(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029\t]", text))):
        raise InputError("unreadable")
    if unknown := _UNKNOWN_SCHEME.search(text):
        raise InputError("unsupported_type", value=unknown["scheme"].lower())
    seen = survey(with_plain_joints(tidy(text)))
    readings, several = _first(seen)
    # "host:80::;": a way that tells nothing of a login asks for nothing either, where another does.
    readings = [each for each in readings if each.user or each.password is not None] or readings
    for proxy in readings:
        for part in (proxy.user, proxy.password or ""):
            if len(part) > LONGEST_LOGIN:
                raise InputError("too_long")
            if not _is_printable(part):
                raise InputError("unreadable")
    return Clear(readings[0], several) if len(readings) == 1 else Unclear(tuple(readings), several)


def _first(seen: Survey) -> tuple[Sequence[Custom], bool]:
    """The readings of the first proxy that can be used, and whether there are more."""
    _, judgement = with_rivals(seen.rest.text.plain, judged(seen))
    usable = [found for found in judgement if found.mistake is None and found.readings]
    first = judgement[0].mistake if judgement else None
    if first is not None and first.reason != "unsupported_type":
        raise first  # another proxy is not what was meant first
    if usable:
        has_user = any(way.user for way in usable[0].readings)
        if unknown := seen.unknown or (() if has_user else seen.accounts):
            raise InputError("unknown_label", value=unknown[0])
        return usable[0].readings, first is not None or any(not _is_same(found, usable[0]) for found in usable)
    for found in judgement:
        if found.mistake is not None:
            raise found.mistake
    words = list(words_read(seen.rest))
    if not words or seen.mistake is not None:
        raise why_not(seen)
    return relied_on(words[0][2]), len(words) > 1


def _is_same(found: Found, first: Found) -> bool:
    """Whether a proxy is one that stood in the text before, perhaps without its login now."""
    known = {(each.host, each.port) for each in first.readings}
    bare = all((each.host, each.port) in known and not each.user for each in found.readings)
    logins = {replace(each, type=None) for each in first.readings}
    return bare or bool(logins & {replace(each, type=None) for each in found.readings})


def read_link(text: str) -> str:
    """A link from which proxies are taken; raises ``InputError``: ``empty``, ``too_long``, ``not_a_link``."""
    link = _without_quotes(without_marks(text).strip())
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
    """A password, as it is but for line breaks around it, and a label in front: "the password is Pw1secret".

    Raises ``InputError``: ``empty``, ``too_long`` (more than 256 characters), ``bad_password`` (a line break, a tab
    or another control character within; or a sentence, such as "sorry, the port is 9001").
    """
    password = text.strip("\r\n")
    if not password:
        raise InputError("empty")
    labelled = labelled_password(password)
    if labelled is None and is_sentence(password):
        raise InputError("bad_password")
    password = labelled or password
    if len(password) > LONGEST_LOGIN:
        raise InputError("too_long")
    if not _is_printable(password):
        raise InputError("bad_password")
    return password


def _without_quotes(text: str) -> str:
    for opening, closing in QUOTES.items():
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening + closing):
            return text.removeprefix(opening).removesuffix(closing).strip()
    return text


def _is_printable(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)
