"""Drafts as rows: found, changed by compare-and-swap on their revision, closed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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
    and_,
    bindparam,
    cast,
    delete,
    insert,
    select,
    true,
    update,
)

from bot.domain.draft import Draft, OwnChoices, Step
from bot.domain.transfer_code import TransferCode
from bot.storage.card_columns import card_columns, is_behind, new_card, place, shown
from bot.storage.choices import (
    draft_from_json,
    draft_to_json,
    holds_secrets,
    own_from_json,
    own_to_json,
    proxy_secrets,
)
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
_CHANGE_OWN = (
    update(draft_codes)
    .where(draft_codes.c.draft_id == bindparam("of_draft"), draft_codes.c.code_hash == bindparam("of_hash"))
    .values(own=bindparam("new_own"))
)


class SqlDrafts:
    """The use cases' ``Drafts``, and what only the storage needs of them."""

    def __init__(self, connection: Connection, secrets: SqlSecrets, cipher: Cipher) -> None:
        self._connection = connection
        self._secrets = secrets
        self._cipher = cipher

    def _load(self, found: Select[Any], **values: Any) -> Sequence[StoredDraft]:
        rows = self._connection.execute(found, values)
        return [self._stored(list(of_one)) for _, of_one in groupby(rows, key=attrgetter("id"))]

    def _stored(self, rows: Sequence[Row[Any]]) -> StoredDraft:
        row = rows[0]
        of_code = {TransferCode(self._cipher.decrypt(row.code_encrypted)): row for row in rows if row.code_encrypted}
        retries = {code.text: row.retry_of for code, row in of_code.items() if row.retry_of is not None}
        answers = json.loads(row.answers)
        secrets = self._secrets.of_draft(row.id) if holds_secrets(answers["proxy"]) else {}
        draft = draft_from_json(answers, tuple(of_code), self._own(of_code), secrets)
        asked = None if row.prompt_step is None else Prompt(Step(row.prompt_step), row.prompt_message_id)
        return StoredDraft(row.id, place(row), shown(row), DraftState(row.state), draft, retries, asked, row.continues)

    def _own(self, of_code: Mapping[TransferCode, Row[Any]]) -> Mapping[TransferCode, OwnChoices]:
        differing = {code: row for code, row in of_code.items() if row.own is not None}
        secrets = self._secrets.of_codes([row.code_id for row in differing.values() if holds_secrets(row.own["proxy"])])
        return {code: own_from_json(row.own, secrets.get(row.code_id, {})) for code, row in differing.items()}

    def find(self, draft_id: int) -> StoredDraft | None:
        return next(iter(self._load(_BY_ID, draft_id=draft_id)), None)

    def find_open(self, where: Place) -> StoredDraft | None:
        return next(iter(self._load(_TAKING_TEXT, **in_place(where))), None)

    def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        return self._load(_BEHIND, chat_ids=chat_ids)

    def open_new(
        self,
        where: Place,
        draft: Draft,
        now: datetime,
        retries: Mapping[str, int] | None = None,
        continues: int | None = None,
    ) -> int:
        self._connection.execute(TAKE_MARK, in_place(where))
        values = {
            "state": DraftState.OPEN,
            "takes_text": True,
            "continues": continues,
            "answers": draft_to_json(draft),
            "created_at": now,
            "updated_at": now,
        }
        result = self._connection.execute(insert(drafts), {**new_card(where), **values})
        draft_id = new_id(result)
        self._add_codes(draft_id, draft.codes, draft.own, retries or {})
        self._secrets.keep_for_draft(draft_id, proxy_secrets(draft.proxy))
        return draft_id

    def _add_codes(
        self,
        draft_id: int,
        codes: Sequence[TransferCode],
        own: Mapping[TransferCode, OwnChoices],
        retries: Mapping[str, int],
    ) -> None:
        if not codes:
            return
        rows = [
            {
                "draft_id": draft_id,
                "code_hash": self._cipher.code_hash(code),
                "code_encrypted": self._cipher.encrypt(code.text),
                "own": own_to_json(own.get(code)),
                "retry_of": retries.get(code.text),
            }
            for code in codes
        ]
        self._connection.execute(insert(draft_codes), rows)
        self._keep_own_secrets(draft_id, {code: own[code] for code in codes if code in own})

    def _keep_own_secrets(self, draft_id: int, own: Mapping[TransferCode, OwnChoices]) -> None:
        secret = {self._cipher.code_hash(code): proxy_secrets(choices.proxy) for code, choices in own.items()}
        if any(secret.values()):
            found = select(draft_codes.c.id, draft_codes.c.code_hash).where(draft_codes.c.draft_id == draft_id)
            ids = {row.code_hash: row.id for row in self._connection.execute(found)}
            self._secrets.keep_for_codes((ids[of], values) for of, values in secret.items())

    def change(self, before: StoredDraft, draft: Draft, now: datetime, *, repost: bool) -> bool:
        values: dict[str, Any] = {"answers": draft_to_json(draft), "updated_at": now}
        if repost:
            values["repost"] = True
        if not self._swap(before, revision=before.card.revision + 1, **values):
            return False
        self._change_codes(before, draft)
        if proxy_secrets(draft.proxy) != proxy_secrets(before.draft.proxy):
            self._secrets.delete_of_draft(before.id)
            self._secrets.keep_for_draft(before.id, proxy_secrets(draft.proxy))
        return True

    def _change_codes(self, before: StoredDraft, draft: Draft) -> None:
        """Write what differs. The codes' order is that of their rows' ids, so that a row stays where only its own
        choices change."""
        old, new = dict.fromkeys(before.draft.codes), dict.fromkeys(draft.codes)
        gone = [code for code in old if code not in new]
        if gone:
            self._connection.execute(delete(draft_codes).where(self._rows_of(before.id, gone)))
        was, own = before.draft.own, draft.own
        changed = [code for code in old if code in new and was.get(code) != own.get(code)]
        if changed:
            self._change_own(before.id, {code: own.get(code) for code in changed})
        self._add_codes(before.id, [code for code in new if code not in old], own, {})

    def _change_own(self, draft_id: int, own: Mapping[TransferCode, OwnChoices | None]) -> None:
        """Write other choices of codes that are there."""
        self._connection.execute(
            _CHANGE_OWN,
            [
                {"of_draft": draft_id, "of_hash": self._cipher.code_hash(code), "new_own": own_to_json(choices)}
                for code, choices in own.items()
            ],
        )
        self._secrets.delete_of_codes(select(draft_codes.c.id).where(self._rows_of(draft_id, own)))
        self._keep_own_secrets(draft_id, {code: choices for code, choices in own.items() if choices is not None})

    def _rows_of(self, draft_id: int, codes: Iterable[TransferCode]) -> ColumnElement[bool]:
        hashes = [self._cipher.code_hash(code) for code in codes]
        return and_(draft_codes.c.draft_id == draft_id, draft_codes.c.code_hash.in_(hashes))

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
