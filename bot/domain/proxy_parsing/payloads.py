"""Proxies of other programs whose address and key are hidden in a row of letters: "vmess://eyJhZGQi…"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import SCHEME, read_type
from bot.errors import InputError

_PAYLOAD = re.compile(SCHEME.pattern + r"[\w+/=-]{8,}(?![\w.]*:)\S*", re.IGNORECASE)


def payloads(view: View) -> Iterator[Found]:
    """Every such proxy: none can be used."""
    for match in _PAYLOAD.finditer(view.plain) if "://" in view.plain else ():
        try:
            read_type(match["scheme"])
        except InputError as mistake:
            yield Found(match.start(), (match.span(),), (), evident=True, mistake=mistake)
