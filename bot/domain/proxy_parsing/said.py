"""What sentences beside the proxies of a text say of their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy import Custom
from bot.domain.proxy_parsing.corrections import with_corrections
from bot.domain.proxy_parsing.described import describes_other_part, describes_password
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.named_parts import as_named
from bot.domain.proxy_parsing.outside import outside, pieces
from bot.errors import InputError

_FIRST = 4  # proxies of a text that it is looked at for
_MOST = 40  # sentences, and ways to read proxies, that are looked at


def with_said(plain: str, found: Sequence[Found]) -> list[Found]:
    """The proxies of a text, each with what the sentences outside them say of it."""
    if not found:
        return []
    said = pieces(outside(plain, found))[:_MOST]
    every = [way for each in found for way in each.readings][:_MOST]
    return [_with_said(plain, each, said, every) if at < _FIRST else each for at, each in enumerate(found)]


def _with_said(plain: str, found: Found, said: Sequence[str], every: Sequence[Custom]) -> Found:
    readings = found.readings
    if found.mistake is not None:
        return found
    if any(map(describes_other_part, said)):
        return replace(found, mistake=InputError("unreadable"))
    try:
        row = " ".join(plain[start:end] for start, end in found.spans if (start, end) not in found.labels)
        readings = as_named(readings, row, said)
    except InputError as mistake:
        return replace(found, mistake=mistake)
    if any(map(describes_password, said)):
        readings = tuple(replace(each, password=None) if each.user else each for each in readings)
    return replace(found, readings=with_corrections(readings, every, said))
