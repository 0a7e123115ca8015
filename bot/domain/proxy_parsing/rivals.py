"""Two proxies of a text, of which it is not clear which is meant: the writer is asked about both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.changed import ARROW, OOPS
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.han import HAN
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.other_services import is_for_purpose, without_passed_over
from bot.domain.proxy_parsing.set_aside import (
    THIS,
    TICKS,
    front_of,
    front_or_above,
    is_local,
    is_said_to_be_a_format,
    may_be_replaced,
)

_RIGHT = "верный|правильный|нужный"
#: What is said in front of the one that is meant, of several.
_CHOSEN_BEFORE = LatePattern(
    rf"(?:[{TICKS}👉]|\[[xX✓✔]\]|用这个|(?<![^\W_])(?:use[ \t]this(?:[ \t]one)?|this[ \t]one|correct|right|new"
    rf"|current|mine|my|yours?|{_RIGHT}|новый|актуальный|рабочий|мой|моя|твой|твоя|ваш"
    r"|dùng[ \t]cái[ \t]này|mới))"
    r"(?:[ \t]+(?:proxy|прокси))?[ \t\ufe0f:：–—-]*\Z",
    re.IGNORECASE,
)
#: The same behind it.
_CHOSEN = LatePattern(
    rf"[ \t]{{0,3}}[{TICKS}👈]"
    r"|[ \t]{0,3}[(←<–—-]{0,2}[ \t]{0,3}(?:(?:use[ \t])?this[ \t]one|use[ \t]this|(?:вот[ \t])?этот"
    rf"|{_RIGHT}|cái[ \t]này)(?=[ \t]{{0,3}}(?:[^\w \t]|\Z))|[ \t]{{0,3}}(?:用)?这个",
    re.IGNORECASE,
)
#: What between two proxies says that the second may be in the place of the first.
_CORRECTED = LatePattern(
    rf"(?<![^\W_])(?:{OOPS}|wrong|mistake|correction|actually|changed[ \t]to|replaced[ \t](?:by|with)"
    rf"|ошиб\w+|перепутал\w*|не[ \t](?:{THIS})|исправ\w+|заменил\w*|замен[её]н\w*|сменил\w*|теперь|sai"
    r"|replace[ \t](?:it[ \t])?(?:with|by)|(?:замени|смени|поменяй)(?:те)?[ \t](?:его[ \t])?на|thay[ \t]bằng)(?![^\W_])"
    rf"|错了|发错|换成|替换[成为]|\A[ \t]*(?:{ARROW}|➡)[ \t]*\Z",
    re.IGNORECASE,
)
#: "use the UK one", where "UK" stands in front of one or over it.
_PICKED = LatePattern(
    r"(?<![^\W_])(?:use|take|pick|choose|бери|бер[её]м|возьми(?:те)?|(?:по)?ставь(?:те)?|выбери(?:те)?|выбирай(?:те)?|нужн?[аы]?|нужен"
    rf"|dùng|lấy|chọn)[ \t]+(?:the[ \t]+)?(?P<name>[^\W\d_]{{2,}})|[用选](?P<han>{HAN}{{2}})",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+")
_STEM = 4  # letters that stay where a word is inflected
_FURTHEST = 60  # characters between
_FAR = 80  # characters in front
_WAYS = 2  # of each


def with_rivals(plain: str, found: Sequence[Found]) -> tuple[Sequence[Found], Sequence[Found]]:
    """The proxies of a text, and those of them that it does not pass over.

    The first of these has the ways of another too where that one may rather be meant.
    """
    left = without_passed_over(plain, found)
    rivals = _rivals(plain, [each for each in left if each.mistake is None and each.readings])
    if not rivals:
        return found, left
    likelier, other = rivals
    first = min(rivals, key=lambda each: each.start)
    readings = tuple(dict.fromkeys((*likelier.readings[:_WAYS], *other.readings[:_WAYS])))
    spans, evident = (*likelier.spans, *other.spans), likelier.evident or other.evident
    both = replace(first, spans=tuple(sorted(spans)), readings=readings, evident=evident)
    return _with_both(found, both, rivals), _with_both(left, both, rivals)


def _with_both(found: Sequence[Found], both: Found, rivals: Sequence[Found]) -> list[Found]:
    """The proxies with one in the place of two."""
    known = [each for each in found if each not in rivals]
    return sorted([*known, both], key=lambda each: each.start)


def _rivals(plain: str, left: Sequence[Found]) -> tuple[Found, Found] | None:
    """Two proxies of which each may be meant, the likelier first."""
    if not left:
        return None
    first, others = left[0], [each for each in left[1:] if each.has_login]
    if is_local(first) and not first.has_login:
        others = [each for each in others if not is_local(each)]
        return (others[0], first) if others else None
    if others and is_said_to_be_a_format(plain, first):
        return others[0], first
    purpose = first.has_login and is_for_purpose(front_of(plain, first))
    if others and (purpose or may_be_replaced(plain, first)):
        return first, others[0]
    if others and others[0] is left[1] and first.has_login and _is_corrected(plain, first, others[0]):
        return others[0], first
    chosen = [each for each in others if _is_chosen(plain, each)] or _picked(plain, first, others)
    alone = len(chosen) == 1 and not _is_chosen(plain, first) and first.has_login
    return (chosen[0], first) if alone else None


def _picked(plain: str, first: Found, others: Sequence[Found]) -> Sequence[Found]:
    """The other proxy that a word of the text picks by its name; none where it picks the first too."""
    spans = [span for each in (first, *others) for span in each.spans]
    for match in _PICKED.compiled.finditer(plain):
        if any(start <= match.start() < end for start, end in spans):
            continue
        named = [each for each in (first, *others) if _is_picked(plain, each, match)]
        if named and first not in named:
            return named[:1]
    return ()


def _is_picked(plain: str, found: Found, picked: re.Match[str]) -> bool:
    """Whether the name by which a proxy is picked stands in front of this one, or over it."""
    heading = front_or_above(plain, found, front_of(plain, found))
    if picked["han"]:
        return picked["han"] in heading
    stem = picked["name"][:_STEM].casefold()
    return any(word.casefold().startswith(stem) for word in _WORDS.findall(heading))


def _is_corrected(plain: str, first: Found, other: Found) -> bool:
    between = plain[first.end : other.start]
    return len(between) <= _FURTHEST and _CORRECTED.compiled.search(between) is not None


def _is_chosen(plain: str, found: Found) -> bool:
    front = front_of(plain, found)
    return bool(_CHOSEN_BEFORE.compiled.search(front[-_FAR:]) or _CHOSEN.compiled.match(plain, found.end))
