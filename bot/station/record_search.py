"""What the received records have shown so far of one import whose answer is not known."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ixbrowser_objects import ReceivedRecord


@dataclass(slots=True)
class RecordSearch:
    """How far the search for one import has come. Times are in seconds awake.

    ``earliest`` is when its last request can no longer be under way: readings begun before prove no absence.
    ``failing_since`` is when the records could first not be read, ``looks`` how many complete readings have been
    had since it was sent, ``read`` whether any, ``first_ended`` when the first of the two that prove absence had ended.
    """

    earliest: float
    failing_since: float | None = None
    looks: int = 0
    first_ended: float | None = None
    found: ReceivedRecord | None = None
    lookups: int = 0

    @property
    def read(self) -> bool:
        return self.looks > 0

    def due(self, grace: float) -> float:
        """When the next reading is wanted; the first one at once, since it may find the record already."""
        if not self.read or self.found is not None:
            return 0.0
        return self.earliest if self.first_ended is None else self.first_ended + grace

    def proves_absence(self, began: float, ended: float, grace: float) -> bool:
        """Take in a complete reading without the code: whether that proves that it was not imported."""
        if began < self.earliest:
            return False
        if self.first_ended is None:
            self.first_ended = ended
            return False
        return began >= self.first_ended + grace

    def failing_for(self, now: float) -> float:
        """Take in a reading that has failed: seconds since the first that did."""
        if self.failing_since is None:
            self.failing_since = now
        return now - self.failing_since
