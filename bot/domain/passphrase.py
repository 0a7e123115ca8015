"""The passphrase of a file with which the bot moves: six words that can be read out, and typed on another computer."""

from __future__ import annotations

import re
import secrets
from itertools import product
from typing import Final

#: Sounds that are not mistaken for one another, and no letters that look like others.
_SYLLABLES: Final = tuple(map("".join, product("bdfghjklmnprstvz", "aeio")))
#: Two syllables each, such as ``bako`` or ``zeti``: 4,096 words, of which each has 12 bits.
WORDS: Final = tuple(map("".join, product(_SYLLABLES, repeat=2)))
COUNT: Final = 6


def new_passphrase() -> str:
    """Six random words, which have 72 bits."""
    return " ".join(secrets.choice(WORDS) for _ in range(COUNT))


def read_passphrase(typed: str) -> str:
    """What was typed as it was made: in whichever case, and with whatever stands between the words."""
    return " ".join(re.findall("[a-z]+", typed.lower()))
