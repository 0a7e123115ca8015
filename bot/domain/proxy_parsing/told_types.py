"""Of which proxy a text tells a type, and which words for a type are a remark that tells the type of none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.changed import OOPS
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.types import TYPE_LABEL, TypeWord, is_supported, is_type, read_type
from bot.domain.proxy_parsing.words import is_place, is_prose, is_remark

Span = tuple[int, int]

_CLAUSE_ENDS = frozenset(",;|()[]{}!，。；（）")
#: What parts a value of its own from its name: '"mode":"socks5"'
_VALUE_ENDS = _CLAUSE_ENDS | frozenset('":：')
_SENTENCE = re.compile(r"\.(?=\s|\Z)")
#: What says that a type is another proxy's, or of none: "SOCKS5 on request", "if you need SSH", "не socks5". Behind it
#: no "." and letter follow, as in the user "yok.aaa0".
_NOT_THIS = LatePattern(
    r"(?<![^\W_])(?:no(?![.#:])|not|non|none|never|without|instead|unless|if|when|isn't|doesn't|don't|can't|won't|need\w*"
    r"|want\w*|request\w*|ask|contact|write|message|soon|later|support\w*|available|availability|access|check\w*|tester"
    r"|sites?|extra|upgrade|client|нет(?![ \t]*[,!.])|не|ни|без|вместо|кроме|если|когда|нуж\w+|над[оа]|хоч\w+|хотел\w*"
    r"|скоро|позже|запрос\w*|заказ\w*(?![ \t]*(?:[№#]|[0-9]))|пиш\w+|поддерж\w*|доступ\w*|сайт\w*|чекер\w*|проверк\w*"
    r"|дополнительно|отдельно|не[мт]ає?|якщо|không|khong|chưa|nếu|hỗ trợ|sin|nicht|kein\w*|ohne|falls|sans|sem|yok"
    r"|değil)(?![^\W_]|[.@]\w)"
    r"|[不没無无]|支持|如果|需要",
    re.IGNORECASE,
)
#: What else is said where a proxy's type is told.
_OF_PROXIES = LatePattern(
    r"prox(?:y|ies)|прокс\w*|type|тип|протокол|protocol|only|только|тільки|ipv?[46]?|loại|kiểu|dạng|tipo|typ|代理|类型|协议"
    r"|мобильн\w+|приватн\w+|резидент\w*|статич\w+|серверн\w+|рабоч\w+|все|всё|оба|обе|all|both|these|nó",
    re.IGNORECASE,
)
#: The name of a label, in front of a type: "giao thức socks5"
_NAMED = LatePattern(rf"(?:(?<![^\W_])|(?<=代理)){TYPE_LABEL}\Z", re.IGNORECASE)
_TYPES = "https?|socks|ssh|сокс|хттп"
#: "http or socks5?"
_ANOTHER = re.compile(
    r"[ \t]*(?:[/|&+]|(?:or|and|или|и|та|hoặc|và|oder|und|ou|et|o|y|veya)(?![^\W_])|[或和])[ \t]*"
    rf"(?:{_TYPES}|s5)",
    re.IGNORECASE,
)
#: "SOCKS5: 1081", which tells the port of another type
_OTHER_PORT = re.compile(r"[ \t]*[:=–-]?[ \t]*[0-9]{4,5}(?![\w.-])")
_OF_PAGES = frozenset({ProxyType.HTTP, ProxyType.HTTPS})
#: What stands behind the name of a value, or ends its label.
_NAME_OF_VALUE = re.compile(r"[\"']?[ \t]*[:=]")
_SIGNS_OF_VALUES = frozenset(":= \"'")
#: "тип сокс5, нет, хттп"
_TAKEN_BACK = re.compile(
    rf"[ \t]*[,.!;(–—-]*[ \t]*(?:{OOPS}|нет|вернее|то есть|no|nope|wait|à nhầm|不对|错了)"
    r"[^\w\n]*",
    re.IGNORECASE,
)
#: "it's http not socks5"
_NOT_OTHER = re.compile(rf"[ \t]*[,(–—-]?[ \t]*(?:not|а не|не|no|不是)[ \t]*(?:{_TYPES})", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;|]")
_PER_SEPARATOR = 20  # characters that a sign between two proxies counts for
_FURTHEST = 200  # in a line: what stands there says nothing of a type
_SEVERAL = 2


class Placed(Protocol):
    """What stands at a place of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


