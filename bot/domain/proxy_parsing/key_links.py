"""Links that hold a key: those from which proxies are taken, and those that change a proxy's address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from bot.domain.proxy_parsing.links import bare_links, changes_address, full_links
from bot.domain.proxy_parsing.tidy import Tidy
from bot.domain.proxy_parsing.vocabulary import ORDINARY_NAMES

#: A link that was made unusable on purpose, or torn by a space.
_BROKEN_LINK = re.compile(
    r"(?<![A-Za-z0-9+.-])(?:h[tx]{2}ps?|ftps?|wss?)(?:://[ \t]?|\[:\]//|:[ \t]//)"
    r"(?P<rest>[\w-]+(?:\[?\.\]?[\w-]+)+(?::[0-9]+)?[/?#][^\s<>\"'`«»“”{}|]*)",
    re.IGNORECASE,
)
_KEY_NAMES = re.compile(
    r"(?:.*[_-])?(?:api|v|x|user|proxy|access|auth|secret|client|session)?[_-]?(?:key|token|secret|pass|passwd|password|pwd"
    r"|auth|sign|signature|trade_?no|order_?id|license|hash|uuid|neek|secretid|credential|sid)",
    re.IGNORECASE,
)
_ABOUT_PROXIES = re.compile(
    r"prox|api|getip|get_ip|extract|rotat|change|refresh|reboot|reset|renew|newip|new_ip|whitelist",
    re.IGNORECASE,
)
#: A word in a path behind which a key stands, and that key.
_NEXT_IS_KEY = re.compile(
    r"/(?:download|change_?-?ip|rotate|reset|refresh|reboot|renew|c)/(?=[\w-]*\w{6})[\w-]+", re.IGNORECASE
)
_LONG_KEY_NEXT = re.compile(
    r"/(?:download|change_?-?ip|rotate|reset|refresh|reboot|renew)/[A-Za-z0-9]{10,}", re.IGNORECASE
)
#: A row of letters in a path that is no word: of every sort, or longer than words are.
_ODD_SEGMENT = re.compile(r"(?=\w*[0-9])(?=\w*[a-z])(?=\w*[A-Z])\w{8,}|[A-Za-z]{20,}")
_SECRET_SEGMENT = re.compile(r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[\w-]{10,}|[0-9a-fA-F-]{16,}")
#: A bot's token in the address of Telegram's Bot API, with or without a scheme.
_OF_BOT = re.compile(r"(?<![^\s/])[^\s/]{1,253}/bot[0-9]{6,12}(?::|%3A)[\w-]{30,}", re.IGNORECASE)
_SHORT_NUMBER = re.compile(r"[0-9]{1,6}")
_SHORTEST = 3  # characters of a key
_LONG = 16  # of a value that is hardly a word
#: Names whose values are words or numbers, as a rule.
_SHORT_NAMES = frozenset({"s", "p", "q", "id", "t", "start"})
#: What stands for a key in instructions.
_PLACEHOLDER = re.compile(
    r"\A(?:(?:your|my|the)[_-]?)?(?:api|proxy|secret|own|personal)?[_-]?(?:key|token|value|secret)\Z|\Ax+\Z|\.\.\.|…|[<{\[]",
    re.IGNORECASE,
)
#: Names with which shops and mailings follow people.
_OF_SHOPS = re.compile(r"(?:click|track|tracking|ref|page|share|unsub\w*|list|campaign|utm|ga|mc)[_-].*|hash|sid|uuid")
#: Pages that mail leads to, and those of a site's own programs.
_OF_ACCOUNTS = re.compile(
    r"/(?:account|unsubscribe|verify|confirm|activate|login|signin|sign-in|password|maps|oauth2?)(?![^\W_])",
    re.IGNORECASE,
)
_MEETING = re.compile(r"/(?:j|s|my|meeting|join)/[\w.-]+\Z")
_ORDINARY_HOSTS = re.compile(
    r"(?:.*\.)?(?:t\.me|telegram\.(?:me|org|dog)|youtube\.com|youtu\.be|google\.[a-z.]+|goo\.gl|facebook\.com"
    r"|instagram\.com|tiktok\.com|amazon\.[a-z.]+|etsy\.com|ebay\.[a-z.]+|aliexpress\.[a-z.]+|loom\.com|googleapis\.com|bitbucket\.org|gitlab\.com|wikipedia\.org|github\.com|zoom\.us|x\.com|twitter\.com)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link from which proxies are taken or changed, with its key.

    ``evident`` says that it surely holds one; otherwise it has a query or a path that may be a key. ``changes`` says
    that it changes a proxy's address, and gives none.
    """

    span: tuple[int, int]
    link: str = field(repr=False)
    evident: bool
    changes: bool = False


