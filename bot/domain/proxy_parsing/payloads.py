"""Proxies of other programs whose address and key are hidden in a row of letters: "vmess://eyJhZGQi…"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import SCHEME, read_type
from bot.domain.proxy_parsing.words import is_password
from bot.errors import InputError

#: Schemes of links that hold a whole proxy: behind the others, "ftp://" and "tg://", stand pages as well.
_OF_PROXIES = frozenset(
    [
        *("vmess", "vless", "trojan", "ss", "ssr", "ss2022", "shadowsocks", "shadowsocksr", "shadowsocks2022"),
        *("shadowtls", "xray", "v2ray", "hysteria", "hysteria2", "hy", "hy2", "tuic", "juicity", "anytls", "snell"),
        *("brook", "naive", "naive+https", "naiveproxy", "wireguard", "wg", "amneziawg", "awg", "vpn"),
    ]
)
_PAYLOAD = re.compile(SCHEME.pattern + r"(?P<key>[\w+/=-]{8,})(?![\w.]*:)(?P<at>@)?\S*", re.IGNORECASE)
_BASE64 = re.compile(r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])[A-Za-z0-9+/_-]{16,}={0,2}")


def payloads(view: View) -> Iterator[Found]:
    """Every such proxy: none can be used."""
    for match in _PAYLOAD.finditer(view.plain) if "://" in view.plain else ():
        if match["scheme"].lower() not in _OF_PROXIES or not (match["at"] or _is_key(match["key"])):
            continue
        try:
            read_type(match["scheme"])
        except InputError as mistake:
            yield Found(match.start(), (match.span(),), (), evident=True, mistake=mistake)


def _is_key(text: str) -> bool:
    return _BASE64.fullmatch(text) is not None or is_password(text)