_P = TypeVar("_P", bound=Placed)


@dataclass(frozen=True, slots=True)
class TypeAt:
    """A type that a label tells, and where; None where the label leaves it open."""

    type: ProxyType | None
    start: int
    end: int


def shared_out(plain: str, told: Sequence[_P], places: Sequence[Sequence[Span]]) -> list[list[_P]]:
    """What is told of each of several proxies, which stand at ``places``: in its line, or in a heading over it.

    What stands in lines of its own below every proxy is of them all.
    """
    if len(places) < _SEVERAL:
        return [list(told) for _ in places]
    shared: list[list[_P]] = [[] for _ in places]
    order = sorted((min(place)[0], index) for index, place in enumerate(places))
    apart: list[tuple[int, _P]] = []
    for each in told:
        at = bisect_left(order, (each.start, 0))
        near = {index for _, index in order[max(0, at - 1) : at + 1]} | {0}  # labels of the first may stand further off
        nearest = _nearest(plain, each, {index: places[index] for index in near})
        if nearest is None:
            apart.append((at, each))
        elif len(nearest) == 1:
            shared[nearest[0]].append(each)
    if all(at == len(order) for at, _ in apart):
        return [[*own, *(each for _, each in apart)] for own in shared]
    headings: list[_P] = []
    for at, (_, index) in enumerate(order):
        headings = [each for before, each in apart if before == at] or headings
        shared[index] += headings
    return shared


def _nearest(plain: str, told: Placed, places: Mapping[int, Sequence[Span]]) -> list[int] | None:
    """The proxies that stand nearest to a place in its line; None where its line has none."""
    start, end = _line(plain, told.start, told.end)
    gaps = {
        index: min(_gap(plain, told, span) for span in place if span[0] <= end and start <= span[1])
        for index, place in places.items()
        if any(span[0] <= end and start <= span[1] for span in place)
    }
    return [index for index, gap in gaps.items() if gap == min(gaps.values())] if gaps else None


def _gap(plain: str, told: Placed, span: Span) -> int:
    start, end = (span[1], told.start) if span[1] <= told.start else (told.end, span[0])
    return max(0, end - start) + _PER_SEPARATOR * len(_SEPARATORS.findall(plain, start, max(start, end)))


def type_of(
    plain: str, rest: str, words: Sequence[TypeWord], labels: Sequence[TypeAt], place: Sequence[Span]
) -> ProxyType | None:
    """The type that words and labels tell of the proxy that stands at ``place``; None where they leave it open.

    ``rest`` is the text without what is explained. Raises ``InputError`` ``unsupported_type`` (``value``) where it
    has such a type only.
    """
    by_label = {each.type for each in labels}
    told = [each for each in words if _is_told(plain, rest, each, place)]
    by_word = {read_type(each.word) for each in told if is_supported(each.word)}
    if len(by_label) == 1 and None not in by_label:
        taken_back = any(_is_taken_back(plain, label, word) for label in labels for word in words)
        return by_label.pop() if by_label == by_word or (len(by_word) != 1 and not taken_back) else None
    unsupported = told or ([] if any(is_supported(each.word) for each in words) else list(words))
    if unsupported and not by_word:
        return read_type(unsupported[0].word)
    return by_word.pop() if len(by_word) == 1 else None


def _is_taken_back(plain: str, label: TypeAt, word: TypeWord) -> bool:
    """Whether another type follows a label's in its line, and a word between says that it was wrong."""
    if not label.end <= word.start <= label.end + _FURTHEST or not is_supported(word.word):
        return False
    between = plain[label.end : word.start]
    return read_type(word.word) != label.type and _TAKEN_BACK.fullmatch(between) is not None


def labels_tell_another(plain: str, labels: Sequence[TypeAt], known: ProxyType) -> bool:
    """Whether a label tells another type of a proxy than its scheme, which is ``known``."""
    return any(each.type not in (None, known) and not _is_of_pages(plain, each.type, each.end) for each in labels)


