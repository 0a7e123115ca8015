"""Drafts as rows: found, changed by compare-and-swap on their revision, closed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

from bot.domain.draft import Draft
from bot.storage.card_columns import is_behind, new_card, place, shown
from bot.storage.choices import draft_from_json, draft_to_json, holds_secrets, proxy_secrets
from bot.storage.inserts import new_id
from bot.storage.secrets import Secrets
from bot.storage.tables import OPEN, draft_codes, drafts
from bot.usecases.records import DraftState, Place, StoredDraft

# What runs at every step of a conversation is put together once: building a statement costs more than running it.

#: Drafts with their codes: as many rows of a draft as it has codes, one where it has none.
_WITH_CODES = (
    select(
        *[column for column in drafts.c if column.name not in {"answers", "created_at", "updated_at"}],
        # As text, to be decoded once a draft rather than once a row.
        cast(drafts.c.answers, Text).label("answers"),
        draft_codes.c.transfer_code,
        draft_codes.c.retry_of,
    )
    .join_from(drafts, draft_codes, isouter=True)
    .order_by(drafts.c.id, draft_codes.c.id)
)
_BY_ID = _WITH_CODES.where(drafts.c.id == bindparam("draft_id"))
_OPEN_OF = _WITH_CODES.where(drafts.c.user_id == bindparam("user_id"), drafts.c.chat_id == bindparam("chat_id"), OPEN)
_BEHIND = _WITH_CODES.where(drafts.c.chat_id.in_(bindparam("chat_ids", expanding=True)), is_behind(drafts))
#: An open draft that is still as it was read.
_SWAP = update(drafts).where(drafts.c.id == bindparam("draft_id"), drafts.c.revision == bindparam("read"), OPEN)
_END = update(drafts).where(drafts.c.id == bindparam("draft_id"), OPEN).values(revision=drafts.c.revision + 1)
_FORGET_CODES = delete(draft_codes).where(draft_codes.c.draft_id == bindparam("of_draft"))


class SqlDrafts:
    """The core's ``Drafts``, and what only the storage needs of them."""

    def __init__(self, connection: Connection, secrets: Secrets) -> None:
        self._connection = connection
        self._secrets = secrets

    def _load(self, found: Select[Any], **values: Any) -> Sequence[StoredDraft]:
        rows = self._connection.execute(found, values)
        return [self._stored(list(of_one)) for _, of_one in groupby(rows, key=attrgetter("id"))]

    def _stored(self, rows: Sequence[Row[Any]]) -> StoredDraft:
        row = rows[0]
        codes = [row.transfer_code for row in rows if row.transfer_code is not None]
        retries = {row.transfer_code: row.retry_of for row in rows if row.retry_of is not None}
        answers = json.loads(row.answers)
        secrets = self._secrets.of_draft(row.id) if holds_secrets(answers["proxy"]) else {}
        draft = draft_from_json(answers, codes, secrets)
        return StoredDraft(row.id, place(row), shown(row), DraftState(row.state), draft, retries)

    def find(self, draft_id: int) -> StoredDraft | None:
        return next(iter(self._load(_BY_ID, draft_id=draft_id)), None)

    def find_open(self, user_id: int, chat_id: int) -> StoredDraft | None:
        return next(iter(self._load(_OPEN_OF, user_id=user_id, chat_id=chat_id)), None)

    def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        return self._load(_BEHIND, chat_ids=chat_ids)

    def open_new(
        self,
        where: Place,
        draft: Draft,
        now: datetime,
        retries: Mapping[str, int] | None = None,
    ) -> int:
        values = {"state": DraftState.OPEN, "answers": draft_to_json(draft), "created_at": now, "updated_at": now}
        result = self._connection.execute(insert(drafts), {**new_card(where), **values})
        draft_id = new_id(result)
        self._add_codes(draft_id, [code.text for code in draft.codes], retries or {})
        self._secrets.keep_for_draft(draft_id, proxy_secrets(draft.proxy))
        return draft_id

    def _add_codes(self, draft_id: int, codes: Sequence[str], retries: Mapping[str, int]) -> None:
        if codes:
            rows = [{"draft_id": draft_id, "transfer_code": code, "retry_of": retries.get(code)} for code in codes]
            self._connection.execute(insert(draft_codes), rows)

    def change(self, before: StoredDraft, draft: Draft, now: datetime, *, repost: bool) -> bool:
        values: dict[str, Any] = {"answers": draft_to_json(draft), "updated_at": now}
        if repost:
            values["repost"] = True
        if not self._swap(before, revision=before.card.revision + 1, **values):
            return False
        self._change_codes(before, draft)
        if proxy_secrets(draft.proxy) != proxy_secrets(before.draft.proxy):
            self._secrets.wipe_draft(before.id)
            self._secrets.keep_for_draft(before.id, proxy_secrets(draft.proxy))
        return True

    def _change_codes(self, before: StoredDraft, draft: Draft) -> None:
        old = dict.fromkeys(code.text for code in before.draft.codes)
        new = dict.fromkeys(code.text for code in draft.codes)
        gone = [code for code in old if code not in new]
        if gone:
            self._connection.execute(
                delete(draft_codes).where(draft_codes.c.draft_id == before.id, draft_codes.c.transfer_code.in_(gone))
            )
            self._secrets.deleted = True
        self._add_codes(before.id, [code for code in new if code not in old], {})

    def note(self, before: StoredDraft, draft: Draft) -> bool:
        """Write what its person need not see: the card's revision stays."""
        return self._swap(before, answers=draft_to_json(draft))

    def confirmed(self, before: StoredDraft, now: datetime) -> bool:
        """End a draft whose codes are in the import log; False when somebody else was first.

        Its card is the batch's from here on: it has nothing left to show itself.
        """
        revision = before.card.revision + 1
        ended = {"state": DraftState.CONFIRMED, "revision": revision, "shown_revision": revision, "updated_at": now}
        if not self._swap(before, **ended):
            return False
        self._forget_codes(before.id)
        return True

    def _swap(self, before: StoredDraft, **values: Any) -> bool:
        swapped = self._connection.execute(_SWAP, {"draft_id": before.id, "read": before.card.revision} | values)
        return swapped.rowcount > 0

    def close(self, draft_id: int, state: DraftState, now: datetime) -> bool:
        return self._close(draft_id, state=state, updated_at=now)

    def _close(self, draft_id: int, **values: Any) -> bool:
        if self._connection.execute(_END, {"draft_id": draft_id} | values).rowcount == 0:
            return False
        self._forget_codes(draft_id)
        self._secrets.wipe_draft(draft_id)
        return True

    def _forget_codes(self, draft_id: int) -> None:
        """A code is a secret until it is used, and this may be the last of it."""
        forgotten = self._connection.execute(_FORGET_CODES, {"of_draft": draft_id})
        self._secrets.deleted = self._secrets.deleted or forgotten.rowcount > 0

    def move_chat(self, old: int, new: int) -> None:
        """Drafts that are open, or still to be shown, go along to another id of their chat.

        Who has begun anew there has an open one already, to which the one from before gives way.
        """
        begun_anew = select(drafts.c.user_id).where(drafts.c.chat_id == new, OPEN).correlate(None)
        twice = select(drafts.c.id).where(drafts.c.chat_id == old, OPEN, drafts.c.user_id.in_(begun_anew))
        for row in self._connection.execute(twice).all():
            self._close(row.id, state=DraftState.CANCELLED)
        for still_counts in (OPEN, is_behind(drafts)):
            cards = update(drafts).where(drafts.c.chat_id == old, still_counts)
            self._connection.execute(cards.values(chat_id=new, message_id=None))

    def all_open(self) -> Sequence[StoredDraft]:
        return self._open_ones(true())

    def unanswered_since(self, moment: datetime) -> Sequence[StoredDraft]:
        """Open drafts whose person has not answered since then."""
        return self._open_ones(drafts.c.updated_at < moment)

    def with_new_group(self) -> Sequence[StoredDraft]:
        """Open drafts with a group that is still to be made."""
        return self._open_ones(drafts.c.answers["group"]["kind"].as_string() == "new")

    def _open_ones(self, condition: ColumnElement[bool]) -> Sequence[StoredDraft]:
        # In a query of its own, which goes through the index of open drafts: asked for in the order of their ids too,
        # SQLite would rather go through all drafts, which have that order already.
        found = select(drafts.c.id).where(OPEN, condition).correlate(None)
        return self._load(_WITH_CODES.where(drafts.c.id.in_(found)))
