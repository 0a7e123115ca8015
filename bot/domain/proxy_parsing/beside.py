"""What may be a login without being joined to its address: fields, words and lines beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.addresses import Address
from bot.domain.proxy_parsing.fields import split_login
from bot.domain.proxy_parsing.label_patterns import is_label_name, speaks_of_password
from bot.domain.proxy_parsing.logins import NONE, Login, View, ends_of_word
from bot.domain.proxy_parsing.types import is_type, read_type
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE
from bot.domain.proxy_parsing.words import (
    is_login_of_digits,
    is_name,
    is_place,
    is_plain_secret,
    is_prose,
    is_remark,
    is_secret,
)

Span = tuple[int, int]
#: The ways to read, and where they end.
Beside = tuple[list[Login], int]

_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_PARTED = re.compile(r"(\S*[^\s:,;])[ \t]+[/|:–-][ \t]+(\S+)")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_QUOTED_PAIR = re.compile(r"([\"'])[^\s:\"']+:[^\s\"']+\1")
_DOTS = re.compile(r"[.…]{1,5}")
#: The sign in front of a comment.
_COMMENT = re.compile(r"#+|//+|;+|--|rem", re.IGNORECASE)
_GLUED_COMMENT = re.compile(r"#+(?=\w)")
_LOGIN = 2  # fields
_FEW = 2  # words behind a login
_LINE = re.compile(r"[^\s][^\n]*")


def fields_beside(view: View, parts: Sequence[Span], sign: str, *, certain: bool) -> Beside:
    """What stands in fields behind an address; ``certain`` says that the sign parts host and port as well."""
    start, end = parts[0]
    words = view.plain[start:end].split()
    pair = _pair(view, [parts[0]]) or (_pair(view, [(start, start + len(words[0]))]) if sign != ":" and words else None)
    if pair is not None:
        return pair
    if len(words) != 1 or is_place(words[0]) or is_prose(words[0]):
        return [NONE], 0
    rest = view.plain[slice(*parts[1])].split() if len(parts) > 1 else []
    if len(rest) != 1:
        return _lone(view.typed(start, end), certain=certain and len(parts) == 1), end
    login = Login(view.typed(start, end), view.typed(*parts[1]))
    if not certain and (is_name(words[0]) or is_name(rest[0])):
        return [NONE, login], parts[1][1]
    tail = [view.typed(*part) for part in parts[2:]]
    if all(is_name(part) or " " in part for part in tail):
        return [login], parts[1][1]
    return [login, Login(login.user, view.typed(parts[1][0], parts[-1][1]))], parts[-1][1]


def words_beside(view: View, words: Sequence[Span], address: Address) -> Beside:
    """What follows with nothing but spaces between: a login, or words of a sentence."""
    if len(words) == 2 * _LOGIN and all(map(_DOTS.fullmatch, (view.plain[slice(*word)] for word in words[::2]))):
        words = words[1::2]  # "... ana ... pass"
    if comment := _of_comment(view, words, address):
        return comment
    words = [_unwrapped(view, *word) for word in _without_brackets(view, words)]
    pair = _pair(view, words) or _pair(view, words[:1])
    if pair is not None:
        return pair
    texts = [view.typed(*word) for word in words]
    if len(texts) > 2:
        texts[1] = texts[1].rstrip(",;") or texts[1]
    spaced = address.inner.isspace()
    if len(words) == 1:
        return _one_word(view, words[0], spaced=spaced), words[0][1]
    if len(words) == 2 and not spaced and is_pair(view.plain[slice(*words[1])]):
        # "auth ana:pass" is a login with a word before it, or a password with a colon in it.
        return [*split_login(view, *words[1]), Login(texts[0], texts[1])], words[1][1]
    found = _two_words(texts, spaced=spaced) if len(words) == 2 else _more_words(texts, spaced=spaced)
    if found == [NONE] and is_secret(texts[0]) and speaks_of_password(" ".join(texts[1:])):
        # "lg52 pw in the chat"
        return [Login(texts[0].rstrip(",;"), None), NONE], words[0][1]
    return found, words[1][1]


def _of_comment(view: View, words: Sequence[Span], address: Address) -> Beside | None:
    """What a comment says behind an address, "# ana Pw1secret": perhaps its login, and perhaps nothing of it."""
    if len(words) > _LOGIN and _COMMENT.fullmatch(view.plain, *words[0]):
        found, end = words_beside(view, words[1:], address)
        return [*found, *([] if NONE in found else [NONE])], end
    sign = _GLUED_COMMENT.match(view.plain, *words[0]) if len(words) >= _LOGIN else None
    if sign is None:
        return None
    found, end = words_beside(view, [(sign.end(), words[0][1]), *words[1:]], address)
    first = view.plain[sign.end() : words[0][1]]
    signed = [replace(each, user=sign[0] + each.user) for each in found if each.user and first.startswith(each.user)]
    return [*(each for each in found if each != NONE), *signed, NONE], end


def lines_beside(view: View, address: Address, start: int, limit: int) -> Beside:
    """What stands on the lines below: ``ana:pass``, or user and password on a line each."""
    lines = [match.span() for match in _LINE.finditer(view.plain, start, limit)][:3]
    lines = [(begin, begin + len(view.plain[begin:end].rstrip())) for begin, end in lines]
    pair = _pair(view, lines[:1])
    if pair is not None:
        other = _pair(view, lines[1:2])
        return ([*pair[0], *other[0]], other[1]) if other else pair  # either may be the login
    if lines and (begun := _pair_and_more(view, lines[0])):
        return begun
    texts = [view.plain[begin:end] for begin, end in lines]
    if not lines or not any(map(str.isalnum, texts[0])) or " " in texts[0] or is_place(texts[0]) or is_prose(texts[0]):
        return [NONE], address.end
    user, certain = view.typed(*lines[0]), "\n" in address.inner
    if is_type(user):
        return [Login(type=read_type(user))], lines[0][1]
    if len(lines) == 1 or " " in texts[1]:
        parted = [login for sign in "/|;@" if sign in user for login in split_login(view, *lines[0], sign)]
        alone = certain and not is_name(user)
        return [*parted, *([] if alone else [NONE]), Login(user, None)], lines[0][1]
    login = Login(user, view.typed(*lines[1]))
    certain = certain or (is_secret(texts[1]) and not is_name(user))
    return ([login] if certain else [NONE, login]), lines[1][1]


def _pair_and_more(view: View, line: Span) -> Beside | None:
    """A pair at the beginning of a line, "ana:my pass": what stands behind it may be more of the password."""
    pair, *more = view.plain[slice(*line)].split()
    start, end = line[0], line[0] + len(pair.rstrip(",;"))
    if not more or not is_pair(view.plain[start:end]):
        return None
    found = split_login(view, start, end)
    return (found if all(map(is_name, more)) else [*(replace(each, password=None) for each in found), NONE]), end


def is_pair(word: str) -> bool:
    """Whether a word is two with a colon between them, and no time."""
    user, colon, password = word.partition(":")
    bare = word.strip(",;.")
    return bool(user and colon and password.strip(",;.")) and not _TIME.fullmatch(bare) and "//" not in word


def _pair(view: View, words: Sequence[Span]) -> Beside | None:
    """``ana:pass`` in one word, or ``ana / pass``."""
    if not words:
        return None
    start, end = words[0][0], words[-1][1]
    if _QUOTED_PAIR.fullmatch(view.plain, start, end):
        return split_login(view, start + 1, end - 1), end
    if (parted := _PARTED.fullmatch(view.plain, start, end)) and not is_pair(parted[1]):
        return [Login(view.typed(*parted.span(1)), view.typed(*parted.span(2)))], end
    if len(words) > 1 or not is_pair(view.plain[start:end]) or " " in view.plain[start:end]:
        return None
    ends = ends_of_word(view, start, end, view.line_end(end, len(view.plain)), "")
    return [login for last in ends for login in split_login(view, start, last)], end


def _lone(user: str, *, certain: bool) -> list[Login]:
    """A word that may be a user whose password is not told."""
    if certain:
        return [Login(user, None)]
    return [NONE] if is_name(user) else [NONE, Login(user, None)]


def _one_word(view: View, word: Span, *, spaced: bool) -> list[Login]:
    if view.plain[word[0]] in _BRACKETS and word[1] - word[0] > 1:
        word, spaced = (word[0] + 1, word[1]), False  # a remark in brackets, of which a type was a part
    text = view.typed(*word)
    if is_type(text):
        return [Login(type=read_type(text))]
    if is_name(text):
        return [NONE]
    other = [login for sign in "/|;," if sign in text for login in split_login(view, *word, sign)]
    whole = [] if any(is_plain_secret(login.password or "") for login in other) else [Login(text, None)]
    return [*other, *whole] if spaced else [NONE, *other, *whole]


def _two_words(texts: Sequence[str], *, spaced: bool) -> list[Login]:
    if texts[0][-1] in ":,;" and len(texts[0]) > 1:
        login = Login(texts[0][:-1], texts[1])
        return [login] if is_secret(texts[1]) else [login, NONE]
    login = Login(texts[0], texts[1])
    if is_label_name(texts[0]) and texts[1].lower() in ELSEWHERE:
        return [NONE]  # "creds below"
    if any(map(is_place, texts)) or (is_prose(texts[0]) and not spaced):
        return [NONE]
    if is_secret(texts[1]) and (spaced or not is_name(texts[0])):
        return [login]
    if spaced:
        return [login, NONE] if any(map(is_name, texts)) else [login]
    named = any(map(is_name, texts)) and not is_secret(texts[1]) and not is_login_of_digits(*texts)
    return [NONE] if named else [login, NONE]


def _more_words(texts: Sequence[str], *, spaced: bool) -> list[Login]:
    """Three words and more are a sentence or a name, unless the second looks like a password.

    Two words that are none of a sentence may be a login of poor words where a word or two or remarks follow.
    """
    noted = spaced and all(is_place(text) or is_remark(text) for text in texts[2:]) and not any(map(is_name, texts[:2]))
    login = Login(texts[0], texts[1])
    if is_prose(texts[0]) or is_place(texts[0]) or not (is_secret(texts[1]) or noted):
        return [login, NONE] if _is_poor_row(texts) else [NONE]
    certain = spaced and not is_name(texts[0]) and all(map(is_name, texts[2:]))
    return [login] if certain else [login, NONE]


def _is_poor_row(texts: Sequence[str]) -> bool:
    login, behind = texts[:_LOGIN], texts[_LOGIN:]
    noted = any(is_place(text) or is_remark(text) for text in behind)
    if any(is_name(text) or is_label_name(text) for text in login):
        return False
    return (noted or len(behind) <= _FEW) and all(is_name(text) or is_remark(text) for text in behind)


def _without_brackets(view: View, words: Sequence[Span]) -> list[Span]:
    """The words without the brackets around the first of them: "(ana / pass) Germany"."""
    closing = _BRACKETS.get(view.plain[words[0][0]])
    last = next((at for at, word in enumerate(words) if view.plain[word[1] - 1] == closing), 0)
    if not closing or not last:
        return list(words)
    unwrapped = [*words]
    unwrapped[0] = (words[0][0] + 1, words[0][1])
    unwrapped[last] = (words[last][0], words[last][1] - 1)
    return [(start, end) for start, end in unwrapped if start < end]


def _unwrapped(view: View, start: int, end: int) -> Span:
    """A word without the brackets around it."""
    closing = _BRACKETS.get(view.plain[start])
    if closing and view.plain[end - 1] in ".,;" and view.plain[end - 2] == closing:
        end -= 1
    return (start + 1, end - 1) if closing and view.plain[end - 1] == closing and end - start > 2 else (start, end)
