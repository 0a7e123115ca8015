"""Labels that nobody has explained: told to their writer, so that nothing is left out silently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.proxy_parsing.addresses import find_addresses
from bot.domain.proxy_parsing.label_patterns import part_named
from bot.domain.proxy_parsing.lines import line_start
from bot.domain.proxy_parsing.mistyped import is_mistyped
from bot.domain.proxy_parsing.types import names_type
from bot.domain.proxy_parsing.vocabulary import PROSE, Part
from bot.domain.proxy_parsing.words import is_place, is_prose, is_remark, is_secret

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
#: The name of an account in Telegram, a date, and what says whether something is switched on.
_ORDINARY_VALUE = re.compile(
    r"@\w{4,}|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}(?:[ \t]+[0-9:]{4,8})?|true|false"
    rf"|{_MONTH}[ \t]+[0-9]{{1,2}},?[ \t]+[0-9]{{4}}|[0-9]{{1,2}}[ \t]+{_MONTH},?[ \t]+[0-9]{{4}}",
    re.IGNORECASE,
)
#: How somebody can be reached, and the headers of requests: no part of a proxy, though an address may be a user.
_CONTACT = re.compile(
    r"(?:whats ?app|viber|signal|discord|skype|wechat|zalo|questions?|contacts?|help|support|вопросы|контакты?"
    r"|связь|для связи|по вопросам|поддержка|техподдержка|саппорт|客服|联系|联系方式|liên hệ|hỗ trợ)",
    re.IGNORECASE,
)
_REACHED_AT = re.compile(r"\+[0-9][0-9 ()-]{6,18}[0-9]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|@?[\w.]{2,32}(?:#[0-9]{4})?")
_HEADER = re.compile(r"(?:set-)?cookies?|ua|referer|accept(?:-\w+)?", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"^[^\w\n]*(?:[0-9]{1,3}[.):][ \t]*)?(?P<label>[^\W\d_](?:[\w .()/'-]{0,30}[\w.)])?)"
    r"[\"']?[ \t]*(?:[:=](?=[ \t\"'])|(?<=[^\W\d_]{4})[:=](?=[^\s:/@]+[ \t]*$)|[ \t][-–—](?=[ \t]))"
    r"[ \t]*(?P<value>\S+(?:[ \t]+\S+){0,3})[ \t,;]*$"
    r"|^[^\w\n]*(?P<alone>[^\W\d_](?:[\w ()/'-]{0,30}[\w)])?)[ \t]*[:=][ \t]*\n[ \t]*(?P<below>\S+)[ \t]*$",
    re.MULTILINE,
)
NOT_SHOWN = "…"
_FEW = 2  # words that are no sentence
_WITH_VALUE = re.compile(r"(?<![\w@:/.-])(?P<word>[^\W\d_]{5,14})(?:[ \t]*[:=][ \t]*|[ \t]+)(?=[\w!-~])")


def unknown_labels(plain: str, whole: str) -> Iterator[str]:
    """The labels of lines that nobody has explained: what is known of the ``whole`` text is blank in ``plain``.

    A value of three words and more that has words of sentences is one, and one that holds an address is a proxy with a
    name in front.
    """
    for match in _UNKNOWN.finditer(plain):
        label, value = match["label"] or match["alone"], match["value"] or match["below"]
        begin = match.start("label" if match["label"] else "alone")
        after = match.end("label" if match["label"] else "alone")
        if any(map(str.isalnum, whole[after : match.start("value" if match["label"] else "below")])):
            continue  # its value was explained, and this stands behind it
        if any(map(str.isalpha, whole[line_start(whole, begin) : begin])):
            continue  # what is left of a line that was explained
        if (
            match["below"]
            and plain[match.start("below") : match.end()]
            != whole[match.start("alone") : match.end()].partition("\n")[2].lstrip()
        ):
            continue  # a heading over what was explained
        words = value.split()
        if len(words) > _FEW and any(map(is_prose, words)):
            continue
        if all(
            names_type(word.strip(",;")) or part_named(word) is Part.TYPE
            for word in words
            if any(map(str.isalnum, word))
        ):
            continue  # a heading in front of labels: "AdsPower: type SOCKS5, host 203.0.113.7"
        if is_place(value) or is_remark(value) or any(map(is_secret, label.split())):
            continue  # a login with a remark behind it: "hunter2 - Germany"
        if _HEADER.fullmatch(label) or (_CONTACT.fullmatch(label) and _REACHED_AT.fullmatch(value)):
            continue
        if (
            not find_addresses(value)
            and not _ORDINARY_VALUE.fullmatch(value)
            and label.lower() not in PROSE
            and value.strip(" \t\"'{}[](),;*_`-–—.!?")
        ):
            # Glued to its value it may be a login: "sunny:days".
            glued = match["label"] and plain[after : match.start("value")].strip("\"'") in (":", "=")
            yield NOT_SHOWN if glued else label.strip()
    # "usre ana pasword Pw1secret"
    yield from (match["word"] for match in _WITH_VALUE.finditer(plain) if is_mistyped(match["word"]))
