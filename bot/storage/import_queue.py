"""The import log as the importer works it off: the core's ``ImportLog``, over SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, update

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import holds_secrets, proxy_from_json
from bot.storage.tables import PENDING, UNNAMED, UNSETTLED, batches, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.import_queue import ImportRow

_UNNAMED_FOR = timedelta(days=1)


class ImportQueue:
    """Rows of this station."""

    def __init__(self, store: SqlStore, *, is_sqlite: bool) -> None:
        self._store = store
        self._is_sqlite = is_sqlite

    async def recover(self, besides: Collection[int] = ()) -> Sequence[ImportRow]:
        return await self._store.write(_recover, besides)

    async def adopt(self) -> None:
        """Take over what waits under another station's name where there can be no other station.

        An SQLite file is one computer's, whatever that is called by now; under its old name nobody would see to a row.
        """
        if self._is_sqlite:
            await self._store.write(_adopt)

    async def claim(self, limit: int, *, last: Collection[int] = ()) -> Sequence[ImportRow]:
        return await self._store.write(_claim, limit, last)

    async def checking(self) -> Sequence[ImportRow]:
        return await self._store.read(_rows, PENDING, imports.c.status == Status.CHECKING)

    async def cancelled_while_queued(self) -> Sequence[ImportRow]:
        return await self._store.read(
            _rows, PENDING, imports.c.status == Status.QUEUED, imports.c.cancel_wanted.is_(True)
        )

    async def proxies_to_set(self) -> Sequence[ImportRow]:
        return await self._store.read(_rows, UNSETTLED, imports.c.proxy_status != ProxyStatus.MISSING)

    async def unnamed(self) -> Sequence[ImportRow]:
        return await self._store.read(_unnamed)

    async def change(self, row_id: int, *, expect: Status, quiet: bool = False, **fields: object) -> bool:
        return await self._store.write(_change, row_id, expect=expect, quiet=quiet, fields=fields)

    async def wait(self, reason: str | None) -> None:
        await self._store.write(_wait, reason)

    async def hold_older_than(self, moment: datetime) -> int:
        return await self._store.write(_hold_older_than, moment)

    async def claimed_records(self, record_ids: Sequence[int]) -> frozenset[int]:
        return await self._store.read(_known, imports.c.record_id, record_ids)

    async def claimed_profiles(self, profile_ids: Sequence[int]) -> frozenset[int]:
        return await self._store.read(_known, imports.c.profile_id, profile_ids)


# --- in a transaction each --------------------------------------------------------------------------------------------


def _mine(work: SqlWork) -> ColumnElement[bool]:
    return imports.c.station == work.station


def _recover(work: SqlWork, besides: Collection[int]) -> Sequence[ImportRow]:
    lost = update(imports).where(
        _mine(work), PENDING, imports.c.status == Status.SENDING, imports.c.id.not_in(list(besides))
    )
    result = work.connection.execute(
        lost.values(status=Status.CHECKING, unanswered=imports.c.unanswered + 1).returning(imports.c.id)
    )
    ids = [row.id for row in result]
    _bump(work, imports.c.id.in_(ids))
    return _rows(work, imports.c.id.in_(ids))


def _adopt(work: SqlWork) -> None:
    # Each by an index of its own: for all in one, SQLite would go through the whole log at every start.
    for waits in (PENDING, UNSETTLED, UNNAMED):
        ours = update(imports).where(~_mine(work), waits)
        work.connection.execute(ours.values(station=work.station))


def _claim(work: SqlWork, limit: int, last: Collection[int]) -> Sequence[ImportRow]:
    free = (
        select(imports.c.id)
        .where(
            _mine(work),
            PENDING,
            imports.c.status == Status.QUEUED,
            imports.c.held.is_(False),
            imports.c.cancel_wanted.is_(False),
        )
        .order_by(*([imports.c.id.in_(list(last))] if last else []), imports.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = [row.id for row in work.connection.execute(free)]
    if not ids:
        return []
    claimed = update(imports).where(imports.c.id.in_(ids))
    work.connection.execute(claimed.values(status=Status.SENDING, sent_at=work.now, attempts=imports.c.attempts + 1))
    return _rows(work, imports.c.id.in_(ids))


def _unnamed(work: SqlWork) -> Sequence[ImportRow]:
    return _rows(work, UNNAMED, imports.c.profile_id.is_not(None), imports.c.finished_at >= work.now - _UNNAMED_FOR)


def _change(work: SqlWork, row_id: int, *, expect: Status, quiet: bool, fields: dict[str, object]) -> bool:
    if fields.get("status", Status.QUEUED) is not Status.QUEUED:
        fields["waiting_for"] = None
    swap = update(imports).where(imports.c.id == row_id, _mine(work), imports.c.status == expect)
    # Without fields only the card is to be shown anew; the statement still has to name one.
    written = swap.values(**(fields or {"status": expect}))
    batch_id = work.connection.scalar(written.returning(imports.c.batch_id))
    if batch_id is None:
        return False
    work.batches.wipe_if_ended(batch_id)
    if not quiet:
        _bump(work, imports.c.id == row_id)
    return True


def _wait(work: SqlWork, reason: str | None) -> None:
    waiting = imports.c.waiting_for
    other = waiting.is_not(None) if reason is None else or_(waiting.is_(None), waiting != reason)
    told = (_mine(work), PENDING, imports.c.status == Status.QUEUED, other)
    _bump(work, *told, waited=True)
    work.connection.execute(update(imports).where(*told).values(waiting_for=reason))


def _hold_older_than(work: SqlWork, moment: datetime) -> int:
    old = (
        _mine(work),
        PENDING,
        imports.c.status == Status.QUEUED,
        imports.c.held.is_(False),
        imports.c.cancel_wanted.is_(False),
        imports.c.waiting_since < moment,
    )
    _bump(work, *old, below=True)
    return work.connection.execute(update(imports).where(*old).values(held=True)).rowcount


def _known(work: SqlWork, column: ColumnElement[Any], ids: Sequence[int]) -> frozenset[int]:
    found = work.connection.execute(select(column).where(_mine(work), column.in_(ids)))
    return frozenset(row[0] for row in found)


def _rows(work: SqlWork, *conditions: ColumnElement[bool]) -> Sequence[ImportRow]:
    rows = (
        select(imports, batches.c.proxy.label("choice"), batches.c.bypass)
        .join(batches, batches.c.id == imports.c.batch_id)
        .where(_mine(work), *conditions)
        .order_by(imports.c.id)
    )
    found = work.connection.execute(rows).all()
    kept = _secrets(work, {row.batch_id for row in found if holds_secrets(row.choice)})
    return [_import_row(row, kept.get(row.batch_id, {})) for row in found]


def _bump(work: SqlWork, *conditions: ColumnElement[bool], **flags: bool) -> None:
    """Move on the revision of the batches of these rows, and set the flags of their cards."""
    affected = select(imports.c.batch_id).where(*conditions)
    moved = update(batches).where(batches.c.id.in_(affected))
    result = work.connection.execute(
        moved.values(revision=batches.c.revision + 1, **flags).returning(batches.c.chat_id)
    )
    for row in result:
        work.signals.chat_behind(row.chat_id)


def _secrets(work: SqlWork, batch_ids: set[int]) -> Mapping[int, Mapping[str, str]]:
    kept: dict[int, dict[str, str]] = {}
    if batch_ids:
        for row in work.connection.execute(select(secrets).where(secrets.c.batch_id.in_(batch_ids))):
            kept.setdefault(row.batch_id, {})[row.name] = row.value
    return kept


def _import_row(row: Row[Any], kept: Mapping[str, str]) -> ImportRow:
    return ImportRow(
        id=row.id,
        batch_id=row.batch_id,
        code=TransferCode(row.transfer_code),
        group_id=row.group_id,
        proxy=proxy_from_json(row.choice, kept) or Keep(),
        bypass=tuple(row.bypass),
        status=Status(row.status),
        created_at=row.created_at,
        waiting_since=row.waiting_since,
        sent_at=row.sent_at,
        attempts=row.attempts,
        unanswered=row.unanswered,
        restricted=row.restricted,
        held=row.held,
        without_proxy=row.without_proxy,
        cancel_wanted=row.cancel_wanted,
        verdict=Status(row.verdict) if row.verdict else None,
        error_code=row.error_code,
        error_message=row.error_message,
        profile_id=row.profile_id,
        profile_name=row.profile_name,
        record_id=row.record_id,
        proxy_status=ProxyStatus(row.proxy_status) if row.proxy_status else None,
        finished_at=row.finished_at,
    )
