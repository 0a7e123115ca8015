"""Drafts as rows: found, changed by compare-and-swap on their revision, closed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    insert,
    select,
    true,
    update,
)

from bot.domain.draft import Draft, Step
from bot.domain.transfer_code import TransferCode
from bot.storage.card_columns import card_columns, is_behind, new_card, place, shown
from bot.storage.choices import (
    draft_from_json,
    draft_holds_secrets,
    draft_secrets,
    draft_to_json,
)
from bot.storage.draft_codes import DraftCodes
from bot.storage.draft_marks import CONTINUING, GIVE_MARK, IN_PLACE, TAKE_MARK, begun_twice, in_place
from bot.storage.encryption import Cipher
from bot.storage.inserts import new_id
from bot.storage.secrets import SqlSecrets
from bot.storage.tables import OPEN, TAKES_TEXT, draft_codes, drafts
from bot.usecases.records import DraftState, Place, Prompt, StoredDraft

# What runs at every step of a conversation is put together once: building a statement costs more than running it.

#: Drafts with their codes: as many rows of a draft as it has codes, one where it has none.
_WITH_CODES = (
    select(
        *card_columns(drafts, without=frozenset({"answers", "created_at", "updated_at"})),
        # As text, to be decoded once a draft rather than once a row.
        cast(drafts.c.answers, Text).label("answers"),
        draft_codes.c.id.label("code_id"),
        draft_codes.c.code_encrypted,
        draft_codes.c.own,
        draft_codes.c.retry_of,
        draft_codes.c.message_id.label("code_message_id"),
    )
    .join_from(drafts, draft_codes, isouter=True)
    .order_by(drafts.c.id, draft_codes.c.id)
)
_BY_ID = _WITH_CODES.where(drafts.c.id == bindparam("draft_id"))
_TAKING_TEXT = _WITH_CODES.where(IN_PLACE, TAKES_TEXT)
_BEHIND = _WITH_CODES.where(drafts.c.chat_id.in_(bindparam("chat_ids", expanding=True)), is_behind(drafts))
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


class SqlDrafts:
    """The use cases' ``Drafts``, and what only the storage needs of them."""

    def __init__(self, connection: Connection, secrets: SqlSecrets, cipher: Cipher) -> None:
        self._connection = connection
        self._secrets = secrets
        self._cipher = cipher
        self._codes = DraftCodes(connection, secrets, cipher)

    def _load(self, found: Select[Any], **values: Any) -> Sequence[StoredDraft]:
        rows = self._connection.execute(found, values)
        return [self._stored(list(of_one)) for _, of_one in groupby(rows, key=attrgetter("id"))]

    def _stored(self, rows: Sequence[Row[Any]]) -> StoredDraft:
        row = rows[0]
        of_code = {TransferCode(self._cipher.decrypt(row.code_encrypted)): row for row in rows if row.code_encrypted}
        retries = {code.text: row.retry_of for code, row in of_code.items() if row.retry_of is not None}
        answers = json.loads(row.answers)
        secrets = self._secrets.of_draft(row.id) if draft_holds_secrets(answers) else {}
        draft = draft_from_json(answers, tuple(of_code), self._codes.own(of_code), secrets)
        return StoredDraft(
            row.id,
            place(row),
            shown(row),
            DraftState(row.state),
            draft,
            retries,
            messages={code: row.code_message_id for code, row in of_code.items() if row.code_message_id is not None},
            prompt=None if row.prompt_step is None else Prompt(Step(row.prompt_step), row.prompt_message_id),
            continues=row.continues,
            handoff_id=row.handoff_id,
        )

    def find(self, draft_id: int) -> StoredDraft | None:
        return next(iter(self._load(_BY_ID, draft_id=draft_id)), None)

    def find_open(self, where: Place) -> StoredDraft | None:
        return next(iter(self._load(_TAKING_TEXT, **in_place(where))), None)

    def find_of_message(self, where: Place, message_id: int) -> StoredDraft | None:
        sent = draft_codes.c.message_id == message_id
        found = (
            select(drafts.c.id)
            .join(draft_codes, draft_codes.c.draft_id == drafts.c.id)
            .where(OPEN, drafts.c.user_id == where.user_id, drafts.c.chat_id == where.chat_id, sent)
        )
        draft_id = self._connection.scalar(found.limit(1))
        return None if draft_id is None else self.find(draft_id)

    def show_below_what_is_behind(self) -> None:
        shown = drafts.c.message_id.is_not(None)
        self._connection.execute(update(drafts).where(OPEN, is_behind(drafts), shown).values(repost=True))

    def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        return self._load(_BEHIND, chat_ids=chat_ids)

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

    def all_open(self) -> Sequence[StoredDraft]:
        return self._open_ones(true())

    def open_of(self, user_id: int) -> Sequence[StoredDraft]:
        return self._open_ones(drafts.c.user_id == user_id)

    def open_in(self, chat_id: int) -> Sequence[StoredDraft]:
        return self._open_ones(drafts.c.chat_id == chat_id)

    def unanswered_since(self, moment: datetime) -> Sequence[StoredDraft]:
        """Open drafts whose person has not answered since then."""
        return self._open_ones(drafts.c.updated_at < moment)

    def with_proxy_kept_until(self, moment: datetime) -> Sequence[StoredDraft]:
        """Open drafts with a proxy that was to be kept until then."""
        kept = self._open_ones(drafts.c.answers["proxy_until"].as_string().is_not(None))
        return [each for each in kept if each.draft.proxy_until is not None and each.draft.proxy_until < moment]

    def with_new_group(self) -> Sequence[StoredDraft]:
        """Open drafts with a group that is still to be made."""
        return self._open_ones(drafts.c.answers["group"]["kind"].as_string() == "new")

    def _open_ones(self, condition: ColumnElement[bool]) -> Sequence[StoredDraft]:
        # In a query of its own, which goes through the index of open drafts: asked for in the order of their ids too,
        # SQLite would rather go through all drafts, which have that order already.
        found = select(drafts.c.id).where(OPEN, condition).correlate(None)
        return self._load(_WITH_CODES.where(drafts.c.id.in_(found)))
