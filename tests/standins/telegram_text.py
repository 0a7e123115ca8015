"""What Telegram does to any text on its way: cleaned, trimmed, cut where too long, searched for commands.

The rules are those of ``fix_formatted_text``, ``strip_empty_characters`` and ``match_bot_commands`` in TDLib.
"""

from __future__ import annotations

import re

from tests.standins.telegram_html import Entity, FormattedText, utf16_length

#: The longest text of one message, in UTF-16 code units.
TEXT_LIMIT = 4096

_REMOVED = "\r\u030a\u0333\u033f" + "".join(map(chr, range(0x2028, 0x202F)))
_CLEAN = {**{code: " " for code in range(33) if chr(code) not in "\n\r"}, **{ord(mark): None for mark in _REMOVED}}
_UNCLEAN = re.compile("[" + "".join(re.escape(chr(code)) for code in _CLEAN if code != 32) + "]")
_WHITESPACE = " \n"

#: Spaces of all widths, and characters without any: a text of nothing else is empty.
_INVISIBLE = re.compile(
    "[\\s\u00ad\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2060\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]*"
)
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")

_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")


def is_empty(text: str) -> bool:
    """Whether there is nothing to be seen in it."""
    return _INVISIBLE.fullmatch(text) is not None


def tidy(formatted: FormattedText) -> FormattedText:
    """The text as Telegram keeps it: without control characters, and trimmed; entities moved along with it."""
    text = formatted.text
    if not _UNCLEAN.search(text) and text == text.strip(_WHITESPACE):
        return formatted
    clean = text.translate(_CLEAN).rstrip(_WHITESPACE)
    moved = [_move(text, entity) for entity in formatted.entities]
    first = min((entity["offset"] for entity in moved), default=len(clean))
    leading = min(len(clean) - len(clean.lstrip(_WHITESPACE)), first)
    clean = clean[leading:]
    end = utf16_length(clean)
    entities = []
    for entity in moved:
        entity["offset"] -= leading
        entity["length"] = min(entity["length"], end - entity["offset"])
        if entity["length"] > 0:
            entities.append(entity)
    return FormattedText(clean, entities)


def _move(text: str, entity: Entity) -> Entity:
    """The entity over the cleaned text, before that is trimmed."""
    units = text.encode("utf-16-le")
    start, end = (
        utf16_length(units[: 2 * offset].decode("utf-16-le", "ignore").translate(_CLEAN))
        for offset in (entity["offset"], entity["offset"] + entity["length"])
    )
    return {**entity, "offset": start, "length": end - start}


def command_entities(text: str) -> list[Entity]:
    """A ``bot_command`` entity for each command in the text."""
    return [
        {"type": "bot_command", "offset": utf16_length(text[: match.start()]), "length": len(match[0])}
        for match in _COMMAND.finditer(text)
    ]


def typed_entities(text: str) -> list[Entity]:
    """What Telegram finds in a text that somebody types: commands, and usernames."""
    mentions = [
        {"type": "mention", "offset": utf16_length(text[: match.start()]), "length": len(match[0])}
        for match in _MENTION.finditer(text)
    ]
    return sorted([*command_entities(text), *mentions], key=lambda entity: entity["offset"])


def split(text: str) -> list[str]:
    """The messages that Telegram's own programs make of a text: cut at a late line or space, else anywhere."""
    parts = []
    while utf16_length(text) > TEXT_LIMIT:
        head = text.encode("utf-16-le")[: 2 * TEXT_LIMIT].decode("utf-16-le", "ignore")
        half = len(head) // 2
        cut = max(head.rfind("\n", half), 0) or max(head.rfind(" ", half), 0) or len(head)
        parts.append(text[:cut].strip(_WHITESPACE))
        text = text[cut:].strip(_WHITESPACE)
    return [*parts, text]
