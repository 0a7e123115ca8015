"""Remarks behind a proxy or a value: "(socks5)", "(Megafon, Moscow, rotates)", "【到期2025-12-21】", "#FB_Ads_51"."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.han import HAN_SIGN
from bot.domain.proxy_parsing.types import is_type
from bot.domain.proxy_parsing.words import is_password, is_place, is_remark

_GROUP = re.compile(r"\((?P<round>[^()\n]*)\)|\[(?P<square>[^\[\]\n]*)\]|【(?P<han>[^【】\n]*)】")
#: The name of a group.
_HASHTAG = re.compile(r"#[^\W\d]\w{2,}(?=\s|\Z)")
_PARTS = re.compile(r"[\s,;/|]+")


def begins_with_remark(text: str) -> bool:
    """Whether a text begins with brackets in which nothing stands but types, places and remarks."""
    inside = _inside(text)
    words = _PARTS.split(inside.strip()) if inside is not None else []
    return any(words) and all(is_type(word) or is_place(word) or is_remark(word) for word in words if word)


def begins_with_note(text: str) -> bool:
    """Whether a text begins with a hashtag, or brackets in which words stand, and none that is rather a password."""
    if _HASHTAG.match(text):
        return True
    inside = _inside(text)
    words = inside.split() if inside is not None else []
    return any(map(str.isalnum, "".join(words))) and not any(
        is_password(word) and not HAN_SIGN.search(word) for word in words
    )


def _inside(text: str) -> str | None:
    group = _GROUP.match(text)
    return group[group.lastgroup or 0] if group else None
