"""The login behind an address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.addresses import Address
from bot.domain.proxy_parsing.logins import NONE, Login, View, ends_of_word, fields_behind, split_login
from bot.domain.proxy_parsing.types import is_type, read_type
from bot.domain.proxy_parsing.words import is_name, is_place, is_prose, is_secret

_GLUED = re.compile(r"(?P<sign>##|[:@|;,\t~])(?=\S)")
_SPACED = re.compile(r"[ \t]*(?P<sign>[:@|;,\t])[ \t]*(?=\S)|[ \t]+(?P<dash>[-–—/\\>→]+)[ \t]+(?=\S)")
_BETWEEN = {sign: re.compile(rf"[ \t]*{re.escape(sign)}[ \t]*") for sign in ":@|;,\t"}
_DASHES = re.compile(r"[ \t]+[-–—/\\>→]+[ \t]+")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")

Span = tuple[int, int]


def login_behind(
    view: View, address: Address, limit: int, opened: str, *, guess: bool
) -> tuple[list[Login], int, bool]:
    """The ways in which what follows an address may be its login, where they end, and whether a sign joins them on.

    ``opened`` is what stands before all of it, perhaps a bracket or quote.

    Without ``guess`` only what is joined on by a sign is one: labels explain the rest.
    """
    at = address.end
    if view.plain[at : at + 1] == "/" and not view.plain[at + 1 : at + 2].isalnum():
        at += 1
    if glued := _GLUED.match(view.plain, at, limit):
        return _glued(view, glued, limit, opened)
    spaced = _SPACED.match(view.plain, at, limit)
    if spaced:
        found, end = _spaced(view, spaced, address, limit)
        return (found, end, True) if guess or found != [NONE] else ([NONE], at, False)
    if not guess or (at < limit and not view.plain[at].isspace()):
        return [NONE], at, False
    line_end = view.line_end(at, limit)
    words = [match.span() for match in re.compile(r"\S+").finditer(view.plain, at, line_end)]
    if words:
        found = _words(view, words, address)
        return found, words[min(1, len(words) - 1)][1] if found != [NONE] else at, False
    return _lines(view, address, line_end, limit)


def _glued(view: View, glued: re.Match[str], limit: int, opened: str) -> tuple[list[Login], int, bool]:
    start = glued.end()
    sign = glued["sign"]
    end = view.word_end(start, limit) if sign != "\t" else view.line_end(start, limit)
    if sign in ",;|":
        # A field of a table may hold a space, but no login does.
        word = view.plain[start:end]
        end = view.line_end(start, limit) if word.count(sign) >= 2 else end
    found: list[Login] = []
    ends = ends_of_word(view, start, end, limit, opened)
    for last in ends:
        word = view.plain[start:last]
        between = ":" if sign in (":", "@", "##", "~") or sign not in word else sign
        if between == ":" and sign in "|;,~" and ":" not in word and "/" in word:
            between = "/"
        if between not in word:
            between = sign
        more = view.plain[last : view.line_end(last, limit)].strip()
        found += fields_behind(view, start, last, between, more=more)
        if more and not view.in_sentence and len(more.split()) == 1 and not (is_name(more) or is_type(more)):
            # "host:port:ana:my pass": the last word may be a name, or a part of the password.
            found += [
                Login(login.user, f"{login.password} {more}", login.type)
                for login in fields_behind(view, start, last, between, more=more)
                if login.password and sign != "\t"
            ]
    return list(dict.fromkeys(found)), ends[0], True


def _spaced(view: View, match: re.Match[str], address: Address, limit: int) -> tuple[list[Login], int]:
    """What stands behind a sign with spaces around it: fields without a space in them, or a name."""
    sign = match["sign"] or ""
    pattern = _BETWEEN[sign] if sign else _DASHES
    line_end = view.line_end(match.end(), limit)
    parts: list[Span] = []
    start = match.end()
    for between in pattern.finditer(view.plain, start, line_end):
        parts.append((start, between.start()))
        start = between.end()
    parts.append((start, start + len(view.plain[start:line_end].rstrip())))
    types = [read_type(view.typed(*part)) for part in parts if is_type(view.typed(*part))]
    parts = [part for part in parts if not is_type(view.typed(*part))]
    found, end = _fields(view, parts, sign, certain=bool(sign) and sign in address.inner)
    return [Login(login.user, login.password, types[0] if types else None) for login in found], end or match.end()


def _fields(view: View, parts: Sequence[Span], sign: str, *, certain: bool) -> tuple[list[Login], int]:
    if not parts:
        return [NONE], 0
    start, end = parts[0]
    words = view.plain[start:end].split()
    if sign != ":" and words and _is_pair(words[0]):
        end = start + len(words[0])
        return [
            login for last in ends_of_word(view, start, end, end, "") for login in split_login(view, start, last)
        ], end
    if len(words) != 1 or is_place(words[0]) or is_prose(words[0]):
        return [NONE], 0
    user = view.typed(start, end)
    if len(parts) == 1:
        if certain:
            return [Login(user, None)], end
        return ([NONE] if is_name(user) else [NONE, Login(user, None)]), end
    rest = view.plain[slice(*parts[1])].split()
    if len(rest) != 1:
        return ([NONE] if is_name(user) else [NONE, Login(user, None)]), end
    login = Login(user, view.typed(*parts[1]))
    if certain or not (is_name(words[0]) or is_name(rest[0])):
        tail = [view.typed(*part) for part in parts[2:]]
        whole = Login(user, view.typed(parts[1][0], parts[-1][1]))
        doubtful = any(not (is_name(part) or " " in part) for part in tail)
        return ([login, whole] if doubtful else [login]), parts[-1][1] if doubtful else parts[1][1]
    return [NONE, login], parts[1][1]


def _is_pair(word: str) -> bool:
    """Whether a word is two with a colon between them, and no time."""
    user, colon, password = word.partition(":")
    return (
        bool(user and colon and password.strip(",;.")) and not _TIME.fullmatch(word.strip(",;.")) and "//" not in word
    )


def _words(view: View, words: Sequence[Span], address: Address) -> list[Login]:
    """What follows with nothing but spaces between: a login, or words of a sentence."""
    first = view.plain[slice(*words[0])]
    if _is_pair(first):
        line_end = view.line_end(words[0][1], len(view.plain))
        ends = ends_of_word(view, *words[0], line_end, "")
        return [login for end in ends for login in split_login(view, words[0][0], end)]
    texts = [view.typed(*word) for word in words]
    if address.inner.isspace() and len(words) == 2 and not any(map(is_place, texts)):
        return [Login(*texts), NONE] if any(map(is_name, texts)) and not is_secret(texts[1]) else [Login(*texts)]
    if is_prose(first) or is_place(first) or not any(map(str.isalnum, first)):
        return [NONE]
    spaced = address.inner.isspace()
    if len(words) == 1:
        if is_type(first):
            return [Login(type=read_type(first))]
        if is_name(first):
            return [NONE]
        other = [login for sign in "/|;," if sign in first for login in split_login(view, *words[0], sign)]
        return [*other, Login(texts[0], None)] if spaced else [NONE, *other, Login(texts[0], None)]
    login = Login(*texts[:2])
    if len(words) == 2 and not is_name(texts[0]) and (is_secret(texts[1]) or (spaced and not is_name(texts[1]))):
        return [login]
    if is_prose(texts[1]) or is_place(texts[1]) or (is_name(texts[0]) and not is_secret(texts[1])):
        return [NONE]
    if len(words) == 2:
        return [login, NONE]
    if is_secret(texts[1]) and spaced and not is_name(texts[0]):
        return [login] if all(map(is_name, texts[2:])) else [login, NONE]
    return [login, NONE] if is_secret(texts[1]) else [NONE]


def _lines(view: View, address: Address, start: int, limit: int) -> tuple[list[Login], int, bool]:
    """What stands on the lines below: ``ana:pass``, or user and password on a line each."""
    lines = [match.span() for match in re.compile(r"[^\s][^\n]*").finditer(view.plain, start, limit)][:3]
    lines = [(begin, begin + len(view.plain[begin:end].rstrip())) for begin, end in lines]
    texts = [view.plain[begin:end] for begin, end in lines]
    if not lines or " " in texts[0]:
        return [NONE], address.end, False
    if _is_pair(texts[0]):
        return split_login(view, *lines[0]), lines[0][1], False
    single = "\n" in address.inner
    user = view.typed(*lines[0])
    if is_type(user):
        return [Login(type=read_type(user))], lines[0][1], False
    if len(lines) == 1 or " " in texts[1]:
        if is_place(user) or is_prose(user):
            return [NONE], address.end, False
        return ([Login(user, None)] if single and not is_name(user) else [NONE, Login(user, None)]), lines[0][1], False
    login = Login(user, view.typed(*lines[1]))
    if single or (is_secret(texts[1]) and not is_name(user)):
        return [login], lines[1][1], False
    return ([NONE] if is_place(user) or is_prose(user) else [NONE, login]), lines[1][1], False
