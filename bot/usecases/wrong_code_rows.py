"""What the use cases need to notice that somebody sends many wrong codes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class WrongCodes(Protocol):
    def people(self, row_ids: Collection[int]) -> Collection[int]:
        """Whose these imports are."""

    def count(self, user_id: int, since: datetime) -> int:
        """How many codes of somebody ixBrowser has said since then to be wrong."""

    def last_told(self, user_id: int) -> datetime | None:
        """When admins were told of somebody last."""

    def tell(self, user_id: int, now: datetime) -> int:
        """Note that admins are told of somebody; the number of the row."""

    def told_of(self, row_id: int) -> int | None:
        """Of whom admins were told by this row."""
