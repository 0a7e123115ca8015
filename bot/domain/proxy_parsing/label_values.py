"""Labels with their values: where these begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.label_patterns import BY_OPTION, NEXT_LABEL, part_of
from bot.domain.proxy_parsing.lines import line_end, line_start
from bot.domain.proxy_parsing.vocabulary import Part
from bot.domain.proxy_parsing.words import word_at

OF_LOGIN = frozenset({Part.USER, Part.PASSWORD, Part.LOGIN})
OF_LOGIN_OR_PORT = OF_LOGIN | {Part.PORT}
#: What joins a labelled field on to the next without a space.
_JOINTS = "|;,"
#: What parts a value from the label behind it in its line.
_BETWEEN = re.compile(r"(?:[ \t]+[(/–—-]+|[ \t,;|&{}\"'])+\Z")
_VALUE_BELOW = re.compile(r"[ \t:*_`]*\n(?:[ \t:*_`]*\n)?[ \t:*_`]*(?=[^\s:*_`])")
_BEHIND_QUOTE = " \t\n,;|&<>(){}[]\"'`*_:"
_ALNUM = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its value, which stands at ``start`` to ``end``.

    ``strict``: its sign and its line leave no doubt that the value is the whole of the line; ``quoted``: it stood in
    quotes. ``qualifier`` is the type that a port is for. ``signed``: more than a space joins it on; ``turned``: the
    password goes before the user. ``sign`` is the end of the label's sign that may begin the value: "pass==x".
    """

    part: Part
    begin: int
    start: int
    end: int
    strict: bool
    quoted: bool = False
    qualifier: str = ""
    name: str = ""
    signed: bool = True
    turned: bool = False
    sign: str = ""

    def front(self, plain: str) -> str:
        """What stands in front of it in its line."""
        return plain[line_start(plain, self.begin) : self.begin]

    def join(self, plain: str) -> str:
        """What stands between its name and its value."""
        return plain[self.begin + len(self.name) : self.start]


def value_of(plain: str, match: re.Match[str]) -> str:
    """The word behind a label; of fields that are joined without a space only its own."""
    word = word_at(plain, match.end())
    if following := NEXT_LABEL.compiled.search(word):
        return word[: following.start()]
    if match.start() and plain[match.start() - 1] in _JOINTS:
        return word[: _before_address(word, 0, len(word))]
    return word


def labelled(plain: str, match: re.Match[str], starts: list[int]) -> Label:
    """The label that was matched, with its value; ``starts`` is where labels begin."""
    start = match.end()
    join = match["join"]
    line = line_start(plain, match.start())
    at_start = _ALNUM.search(plain, line, match.start()) is None
    below = _VALUE_BELOW.match(plain, start)
    if below:
        start = below.end()  # the value stands on the next line that is not empty
    end = line_end(plain, start)
    index = bisect_right(starts, match.start())
    following = starts[index] if index < len(starts) else len(plain)
    shared = following < end
    end = min(end, max(start, following))
    if join.strip() == ">" and "<" in plain[start:end]:
        end = plain.index("<", start)
        return _label(plain, match, start, end, strict=True, quoted=True)
    mark = match["open"].lstrip("\"'“`")
    quote = match["open"].removesuffix(mark)[-1:]
    if mark:
        start -= len(mark)  # it ends with the same, or is a part of the value
    if quote:
        closing = _closing_quote(plain, start, end, {"“": "”"}.get(quote, quote))
        if closing is not None:
            return _label(plain, match, start, closing, strict=True, quoted=True)
        start -= 1  # it is a part of the value, or its end is missing
    end = _before_address(plain, start, end) if part_of(match) in OF_LOGIN_OR_PORT else end
    value = plain[start:end]
    if value.rstrip().endswith("}") and "{" in plain[line : match.start()] and "{" not in value:
        shared = True  # the last one of "{host: 203.0.113.7, port: 1080}"
    stripped = _BETWEEN.sub("", value) if shared else value.rstrip(" \t")
    if shared and end == following and stripped.endswith("/"):
        stripped = stripped[:-1]  # "login:ana/password:Pw1secret"
    end = start + len(stripped)
    strict = at_start and bool(join.strip() or "\n" in plain[match.start() : start])
    return _label(plain, match, start, end, strict=strict)


def _before_address(plain: str, start: int, end: int) -> int:
    """Where a login's value ends that has a proxy's address behind it in the same line."""
    found = find_addresses(plain[start:end])
    if not found:
        return end
    at = start + found[0].start
    last = at - 1 if at and plain[at - 1] in _JOINTS else plain.rfind(" ", start, at)
    return last if last > start else end


def _label(plain: str, match: re.Match[str], start: int, end: int, *, strict: bool, quoted: bool = False) -> Label:
    qualifier = match["qualifier"] or (match["note"] or "").strip(" \t()（）")
    name = plain[match.start() : match.start("join")].lower()
    signed = bool(match["join"].strip(" \t\n")) or "\n" in plain[match.start() : start]
    turned = match["reversed"] is not None
    return Label(part_of(match), match.start(), start, end, strict, quoted, qualifier or "", name, signed, turned)


def _closing_quote(plain: str, start: int, end: int, quote: str) -> int | None:
    """The quote that ends a value: the first one behind which no letter or digit stands."""
    at = plain.find(quote, start, end)
    while (
        at >= 0 and at + 1 < end and plain[at + 1 : at + 2].strip(_BEHIND_QUOTE) and plain[at + 1 : end].strip(" />?")
    ):
        at = plain.find(quote, at + 1, end)
    return at if at >= 0 else None


def from_option(plain: str, match: re.Match[str]) -> Label:
    """The label that an option of a tool is, with its value."""
    start = match.end()
    quote = plain[start : start + 1]
    if quote in "\"'" and (end := plain.find(quote, start + 1)) >= 0:
        start += 1
    else:
        end = start + len(word_at(plain, start))
    option = match["option"]
    qualifier = option.removeprefix("--").split("-")[0] if option.startswith("--socks") else ""
    return Label(BY_OPTION.get(option, Part.HOST), match.start(), start, end, True, True, qualifier, option)
