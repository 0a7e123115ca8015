"""What people are told of a call that has failed."""

from __future__ import annotations

from bot.domain.error_codes import AWAY
from bot.errors import BrowserError, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal


def reason_of(error: BrowserError) -> str:
    """The key under which the texts explain this failure; a refusal's code says more."""
    match error:
        case BrowserNotRunning():
            return AWAY
        case BrowserRefusal():
            return "refused"
        case BrowserNoAnswer():
            return "silent"
        case _:
            return "unreadable"
