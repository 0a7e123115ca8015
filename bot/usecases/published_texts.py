"""What Telegram has of the texts that it shows of the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class PublishedTexts(Protocol):
    def all(self) -> Mapping[str, str]:
        """The digest of each, by its name."""

    def note(self, digests: Mapping[str, str]) -> None:
        """Telegram has these now: their digests, by name."""

    def drop(self, name: str) -> None:
        """Telegram has this no more, or it is not known."""

    def forget(self) -> None:
        """Nothing is known of what Telegram has, as of another bot."""
