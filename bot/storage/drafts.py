"""Drafts as rows: found, changed by compare-and-swap on their revision, closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.domain.draft import Draft
from bot.domain.transfer_code import TransferCode
from bot.storage.card_columns import is_behind, new_card
from bot.storage.choices import draft_secrets, draft_to_json
from bot.storage.draft_marks import CONTINUING, GIVE_MARK, TAKE_MARK, begun_twice, in_place
from bot.storage.draft_reading import DraftReader
from bot.storage.inserts import new_id
from bot.storage.tables import OPEN, draft_codes, drafts
from bot.usecases.records import DraftState, Place, StoredDraft

#: An open draft that is still as it was read.
_SWAP = update(drafts).where(drafts.c.id == bindparam("draft_id"), drafts.c.revision == bindparam("read"), OPEN)
_END = (
    update(drafts)
    .where(drafts.c.id == bindparam("draft_id"), OPEN)
    .values(revision=drafts.c.revision + 1, takes_text=False)
)
CODES_DELETED = drafts.c.answers["codes_deleted"].as_boolean().is_(True)
_FORGET_CODES = delete(draft_codes).where(draft_codes.c.draft_id == bindparam("of_draft"))
#: Codes whose message was deleted can be shown for a while after the draft's end: nowhere else are they any more.
_FORGET_CODES_UNLESS_DELETED = _FORGET_CODES.where(
    ~select(drafts.c.id).where(drafts.c.id == draft_codes.c.draft_id, CODES_DELETED).exists()
)


class SqlDrafts(DraftReader):
    """The use cases' ``Drafts``, and what only the storage needs of them."""

    def show_below_what_is_behind(self) -> None:
        shown = drafts.c.message_id.is_not(None)
        self._connection.execute(update(drafts).where(OPEN, is_behind(drafts), shown).values(repost=True))

    def open_new(
        self,
        where: Place,
        draft: Draft,
        now: datetime,
        retries: Mapping[str, int] | None = None,
        *,
        continues: int | None = None,
        handoff_id: int | None = None,
        sent_in: Mapping[TransferCode, int] | None = None,
    ) -> int:
        self._connection.execute(TAKE_MARK, in_place(where))
        values = {
            "state": DraftState.OPEN,
            "takes_text": True,
            "continues": continues,
            "handoff_id": handoff_id,
            "answers": draft_to_json(draft),
            "created_at": now,
            "updated_at": now,
        }
        result = self._connection.execute(insert(drafts), {**new_card(where), **values})
        draft_id = new_id(result)
        self._codes.add(draft_id, draft.codes, draft.own, retries or {}, sent_in or {})
        self._secrets.keep_for_draft(draft_id, draft_secrets(draft))
        return draft_id

    def change(
        self,
        before: StoredDraft,
        draft: Draft,
        now: datetime,
        *,
        repost: bool,
        sent_in: Mapping[TransferCode, int] | None = None,
    ) -> bool:
        values: dict[str, Any] = {"answers": draft_to_json(draft), "updated_at": now}
        if repost:
            values["repost"] = True
        if not self._swap(before, revision=before.card.revision + 1, **values):
            return False
        self._codes.change(before, draft, sent_in or {})
        secrets = draft_secrets(draft)
        if secrets != draft_secrets(before.draft):
            self._secrets.delete_of_draft(before.id)
            self._secrets.keep_for_draft(before.id, secrets)
        return True

    def note(self, before: StoredDraft, draft: Draft) -> bool:
        """Write what its person need not see: the card's revision stays."""
        return self._swap(before, answers=draft_to_json(draft))

    def confirmed(self, before: StoredDraft, now: datetime) -> bool:
        """End a draft whose codes are in the import log; False when somebody else was first.

        Its card is the batch's from here on: it has nothing left to show itself.
        """
        revision = before.card.revision + 1
        ended = {"state": DraftState.CONFIRMED, "revision": revision, "shown_revision": revision, "updated_at": now}
        if not self._swap(before, **ended, takes_text=False):
            return False
        self._connection.execute(_FORGET_CODES, {"of_draft": before.id})
        self._connection.execute(GIVE_MARK, {"draft_id": before.id})
        self._end_private(before.id)
        return True

    def hand_over(self, before: StoredDraft, now: datetime) -> bool:
        revision = before.card.revision + 1
        ended = {"state": DraftState.HANDED_OVER, "revision": revision, "updated_at": now}
        if before.where.private:
            # Its card is the receipt's from here on.
            ended["shown_revision"] = revision
        if not self._swap(before, **ended, takes_text=False):
            return False
        self._secrets.delete_of_draft_and_codes(before.id)
        self._connection.execute(_FORGET_CODES, {"of_draft": before.id})
        self._connection.execute(GIVE_MARK, {"draft_id": before.id})
        self._end_private(before.id)
        return True

    def forget_codes(self, draft_id: int, codes: Collection[TransferCode]) -> None:
        self._codes.forget(draft_id, codes)

    def _swap(self, before: StoredDraft, **values: Any) -> bool:
        swapped = self._connection.execute(_SWAP, {"draft_id": before.id, "read": before.card.revision} | values)
        return swapped.rowcount > 0

    def close(self, draft_id: int, state: DraftState, now: datetime) -> bool:
        if not self._end(draft_id, state=state, updated_at=now):
            return False
        self._connection.execute(GIVE_MARK, {"draft_id": draft_id})
        self._end_private(draft_id)
        return True

    def _end_private(self, draft_id: int) -> None:
        """With a draft of a group chat ends the one that asks for it in private."""
        for private_id in self._connection.scalars(CONTINUING, {"draft_id": draft_id}).all():
            self._end(private_id, state=DraftState.CANCELLED)
            self._connection.execute(GIVE_MARK, {"draft_id": private_id})

    def _end(self, draft_id: int, **values: Any) -> bool:
        if self._connection.execute(_END, {"draft_id": draft_id} | values).rowcount == 0:
            return False
        self._secrets.delete_of_draft_and_codes(draft_id)
        self._connection.execute(_FORGET_CODES_UNLESS_DELETED, {"of_draft": draft_id})
        return True

    def move_chat(self, old: int, new: int) -> None:
        """Drafts that are open, or still to be shown, go along to another id of their chat.

        Who has begun anew there has an open one already, to which the one from before gives way.
        """
        for row in self._connection.execute(begun_twice(old, new)).all():
            # Nobody of those from before gets the mark: it is with the one there.
            self._end(row.id, state=DraftState.CANCELLED)
            self._end_private(row.id)
        moving = select(drafts.c.id).where(OPEN, drafts.c.chat_id == old)
        # Messages are counted anew there.
        self._connection.execute(update(draft_codes).where(draft_codes.c.draft_id.in_(moving)).values(message_id=None))
        for still_counts in (OPEN, is_behind(drafts)):
            cards = update(drafts).where(drafts.c.chat_id == old, still_counts)
            messages = {"message_id": None, "reply_to": None, "prompt_step": None, "prompt_message_id": None}
            self._connection.execute(cards.values(chat_id=new, **messages))

    def forget_codes_of_ended(self, moment: datetime) -> None:
        """Forget the codes of drafts that ended before then."""
        ended = select(draft_codes.c.draft_id).join(drafts, drafts.c.id == draft_codes.c.draft_id)
        old = ended.where(drafts.c.state != DraftState.OPEN, drafts.c.updated_at < moment)
        self._connection.execute(delete(draft_codes).where(draft_codes.c.draft_id.in_(old)))
