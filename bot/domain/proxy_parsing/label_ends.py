"""Where the value of a label in a sentence ends: what of the sentence stands behind it is no part of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.brackets import begins_with_remark
from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.label_values import OF_LOGIN, Label
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.types import TYPE_LABEL, is_type, words_alone
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE, Part
from bot.domain.proxy_parsing.words import is_password, is_secret, word_at

_WITH_PASSWORD = frozenset({Part.PASSWORD, Part.LOGIN})
_CLOSING = {"(": ")", "[": "]", "{": "}", "【": "】"}
#: What may stand behind a bracket that closes: a sign of the sentence, or Chinese words.
_BEHIND_BRACKET = re.compile(rf"[.,;:!?]*(?:{HAN}.*)?")
#: Signs of Chinese sentences as they are typed; a word follows that is no part of a password.
_FULL_WIDTH = frozenset("，。；、（")
_HAN_NEXT = re.compile(rf"[，。；、（,.;(][ \t]*{HAN}")
_SENTENCE_SIGNS = ",;"
_FURTHEST = 200  # in a line, from a label
#: What parts a label from the one before it in a sentence.
_PARTED = re.compile(r"[,;][ \t]*\Z|(?<!\S)(?:and|и|та|und|y|e|et|và|dan|with|с|mit|con|với)[ \t]+\Z", re.IGNORECASE)
#: "with a dot at the end"
_OF_SIGNS = re.compile(
    r"(?<![^\W_])(?:dots?|periods?|full stop|commas?|semicolon|letters?|signs?|symbols?|characters?|capitals?|case|zero"
    r"|точк\w+|запят\w+|букв\w*|знак\w*|символ\w*|регистр\w*|больш\w+|маленьк\w+|ноль|пробел\w*|spaces?|dấu|punto|coma"
    r"|typo|опечат\w+|wrong|sorry|ошиб\w+)(?![^\W_])|句号|逗号|句点|点号|字母|符号|大写|小写|错",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"[\s,;()，。；、]+|{HAN}+")
_DASH = re.compile(r"[ \t]+[—–|](?=[ \t])")
_TYPE_LABEL = re.compile(TYPE_LABEL, re.IGNORECASE)
_OPTION = re.compile(r"--[a-z][a-z-]+(?!\S)")
_ASSIGNED = re.compile(r"(?:[A-Za-z_]{2,20}=\S+(?:[ \t]+|\Z))+")


def in_sentences(view: View, labels: Sequence[Label]) -> list[Label]:
    """The labels of a text, of which those of a login end where their values do."""
    return [_ended(view, each, labels) if each.part in OF_LOGIN and not each.quoted else each for each in labels]


def without_sign(view: View, label: Label, word: str) -> str:
    """The one word of a value without the sentence's sign; empty where the sign may be its own."""
    if word[-1:] not in (*_SENTENCE_SIGNS, *".!?"):
        return word
    behind = view.plain[label.end : view.line_end(label.end, len(view.plain))]
    return word[:-1] if word.count(word[-1]) == 1 and word[-1] in ",;." and behind.strip() else ""


def ends_with_mark(view: View, label: Label, value: str) -> bool:
    """Whether a value ends with the mark that stands around its label, which may be none of it: "*pw:* Pw1secret*"."""
    mark = view.text.plain[max(0, label.begin - 1) : label.begin]
    around = mark in ("*", "_", "~") and mark in label.join(view.text.plain)
    return around and len(value) > 1 and value.endswith(mark) and not value.startswith(mark)


def _ended(view: View, label: Label, labels: Sequence[Label]) -> Label:
    line_end = view.line_end(label.start, len(view.plain))
    end = label.start + len(word_at(view.plain, label.start))
    if not label.start < end <= line_end:
        return label
    ends = [at for at in _ends(view, label, labels, (end, line_end)) if label.start < at]
    return replace(label, end=min([label.end, *ends]))


