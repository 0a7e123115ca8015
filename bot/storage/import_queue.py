"""The import log as the importer works it off: the core's ``ImportLog``, over SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.storage.batches import SqlBatches
from bot.storage.choices import holds_secrets, proxy_from_json
from bot.storage.database import Database
from bot.storage.secrets import Secrets
from bot.storage.tables import PENDING, UNNAMED, UNSETTLED, batches, imports, secrets
from bot.usecases.import_queue import ImportRow
from bot.usecases.ports import Clock

_UNNAMED_FOR = timedelta(days=1)


class ImportQueue:
    """Rows of this station. ``tell`` is called with the chats whose cards have fallen behind."""

    def __init__(self, database: Database, clock: Clock, tell: Callable[[int], None]) -> None:
        self._database = database
        self._clock = clock
        self._tell = tell
        self._mine = imports.c.station == database.station

    async def recover(self, besides: Collection[int] = ()) -> Sequence[ImportRow]:
        async with self._database.write() as connection:
            lost = update(imports).where(
                self._mine, PENDING, imports.c.status == Status.SENDING, imports.c.id.not_in(list(besides))
            )
            result = await connection.execute(
                lost.values(status=Status.CHECKING, unanswered=imports.c.unanswered + 1).returning(imports.c.id)
            )
            ids = [row.id for row in result]
            chats = await self._bump(connection, imports.c.id.in_(ids))
            rows = await _load(connection, self._select(imports.c.id.in_(ids)))
        self._tell_all(chats)
        return rows

    async def adopt(self) -> None:
        """Take over what waits under another station's name where there can be no other station.

        An SQLite file is one computer's, whatever that is called by now; under its old name nobody would see to a row.
        """
        if self._database.is_sqlite:
            async with self._database.write() as connection:
                # Each by an index of its own: for all in one, SQLite would go through the whole log at every start.
                for waits in (PENDING, UNSETTLED, UNNAMED):
                    ours = update(imports).where(~self._mine, waits)
                    await connection.execute(ours.values(station=self._database.station))

    async def claim(self, limit: int, *, last: Collection[int] = ()) -> Sequence[ImportRow]:
        async with self._database.write() as connection:
            free = (
                select(imports.c.id)
                .where(
                    self._mine,
                    PENDING,
                    imports.c.status == Status.QUEUED,
                    imports.c.held.is_(False),
                    imports.c.cancel_wanted.is_(False),
                )
                .order_by(*([imports.c.id.in_(list(last))] if last else []), imports.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            ids = [row.id for row in await connection.execute(free)]
            if not ids:
                return []
            await connection.execute(
                update(imports)
                .where(imports.c.id.in_(ids))
                .values(status=Status.SENDING, sent_at=self._clock.now(), attempts=imports.c.attempts + 1)
            )
            return await _load(connection, self._select(imports.c.id.in_(ids)))

    async def checking(self) -> Sequence[ImportRow]:
        return await self._rows(PENDING, imports.c.status == Status.CHECKING)

    async def cancelled_while_queued(self) -> Sequence[ImportRow]:
        return await self._rows(PENDING, imports.c.status == Status.QUEUED, imports.c.cancel_wanted.is_(True))

    async def proxies_to_set(self) -> Sequence[ImportRow]:
        return await self._rows(UNSETTLED, imports.c.proxy_status != ProxyStatus.MISSING)

    async def unnamed(self) -> Sequence[ImportRow]:
        return await self._rows(
            UNNAMED,
            imports.c.profile_id.is_not(None),
            imports.c.finished_at >= self._clock.now() - _UNNAMED_FOR,
        )

    async def change(self, row_id: int, *, expect: Status, quiet: bool = False, **fields: object) -> bool:
        if fields.get("status", Status.QUEUED) is not Status.QUEUED:
            fields["waiting_for"] = None
        async with self._database.write() as connection:
            swap = update(imports).where(imports.c.id == row_id, self._mine, imports.c.status == expect)
            # Without fields only the card is to be shown anew; the statement still has to name one.
            written = swap.values(**(fields or {"status": expect}))
            batch_id = await connection.scalar(written.returning(imports.c.batch_id))
            if batch_id is None:
                return False
            kept = Secrets(connection)
            await SqlBatches(connection, self._database.station, kept).wipe_if_ended(batch_id)
            chats = set() if quiet else await self._bump(connection, imports.c.id == row_id)
        if kept.deleted:
            self._database.secrets_deleted.set()
        self._tell_all(chats)
        return True

    async def wait(self, reason: str | None) -> None:
        async with self._database.write() as connection:
            waiting = imports.c.waiting_for
            other = waiting.is_not(None) if reason is None else or_(waiting.is_(None), waiting != reason)
            told = (self._mine, PENDING, imports.c.status == Status.QUEUED, other)
            chats = await self._bump(connection, *told, waited=True)
            await connection.execute(update(imports).where(*told).values(waiting_for=reason))
        self._tell_all(chats)

    async def hold_older_than(self, moment: datetime) -> int:
        async with self._database.write() as connection:
            old = (
                self._mine,
                PENDING,
                imports.c.status == Status.QUEUED,
                imports.c.held.is_(False),
                imports.c.cancel_wanted.is_(False),
                imports.c.waiting_since < moment,
            )
            chats = await self._bump(connection, *old, below=True)
            held = (await connection.execute(update(imports).where(*old).values(held=True))).rowcount
        self._tell_all(chats)
        return held

    async def claimed_records(self, record_ids: Sequence[int]) -> frozenset[int]:
        return await self._known(imports.c.record_id, record_ids)

    async def claimed_profiles(self, profile_ids: Sequence[int]) -> frozenset[int]:
        return await self._known(imports.c.profile_id, profile_ids)

    # --- below here: how it is done -----------------------------------------------------------------------------------

    async def _known(self, column: ColumnElement[Any], ids: Sequence[int]) -> frozenset[int]:
        async with self._database.read() as connection:
            found = await connection.execute(select(column).where(self._mine, column.in_(ids)))
            return frozenset(row[0] for row in found)

    async def _rows(self, *conditions: ColumnElement[bool]) -> Sequence[ImportRow]:
        async with self._database.read() as connection:
            return await _load(connection, self._select(*conditions))

    def _select(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return (
            select(imports, batches.c.proxy.label("choice"), batches.c.bypass)
            .join(batches, batches.c.id == imports.c.batch_id)
            .where(self._mine, *conditions)
            .order_by(imports.c.id)
        )

    async def _bump(self, connection: AsyncConnection, *conditions: ColumnElement[bool], **flags: bool) -> set[int]:
        """Move on the revision of the batches of these rows, and set the flags of their cards; their chats."""
        affected = select(imports.c.batch_id).where(*conditions)
        moved = update(batches).where(batches.c.id.in_(affected))
        result = await connection.execute(
            moved.values(revision=batches.c.revision + 1, **flags).returning(batches.c.chat_id)
        )
        return {row.chat_id for row in result}

    def _tell_all(self, chats: set[int]) -> None:
        for chat_id in chats:
            self._tell(chat_id)


async def _load(connection: AsyncConnection, rows: Select[Any]) -> Sequence[ImportRow]:
    found = (await connection.execute(rows)).all()
    kept = await _secrets(connection, {row.batch_id for row in found if holds_secrets(row.choice)})
    return [_import_row(row, kept.get(row.batch_id, {})) for row in found]


async def _secrets(connection: AsyncConnection, batch_ids: set[int]) -> Mapping[int, Mapping[str, str]]:
    kept: dict[int, dict[str, str]] = {}
    if batch_ids:
        for row in await connection.execute(select(secrets).where(secrets.c.batch_id.in_(batch_ids))):
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
