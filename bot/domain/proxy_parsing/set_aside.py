"""Proxies that a text sets aside for another: crossed out, commented out, said to be gone or wrong, an example."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.proxy_parsing.changed import ARROW
from bot.domain.proxy_parsing.found import Found
from bot.domain.proxy_parsing.label_patterns import is_pair_of_names
from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.lines import line_above, line_end, line_start

Span = tuple[int, int]

_CROSSES = "❌✖⛔🚫"
#: Those with the same meaning, behind which no words may stand in brackets.
_LIGHT_CROSSES = "✗✘👎"
TICKS = "✅✔☑✓👍"
_STRUCK = re.compile(
    r"(?<![^\s(\[])(?P<mark>~~?)(?=[^\s~])[^~\n]*[^\s~](?P=mark)(?!\w)"
    r"|<(?P<tag>s|del|strike)>[^<>\n]*</(?P=tag)>|<!--(?:(?!-->)[^\n])*-->|/\*(?:(?!\*/)[^\n])*\*/",
    re.IGNORECASE,
)
#: A sign that makes a line a comment, with nothing but a scheme, a type or a name behind it: not "#1", "# Berlin".
_COMMENTED = re.compile(
    r"[ \t]*(?:#+|//+|--|;+|REM(?=[ \t])|::)[ \t]*(?:(?:export[ \t]+)?[A-Za-z_]+[ \t]*[=:][ \t]*[\"']?)?"
    r"(?:(?:https?|socks5?h?|ssh)(?:://|:?[ \t]+))?",
    re.IGNORECASE,
)
_REMOVED, _ADDED = (re.compile(rf"[ \t]*{sign}[ \t]*") for sign in (r"(?:[-–—]|\[[-–—]\])", r"(?:\+|\[\+\])"))
#: What is said both in front of such a proxy and behind it.
_OLD = "стар(?:ый|ая|ое)|cũ"
_OUTDATED = "deprecated|obsolete|outdated"
_INCORRECT = r"неправильн\w+|неверн\w+"
#: "не тот", "не эта"
THIS = "тот|этот|та|эта"
#: What is said of an address in whose place another was given.
_GONE = LatePattern(
    r"[ \t]{0,3}[(,–—-]?[ \t]{0,3}(?:(?:is|was|has|уже|больше|совсем)[ \t]{1,3})?"
    r"(?:(?:not|doesn't)[ \t]{1,3}work\w*|dead|died|down|banned|blocked|expired|replaced"
    r"|не[ \t]{1,3}(?:работает|пашет|пускает|подошёл|подошел)|умер|м[её]ртв\w*|сдох|забанен\w*|заблокирован\w*"
    r"|chết(?:[ \t]rồi)?)(?=[ \t]{0,3}(?:[^\w \t]|\Z|and\b))|[ \t]{0,3}失效",
    re.IGNORECASE,
)
#: The same in front of it.
_GONE_BEFORE = LatePattern(
    rf"(?:[{_CROSSES}]|旧(?:的|代理)?|(?<![^\W_])(?:не работает|{_OLD}|был[оаи]?|old|dead|former|previous))"
    r"(?:[ \t]+(?:proxy|прокси))?(?:[ \t]*\([^()\n]*\))?[\W_]*\Z",
    re.IGNORECASE,
)
#: What is said in front of one that is to be replaced, or of the new one: "change proxy: …".
_REPLACED = LatePattern(
    r"(?:(?<![^\W_])(?:replace|замени(?:те|ть)?|смени(?:те|ть)?|поменяй(?:те)?|thay)|替换|(?P<taken>把))"
    r"(?:[ \t]+(?:proxy|прокси)|[ \t]*代理)?(?:[ \t]*\([^()\n]*\))?[\W_]*\Z",
    re.IGNORECASE,
)
#: What says, in front of the next, that it comes in the place of the one before.
_REPLACES = LatePattern(
    rf"(?:(?<![^\W_])(?:на|with|by|to|bằng|thành)|{ARROW}|➡|(?:替?换)?[成为]|替换)"
    r"(?:[\W_]+(?:the|a|this|new|proxy|нов\w+|этот|прокси|cái|mới|này))*[\W_]*\Z",
    re.IGNORECASE,
)
#: The same for what was taken with "把", which says nothing of that itself.
_REPLACES_TAKEN = LatePattern(r"(?:换[成为]|替换(?:[成为])?|改[成为])[\W_]*\Z", re.IGNORECASE)
#: What is said behind one that is not meant.
_WRONG = LatePattern(
    rf"[ \t]{{0,3}}[{_CROSSES}{_LIGHT_CROSSES}]"
    r"|[ \t]{0,3}[(\[–—-]?[ \t]{0,3}(?:(?:is|was|it's|это|был[оа]?)[ \t]{1,3})?(?:(?:the|an?)[ \t]{1,3})?"
    r"(?:not[ \t]{1,3}th(?:is|at)(?:[ \t]{1,3}one)?|wrong(?:[ \t]{1,3}(?:one|proxy))?|old(?:[ \t]{1,3}one)?"
    rf"|{_OUTDATED}|cancel+ed|не[ \t]{{1,3}}(?:{THIS}|его|её|нужен)|{_INCORRECT}|{_OLD}|отмен[аеы]\w*"
    r"|устарел\w*|ист[её]к\w*|просроч\w+|не[ \t]{1,3}использу\w+"
    r"|không[ \t]phải(?:[ \t]cái[ \t]này)?|sai(?:[ \t]rồi)?)(?=[ \t]{0,3}(?:[^\w \t]|\Z))"
    r"|[ \t]{0,3}[(（,，–—-]?[ \t]{0,3}(?:不是这个|不要这个|错(?:的|了)|旧的|作废)",
    re.IGNORECASE,
)
#: The same in front of it.
_WRONG_BEFORE = LatePattern(
    rf"(?:[{_LIGHT_CROSSES}]|错的?|不是(?:这个)?|(?<![^\W_])(?:wrong(?:[ \t]one)?|incorrect|{_INCORRECT}|{_OUTDATED}"
    rf"|not[ \t]th(?:is|at)(?:[ \t]one)?|не[ \t](?:{THIS})|устаревш\w+|не[ \t]использу\w+|(?:don't|do[ \t]not)[ \t]use"
    r"|không[ \t]phải|sai|(?:вместо|instead[ \t]of)(?=[ \t])))"
    r"(?:[ \t]+(?:proxy|прокси|[со]т?кинул\w*))?[^\w\n]*\Z",
    re.IGNORECASE,
)
#: What is said in front of one that is there for another case.
_SPARE = LatePattern(
    r"(?:(?<![^\W_])(?:запасн\w{2,3}|резервн\w{2,3}|spare|backup|fallback|dự[ \t]phòng)|备用(?:的|代理)?)"
    r"(?:[ \t]+[^\W\d_]+){0,3}[ \t:：–—-]*\Z",
    re.IGNORECASE,
)
_EXAMPLES = (
    r"for[ \t]example|example|sample|e\.[ \t]?g|например|пример(?:а|е|но(?:[ \t]так)?)?|напр|образец|ví[ \t]dụ|vd"
    r"|p\.[ \t]?ej|ejemplo|exemplo|exemple|beispiel|z\.[ \t]?b|örnek(?:[ \t]olarak)?|contoh(?:nya)?"
    r"|misalnya|na[ \t]przykład"
)
_HAN_EXAMPLES = "例如|比如|示例|范例"
#: What is said in front of an example.
_EXAMPLE_BEFORE = LatePattern(rf"(?:(?<![^\W_])(?:{_EXAMPLES})|{_HAN_EXAMPLES})(?![^\W_])[\W_]*\Z", re.IGNORECASE)
#: The same behind it.
_EXAMPLE = LatePattern(
    rf"[ \t]{{0,3}}[(（\[,–—-]?[ \t]{{0,3}}(?:(?:is|as|it's|это|как|для)[ \t]{{1,3}})?(?:an?[ \t]{{1,3}})?"
    rf"(?:(?:{_EXAMPLES})(?![^\W_])|示例|例子)",
    re.IGNORECASE,
)
#: The same as a line over one.
_HEADING = LatePattern(rf"[\W_]*(?:an?[ \t]+)?(?:{_EXAMPLES}|{_HAN_EXAMPLES})(?![^\W_])[\W_]*", re.IGNORECASE)
#: What is said in front of what shows a format.
_FORMAT_BEFORE = LatePattern(
    r"(?:(?<![^\W_])(?:format(?:o|t)?|формат\w*|định[ \t]dạng|mẫu)(?![^\W_])|格式(?:如下)?)[\W_]*\Z", re.IGNORECASE
)
_LOCAL = re.compile(
    r"localhost|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2[0-9]|3[01])\..*|169\.254\..*|0\.0\.0\.0|::1"
)
#: What stands beside an address of the computer or its network that is no proxy to be set.
_OF_COMPUTER = LatePattern(
    r"(?<![^\W_])(?:apis?|local[ _-]?(?:host|proxy|address|port)?|listen\w*|bind|debug\w*|devtools|router"
    r"|web[ -]?ui|panel|dashboard|ixbrowser|локальн\w+|роутер\w*|панел\w+|апи)(?![^\W_])|本地|本机|面板|路由器",
    re.IGNORECASE,
)
#: Where such a mark stands in front of the first of a line, each proxy has its own in front.
_MARK_BEFORE = re.compile(rf"[{_CROSSES}{_LIGHT_CROSSES}{TICKS}👉][^\w\n]*\Z")
_FAR = 80  # characters in front
_SHORT = 2  # characters of "u:p"


def set_aside(plain: str, found: Sequence[Found]) -> list[Found]:
    """Those of several proxies that a text sets aside.

    One that is only commented out, or a spare one, is set aside where no other is left in front of it.
    """
    struck = [match.span() for match in _STRUCK.finditer(plain)]
    remarks = [_remark(plain, each, found) for each in found]
    fronts = [front_of(plain, each, [remark.end() for remark in remarks if remark]) for each in found]
    added = any(map(_ADDED.fullmatch, fronts))
    aside: list[Found] = []
    for each, front, remark in zip(found, fronts, remarks, strict=True):
        is_first = len(aside) == sum(other.start < each.start for other in found)
        if (
            remark
            or any(start <= each.start < end for start, end in struck)
            or (added and _REMOVED.fullmatch(front))
            or _GONE_BEFORE.compiled.search(front[-_FAR:])
            or _WRONG_BEFORE.compiled.search(front[-_FAR:])
            or _is_replaced(plain, each, found, front)
            or _is_example(plain, each, front)
            or _is_of_computer(plain, each, front)
            or (is_first and (_COMMENTED.fullmatch(front) or _SPARE.compiled.search(front[-_FAR:])))
        ):
            aside.append(each)
    return aside


def may_be_replaced(plain: str, found: Found) -> bool:
    """Whether words in front of a proxy say that one is to be replaced, which may be this, or that this is the new."""
    replaced = _replaced(plain, found, front_of(plain, found))
    return replaced is not None and not replaced["taken"]


def _replaced(plain: str, found: Found, front: str) -> re.Match[str] | None:
    return _REPLACED.compiled.search(front_or_above(plain, found, front)[-_FAR:])


def _is_replaced(plain: str, found: Found, every: Sequence[Found], front: str) -> bool:
    """Whether the next proxy is said to come in the place of this one."""
    replaced = _replaced(plain, found, front)
    following = min((each.start for each in every if each.start > found.start), default=None)
    if replaced is None or following is None:
        return False
    pattern = _REPLACES_TAKEN if replaced["taken"] else _REPLACES
    return pattern.compiled.search(plain[found.end : following][-_FAR:]) is not None


def _remark(plain: str, found: Found, every: Sequence[Found]) -> re.Match[str] | None:
    """What is said behind a proxy that is gone, or not meant."""
    end = found.end
    remark = _GONE.compiled.match(plain, end) or _WRONG.compiled.match(plain, end)
    if remark is None or remark[0].strip() not in tuple(_CROSSES + _LIGHT_CROSSES):
        return remark
    line = line_start(plain, found.start)
    first = min(each.start for each in every if each.start >= line)
    more = any(end <= each.start < line_end(plain, end) for each in every)
    # "✅ P ❌ Q"
    return None if more and _MARK_BEFORE.search(plain[line:first]) else remark


def is_placeholder(found: Found) -> bool:
    """Whether each way to read a proxy only shows where a login stands: "user:pass", "u:p"."""
    logins = [f"{way.user}:{way.password or ''}" for way in found.readings if way.user]
    return bool(logins) and all(
        is_pair_of_names(login) or all(len(part) < _SHORT for part in login.split(":")) for login in logins
    )


def _is_example(plain: str, found: Found, front: str) -> bool:
    if _EXAMPLE_BEFORE.compiled.search(front[-_FAR:]) or _EXAMPLE.compiled.match(plain, found.end):
        return True
    if is_said_to_be_a_format(plain, found) and is_placeholder(found):
        return True
    above = line_above(plain, found.start)[-_FAR:]
    return not any(map(str.isalnum, front)) and _HEADING.compiled.fullmatch(above) is not None


def is_said_to_be_a_format(plain: str, found: Found) -> bool:
    """Whether words in front of a proxy say that it shows a format."""
    return _FORMAT_BEFORE.compiled.search(front_of(plain, found)[-_FAR:]) is not None


def is_local(found: Found) -> bool:
    """Whether a proxy has an address of the computer itself, or of its network."""
    return bool(found.readings) and all(_LOCAL.fullmatch(way.host or "") for way in found.readings)


def _is_of_computer(plain: str, found: Found, front: str) -> bool:
    if not is_local(found) or any(way.user and way.password for way in found.readings):
        return False
    word = re.compile(r"[^\w\n]*\w*").match(plain, _end_of_address(plain, found))
    return _OF_COMPUTER.compiled.search(f"{front[-_FAR:]} {word[0] if word else ''}") is not None


def _end_of_address(plain: str, found: Found) -> int:
    """Where the port of a proxy ends."""
    port = plain.find(str(found.readings[0].port), found.start)
    return found.end if port < 0 else port + len(str(found.readings[0].port))


def front_of(plain: str, found: Found, remarks: Sequence[int] = ()) -> str:
    """What stands in front of a proxy in its line; of this, what is behind ``remarks``.

    These are the places where remarks on other proxies end.
    """
    floor = max((end for end in remarks if end <= found.start), default=0)
    return plain[max(floor, line_start(plain, found.start)) : found.start]


def front_or_above(plain: str, found: Found, front: str) -> str:
    """The words in front of a proxy in its line, which are ``front``, or the line over it where there are none."""
    return front if any(map(str.isalnum, front)) else line_above(plain, found.start)
