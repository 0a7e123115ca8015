"""Batches: what was confirmed together, shown on one card."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, union, update

from bot.domain.choices import Choices, choices_of
from bot.domain.draft import ListedGroup
from bot.domain.import_state import Status
from bot.domain.proxy import summary
from bot.domain.transfer_code import TransferCode
from bot.errors import Overtaken
from bot.storage.card_columns import card_columns, is_behind, new_card, place, shown
from bot.storage.choices import proxy_secrets, proxy_to_json
from bot.storage.drafts import CODES_DELETED, SqlDrafts
from bot.storage.encryption import Cipher
from bot.storage.held_codes import SqlHeldCodes
from bot.storage.inserts import insert_or_ignore, new_id
from bot.storage.log import SqlLog
from bot.storage.pieces import in_pieces
from bot.storage.retention import HASH_LOST, forgotten_imports
from bot.storage.secrets import SqlSecrets
from bot.storage.tables import KEY_LOST, PENDING, batches, drafts, imports
from bot.usecases.records import Batch, Confirmed, Given, LoggedImport, StoredDraft

_BATCHES = select(*card_columns(batches), CODES_DELETED.label("codes_deleted")).join(
    drafts, drafts.c.id == batches.c.draft_id
)
_BEHIND = _BATCHES.where(batches.c.chat_id.in_(bindparam("chat_ids", expanding=True)), is_behind(batches)).order_by(
    batches.c.id
)


def _batch(row: Row[Any], rows: Sequence[LoggedImport]) -> Batch:
    return Batch(
        id=row.id,
        draft_id=row.draft_id,
        where=place(row),
        card=shown(row),
        confirmed_at=row.confirmed_at,
        waited=row.waited,
        announced=row.announced,
        codes_deleted=bool(row.codes_deleted),
        rows=rows,
    )


class SqlBatches:
    """The use cases' ``Batches``."""

    def __init__(
        self,
        connection: Connection,
        station: str,
        secrets: SqlSecrets,
        cipher: Cipher,
        *,
        drafts: SqlDrafts,
        log: SqlLog,
        held_codes: SqlHeldCodes,
    ) -> None:
        self._connection = connection
        self._station = station
        self._secrets = secrets
        self._cipher = cipher
        self._drafts = drafts
        self._log = log
        self._held_codes = held_codes

    def _load(self, wanted: Select[Any], **values: Any) -> Sequence[Batch]:
        found = self._connection.execute(wanted, values).all()
        if not found:
            return []
        of_batch = self._log.of_batches([row.id for row in found])
        return [_batch(row, of_batch.get(row.id, [])) for row in found]

    def find(self, batch_id: int) -> Batch | None:
        return next(iter(self._load(_BATCHES.where(batches.c.id == batch_id))), None)

    def of_draft(self, draft_id: int) -> Batch | None:
        return next(iter(self._load(_BATCHES.where(batches.c.draft_id == draft_id))), None)

    def behind(self, chat_ids: Sequence[int]) -> Sequence[Batch]:
        return self._load(_BEHIND, chat_ids=chat_ids)

    def under_way(self, user_id: int, chat_id: int | None = None) -> Sequence[int]:
        wanted = select(imports.c.batch_id).where(imports.c.station == self._station, PENDING)
        theirs = wanted.where(imports.c.user_id == user_id).distinct().order_by(imports.c.batch_id)
        if chat_id is not None:
            theirs = theirs.where(imports.c.chat_id == chat_id)
        found = self._connection.execute(theirs)
        return [row.batch_id for row in found]

    def confirm(self, stored: StoredDraft, user_name: str, now: datetime, given: Given | None = None) -> Confirmed:
        codes = stored.draft.codes
        # What is raised ends the whole transaction. To go back to the savepoint first would hide why, where a database
        # that can't be written to has ended it already.
        attempt = self._connection.begin_nested()
        if not self._drafts.confirmed(stored, now):
            raise Overtaken(f"draft {stored.id} is not open any more, or not as it was read")
        batch_id = self._insert(stored, now)
        queued, to_verify = self._queue(stored, batch_id, user_name, now, given)
        if proxy_secrets(stored.draft.proxy):
            self._secrets.delete_of_draft(stored.id)
        if queued:
            attempt.commit()
        else:
            attempt.rollback()
        others = [code for code in codes if code not in queued]
        taken = self._log.living(others) if others else []
        return Confirmed(batch_id if queued else None, taken, to_verify, others, queued)

    def _insert(self, stored: StoredDraft, now: datetime) -> int:
        result = self._connection.execute(
            insert(batches).values(
                **new_card(stored.where),
                message_id=stored.card.message_id,
                reply_to=stored.card.reply_to,
                draft_id=stored.id,
                confirmed_at=now,
                waited=False,
                announced=False,
            )
        )
        return new_id(result)

    def _queue(
        self, stored: StoredDraft, batch_id: int, user_name: str, now: datetime, given: Given | None
    ) -> tuple[Mapping[TransferCode, int], bool]:
        """A row for each code that is nobody else's, with its own choices.

        Those codes with their rows, and whether the received records are to be read for one of them.
        """
        every = {self._cipher.code_hash(code): code for code in stored.draft.codes}
        taken_over, free = self._held_codes.hold_for_import(every, stored.handoff_id)
        codes = {code_hash: code for code_hash, code in every.items() if code_hash in taken_over | free}
        if not codes:
            return {}, False
        chosen = {code: choices_of(stored.draft, code) for code in codes.values()}
        lost = self._with_lost_key([code.masked for code in chosen])
        common = {
            "user_id": stored.where.user_id,
            "user_name": user_name,
            "chat_id": stored.where.chat_id,
            "thread_id": stored.where.thread_id,
            "key_lost": False,
            "draft_id": stored.id,
            "batch_id": batch_id,
            "station": self._station,
            "profile_name": "",
            "error_message": "",
            "waiting_since": now,
            "held": False,
            "cancel_wanted": False,
            "without_proxy": False,
            "attempts": 0,
            "unanswered": 0,
            "restricted": 0,
            "created_at": now,
        }
        rows = [
            {
                **common,
                **_choice_columns(chosen[code]),
                "code_mask": code.masked,
                "code_hash": code_hash,
                "code_encrypted": self._cipher.encrypt(code.text),
                # It may be the one that was sent, or not, before the key was lost: the received records are read first.
                "status": Status.CHECKING if code.masked in lost else Status.QUEUED,
                "retry_of": stored.retries.get(code.text),
                "message_id": stored.messages.get(code),
                **_given_columns(given if code_hash in taken_over else None),
            }
            for code_hash, code in codes.items()
        ]
        queue = insert_or_ignore(self._connection, imports).returning(imports.c.id, imports.c.code_hash)
        queued = {row.id: codes[bytes(row.code_hash)] for row in self._connection.execute(queue, rows)}
        self._secrets.keep_for_imports((row_id, proxy_secrets(chosen[code].proxy)) for row_id, code in queued.items())
        return {code: row_id for row_id, code in queued.items()}, any(code.masked in lost for code in queued.values())

    def _with_lost_key(self, masks: Sequence[str]) -> frozenset[str]:
        """Those of the masks under which an attempted import stands, or stood, whose code can't be told any more."""
        found = select(imports.c.code_mask).where(KEY_LOST, imports.c.attempts > 0, imports.c.code_mask.in_(masks))
        gone = select(forgotten_imports.c.code_mask).where(HASH_LOST, forgotten_imports.c.code_mask.in_(masks))
        return frozenset(self._connection.scalars(union(found, gone)))

    def bump(self, batch_id: int, *, repost: bool = False) -> None:
        self.mark_behind([batch_id], repost=repost, waited=False, announce_again=False)

    def mark_behind(self, batch_ids: Collection[int], *, repost: bool, waited: bool, announce_again: bool) -> None:
        values: dict[str, Any] = {"revision": batches.c.revision + 1}
        if repost:
            values["repost"] = True
        if waited or announce_again:
            values["waited"] = True
        if announce_again:
            values["announced"] = False
        for some in in_pieces(batch_ids):
            self._connection.execute(update(batches).where(batches.c.id.in_(some)).values(**values))

    def note_announced(self, batch_id: int) -> None:
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(announced=True))


def _given_columns(given: Given | None) -> Mapping[str, Any]:
    if given is None:
        return {"handoff_id": None, "given_by": None, "given_by_name": None}
    return {"handoff_id": given.handoff_id, "given_by": given.user_id, "given_by_name": given.name}


def _choice_columns(choices: Choices) -> Mapping[str, Any]:
    listed = choices.group if isinstance(choices.group, ListedGroup) else None
    return {
        "group_id": listed and listed.id,
        "group_title": listed and listed.title,
        "proxy": summary(choices.proxy),
        "proxy_choice": proxy_to_json(choices.proxy),
        "bypass": list(choices.bypass),
        "note": choices.note,
    }
