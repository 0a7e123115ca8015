"""Drafts read from their rows: one, those of a chat, and open drafts by a condition."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, bindparam, cast, or_, select, true

from bot.domain.draft import Step
from bot.domain.proxy import Residential, Saved, Static
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.card_columns import card_columns, is_behind, place, shown
from bot.storage.choices import draft_from_json, draft_holds_secrets
from bot.storage.draft_codes import DraftCodes
from bot.storage.draft_marks import IN_PLACE, in_place
from bot.storage.encryption import Cipher
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


def _choosing(choice: str, kind: str, number: str, name: str) -> Select[Any]:
    """The number and the name of what open drafts have chosen from a list; the number as text, as JSON may have it."""
    answer = drafts.c.answers[choice]
    return select(
        drafts.c.id, answer[number].as_string().label("number"), answer[name].as_string().label("name")
    ).where(OPEN, answer["kind"].as_string() == kind)


_CHOSEN_FROM = {
    Listing.GROUPS: _choosing("group", "listed", "id", "title"),
    Listing.SAVED: _choosing("proxy", Saved.kind, "proxy_id", "label"),
    Listing.STATIC: _choosing("proxy", Static.kind, "proxy_id", "label"),
    Listing.PACKAGES: _choosing("proxy", Residential.kind, "package_id", "label"),
}


class DraftReader:
    """The part of the use cases' ``Drafts`` that only reads."""

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

    def behind(self, chat_ids: Sequence[int]) -> Sequence[StoredDraft]:
        return self._load(_BEHIND, chat_ids=chat_ids)

    def all_open(self) -> Sequence[StoredDraft]:
        return self._open_ones(true())

    def open_differing(self, listing: Listing, labels: Mapping[int, str]) -> Sequence[StoredDraft]:
        # Drafts are decoded only where something differs: everybody waits for as long as that takes.
        names = {str(number): name for number, name in labels.items()}
        chosen = self._connection.execute(_CHOSEN_FROM[listing])
        differing = [
            row.id
            for row in chosen
            if row.number is not None and (row.number not in names or names[row.number] != row.name)
        ]
        own = select(draft_codes.c.id).where(draft_codes.c.draft_id == drafts.c.id, draft_codes.c.own.is_not(None))
        return self._open_ones(or_(drafts.c.id.in_(differing), own.exists()))

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