def words_tell_another(
    plain: str, rest: str, words: Sequence[TypeWord], place: Sequence[Span], known: ProxyType
) -> bool:
    """Whether words may tell another type of the proxy at ``place`` than its scheme, which is ``known``."""
    others = [each for each in words if is_supported(each.word) and read_type(each.word) not in (None, known)]
    return any(
        _may_be_told(plain, rest, each, place)
        for each in others
        if not _is_of_pages(plain, read_type(each.word), each.outer[1])
    )


def _is_of_pages(plain: str, type_: ProxyType | None, end: int) -> bool:
    """Whether "http" says for which pages a proxy is: 'https_proxy=http://…', '"https": "socks5://…"'."""
    return type_ in _OF_PAGES and (_NAME_OF_VALUE.match(plain, end) is not None or plain[end - 1] in _SIGNS_OF_VALUES)


def _may_be_told(plain: str, rest: str, word: TypeWord, place: Sequence[Span]) -> bool:
    line = _line(plain, *word.outer)
    if not any(span[0] <= line[1] and line[0] <= span[1] for span in place):
        return _is_told(plain, rest, word, place)
    begin, end = _clause(plain, word.outer, line, _CLAUSE_ENDS)
    if _OTHER_PORT.match(plain, word.end) or _NOT_THIS.compiled.search(rest, begin, word.start):
        return False
    return _NOT_OTHER.match(plain, word.outer[1]) is not None or not _NOT_THIS.compiled.search(rest, word.end, end)


def _is_told(plain: str, rest: str, word: TypeWord, place: Sequence[Span]) -> bool:
    """Whether a word tells the type of a proxy: it stands beside it, or with nothing that says something else."""
    if _OTHER_PORT.match(plain, word.end):
        return False
    line = _line(plain, *word.outer)
    begin, end = _clause(plain, word.outer, line, _CLAUSE_ENDS)
    inner = _clause(plain, word.outer, (begin, end), _VALUE_ENDS)
    beside = [span for span in place if span[0] <= line[1] and line[0] <= span[1]]
    named = _NAMED.compiled.search(rest, begin, word.outer[0]) and not _ANOTHER.match(plain, word.end)
    if not beside:
        if _NOT_THIS.compiled.search(rest, *line):
            return False
        return bool(named) or any(word.start < span[0] for span in place) or _is_neutral(rest[slice(*inner)])
    if _NOT_THIS.compiled.search(rest, begin, end):
        return False
    between = min((_between(rest, word.outer, span) for span in beside), key=len)
    if named or not any(map(str.isalnum, between)) or _is_neutral(rest[slice(*inner)]):
        return True
    begins = not any(map(str.isalnum, rest[line[0] : word.outer[0]]))  # "SOCKS5 inbound: 203.0.113.7:1080"
    return word.start < beside[0][0] and (begins or _is_neutral(between))


def _line(plain: str, start: int, end: int) -> Span:
    """The line of a place; of a long one what stands near it."""
    floor, limit = max(0, start - _FURTHEST), min(len(plain), end + _FURTHEST)
    last = plain.find("\n", end, limit)
    return max(floor, plain.rfind("\n", floor, start) + 1), limit if last < 0 else last


def _clause(plain: str, outer: Span, bounds: Span, ends: frozenset[str]) -> Span:
    """The clause of a word in its line; brackets around it alone are no end."""
    signs = [at for at in range(*bounds) if plain[at] in ends and not outer[0] <= at < outer[1]]
    signs += [match.start() for match in _SENTENCE.finditer(plain, *bounds)]
    begin = max((at + 1 for at in signs if at < outer[0]), default=bounds[0])
    return begin, min((at for at in signs if at >= outer[1]), default=bounds[1])


def _between(rest: str, outer: Span, span: Span) -> str:
    return rest[span[1] : outer[0]] if span[1] <= outer[0] else rest[outer[1] : span[0]]


def _is_neutral(text: str) -> bool:
    """Whether words say nothing that makes a type beside them another's, but names, places and the like."""
    words = [word.strip(".:-–—*_`'\"#") for word in text.split()]
    return all(
        not any(map(str.isalnum, word))
        or word[0].isdecimal()
        or word[0].isupper()
        or is_prose(word)
        or is_place(word)
        or is_remark(word)
        or is_type(word)
        or _OF_PROXIES.compiled.fullmatch(word)
        for word in words
    )
