"""What a person at the terminal is told, and what they are asked."""

from __future__ import annotations

import sys
from contextlib import suppress
from getpass import getpass


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - what a person at the terminal reads


def confirmed(question: str) -> bool:
    """Whether they say yes."""
    say(question)
    with suppress(EOFError):
        return input().strip().lower() in {"y", "yes"}
    return False


def passphrase() -> str:
    """What they type, without seeing it, or what a script hands over; empty where there is nothing."""
    with suppress(EOFError):
        return getpass("Passphrase, six words: ") if sys.stdin.isatty() else input()
    return ""
