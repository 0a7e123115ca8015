"""The import log as it is worked off: rows read under lock, and whole states written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    union,
    update,
)

from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.proxy import Extraction
from bot.domain.transfer_code import TransferCode
from bot.storage.choices import holds_secrets, proxy_from_json
from bot.storage.encryption import Cipher
from bot.storage.log import code_of
from bot.storage.queue_turns import QueueTurns
from bot.storage.retention import forgotten_imports
from bot.storage.secrets import SqlSecrets
from bot.storage.tables import KEPT, PENDING, READY, UNNAMED, UNSETTLED, batches, imports
from bot.usecases.import_rows import ImportRow

#: What of a state is a column; whether it takes a link is told by its proxy, and whether its code is kept by the code.
_STATE = tuple(each.name for each in fields(ImportState) if each.name not in {"takes_link", "code_kept"})

_ROWS = select(imports, batches.c.chat_id.label("card_chat_id")).join(batches, batches.c.id == imports.c.batch_id)
_CODE_IS_SECRET = bindparam("code_is_secret", type_=Boolean())
_SAVE = (
    update(imports)
    .where(imports.c.id == bindparam("row_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in _STATE}
        | {
            "version": imports.c.version + 1,
            # A code that is spent is no secret any more.
            "transfer_code": bindparam("spent_code"),
            "code_encrypted": case((_CODE_IS_SECRET, imports.c.code_encrypted), else_=null()),
        }
    )
)
_QUEUED = imports.c.status == Status.QUEUED
_NOT_HELD = imports.c.held.is_(False)
_READY_BY_ID = _ROWS.where(READY, imports.c.id.in_(bindparam("ids", expanding=True))).with_for_update(
    of=imports, skip_locked=True
)


class SqlImports:
    """The ``Imports`` of the use cases: rows of one station, but where it is said otherwise."""

    def __init__(self, connection: Connection, station: str, secrets: SqlSecrets, cipher: Cipher) -> None:
        self._connection = connection
        self._secrets = secrets
        self._cipher = cipher
        self._station = station
        self._turns = QueueTurns(connection, station)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return imports.c.station == self._station

    # --- under lock -------------------------------------------------------------------------------------------------

    def lock(self, row_id: int) -> ImportRow | None:
        return next(iter(self._lock(self._mine, imports.c.id == row_id)), None)

    def lock_batch(self, batch_id: int) -> Sequence[ImportRow]:
        return self._lock(imports.c.batch_id == batch_id)

    def lock_under_way_of(self, user_id: int) -> Sequence[ImportRow]:
        return self._lock(PENDING, imports.c.user_id == user_id)

    def lock_sending(self, besides: Collection[int]) -> Sequence[ImportRow]:
        return self._lock(self._mine, PENDING, imports.c.status == Status.SENDING, imports.c.id.not_in(list(besides)))

    def lock_queued(self, limit: int, *, last: Collection[int], besides: Collection[int]) -> Sequence[ImportRow]:
        taken: list[ImportRow] = []
        looked_at = set(besides)
        # Those that were tried in vain have their turns when there is nothing else.
        for left_out in [frozenset(last), frozenset[int]()] if last else [frozenset[int]()]:
            more = True
            # What somebody else has locked, or changed meanwhile, makes room for what is behind it.
            while more and len(taken) < limit:
                wanted = limit - len(taken)
                ids = self._turns.next(wanted, looked_at | left_out)
                if ids is None:
                    return taken
                more = len(ids) == wanted
                looked_at.update(ids)
                taken += self._take(ids)
        return taken

    def lock_waiting_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        return self._lock(self._mine, PENDING, _QUEUED, _NOT_HELD, imports.c.waiting_since < moment)

    def lock_waiting_for_other(self, reason: str | None) -> Sequence[ImportRow]:
        waiting = imports.c.waiting_for
        other = waiting.is_not(None) if reason is None else or_(waiting.is_(None), waiting != reason)
        return self._lock(self._mine, PENDING, _QUEUED, other)

    def lock_proxies_missing_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        missing = imports.c.proxy_status == ProxyStatus.MISSING
        return self._lock(self._mine, UNSETTLED, missing, imports.c.finished_at < moment)

    def lock_of_other_stations(self, station: str | None = None) -> Sequence[ImportRow]:
        theirs = ~self._mine if station is None else and_(~self._mine, imports.c.station == station)
        # Each by an index of its own, and in the order of that: for all in one, and in the order of their ids, SQLite
        # would go through the whole log at every start.
        wanted = (_ROWS.where(theirs, waits).with_for_update(of=imports) for waits in (PENDING, UNSETTLED, UNNAMED))
        found = {row.id: row for rows in wanted for row in self._load(rows)}
        return [found[row_id] for row_id in sorted(found)]

    def lock_unfinished(self) -> Sequence[ImportRow]:
        return self._lock(or_(PENDING, UNSETTLED, imports.c.status == Status.UNKNOWN))

    def waiting_elsewhere(self) -> Mapping[str, int]:
        # Each by its own index, as above.
        waiting = union(
            *(select(imports.c.id, imports.c.station).where(~self._mine, each) for each in (PENDING, UNSETTLED))
        )
        rows = waiting.subquery()
        counted = select(rows.c.station, func.count()).group_by(rows.c.station).order_by(rows.c.station)
        return {row[0]: row[1] for row in self._connection.execute(counted)}

    def save(self, rows: Sequence[ImportRow]) -> None:
        values = [
            {"row_id": row.id, **_code_values(row)} | {f"new_{name}": getattr(row.state, name) for name in _STATE}
            for row in rows
        ]
        if values:
            self._connection.execute(_SAVE, values)

    def delete_secrets(self, row_ids: Collection[int]) -> None:
        self._secrets.delete_of_imports(row_ids)

    def forget_codes(self, before: datetime) -> int:
        ended = imports.c.status.in_([Status.FAILED, Status.CANCELLED, Status.UNKNOWN])
        forgotten = update(imports).where(KEPT, ended, imports.c.finished_at < before)
        return self._connection.execute(forgotten.values(code_encrypted=None, version=imports.c.version + 1)).rowcount

    def lock_all_queued(self) -> Sequence[ImportRow]:
        return self._lock(PENDING, _QUEUED)

    # --- looking ----------------------------------------------------------------------------------------------------

    def queued(self) -> Sequence[ImportRow]:
        return self._find(PENDING, _QUEUED)

    def checking(self) -> Sequence[ImportRow]:
        return self._find(PENDING, imports.c.status == Status.CHECKING)

    def links_to_set(self) -> Sequence[ImportRow]:
        return self._find(UNSETTLED, imports.c.proxy_status != ProxyStatus.MISSING)

    def unnamed(self, since: datetime) -> Sequence[ImportRow]:
        return self._find(UNNAMED, imports.c.profile_id.is_not(None), imports.c.finished_at >= since)

    def claimed_records(self, record_ids: Collection[int]) -> frozenset[int]:
        return self._known(imports.c.record_id, record_ids)

    def claimed_profiles(self, profile_ids: Collection[int]) -> frozenset[int]:
        wanted = forgotten_imports.c.profile_id.in_(list(profile_ids))
        gone = select(forgotten_imports.c.profile_id).where(forgotten_imports.c.station == self._station, wanted)
        return self._known(imports.c.profile_id, profile_ids) | frozenset(self._connection.scalars(gone))

    def _known(self, column: ColumnElement[Any], ids: Collection[int]) -> frozenset[int]:
        found = self._connection.execute(select(column).where(self._mine, column.in_(list(ids))))
        return frozenset(row[0] for row in found)

    def _take(self, ids: Sequence[int]) -> Sequence[ImportRow]:
        """Those of the queued rows that are free, in this order; their people have had their turns."""
        if not ids:
            return []
        free = self._connection.execute(_READY_BY_ID, {"ids": list(ids)})
        found = sorted(free, key=lambda row: ids.index(row.id))
        self._turns.take([row.user_id for row in found])
        return self._rows(found)

    # --- rows -------------------------------------------------------------------------------------------------------

    def _find(self, *conditions: ColumnElement[bool]) -> Sequence[ImportRow]:
        return self._load(_ROWS.where(self._mine, *conditions).order_by(imports.c.id))

    def _lock(self, *conditions: ColumnElement[bool]) -> Sequence[ImportRow]:
        return self._load(_ROWS.where(*conditions).order_by(imports.c.id).with_for_update(of=imports))

    def _load(self, wanted: Select[Any]) -> Sequence[ImportRow]:
        return self._rows(self._connection.execute(wanted).all())

    def _rows(self, found: Sequence[Row[Any]]) -> Sequence[ImportRow]:
        kept = self._secrets.of_imports([row.id for row in found if holds_secrets(row.proxy_choice)])
        return [_import_row(row, code_of(row, self._cipher), kept.get(row.id, {})) for row in found]


def _code_values(row: ImportRow) -> Mapping[str, object]:
    """The code of an import that has arrived, which may be read in the log from now on, or whether it is kept."""
    spent = row.code is not None and row.state.status is Status.IMPORTED
    return {
        "spent_code": row.code.text if row.code is not None and spent else None,
        "code_is_secret": row.state.code_kept and not spent,
    }


def _import_row(row: Row[Any], code: TransferCode | None, kept: Mapping[str, str]) -> ImportRow:
    proxy = proxy_from_json(row.proxy_choice, kept)
    state = {name: getattr(row, name) for name in _STATE} | {
        "status": Status(row.status),
        "verdict": Status(row.verdict) if row.verdict else None,
        "proxy_status": ProxyStatus(row.proxy_status) if row.proxy_status else None,
    }
    return ImportRow(
        id=row.id,
        batch_id=row.batch_id,
        chat_id=row.card_chat_id,
        user_id=row.user_id,
        created_at=row.created_at,
        code=code,
        group_id=row.group_id,
        proxy=proxy,
        bypass=tuple(row.bypass),
        state=ImportState(**state, takes_link=isinstance(proxy, Extraction), code_kept=code is not None),
        handoff_id=row.handoff_id,
    )
