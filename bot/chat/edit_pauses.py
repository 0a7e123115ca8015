"""The pause between two edits of a card of which many changes come: Telegram counts every edit."""

from __future__ import annotations

from bot.usecases.ports import Clock
from bot.usecases.records import CardKind, Shown

#: Seconds between two edits.
PROGRESS_PAUSE = 1.5


class EditPauses:
    """Knows when cards were last shown of which more changes are to come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._shown_at: dict[tuple[CardKind, int], float] = {}

    def left(self, kind: CardKind, row_id: int, shown: Shown, *, going_on: bool) -> float | None:
        """The seconds for which a card has to wait; None when it is shown now.

        One that is not ``going_on`` never waits, nor does one that comes as a new message.
        """
        now, key = self._clock.awake(), (kind, row_id)
        if not going_on:
            self._shown_at.pop(key, None)
            return None
        if shown.message_id is not None and not shown.repost:
            left = self._shown_at.get(key, -PROGRESS_PAUSE) + PROGRESS_PAUSE - now
            if left > 0:
                return left
        self._shown_at[key] = now
        return None
