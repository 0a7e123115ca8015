"""What the use cases need of the people whom Telegram does not let the bot write to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Why(StrEnum):
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    OTHER = "other"  # their account is gone, for one


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody who can't be told anything, since when, and why."""

    user_id: int
    since: datetime
    why: Why


class UnreachablePeople(Protocol):
    def all(self) -> Sequence[Unreachable]: ...

    def note(self, person: Unreachable) -> None:
        """Note somebody, unless they are noted already."""

    def forget(self, user_id: int) -> None: ...

    def forget_all(self) -> None: ...
