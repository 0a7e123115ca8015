"""The number that stands for somebody who was erased."""

from __future__ import annotations

import secrets

#: Outside of the ids that Telegram gives, which have 52 bits, and with no more digits than a button has room for.
FIRST, LAST = 10**17, 10**18 - 1


def new_pseudonym() -> int:
    """A random one: nothing of the person is in it."""
    return FIRST + secrets.randbelow(LAST - FIRST + 1)


def is_pseudonym(user_id: int) -> bool:
    return user_id >= FIRST
