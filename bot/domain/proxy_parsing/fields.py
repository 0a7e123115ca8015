"""The ways in which fields that a sign joins can be a login."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.proxy_parsing.logins import NONE, Login, View
from bot.domain.proxy_parsing.row_pairs import pair_in_row
from bot.domain.proxy_parsing.types import is_type, is_unsupported, read_type
from bot.domain.proxy_parsing.words import is_name, is_place, is_plain_secret, is_remark

_OTHER_SIGNS = ":|;,/"
_PLAIN_TAIL = re.compile(r"[\w .+()#-]*")


def fields_behind(view: View, start: int, end: int, sign: str, *, more: str = "") -> list[Login]:
    """The logins in fields of which the first is the user; ``sign`` parts them, ``more`` stands behind in the line.

    Raises ``InputError`` where one of two cells may be the user.
    """
    seps = view.positions(start, end, sign)
    user = view.typed(start, seps[0] if seps else end)
    if not seps:
        return _one_field(view, start, end, sign)
    cells = [(at + 1, to) for at, to in pairwise([start - 1, *seps, end])]
    row = pair_in_row(view, cells, spaced=sign == "\t") if sign != ":" else None
    if row is not None or is_type(user):
        return [row] if row else _behind_type(view, seps, user, end, sign=sign, more=more)
    rest = view.typed(seps[0] + 1, end)
    if is_place(user) and len(seps) > 1:
        return [*fields_behind(view, seps[0] + 1, end, sign, more=more), Login(user, rest)]
    if not user and view.plain[seps[0] + 1 : end].strip(sign):
        # "host:port::ana:pass": a sign too many, or no user
        bare = end - len(view.plain[seps[0] + 1 : end].lstrip(sign))
        return [*fields_behind(view, bare, end, sign, more=more), Login(user, rest)]
    if len(seps) == 1 and is_type(rest) and not is_unsupported(rest):
        # "host:port:ana:ssh": the password or the type
        return [Login(user, None, read_type(rest)), Login(user, rest)]
    return [replace(login, user=user) for login in _passwords(view, seps, end, sign, more)]


def _behind_type(view: View, seps: Sequence[int], word: str, end: int, *, sign: str, more: str) -> list[Login]:
    """What stands behind a type that is the first of several fields."""
    type_ = read_type(word)
    if len(seps) > 1 and not view.plain[seps[1] : end].strip(sign):
        return type_or_user(view, seps, word, end)
    if len(seps) > 1:
        return [replace(login, type=type_) for login in fields_behind(view, seps[0] + 1, end, sign, more=more)]
    rest = view.typed(seps[0] + 1, end)
    return [Login(rest, None, type_), Login(word, rest)] if rest else [Login(type=type_)]


def type_or_user(view: View, seps: Sequence[int], word: str, end: int) -> list[Login]:
    """The ways of "s5:secret:": a type and a user, or a user who is called so and a password that ends with a sign."""
    return [Login(view.typed(seps[0] + 1, seps[1]), "", read_type(word)), Login(word, view.typed(seps[0] + 1, end))]


def _one_field(view: View, start: int, end: int, sign: str) -> list[Login]:
    word = view.typed(start, end)
    if not word:
        return [NONE]
    if is_type(word):
        return [Login(type=read_type(word))]
    if is_place(word):
        return [NONE] if sign != ":" else [NONE, Login(word, None)]
    if sign in ",;|\t" and is_name(word):
        return [NONE]
    return _lone_word(view, start, end)


def _lone_word(view: View, start: int, end: int) -> list[Login]:
    """The ways to read one field: with another sign in it, or as a user; never as one where it shows a password."""
    other = list(_with_other_signs(view, start, end))
    if any(is_plain_secret(login.password or "") for login in other):
        return other
    return [*other, Login(view.typed(start, end), None)]


def _with_other_signs(view: View, start: int, end: int) -> Iterator[Login]:
    """The ways in which one field may hold user and password with another sign between them."""
    for sign in _OTHER_SIGNS:
        seps = view.positions(start, end, sign)
        if seps and start < seps[0] < end - 1:
            yield Login(view.typed(start, seps[0]), view.typed(seps[0] + 1, end))


def _passwords(view: View, seps: list[int], end: int, sign: str, more: str) -> list[Login]:
    """What stands behind the user: a password that may hold the sign, and perhaps a type or a name behind it."""
    start = seps[0] + 1
    whole = Login(password=view.typed(start, end))
    if sign != ":" and (is_place(whole.password or "") or is_remark(whole.password or "")):
        return [replace(whole, password=None)]  # a row that says something else of the proxy behind the user
    if len(seps) == 1 or seps[1] == start:
        return [whole]
    first = Login(password=view.typed(start, seps[1]))
    last = view.typed(seps[-1] + 1, end)
    tail = view.plain[seps[1] + 1 : end]
    fields = [part for part in tail.split(sign) if part.strip()]
    if is_type(last):
        before = Login(password=view.typed(start, seps[-1]), type=read_type(last))
        other = whole if sign == ":" else replace(first, type=before.type)
        return [before, other]
    if sign == ":":
        named = more and fields and is_place(fields[0]) and all(map(is_name, fields))
        may_be_name = all(map(_PLAIN_TAIL.fullmatch, fields))
        return ([] if named or not may_be_name else [whole]) + ([first] if may_be_name else [whole])
    types = [read_type(part) for part in fields if is_type(part)]
    if types:
        return [replace(first, type=types[0])]
    named = fields and all(is_name(part.split()[0]) or is_place(part) for part in fields)
    return [first] if named else [first, whole]


def split_login(view: View, start: int, end: int, sign: str = ":") -> list[Login]:
    """User and password in a word of their own: the first sign parts them."""
    seps = view.positions(start, end, sign)
    if not seps:
        return _lone_word(view, start, end)
    user, rest = view.typed(start, seps[0]), view.typed(seps[0] + 1, end)
    if is_type(user) and len(seps) > 1 and not view.plain[seps[1] : end].strip(sign):
        return type_or_user(view, seps, user, end)
    if is_type(user) and len(seps) > 1:
        return [replace(login, type=read_type(user)) for login in split_login(view, seps[0] + 1, end, sign)]
    return [Login(user, rest)]
