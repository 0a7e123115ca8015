"""Words behind a command, or typed where words are asked for: whether they may hold a secret."""

from __future__ import annotations

from bot.domain.message_secrets import secrets_in

#: What stands in place of words that may hold a secret.
HIDDEN = "••••"


def may_hold_secret(words: str) -> bool:
    """Whether nothing may be done with such words but to look through them."""
    found = secrets_in(words, None)
    return found.certain or found.doubtful
