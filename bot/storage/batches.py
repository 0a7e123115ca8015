"""Batches: what was confirmed together, shown on one card, sent with the same choices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, or_, select, update

from bot.domain.draft import Draft, ListedGroup
from bot.domain.import_state import Status
from bot.domain.proxy import Keep, summary
from bot.errors import OldButton
from bot.storage.card_columns import is_behind, new_card, place, shown
from bot.storage.choices import proxy_from_json, proxy_to_json
from bot.storage.drafts import SqlDrafts
from bot.storage.inserts import insert_or_ignore, new_id
from bot.storage.log import SqlLog, logged
from bot.storage.secrets import Secrets
from bot.storage.tables import PENDING, UNSETTLED, batches, imports
from bot.usecases.records import Batch, Confirmed, StoredDraft

_BEHIND = (
    select(batches)
    .where(batches.c.chat_id.in_(bindparam("chat_ids", expanding=True)), is_behind(batches))
    .order_by(batches.c.id)
)


def _group(draft: Draft) -> tuple[int | None, str | None]:
    if isinstance(draft.group, ListedGroup):
        return draft.group.id, draft.group.title
    return None, None


def _batch(row: Row[Any], rows: Sequence[Row[Any]]) -> Batch:
    return Batch(
        id=row.id,
        draft_id=row.draft_id,
        where=place(row),
        card=shown(row),
        group_id=row.group_id,
        group_title=row.group_title,
        proxy=proxy_from_json(row.proxy, {}) or Keep(),
        bypass=tuple(row.bypass),
        confirmed_at=row.confirmed_at,
        waited=row.waited,
        announced=row.announced,
        rows=[logged(one) for one in rows],
    )


class SqlBatches:
    """The core's ``Batches``."""

    def __init__(self, connection: Connection, station: str, secrets: Secrets) -> None:
        self._connection = connection
        self._station = station
        self._secrets = secrets
        self._drafts = SqlDrafts(connection, secrets)
        self._log = SqlLog(connection)

    def _load(self, wanted: Select[Any], **values: Any) -> Sequence[Batch]:
        found = self._connection.execute(wanted, values).all()
        if not found:
            return []
        ids = [row.id for row in found]
        rows = self._connection.execute(
            select(imports).where(imports.c.batch_id.in_(ids)).order_by(imports.c.batch_id, imports.c.id)
        )
        of_batch = {batch_id: list(of_one) for batch_id, of_one in groupby(rows, key=attrgetter("batch_id"))}
        return [_batch(row, of_batch.get(row.id, [])) for row in found]

    def find(self, batch_id: int) -> Batch | None:
        return next(iter(self._load(select(batches).where(batches.c.id == batch_id))), None)

    def of_draft(self, draft_id: int) -> Batch | None:
        return next(iter(self._load(select(batches).where(batches.c.draft_id == draft_id))), None)

    def behind(self, chat_ids: Sequence[int]) -> Sequence[Batch]:
        return self._load(_BEHIND, chat_ids=chat_ids)

    def under_way(self, user_id: int, chat_id: int) -> Sequence[int]:
        found = self._connection.execute(
            select(imports.c.batch_id)
            .where(
                imports.c.station == self._station, PENDING, imports.c.user_id == user_id, imports.c.chat_id == chat_id
            )
            .distinct()
            .order_by(imports.c.batch_id)
        )
        return [row.batch_id for row in found]

    def confirm(self, stored: StoredDraft, user_name: str, now: datetime) -> Confirmed:
        codes = [code.text for code in stored.draft.codes]
        with self._connection.begin_nested() as attempt:
            if not self._drafts.confirmed(stored, now):
                raise OldButton("the draft is not open any more, or not as it was read")
            batch_id = self._insert(stored, now)
            queued = self._queue(codes, stored, batch_id, user_name, now)
            self._secrets.hand_to_batch(stored.id, batch_id)
            if not queued:
                attempt.rollback()
        taken = self._log.living([code for code in codes if code not in queued]) if len(queued) < len(codes) else []
        return Confirmed(batch_id if queued else None, taken)

    def _insert(self, stored: StoredDraft, now: datetime) -> int:
        group_id, group_title = _group(stored.draft)
        result = self._connection.execute(
            insert(batches).values(
                **new_card(stored.where),
                message_id=stored.card.message_id,
                draft_id=stored.id,
                group_id=group_id,
                group_title=group_title,
                proxy=proxy_to_json(stored.draft.proxy or Keep()),
                bypass=list(stored.draft.bypass or ()),
                confirmed_at=now,
                waited=False,
                announced=False,
            )
        )
        return new_id(result)

    def _queue(
        self, codes: Sequence[str], stored: StoredDraft, batch_id: int, user_name: str, now: datetime
    ) -> frozenset[str]:
        """A row for each code that has no living one; those codes."""
        group_id, group_title = _group(stored.draft)
        common = {
            "user_id": stored.where.user_id,
            "user_name": user_name,
            "chat_id": stored.where.chat_id,
            "thread_id": stored.where.thread_id,
            "group_id": group_id,
            "group_title": group_title,
            "proxy": summary(stored.draft.proxy or Keep()),
            "status": Status.QUEUED,
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
        rows = [{**common, "transfer_code": code, "retry_of": stored.retries.get(code)} for code in codes]
        queued = insert_or_ignore(self._connection, imports).returning(imports.c.transfer_code)
        return frozenset(row.transfer_code for row in self._connection.execute(queued, rows))

    def bump(self, batch_id: int, *, repost: bool = False, again: bool = False) -> None:
        values: dict[str, Any] = {"revision": batches.c.revision + 1}
        if repost:
            values["repost"] = True
        if again:
            values |= {"announced": False, "waited": True}
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(**values))

    def mark_behind(self, batch_ids: Collection[int], *, repost: bool, waited: bool, announce_again: bool) -> None:
        values: dict[str, Any] = {"revision": batches.c.revision + 1}
        if repost:
            values["repost"] = True
        if waited or announce_again:
            values["waited"] = True
        if announce_again:
            values["announced"] = False
        self._connection.execute(update(batches).where(batches.c.id.in_(list(batch_ids))).values(**values))

    def note_announced(self, batch_id: int) -> None:
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(announced=True))

    def wipe_if_ended(self, batch_id: int) -> bool:
        left = select(imports.c.id).where(imports.c.batch_id == batch_id, or_(PENDING, UNSETTLED)).limit(1)
        if self._connection.scalar(left) is not None:
            return False
        return self._secrets.wipe_batch(batch_id)
