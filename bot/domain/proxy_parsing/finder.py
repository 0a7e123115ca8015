"""What a text holds besides what was asked for: proxies, links with a key, and passwords that are named as such.

Made for looking through any text for secrets. All spans are of the text as it was given, for ``text[start:end]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.compact import words_read
from bot.domain.proxy_parsing.links import FoundLink, find_key_links
from bot.domain.proxy_parsing.survey import Found, survey
from bot.domain.proxy_parsing.tidy import Tidy, tidy

Span = tuple[int, int]

__all__ = ["FoundLink", "FoundProxy", "find_labelled_passwords", "find_links", "find_proxies"]


@dataclass(frozen=True, slots=True)
class FoundProxy:
    """A proxy that stands in a text, perhaps among other words.

    ``spans`` are its places, in their order, none inside another: they cover its address and all that may be its login,
    with labels. ``readings`` are the ways to read it, the likeliest first; none where only its place is known.
    ``evident``: it has an address that can hardly be anything else, and a login, a scheme or labels with it; otherwise
    it is doubtful.
    ``usable`` is False where ixBrowser has no such type, or what it tells contradicts itself.
    """

    spans: tuple[Span, ...]
    readings: tuple[Custom, ...] = field(repr=False)
    evident: bool
    usable: bool = True

    @property
    def holds_login(self) -> bool:
        """Whether any way to read it has a user or a password; True where there is no way to read it."""
        return not self.readings or any(reading.user or reading.password for reading in self.readings)

    @property
    def holds_password(self) -> bool:
        """Whether any way to read it has a password; True where there is no way to read it."""
        return not self.readings or any(reading.password for reading in self.readings)


def find_proxies(text: str) -> Sequence[FoundProxy]:
    """Every proxy in a text, in its order; none twice for the same place.

    Texts of any length are looked through. A proxy whose host is one word without a dot is doubtful.
    """
    tidied = tidy(text)
    seen = survey(tidied)
    found = [_found(tidied, each) for each in seen.found]
    found += [
        FoundProxy((tidied.span(start, end),), tuple(readings), evident=False)
        for start, end, readings in words_read(seen.rest)
    ]
    return sorted(found, key=lambda each: each.spans)


def find_links(text: str) -> Sequence[FoundLink]:
    """Every link in a text that holds a key, or may (``evident`` tells which), in its order.

    Left out are proxies, invitations such as ``t.me/+…``, and links without a query or path that looks like a key.
    """
    return find_key_links(tidy(text))


def find_labelled_passwords(text: str) -> Sequence[Span]:
    """Where values stand that a label calls a password or a login, with an address or without one."""
    tidied = tidy(text)
    return [tidied.span(*span) for span in survey(tidied).passwords]


def _found(text: Tidy, found: Found) -> FoundProxy:
    spans = tuple(text.span(*span) for span in _joined(found.spans))
    return FoundProxy(spans, found.readings, found.evident, usable=found.mistake is None)


def _joined(spans: Sequence[Span]) -> Sequence[Span]:
    """The same places without those that lie in others."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
