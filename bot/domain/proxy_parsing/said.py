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
_LONGEST = 200  # of a sentence that says something of a part
_MOST = 40  # sentences, and ways to read proxies, that are looked at


def with_said(plain: str, found: Sequence[Found]) -> list[Found]:
    """The proxies of a text, each with what the sentences outside them say of it."""
    if not found:
        return []
    said = [piece for piece in pieces(outside(plain, found))[:_MOST] if len(piece) <= _LONGEST]
    every = [way for each in found for way in each.readings][:_MOST]
    of_other, of_password = any(map(describes_other_part, said)), any(map(describes_password, said))
    told: list[Found] = []
    for each in found[:_FIRST]:
        if each.mistake is not None:
            told.append(each)
        elif of_other:
            told.append(replace(each, mistake=InputError("unreadable")))
        else:
            told.append(_with_said(plain, each, said, every, described=of_password))
    return [*told, *found[_FIRST:]]


def _with_said(plain: str, found: Found, said: Sequence[str], every: Sequence[Custom], *, described: bool) -> Found:
    row = " ".join(plain[start:end] for start, end in found.spans if (start, end) not in found.labels)
    try:
        readings = as_named(found.readings, row, said)
    except InputError as mistake:
        return replace(found, mistake=mistake)
    if described:
        readings = tuple(replace(each, password=None) if each.user else each for each in readings)
    return replace(found, readings=with_corrections(readings, every, said))
