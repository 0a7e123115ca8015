"""What the use cases need of the daily limit of ixBrowser's plan."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class DailyLimits(Protocol):
    def note(self, now: datetime) -> None:
        """ixBrowser has told this station that the limit is reached."""

    def met_at(self) -> datetime | None:
        """When it has done so last."""
