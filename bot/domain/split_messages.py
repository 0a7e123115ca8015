"""A text that was too long for one message, and came as several: how its parts are put together again.

Between two parts a space or a line break may be missing, since Telegram's programs cut there where they can, and send
no space at the end of a message. What they do is in their sources:

- Telegram Desktop (``TextUtilities::CutPart`` in lib_ui, called with 4,096) cuts in the second half of so many
  characters: before the last empty line, else before the last line break, the last space, or behind a separator.
- Android (``ChatActivityEnterView.processSendingText``) cuts before a line break or a space of the last 300 of 4,096.
- iOS (``breakChatInputText``) cuts behind the last line break or the last dot of 4,096, in an address as well.

Each cuts after 4,096 characters where it finds nothing better, and then right through a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from bot.domain.transfer_code import count_codes

#: The longest text of one message, in UTF-16 code units.
TEXT_LIMIT = 4096
#: A message that is shorter was cut by no program but the iOS one, where there is no better place in all the text.
SHORTEST_PART = TEXT_LIMIT // 2
#: Parts that are read as one: a list of the most codes that are imported at once, with words around each.
MOST_PARTS = 5

#: Characters at a cut in which all of a code has room.
_EDGE = 40
#: Those in which Android looks for a better place to cut.
_ANDROID_LOOKS_AT = 300
#: An address that is cut behind a dot: "203.0." and "113.7", "gate." and "example", but not "Done." and "Next".
_IN_ADDRESS = re.compile(r"(?:[0-9]\.\n[0-9]|[A-Za-z0-9-]\.\n[a-z])")


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def join_parts(parts: Sequence[str]) -> str:
    """The text of which these are the parts, in order."""
    joints = (_joint(before, after) for before, after in pairwise(parts))
    return "".join([parts[0], *(text for pair in zip(joints, parts[1:], strict=True) for text in pair)])


def _joint(before: str, after: str) -> str:
    """What stood between two parts: nothing where a word was cut in two."""
    end, begin = before[-_EDGE:], after[:_EDGE]
    together, apart = count_codes(end + begin), count_codes(f"{end}\n{begin}")
    if together != apart:
        return "" if together > apart else "\n"
    if before[-1:].isspace() or after[:1].isspace():
        return ""
    if units(before) >= TEXT_LIMIT:
        # With a line break so near only Telegram Desktop cuts here, and only before another one.
        return "\n" if "\n" in before[-_ANDROID_LOOKS_AT:] else ""
    if _IN_ADDRESS.fullmatch(f"{before[-2:]}\n{after[:1]}"):
        return ""
    near = before[-SHORTEST_PART:]
    if "\n" in near:
        return "\n"
    return " " if " " in near else ""
