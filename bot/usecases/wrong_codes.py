"""Many wrong codes of one person: admins are told, and nobody is stopped."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.usecases.ports import UnitOfWork
from bot.usecases.shared_card_rows import SharedKind
from bot.usecases.shared_cards import show_admins

#: More wrong codes than this within so long are told; of one person not again for as long.
MOST, WITHIN = 20, timedelta(hours=1)


def look_at_wrong_codes(work: UnitOfWork, row_ids: Collection[int]) -> None:
    """The codes of these imports were wrong."""
    since = work.now - WITHIN
    for user_id in work.wrong_codes.people(row_ids):
        last = work.wrong_codes.last_told(user_id)
        if (last is None or last <= since) and work.wrong_codes.count(user_id, since) > MOST:
            show_admins(work, SharedKind.WRONG_CODES, work.wrong_codes.tell(user_id, work.now))
