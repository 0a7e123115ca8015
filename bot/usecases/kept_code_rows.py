"""What the use cases need of the codes that were kept when somebody was removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptList:
    """Codes of ``user_id`` that were not imported when ``kept_for`` removed them."""

    user_id: int
    kept_for: int


class KeptCodes(Protocol):
    def add(self, user_id: int, kept_for: int, import_ids: Sequence[int], now: datetime) -> int:
        """Note of which imports the codes are kept, and for whom; the list's number."""

    def find(self, kept_id: int) -> KeptList | None: ...