def _ends(view: View, label: Label, labels: Sequence[Label], bounds: tuple[int, int]) -> Iterator[int]:
    plain, start = view.plain, label.start
    end, line_end = bounds
    word, behind = plain[start:end], plain[end:line_end]
    if (at := _closed(plain, label, labels, end)) is not None:
        yield at
    if not _is_password(label, word):
        return
    sign, once = word[-1], word.count(word[-1]) == 1
    again = any(each.part is Part.PASSWORD and end <= each.begin < line_end for each in labels)
    if again or _is_described(behind) or _is_described(word.partition(",")[2]):
        return  # which of two is whose, or which is meant, is not told
    yield from _full_width(view, start, end)
    if sign in _SENTENCE_SIGNS and once and _is_of_sentence(plain, label, sign, behind):
        yield end - 1
    if sign == "." and once and _begins_sentence(behind) and _PARTED.search(label.front(plain)):
        yield end - 1
    if _is_followed(plain, label, word, end, line_end):
        yield end


def _is_password(label: Label, word: str) -> bool:
    """Whether a word is the password that a label tells, or user and password."""
    bare = word.strip(".,;:!?")
    if label.part is Part.LOGIN and not re.search(r"[^:/][:/][^:/]", word):
        return False
    known = bare.lower() in PROSE | ELSEWHERE
    return label.part in _WITH_PASSWORD and not known and (label.signed or is_secret(bare))


def _closed(plain: str, label: Label, labels: Sequence[Label], end: int) -> int | None:
    """Where the bracket that was opened in front of a label closes, at the end of its first word."""
    line = line_start(plain, label.begin)
    opened: list[int] = []
    for at in range(max(line, label.begin - _FURTHEST), label.begin):
        if plain[at] in _CLOSING and not _is_in_value(labels, at):
            opened.append(at)
        elif opened and plain[at] == _CLOSING[plain[opened[-1]]]:
            opened.pop()
    if not opened:
        return None
    sign = plain[opened[-1]]
    word = plain[label.start : end]
    at = word.find(_CLOSING[sign])
    whole = at > 0 and sign not in word and _BEHIND_BRACKET.fullmatch(word, at + 1) is not None
    return label.start + at if whole else None


def _is_in_value(labels: Sequence[Label], at: int) -> bool:
    index = bisect_right(labels, at, key=lambda label: label.begin) - 1
    return index >= 0 and labels[index].start <= at < labels[index].end


def _is_described(behind: str) -> bool:
    """Whether more is said of a password behind it: its signs, or another in its place."""
    text = behind[:_FURTHEST]
    words = [word for word in _PARTS.split(text) if not is_type(word)]
    return _OF_SIGNS.search(text) is not None or any(map(is_password, words))


def _full_width(view: View, start: int, end: int) -> Iterator[int]:
    """Where a sign of a Chinese sentence stands behind a word of ASCII."""
    for at in range(start + 1, end):
        if not view.plain[at - 1].isascii():
            return
        if view.typed(at, at + 1) in _FULL_WIDTH and _HAN_NEXT.match(view.plain, at):
            yield at
            return


def _is_of_sentence(plain: str, label: Label, sign: str, behind: str) -> bool:
    """Whether a comma or semicolon at the end of a word is the sentence's, or parts the labels of a row."""
    before = label.front(plain)
    if before.endswith((sign, f"{sign} ")):
        return True
    # Between labels with spaces alone around them it may be a part of the password.
    joins = _PARTED.search(before) or not (begins_with_remark(behind.lstrip()) or _names_type(behind))
    return not label.strict and bool(behind.strip()) and bool(joins)


def _begins_sentence(behind: str) -> bool:
    """Whether a sentence follows; one with an address may be the first that is about the proxy."""
    return behind[:1].isspace() and behind.strip()[:1].isupper() and not find_addresses(behind[:_FURTHEST])


def _is_followed(plain: str, label: Label, word: str, end: int, line_end: int) -> bool:
    """Whether what stands behind a word, a space between, is something else than more of a password."""
    behind = plain[end:line_end]
    bare = behind.lstrip(" \t")
    if is_type(word) or not bare or behind == bare:
        return False
    if begins_with_remark(bare) or ("--" in plain[max(0, label.begin - 2) : label.start] and _OPTION.match(bare)):
        return True
    if label.strict or _DASH.match(behind):
        return not label.strict
    return _names_type(behind) or (plain[label.start - 1] == "=" and _ASSIGNED.fullmatch(bare) is not None)


def _names_type(behind: str) -> bool:
    """Whether the next word is a type, or the name of a label with a type behind it."""
    text = behind[:_FURTHEST]
    at = len(text) - len(text.lstrip(" \t"))
    named = _TYPE_LABEL.match(text, at)
    types = {each.outer[0] for each in words_alone(text)}
    return at in types or (named is not None and named.end() in types)
