"""What a text holds besides what was asked for: proxies, links with a key, and passwords that are named as such.

Made for looking through any text for secrets. All spans are of the text as it was given, for ``text[start:end]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.addresses import find_hosts
from bot.domain.proxy_parsing.compact import words_read
from bot.domain.proxy_parsing.doubts import judged, relied_on
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.joints import with_plain_joints
from bot.domain.proxy_parsing.key_links import FoundLink, find_key_links
from bot.domain.proxy_parsing.links import links_in
from bot.domain.proxy_parsing.rivals import with_rivals
from bot.domain.proxy_parsing.survey import Survey, survey
from bot.domain.proxy_parsing.tidy import Tidy, tidy
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.whole import has_evident_address, is_whole_message
from bot.domain.proxy_parsing.words import CODE, is_password, is_prose, is_secret

Span = tuple[int, int]

#: A word with the signs of a login that can't be read.
_LIKE_A_LOGIN = re.compile(
    r"(?<!\S)(?![0-9A-Fa-f:.]+(?!\S))[^\s:/]{1,80}:[^\s:/]{1,12}:[^\s:/]+:(?=\S*[0-9])(?=\S*[A-Za-z])[^\s:/]{4,}"
    r"|(?<!\S)[^\s:/@]{1,80}:(?=[^\s@]*[0-9])(?=[^\s@]*[A-Za-z])[^\s:/@]{4,}@[^\s:]{1,80}:[0-9]{2,5}(?!\S)"
)
#: Fields joined by signs that domains and pages also have.
_LIKE_FIELDS = re.compile(
    r"(?<!\S)(?:(?P<scheme>[a-z0-9]+)://)?(?:[\w-]+\.)+[a-z]{2,12}(?P<sep>_|--+|/)(?P<port>[0-9]{2,5})(?P=sep)\S+?(?P=sep)"
    r"(?P<password>\S+)",
    re.IGNORECASE,
)
_IP = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_LINK = re.compile(r"https?://[^\s/@:]+(?::[0-9]+)?/\S*|(?<!\S)[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:\*?\.)?[\w-]+(?:\.[\w-]+)+[.,;]?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PASSWORD_NAMED = re.compile(
    r"(?<![^\W_])(?:password|passwd|pass|pwd|парол[ья]|mật khẩu|密码)(?:[ \t]*[:=-][ \t]*|[ \t]+)(?P<value>[\w-]+)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[\"':|;,=/]+")
_PAGE = re.compile(r"://|(?:\A|[\w ])/\w*[./?]|\A[:0-9]*/")
_WITH_IP = re.compile(rf"(?<!\S)\S*?{_IP.pattern}\S*")

__all__ = ["FoundLink", "FoundProxy", "find_all", "find_labelled_passwords", "find_links", "find_proxies"]


@dataclass(frozen=True, slots=True)
class FoundProxy:
    """A proxy that stands in a text, perhaps among other words.

    ``spans`` are its places, in their order, none inside another: they cover its address and all that may be its login,
    with labels. ``readings`` are the ways to read it, the likeliest first; none where only its place is known.
    ``evident``: it has an address that can hardly be anything else, and a login, a scheme or labels with it, with a
    sign between them or with nothing else in its lines; otherwise it is doubtful.
    ``evident_address``: its host is an address of numbers, or a domain with a type or a port that a sign joins on.
    ``usable`` is False where ixBrowser has no such type, or what it tells contradicts itself. ``passed_over``: the text
    says that it is of something else, or does not work any more, and another stands beside it.
    """

    spans: tuple[Span, ...]
    readings: tuple[Custom, ...] = field(repr=False)
    evident: bool
    usable: bool = True
    evident_address: bool = False
    passed_over: bool = False

    @property
    def holds_login(self) -> bool:
        """Whether any way to read it has a user or a password; True where there is no way to read it."""
        return not self.readings or any(reading.user or reading.password for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Finds:
    """All that a text holds: see ``find_proxies``, ``find_links`` and ``find_labelled_passwords``.

    ``unread``: beside a host stands what may be a password, whether or not anything could be read of it.
    """

    proxies: Sequence[FoundProxy]
    links: Sequence[FoundLink]
    passwords: Sequence[Span]
    unread: bool = False


def find_all(text: str) -> Finds:
    """Look a text through once for everything."""
    tidied = with_plain_joints(tidy(text))
    seen = survey(tidied)
    return Finds(_proxies(tidied, seen), find_key_links(tidied), _passwords(tidied, seen), _is_unread(tidied.plain))


def find_proxies(text: str) -> Sequence[FoundProxy]:
    """Every proxy in a text, in its order; none twice for the same place.

    Texts of any length are looked through. A proxy whose host is one word without a dot is doubtful.
    """
    return find_all(text).proxies


def _proxies(tidied: Tidy, seen: Survey) -> Sequence[FoundProxy]:
    plain = seen.rest.text.plain
    every, left = with_rivals(plain, judged(seen))
    found = [replace(_found(tidied, each, seen), passed_over=each not in left) for each in every]
    found += [
        FoundProxy((tidied.span(start, end),), relied_on(readings), evident=False)
        for start, end, readings in words_read(seen.rest)
    ]
    known = [span for each in found for span in each.spans]
    for at in _places_like_logins(seen.rest.plain, tidied.plain):
        start, end = tidied.span(*at)
        if not any(begin < end and start < last for begin, last in known):
            found.append(FoundProxy(((start, end),), (), evident=False))
    return sorted(found, key=lambda each: each.spans)


def _places_like_logins(plain: str, text: str) -> Iterator[Span]:
    """Where words stand that look like logins: in what nothing explains, and in all of the text."""
    yield from (match.span() for match in _LIKE_A_LOGIN.finditer(plain))
    for word in _LIKE_FIELDS.finditer(text):
        named = (word["scheme"] or "").lower().startswith("socks") or not _YEAR.fullmatch(word["port"])
        if is_secret(word["password"]) and (word["sep"] != "/" or (named and is_password(word["password"]))):
            yield word.span()
    for word in _WITH_IP.finditer(plain):
        if any(map(is_secret, re.split(r"[\W_]+", _IP.sub("", word[0])))) and not links_in(word[0]):
            yield word.span()


def find_links(text: str) -> Sequence[FoundLink]:
    """Every link in a text that holds a key, or may (``evident`` tells which), in its order.

    Left out are proxies, invitations such as ``t.me/+…``, and links without a query or path that looks like a key.
    """
    return find_all(text).links


def _is_unread(plain: str) -> bool:
    plain = CODE.sub(" ", _LINK.sub(" ", plain))
    hosts = {plain[start:end] for start, end, _ in find_hosts(plain, 0, len(plain))}
    if not hosts:
        return False
    for host in hosts:
        plain = plain.replace(host, " ")
    if any(not is_prose(each["value"]) for each in _PASSWORD_NAMED.finditer(plain)):
        return True
    words = [word for word in plain.split() if not (_PAGE.search(word) or _DOMAIN.fullmatch(word) or is_type(word))]
    return any(map(is_password, [*words, *(part for word in words for part in _PARTS.split(word))]))


def find_labelled_passwords(text: str) -> Sequence[Span]:
    """Where values stand that a label calls a password or a login, with an address or without one."""
    return find_all(text).passwords


def _passwords(tidied: Tidy, seen: Survey) -> Sequence[Span]:
    return [tidied.span(*span) for span in seen.passwords]


def _found(text: Tidy, found: Found, seen: Survey) -> FoundProxy:
    spans = tuple(text.span(*span) for span in _joined(found.spans))
    evident = found.evident or (found.mistake is None and is_whole_message(found, text.plain, seen.rest.plain))
    # What an unknown label tells may be a part of a login that is not whole.
    whole = all(each.user and each.password for each in found.readings)
    at = bool(found.readings) and all(has_evident_address(each, text.plain) for each in found.readings)
    printable = all(f"{each.user}{each.password or ''}".isprintable() for each in found.readings)
    has_user = any(each.user for each in found.readings)
    usable = found.mistake is None and printable and (whole or not seen.unknown) and (has_user or not seen.accounts)
    return FoundProxy(spans, found.readings, evident, usable, at)


def _joined(spans: Sequence[Span]) -> Sequence[Span]:
    """The same places without those that lie in others."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
