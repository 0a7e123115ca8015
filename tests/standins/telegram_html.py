"""Telegram's HTML: parsed into plain text and entities, or refused, as the Bot API does it.

The rules and the wording of the refusals are those of the ``parse_html`` of TDLib, on which Telegram's own Bot API
server is built. Offsets and lengths of entities count UTF-16 code units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.standins.telegram_tags import ARGUMENTS, KINDS, PRIORITY

Entity = dict[str, Any]


class BrokenHtml(Exception):
    """The text can't be parsed; the words are those that Telegram puts behind ``can't parse entities:``."""


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Plain text, with entities as the Bot API writes them (``type``, ``offset``, ``length`` ...)."""

    text: str
    entities: list[Entity] = field(default_factory=list)


_SPACE = " \t\r\n\0\v"
_MARK = re.compile("[<&]")
_TAG_END = re.compile(f"[{_SPACE}>]")
_SPACES = re.compile(f"[{_SPACE}]*")
_ATTRIBUTE = re.compile(f"[^{_SPACE}=>/\"']*")
_TOKEN = re.compile("[A-Za-z0-9.-]*")
_REFERENCE = re.compile("&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*));?")
_TELEGRAM_LINK = re.compile("(?:tg|ton|tonsite):.", re.IGNORECASE)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text takes: the length that Telegram counts in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> FormattedText:
    """The text and entities of Telegram's HTML; raises ``BrokenHtml``."""
    if "<" not in source and "&" not in source:
        return FormattedText(source)
    return _Parser(source).parse()


def _decode(reference: re.Match[str]) -> str:
    """The character that a reference stands for; empty where Telegram knows none and leaves it as it is."""
    hexadecimal, decimal, name = reference.groups()
    if name is not None:
        return _NAMED.get(name, "")
    if len(reference[0].removesuffix(";")) >= 10:
        return ""
    number = int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0")
    return chr(number) if 0 < number < 0x10FFFF else ""


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    date: int
    offset: int
    piece: int


