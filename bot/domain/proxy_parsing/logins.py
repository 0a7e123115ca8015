"""A login, and the text in which it is looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.lines import blanked
from bot.domain.proxy_parsing.tidy import Tidy

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
        return replace(self, plain=blanked(self.plain, spans))

    def line_end(self, start: int, limit: int) -> int:
        end = self.plain.find("\n", start, limit)
        return limit if end < 0 else end

    def word_end(self, start: int, limit: int) -> int:
        found = re.compile(r"\S*").match(self.plain, start, limit)
        return found.end() if found else start

    def word_start(self, end: int, floor: int) -> int:
        """Where the word begins that ends at ``end``, not before ``floor``."""
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


def unescaped(login: Login) -> Login:
    """The login of a URL, in which ``%40`` is an escape."""
    return replace(login, user=_unescaped(login.user), password=login.password and _unescaped(login.password))


def _unescaped(text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text
