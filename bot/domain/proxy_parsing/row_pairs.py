"""A user and a password in one cell of a row: "203.0.113.7:1080", "ana:pass" and "Berlin" with tabs between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.proxy_parsing.logins import Login, View
from bot.domain.proxy_parsing.types import is_type, read_type
from bot.domain.proxy_parsing.words import CODE, is_name, is_password, is_place, is_plain_secret, is_remark
from bot.errors import InputError

Span = tuple[int, int]


def pair_in_row(view: View, cells: Sequence[Span], *, spaced: bool) -> Login | None:
    """User and password in one cell of a row, with what the other cells say.

    ``spaced`` says that tabs part the cells, or spaces around a sign: no user and no password has such in it.

    Raises ``InputError`` where another cell may be the user.
    """
    texts = [view.typed(*cell).strip() for cell in cells]
    pairs = [_pair(view, *cell, ":/;| " if spaced else ":") for cell in cells]
    pair = next(filter(None, pairs), None)
    if pair is None:
        return None
    at = pairs.index(pair)
    users = [text for text in texts[:at] if text and not _says_something_else(text)]
    if users and (at > 1 or _is_hyphens(view, cells) or not is_password(pair.password or "")):
        return None
    if users:
        raise InputError("unreadable")  # a name and a login, or a user whose password has a colon
    types = [read_type(text) for text in texts if is_type(text)]
    others = [text for text in texts[at + 1 :] if text and not is_type(text)]
    # A password may have a bar in it, but hardly a country behind one.
    apart = all(not is_password(text) if spaced else is_place(text) or is_remark(text) for text in others)
    return replace(pair, password=pair.password if apart else None, type=types[0] if types else None)


def _says_something_else(text: str) -> bool:
    known = is_type(text) or is_name(text) or is_remark(text) or CODE.fullmatch(text) is not None
    return known or " " in text or not text.isascii()


def _is_hyphens(view: View, cells: Sequence[Span]) -> bool:
    """Whether four hyphens part the cells, as in "ana----pass", whatever else a password has in it."""
    return view.typed(cells[0][1], cells[0][1] + 1) == "----"


def row_before(view: View, start: int, end: int, sign: str, *, spaced: bool = False) -> Login | None:
    """User and password in the last cell of a row that an address follows.

    Raises ``InputError`` where another cell may be the user.
    """
    seps = [start - 1, *view.positions(start, end, sign), end]
    cells = [(at + 1, to) for at, to in pairwise(seps)]
    if _pair(view, *cells[-1], ":") is None:
        return None
    row = pair_in_row(view, cells, spaced=spaced or sign == "\t")
    if row is None and len(cells) > 1 and not _is_hyphens(view, cells):
        raise InputError("unreadable")
    return row


def _pair(view: View, start: int, end: int, signs: str) -> Login | None:
    """User and password with one of these signs between."""
    for between in signs:
        seps = view.positions(start, end, between)
        if seps and (len(seps) == 1 or between == ":") and not is_remark(view.plain[start:end]):
            user, password = view.typed(start, seps[0]).strip(), view.typed(seps[0] + 1, end).strip()
            named = user.endswith(('"', "'")) or is_type(user)  # a value of JSON's, a type
            if user and password and not named and (between == ":" or is_plain_secret(password)):
                return Login(user, password)
    return None
