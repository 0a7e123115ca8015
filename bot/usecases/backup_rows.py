"""What is noted of backups, and what the use cases need of it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Backups(Protocol):
    def failure(self) -> str | None:
        """Why the last backup failed, empty for a reason without a name; None where it did not."""

    def last(self) -> datetime | None:
        """When the bot has made one last."""

    def note(self, failure: str | None, now: datetime) -> None:
        """One was made (None), or failed for this reason."""