def find_key_links(text: Tidy) -> list[FoundLink]:
    """Every link of a text that holds a key, or may; invitations and the links of well-known pages are left out."""
    found = []
    for start, end in full_links(text.plain):
        link = text.typed(start, end)
        evident = _holds_key(link)
        if evident is not None:
            changes = changes_address(link.partition("://")[2])
            found.append(FoundLink(text.span(start, end), link, evident, changes))
    known = [link.span for link in found]
    odd = [(start, end) for start, end, rest in _unusable_links(text.plain) if _holds_key(f"https://{rest}")]
    for start, end in (*odd, *(match.span() for match in _OF_BOT.finditer(text.plain))):
        span = text.span(start, end)
        if not any(begin <= span[0] < last for begin, last in known):
            found.append(FoundLink(span, text.typed(start, end), evident=False))
    return sorted(found, key=lambda link: link.span)


def _unusable_links(plain: str) -> Iterator[tuple[int, int, str]]:
    """Links that can't be taken as they stand, each with what they mean."""
    for match in _BROKEN_LINK.finditer(plain):
        yield *match.span(), match["rest"].replace("[", "").replace("]", "")
    for start, end in bare_links(plain):
        if "://" not in plain[max(0, start - 4) : start]:
            yield start, end, plain[start:end]


def _holds_key(link: str) -> bool | None:
    """Whether a link holds a key: True, False for perhaps, None for no."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.username:
        return bool(parts.password)  # "https://kim@host/…" names an account alone
    values = [*parse_qsl(parts.query), *parse_qsl(parts.fragment.lstrip("!/?"))]
    about_proxies = _ABOUT_PROXIES.search(parts.netloc + parts.path) is not None
    ordinary = _ORDINARY_HOSTS.fullmatch(parts.netloc.rpartition(":")[0] or parts.netloc) is not None
    named = {name.lower(): value for name, value in values if _KEY_NAMES.fullmatch(name) and len(value) >= _SHORTEST}
    keys = {name for name, value in named.items() if not _PLACEHOLDER.search(value)}
    if keys:
        of_a_shop = not about_proxies and (ordinary or all(map(_OF_SHOPS.fullmatch, keys)))
        own = _ABOUT_PROXIES.search(parts.netloc) is not None or "prox" in link.lower()
        of_a_shop = of_a_shop or (_OF_ACCOUNTS.search(parts.path) is not None and not own)
        # The password of a meeting is in its link for everybody who is to come.
        return not of_a_shop and not (keys == {"pwd"} and _MEETING.search(parts.path))
    if named or ordinary:
        return None
    segments = [part for part in parts.path.split("/") if _SECRET_SEGMENT.fullmatch(part) and not _is_title(part)]
    if about_proxies and (segments or _has_odd_segment(parts.path)):
        return True
    odd = [value for name, value in values if _is_odd(name.lower(), value)]
    perhaps = segments or odd or (parts.query and not values) or _NEXT_IS_KEY.search(parts.path)
    return False if perhaps else None


def _is_title(segment: str) -> bool:
    """Whether it is words and numbers, as pages are called: "5512-reset-password", "iphone-15-pro"."""
    words = re.split("[-_]", segment)
    return sum(map(str.isalpha, words)) > 1 and all(word.isalpha() or _SHORT_NUMBER.fullmatch(word) for word in words)


def _is_odd(name: str, value: str) -> bool:
    """Whether a value of a query may be a key."""
    if name in _SHORT_NAMES and len(value) >= _LONG and _SECRET_SEGMENT.fullmatch(value):
        return True
    return name not in ORDINARY_NAMES and not name.startswith("utm_")


def _has_odd_segment(path: str) -> bool:
    return _LONG_KEY_NEXT.search(path) is not None or any(map(_ODD_SEGMENT.fullmatch, path.split("/")))
