"""What admins were told of the bot itself, and how loud each of them wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.alert import AlertKind, Observed
from bot.domain.loudness import Loudness


class Alerts(Protocol):
    def observed(self, name: str) -> Observed | None:
        """None for what was never seen."""

    def note(self, name: str, observed: Observed) -> None: ...

    def choices(self, user_id: int) -> Mapping[AlertKind, Loudness]:
        """What somebody has chosen; the kinds of which they have chosen nothing are left out."""

    def choose(self, user_id: int, kind: AlertKind, loudness: Loudness) -> None: ...
