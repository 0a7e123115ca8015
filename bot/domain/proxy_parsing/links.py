"""Links in a text: those around a proxy, and Telegram's own way to share a proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from bot.domain.hosts import read_host
from bot.domain.proxy import Custom, ProxyType
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.tidy import Tidy
from bot.domain.proxy_parsing.types import read_port
from bot.errors import InputError

#: What a link ends at: white space, a bracket or quote that was opened before it, a comma between two.
_LINK = re.compile(
    r"(?<![A-Za-z0-9+.-])https?://(?P<rest>(?:[^\s<>\"'`«»“”\]\[{}|]|(?<=@)\[[0-9A-Fa-f:.]{2,45}\])+)", re.IGNORECASE
)
_PAGE = re.compile(r"(?<![^\s(\[|])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}/[^\s:@|]*[^\s:@|.,]", re.IGNORECASE)
_AROUND = re.compile(r"[ \t]*(?:[:|;,]|\|+)?[ \t]*[\[({<]?[ \t]*\Z")
_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}
_ADDRESS = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+):[0-9]{1,5}"
_PROXY_BODY = re.compile(
    rf"(?:.*@{_ADDRESS}(?:[/?#:].*)?|{_ADDRESS}(?:/|[/?]?\?(?:color|title|type|countryCode|cc|city|proxyDns|pacString)=.*"
    r"|[#:@|;,].*)?)\Z",
    re.IGNORECASE | re.DOTALL,
)
_OWN_LOGIN = re.compile(rf"[^\s:@/?#]+:[^\s@/?#]+@{_ADDRESS}(?:[?#].*)?", re.DOTALL)
#: What the path of a link has that changes a proxy's address: it is no proxy itself.
_CHANGES_ADDRESS = re.compile(
    r"(?:\A|[/?.])(?:[^\s/]*[_-])?(?:change|rotat|reset|refresh|reboot|reconnect|renew|reload|new_?ip|switch)",
    re.IGNORECASE,
)
_TELEGRAM = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:t|telegram)\.(?:me|dog)/|tg://(?:resolve)?/?)(?P<kind>socks|proxy)/?\?(?P<query>[^\s<>\"]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link at ``start`` to ``end``; from ``outer`` to ``outer_end`` with the sign or brackets that join it on."""

    start: int
    end: int
    outer: int
    outer_end: int


def links_in(plain: str) -> list[Link]:
    """Every link to a page, which is no proxy, in its order."""
    found = [_with_joint(plain, *span) for span in (*full_links(plain), *bare_links(plain))]
    return sorted(found, key=lambda link: link.start)


def is_proxy_body(body: str) -> bool:
    """Whether what stands behind ``http://`` is a proxy rather than a page."""
    if _PROXY_BODY.match(body) is None:
        return False
    # Behind "ana:pass@host:port" only a path leads to a page.
    return _OWN_LOGIN.fullmatch(body) is not None or not changes_address(body.rpartition("@")[2])


def changes_address(link: str) -> bool:
    """Whether a link, given without its scheme, is one that changes a proxy's address."""
    return _CHANGES_ADDRESS.search(link) is not None


def full_links(plain: str) -> Iterator[tuple[int, int]]:
    """Where every link with its scheme stands that leads to a page."""
    for match in _LINK.finditer(plain):
        body = match["rest"].rstrip(".,;!)")
        page = re.match(r"(?:[^\s/?#@]*@)?[^/?#@]*[/?#]", body)
        if page and not is_proxy_body(body) and page.end() < len(body):
            yield match.start(), match.start("rest") + len(body)


def bare_links(plain: str) -> Iterator[tuple[int, int]]:
    """Where links without a scheme stand: "api.example.com/get"."""
    yield from (match.span() for match in _PAGE.finditer(plain) if "/" in match.group()[:-1])


def _with_joint(plain: str, start: int, end: int) -> Link:
    around = _AROUND.search(plain, max(0, start - 8), start)
    outer = around.start() if around else start
    line = line_start(plain, start)
    outer, outer_end = max(outer, line), end
    opened = plain[outer:start].strip()[-1:]
    if opened in _CLOSING and opened:
        closing = re.compile(rf"[ \t]*\{_CLOSING[opened]}").match(plain, end)
        outer_end = closing.end() if closing else end
    return Link(start, end, outer, outer_end)


@dataclass(frozen=True, slots=True)
class TelegramProxy:
    """A link with which Telegram's apps share a proxy; ``mistake`` is why it can't be used."""

    start: int
    end: int
    proxy: Custom | None
    mistake: InputError | None = None


def telegram_proxies(text: Tidy) -> list[TelegramProxy]:
    """Every proxy that is shared by a link of Telegram's."""
    return [_telegram_proxy(text, match) for match in _TELEGRAM.finditer(text.plain)]


def _telegram_proxy(text: Tidy, match: re.Match[str]) -> TelegramProxy:
    start, end = match.span()
    if match["kind"].lower() == "proxy":
        return TelegramProxy(start, end, None, InputError("unsupported_type", value="mtproto"))
    query = parse_qs(text.typed(*match.span("query")).replace("+", "%2B"), keep_blank_values=True)
    host = read_host(unquote(query.get("server", [""])[0]))
    port = read_port(query.get("port", [""])[0])
    if host is None:
        return TelegramProxy(start, end, None, InputError("no_address"))
    if port is None:
        return TelegramProxy(start, end, None, InputError("no_port"))
    user = query.get("user", query.get("username", [""]))[0]
    given = query.get("pass", query.get("password", [None]))[0]
    password = given if given is not None else (None if user else "")
    return TelegramProxy(start, end, Custom(host, port, ProxyType.SOCKS5, user, password))
