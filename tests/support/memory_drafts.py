"""Drafts in memory, which change only from the revision that was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.draft import Draft, NewGroup
from bot.domain.remote_lists import Listing
from bot.usecases.records import DraftState, StoredDraft


class MemoryDrafts:
    """Drafts by their id."""

    def __init__(self) -> None:
        self.stored: dict[int, StoredDraft] = {}

    def find(self, draft_id: int) -> StoredDraft | None:
        return self.stored.get(draft_id)

    def all_open(self) -> Sequence[StoredDraft]:
        return [each for each in self.stored.values() if each.state is DraftState.OPEN]

    def open_differing(self, listing: Listing, labels: Mapping[int, str]) -> Sequence[StoredDraft]:
        del listing, labels  # more than are asked for do no harm
        return self.all_open()

    def with_new_group(self) -> Sequence[StoredDraft]:
        return [each for each in self.all_open() if isinstance(each.draft.group, NewGroup)]

    def note(self, before: StoredDraft, draft: Draft) -> bool:
        return self._swap(before, replace(before, draft=draft))

    def change(
        self, before: StoredDraft, draft: Draft, now: datetime, *, repost: bool, message_id: int | None = None
    ) -> bool:
        del now, message_id
        card = replace(before.card, revision=before.card.revision + 1, repost=before.card.repost or repost)
        return self._swap(before, replace(before, draft=draft, card=card))

    def _swap(self, before: StoredDraft, after: StoredDraft) -> bool:
        now = self.stored.get(before.id)
        if now is None or now.state is not DraftState.OPEN or now.card.revision != before.card.revision:
            return False
        self.stored[before.id] = after
        return True
