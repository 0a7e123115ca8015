"""The ways in which the text around an address can be a login."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.tidy import Tidy
from bot.domain.proxy_parsing.types import is_type, is_unsupported, read_type
from bot.domain.proxy_parsing.words import is_name, is_place, is_plain_secret

_PLAIN_TAIL = re.compile(r"[\w .+()#-]*")
CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
    '"': '"',
    "'": "'",
    "`": "`",
    "“": "”",
    "«": "»",
    "„": "“",
    "‘": "’",
    "「": "」",
}
OTHER_SIGNS = ":|;,/"


@dataclass(frozen=True, slots=True)
class Login:
    """User and password; the password is None where it is not told. ``type`` is a type that stood among the fields."""

    user: str = ""
    password: str | None = field(default="", repr=False)
    type: ProxyType | None = None


NONE = Login()


@dataclass(frozen=True, slots=True)
class View:
    """A text as it is left when what is explained already is blank; ``plain`` is as long as that of ``text``."""

    text: Tidy
    plain: str
    in_sentence: bool = False

    def typed(self, start: int, end: int) -> str:
        """What was typed there, without what is blank in this view at its ends."""
        while start < end and self.plain[start] != self.text.plain[start]:
            start += 1
        while start < end and self.plain[end - 1] != self.text.plain[end - 1]:
            end -= 1
        return self.text.typed(start, end)

    def blank(self, spans: Iterable[tuple[int, int]]) -> View:
        """The view without what stands there; line breaks stay."""
        known = list(spans)
        if not known:
            return self
        signs = list(self.plain)
        for start, end in known:
            signs[start:end] = (sign if sign == "\n" else " " for sign in signs[start:end])
        return replace(self, plain="".join(signs))

    def line_end(self, start: int, limit: int) -> int:
        end = self.plain.find("\n", start, limit)
        return limit if end < 0 else end

    def word_end(self, start: int, limit: int) -> int:
        found = re.compile(r"\S*").match(self.plain, start, limit)
        return found.end() if found else start

    def word_start(self, end: int, floor: int) -> int:
        start = end
        while start > floor and not self.plain[start - 1].isspace():
            start -= 1
        return start

    def positions(self, start: int, end: int, sign: str) -> list[int]:
        """Where a sign stands; a full-width one counts only where there is no other."""
        found = [at for at in range(start, end) if self.plain[at] == sign]
        return [at for at in found if self.typed(at, at + 1) == sign] or found


def ends_of_word(view: View, start: int, end: int, limit: int, opened: str) -> list[int]:
    """Where a word may end, the likeliest first: punctuation behind it may be its own or the sentence's."""
    closing = CLOSING.get(opened)
    if closing and (at := view.plain.rfind(closing, start, end)) >= 0:
        return [at]
    trimmed = end
    while trimmed > start and view.plain[trimmed - 1] in ",;" and view.plain[end:limit].strip():
        trimmed -= 1
    if trimmed < end:
        return [trimmed]
    bare = start + len(view.plain[start:end].rstrip(".,;!?)\"'"))
    flags = start + len(view.plain[start:end].rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
    ends = [end]
    repeated = view.plain[end - 1] in view.plain[start:bare]
    if start < bare < end and not repeated and (view.in_sentence or view.plain[end - 1] in ",;"):
        ends.append(bare)
    if start < flags < end:
        ends.append(flags)
    return ends


def fields_behind(view: View, start: int, end: int, sign: str, *, more: str = "") -> list[Login]:
    """The logins in fields of which the first is the user; ``sign`` parts them, ``more`` stands behind in the line."""
    seps = view.positions(start, end, sign)
    user = view.typed(start, seps[0] if seps else end)
    if not seps:
        return _one_field(view, start, end, sign)
    if is_type(user):
        return _behind_type(view, seps, user, end, sign=sign, more=more)
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
    for sign in OTHER_SIGNS:
        seps = view.positions(start, end, sign)
        if seps and start < seps[0] < end - 1:
            yield Login(view.typed(start, seps[0]), view.typed(seps[0] + 1, end))


def _passwords(view: View, seps: list[int], end: int, sign: str, more: str) -> list[Login]:
    """What stands behind the user: a password that may hold the sign, and perhaps a type or a name behind it."""
    start = seps[0] + 1
    whole = Login(password=view.typed(start, end))
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


def unescaped(login: Login) -> Login:
    """The login of a URL, in which ``%40`` is an escape."""
    return replace(login, user=_unescaped(login.user), password=login.password and _unescaped(login.password))


def _unescaped(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