def _add_time(entity: Entity, tag: _OpenTag) -> bool:
    """Whether the tag names a moment, which the entity has then."""
    if not re.fullmatch("[rR]|[tTdDwW]*", tag.argument):
        raise BrokenHtml("Invalid date format used")
    entity |= {"unix_time": tag.date, "date_time_format": tag.argument}
    return tag.date > 0


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._offset = 0
        self._pieces: list[str] = []
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while mark := _MARK.search(self._source, self._at):
            self._add(self._source[self._at : mark.start()])
            self._at = mark.start()
            if mark[0] == "&":
                self._reference()
            elif self._source.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        self._add(self._source[self._at :])
        if self._open:
            raise BrokenHtml(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        text = "".join(self._pieces)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise BrokenHtml(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        for entity in self._entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"], PRIORITY[entity["type"]]))
        return FormattedText(text, self._entities)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._offset += utf16_length(text)

    def _fail(self, what: str, at: int) -> BrokenHtml:
        return BrokenHtml(f"{what} at byte offset {len(self._source[:at].encode('utf-8', 'surrogatepass'))}")

    def _reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        decoded = _decode(match) if match else ""
        self._at = match.end() if match and decoded else self._at + 1
        self._add(decoded or "&")

    def _start_tag(self) -> None:
        begin = self._at
        end = _TAG_END.search(self._source, begin + 1)
        if end is None:
            raise self._fail("Unclosed start tag", begin)
        name = self._source[begin + 1 : end.start()].lower()
        if name not in KINDS:
            raise self._fail(f'Unsupported start tag "{name}"', begin)
        self._at = end.start()
        argument, date = self._attributes(name, begin)
        if name == "span" and argument != "spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_OpenTag(name, argument, date, self._offset, len(self._pieces)))

    def _attributes(self, tag: str, begin: int) -> tuple[str, int]:
        """Reads up to and over the tag's ``>``; gives the tag's argument, empty where it has none, and its date."""
        argument, date = "", 0
        while True:
            self._skip_spaces()
            if self._source.startswith(">", self._at):
                self._at += 1
                return argument, date
            name = self._take(_ATTRIBUTE)
            if not name:
                raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_spaces()
            if self._source.startswith("=", self._at):
                self._at += 1
                self._skip_spaces()
                value = self._value(tag, begin)
                if self._at == len(self._source):
                    raise self._fail("Unclosed start tag", begin)
            else:
                self._check_goes_on(tag, begin)
                value = None
            if (tag, name) == ("blockquote", "expandable"):
                argument = "1"
            elif value is not None and (tag, name) == ("tg-time", "unix"):
                date = int(value) if re.fullmatch("[0-9]{1,10}", value) else 0
            elif value is not None and (tag, name) in ARGUMENTS:
                prefix = ARGUMENTS[tag, name]
                argument = value.removeprefix(prefix) if value.startswith(prefix) else argument

    def _check_goes_on(self, tag: str, begin: int) -> None:
        if self._at == len(self._source):
            raise self._fail(f'Unclosed start tag "{tag}"', begin)

    def _value(self, tag: str, begin: int) -> str:
        self._check_goes_on(tag, begin)
        quote = self._source[self._at : self._at + 1]
        if quote not in ("'", '"'):
            token_begin = self._at
            value = self._take(_TOKEN).lower()
            if self._at < len(self._source) and self._source[self._at] not in f"{_SPACE}>":
                raise self._fail("Unexpected end of name token", token_begin)
            return value
        end = self._source.find(quote, self._at + 1)
        if end < 0:
            raise self._fail("Unclosed start tag", begin)
        value = self._source[self._at + 1 : end]
        self._at = end + 1
        return _REFERENCE.sub(lambda reference: _decode(reference) or reference[0], value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise self._fail("Unexpected end tag", begin)
        end = _TAG_END.search(self._source, begin + 2)
        self._at = end.start() if end else len(self._source)
        name = self._source[begin + 2 : self._at].lower()
        self._skip_spaces()
        if not self._source.startswith(">", self._at):
            raise self._fail("Unclosed end tag", begin)
        self._at += 1
        tag = self._open.pop()
        if name not in ("", tag.name):
            place = self._fail("Unmatched end tag", begin)
            raise BrokenHtml(f'{place}, expected "</{tag.name}>", found "</{name}>"')
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        entity: Entity = {"type": KINDS[tag.name], "offset": tag.offset, "length": self._offset - tag.offset}
        if tag.name == "a":
            entity["url"] = tag.argument or "".join(self._pieces[tag.piece :])
            if not is_link(entity["url"]):
                return
        elif tag.name == "tg-emoji":
            if not re.fullmatch("0*[1-9][0-9]{0,18}", tag.argument):
                raise BrokenHtml("Invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = tag.argument
        elif tag.name == "tg-time" and not _add_time(entity, tag):
            return
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        if not self._merged_into_code_block(entity):
            self._entities.append(entity)

    def _merged_into_code_block(self, entity: Entity) -> bool:
        """``<pre>`` and ``<code class="language-...">`` over the same text are one entity with a language."""
        last = self._entities[-1] if self._entities else {"type": ""}
        if {last["type"], entity["type"]} != {"pre", "code"}:
            return False
        same_text = (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        language = (last if last["type"] == "code" else entity).get("language")
        if not same_text or not language:
            return False
        last["type"] = "pre"
        last["language"] = language
        return True

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._source, self._at)
        text = match[0] if match else ""
        self._at += len(text)
        return text

    def _skip_spaces(self) -> None:
        self._take(_SPACES)


def is_link(url: str) -> bool:
    """Whether Telegram makes a link of it: a ``tg:`` address, or http(s) with a dot in its host or IPv6."""
    if _TELEGRAM_LINK.match(url):
        return True
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and ("." in host or ":" in host)
