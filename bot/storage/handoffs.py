"""Codes that people leave for one another."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.draft import Draft
from bot.domain.handoff import HandedCode, HandoffStatus, ReturnReason
from bot.domain.transfer_code import TransferCode
from bot.storage.encryption import Cipher
from bot.storage.handoff_tables import HELD_CODES, handoff_codes, handoff_notices, handoffs
from bot.storage.inserts import new_id
from bot.storage.proposals import draft_of_proposal, proposal_of_draft
from bot.storage.shared_cards import forget_cards, shared_cards
from bot.storage.tables import OPEN, drafts
from bot.usecases.handoff_rows import Handoff, HandoffCode, HandoffPage
from bot.usecases.shared_card_rows import SharedKind

_CHANGING = ("status", "taker_id", "draft_id", "import_id", "reason", "changed_at")
_SAVE = (
    update(handoff_codes)
    .where(handoff_codes.c.id == bindparam("row_id"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)
_BY_ID = select(handoffs).where(handoffs.c.id == bindparam("handoff_id"))


class SqlHandoffs:
    """The use cases' ``Handoffs``, apart from notices, which are in ``handoff_notices``."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._connection = connection
        self._cipher = cipher

    # --- one ----------------------------------------------------------------------------------------------------------

    def add(
        self,
        giver_id: int,
        receiver_id: int | None,
        draft: Draft,
        *,
        expires_at: datetime | None,
        now: datetime,
    ) -> int:
        proposal = json.dumps(proposal_of_draft(draft))
        row = {
            "giver_id": giver_id,
            "owner_id": giver_id,
            "receiver_id": receiver_id,
            "note": draft.note,
            "proposal": self._cipher.encrypt(proposal),
            "created_at": now,
            "waiting_since": now,
            "expires_at": expires_at,
            "changed_at": now,
            "reminded": False,
            "version": 1,
        }
        return new_id(self._connection.execute(insert(handoffs), row))

    def add_codes(self, handoff_id: int, codes: Sequence[TransferCode], now: datetime) -> None:
        rows = [
            {
                "handoff_id": handoff_id,
                "code_mask": code.masked,
                "code_encrypted": self._cipher.encrypt(code.text),
                "status": HandoffStatus.WAITING,
                "changed_at": now,
            }
            for code in codes
        ]
        self._connection.execute(insert(handoff_codes), rows)

    def find(self, handoff_id: int) -> Handoff | None:
        return next(iter(self._load(_BY_ID, handoff_id=handoff_id)), None)

    def lock(self, handoff_id: int) -> Handoff | None:
        return next(iter(self._load(_BY_ID.with_for_update(), handoff_id=handoff_id)), None)

    def proposal(self, handoff_id: int) -> Draft | None:
        kept = self._connection.scalar(select(handoffs.c.proposal).where(handoffs.c.id == handoff_id))
        return None if kept is None else draft_of_proposal(json.loads(self._cipher.decrypt(kept)))

    def save(self, handoff_id: int, codes: Sequence[HandoffCode], now: datetime) -> None:
        rows = [
            {
                "row_id": code.id,
                "new_status": code.status,
                "new_taker_id": code.state.taker_id,
                "new_draft_id": code.state.draft_id,
                "new_import_id": code.state.import_id,
                "new_reason": code.state.reason,
                "new_changed_at": now,
            }
            for code in codes
        ]
        self._connection.execute(_SAVE, rows)
        spent = (handoff_codes.c.handoff_id == handoff_id, handoff_codes.c.status == HandoffStatus.IMPORTED)
        self._connection.execute(update(handoff_codes).where(*spent).values(code_encrypted=None))
        unspent = select(handoff_codes.c.id).where(handoff_codes.c.handoff_id == handoff_id, ~spent[1])
        changed = {"version": handoffs.c.version + 1, "changed_at": now}
        self._connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(**changed))
        # With the last of its codes goes what was proposed for them.
        done = update(handoffs).where(handoffs.c.id == handoff_id, ~unspent.exists())
        self._connection.execute(done.values(proposal=None))

    def assign(self, handoff_id: int, receiver_id: int | None, now: datetime) -> None:
        values: dict[str, Any] = {
            "receiver_id": receiver_id,
            "waiting_since": now,
            "expires_at": None,
            "reminded": False,
        }
        self._set(handoff_id, **values, changed_at=now, version=handoffs.c.version + 1)

    def set_owner(self, handoff_id: int, owner_id: int) -> None:
        self._set(handoff_id, owner_id=owner_id, version=handoffs.c.version + 1)

    def note_reminded(self, handoff_id: int) -> None:
        self._set(handoff_id, reminded=True)

    def _set(self, handoff_id: int, **values: Any) -> None:
        self._connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(**values))

    def split_off(self, handoff_id: int, code_ids: Collection[int]) -> int:
        copied = [column for column in handoffs.c if column.name != "id"]
        original = self._connection.execute(select(*copied).where(handoffs.c.id == handoff_id)).mappings().one()
        new = new_id(self._connection.execute(insert(handoffs), dict(original)))
        moved = update(handoff_codes).where(handoff_codes.c.id.in_(code_ids))
        self._connection.execute(moved.values(handoff_id=new))
        self._set(handoff_id, version=handoffs.c.version + 1)
        return new

    # --- many ---------------------------------------------------------------------------------------------------------

    def waiting_for(self, user_id: int, *, page: int, size: int) -> HandoffPage:
        return self._page(_is_for(user_id), page, size)

    def of_owner(self, user_id: int | None, *, page: int, size: int) -> HandoffPage:
        return self._page(handoffs.c.id > 0 if user_id is None else handoffs.c.owner_id == user_id, page, size)

    def unfinished_of(self, user_id: int) -> Sequence[int]:
        taken = select(handoff_codes.c.handoff_id).where(HELD_CODES, handoff_codes.c.taker_id == user_id)
        waiting = (handoffs.c.receiver_id == user_id) & _has(HandoffStatus.WAITING)
        return self._ids(or_(waiting, handoffs.c.id.in_(taken)))

    def owned_by(self, user_id: int) -> Sequence[int]:
        kept = select(handoff_codes.c.handoff_id).where(handoff_codes.c.code_encrypted.is_not(None))
        return self._ids(handoffs.c.owner_id == user_id, handoffs.c.id.in_(kept))

    def let_go(self) -> Sequence[int]:
        ended = (
            select(handoff_codes.c.handoff_id)
            .join(drafts, drafts.c.id == handoff_codes.c.draft_id)
            .where(HELD_CODES, handoff_codes.c.status == HandoffStatus.TAKEN, ~OPEN)
        )
        return self._ids(handoffs.c.id.in_(ended))

    def taken_before(self, moment: datetime) -> Sequence[int]:
        old = (HELD_CODES, handoff_codes.c.status == HandoffStatus.TAKEN, handoff_codes.c.changed_at < moment)
        return self._ids(handoffs.c.id.in_(select(handoff_codes.c.handoff_id).where(*old)))

    def expired_at(self, moment: datetime) -> Sequence[int]:
        return self._ids(handoffs.c.expires_at <= moment, _has(HandoffStatus.WAITING))

    def to_remind_of(self, moment: datetime) -> Sequence[int]:
        waiting = (handoffs.c.waiting_since <= moment, handoffs.c.reminded.is_(False))
        return self._ids(*waiting, _has(HandoffStatus.WAITING))

    def all_unfinished(self) -> Sequence[int]:
        return self._ids(handoffs.c.id.in_(select(handoff_codes.c.handoff_id).where(HELD_CODES)))

    def forget_ended_before(self, moment: datetime) -> None:
        unfinished = select(handoff_codes.c.handoff_id).where(HELD_CODES)
        old = select(handoffs.c.id).where(handoffs.c.changed_at < moment, handoffs.c.id.not_in(unfinished))
        notices = select(handoff_notices.c.id).where(handoff_notices.c.handoff_id.in_(old))
        forget_cards(self._connection, SharedKind.HANDOFF, shared_cards.c.subject_id.in_(notices))
        forget_cards(self._connection, SharedKind.RECEIPT, shared_cards.c.subject_id.in_(old))
        self._connection.execute(delete(handoffs).where(handoffs.c.id.in_(old)))

    def _ids(self, *conditions: ColumnElement[bool]) -> Sequence[int]:
        return list(self._connection.scalars(select(handoffs.c.id).where(*conditions).order_by(handoffs.c.id)))

    def _page(self, condition: ColumnElement[bool], page: int, size: int) -> HandoffPage:
        count = self._connection.scalar(select(func.count()).select_from(handoffs).where(condition)) or 0
        pages = max(1, -(-count // size))
        page = min(max(page, 0), pages - 1)
        wanted = select(handoffs).where(condition).order_by(handoffs.c.id.desc())
        return HandoffPage(self._load(wanted.limit(size).offset(page * size)), page, pages)

    def _load(self, wanted: Select[Any], **values: Any) -> Sequence[Handoff]:
        rows = self._connection.execute(wanted, values).all()
        if not rows:
            return []
        theirs = select(handoff_codes).where(handoff_codes.c.handoff_id.in_([row.id for row in rows]))
        found = self._connection.execute(theirs.order_by(handoff_codes.c.handoff_id, handoff_codes.c.id))
        of_handoff = {number: list(some) for number, some in groupby(found, attrgetter("handoff_id"))}
        return [self._handoff(row, of_handoff.get(row.id, [])) for row in rows]

    def _handoff(self, row: Row[Any], codes: Sequence[Row[Any]]) -> Handoff:
        return Handoff(
            id=row.id,
            giver_id=row.giver_id,
            owner_id=row.owner_id,
            receiver_id=row.receiver_id,
            note=row.note,
            created_at=row.created_at,
            waiting_since=row.waiting_since,
            expires_at=row.expires_at,
            reminded=row.reminded,
            version=row.version,
            codes=[self._code(code) for code in codes],
        )

    def _code(self, row: Row[Any]) -> HandoffCode:
        state = HandedCode(
            HandoffStatus(row.status),
            row.taker_id,
            row.draft_id,
            row.import_id,
            ReturnReason(row.reason) if row.reason else None,
        )
        kept = row.code_encrypted
        code = None if kept is None else TransferCode(self._cipher.decrypt(kept))
        return HandoffCode(row.id, code, row.code_mask, state, row.changed_at)


def _has(status: HandoffStatus) -> ColumnElement[bool]:
    """Whether a handoff has a code in this status, one of those in which it is held."""
    of_it = (handoff_codes.c.handoff_id == handoffs.c.id, HELD_CODES, handoff_codes.c.status == status)
    return select(handoff_codes.c.id).where(*of_it).exists()


def _is_for(user_id: int) -> ColumnElement[bool]:
    """Whether something of a handoff waits for a person, or for the team that they are of."""
    of_team = handoffs.c.receiver_id.is_(None) & (handoffs.c.owner_id != user_id)
    return or_(handoffs.c.receiver_id == user_id, of_team) & _has(HandoffStatus.WAITING)
