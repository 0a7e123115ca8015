"""What is noted of the fetching of updates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.usecases.records import User


class Polling(Protocol):
    """When updates were fetched last."""

    def last(self) -> datetime | None:
        """None before it was noted for the first time."""

    def note(self, now: datetime) -> None:
        """Updates are fetched now."""

    def forget(self) -> None:
        """Nothing is known of when updates were fetched, as of another bot's."""

    def active_since(self, moment: datetime) -> Sequence[User]:
        """Everybody who has begun or changed a draft, or confirmed an import, since then."""
