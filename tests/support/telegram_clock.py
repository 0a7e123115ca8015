"""The time that the pretend Telegram goes by."""

from __future__ import annotations


class Clock:
    """Stands still until a test puts it forward."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds
