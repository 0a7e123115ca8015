"""Requests to be let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    text,
    update,
)

from bot.domain.access_request import AccessRequest, RequestState
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.inserts import new_id
from bot.storage.metadata import id_column, metadata
from bot.storage.shared_cards import shared_cards
from bot.usecases.access_request_rows import Asker, Crowd, StoredRequest
from bot.usecases.shared_card_rows import SharedKind

access_requests = Table(
    "access_requests",
    metadata,
    id_column(),
    Column("user_id", BigInteger, nullable=False, index=True),
    # As Telegram described the person when they asked.
    Column("name", String(256), nullable=False),
    Column("username", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    # The first request of those that share a card with it.
    Column("crowd_id", RowId, index=True),
    Column("state", String(16), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("answered_by", BigInteger),
    # A number is never given twice: a button of a request that is gone must not be that of another.
    sqlite_autoincrement=True,
)
_ROW = access_requests.c
# Written out, as the index has it.
_WAITING: ColumnElement[bool] = _ROW.state == literal_column("'waiting'")
Index("uq_access_requests_waiting", _ROW.user_id, unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING)

_ROWS = select(access_requests).order_by(_ROW.id)
# Made once: it is asked for at every answer to a stranger.
_NEWEST = select(access_requests).where(_ROW.user_id == bindparam("user_id")).order_by(_ROW.id.desc()).limit(1)


class SqlAccessRequests:
    """The use cases' ``AccessRequests``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self) -> None:
        if self._connection.dialect.name == "postgresql":
            # SQLite has one writer at a time anyway.
            self._connection.execute(text("LOCK TABLE access_requests IN SHARE ROW EXCLUSIVE MODE"))

    # --- asking -------------------------------------------------------------------------------------------------------

    def add(self, asker: Asker, request: AccessRequest) -> int:
        row = {"user_id": asker.user_id, "name": asker.name, "username": asker.username, "language": asker.language}
        return new_id(self._connection.execute(insert(access_requests), row | _values(request)))

    def put_into_crowd(self, request_id: int, crowd_id: int) -> None:
        self._connection.execute(update(access_requests).where(_ROW.id == request_id).values(crowd_id=crowd_id))

    def newest_of(self, user_id: int) -> StoredRequest | None:
        row = self._connection.execute(_NEWEST, {"user_id": user_id}).one_or_none()
        return None if row is None else _stored(row)

    def count_waiting(self) -> int:
        return self._count(_WAITING)

    def count_cards(self, since: datetime) -> int:
        return self._count(_ROW.crowd_id.is_(None), or_(_WAITING, _ROW.asked_at > since))

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        return self._connection.scalar(select(func.count()).select_from(access_requests).where(*conditions)) or 0

    # --- crowds -------------------------------------------------------------------------------------------------------

    def find_crowd(self, since: datetime) -> int | None:
        begun = select(_ROW.id).where(_ROW.id == _ROW.crowd_id, _ROW.asked_at > since)
        newest = select(func.max(_ROW.crowd_id)).where(_WAITING, _ROW.crowd_id.in_(begun))
        crowd_id: int | None = self._connection.scalar(newest)
        return crowd_id

    def crowd(self, crowd_id: int) -> Crowd:
        found = select(_ROW.state, func.count().label("many"), func.max(_ROW.id).label("last"))
        rows = self._connection.execute(found.where(_ROW.crowd_id == crowd_id).group_by(_ROW.state)).all()
        many = {row.state: row.many for row in rows}
        last = [row.last for row in rows if row.state == RequestState.WAITING]
        return Crowd(
            many.get(RequestState.WAITING, 0),
            many.get(RequestState.ALLOWED, 0),
            many.get(RequestState.REFUSED, 0),
            last[0] if last else 0,
        )

    def next_of_crowd(self, crowd_id: int, without_card_in: int | None = None) -> int | None:
        oldest = select(func.min(_ROW.id)).where(_ROW.crowd_id == crowd_id, _WAITING)
        if without_card_in is not None:
            of_request = and_(
                shared_cards.c.kind == SharedKind.ACCESS_REQUEST, shared_cards.c.chat_id == without_card_in
            )
            oldest = oldest.where(_ROW.id.not_in(select(shared_cards.c.subject_id).where(of_request)))
        request_id: int | None = self._connection.scalar(oldest)
        return request_id

    def waiting_cards(self) -> tuple[Sequence[int], Sequence[int]]:
        alone = select(_ROW.id).where(_WAITING, _ROW.crowd_id.is_(None)).order_by(_ROW.id)
        crowds = select(_ROW.crowd_id).where(_WAITING, _ROW.crowd_id.is_not(None)).distinct().order_by(_ROW.crowd_id)
        return list(self._connection.scalars(alone)), list(self._connection.scalars(crowds))

    # --- answering ----------------------------------------------------------------------------------------------------

    def find(self, request_id: int) -> StoredRequest | None:
        row = self._connection.execute(select(access_requests).where(_ROW.id == request_id)).one_or_none()
        return None if row is None else _stored(row)

    def lock_one(self, request_id: int) -> StoredRequest | None:
        return next(iter(self._locked(_ROW.id == request_id)), None)

    def lock_waiting_of(self, user_id: int) -> StoredRequest | None:
        return next(iter(self._locked(_ROW.user_id == user_id, _WAITING)), None)

    def lock_crowd(self, crowd_id: int, last_id: int) -> Sequence[StoredRequest]:
        return self._locked(_ROW.crowd_id == crowd_id, _ROW.id <= last_id, _WAITING)

    def lock_asked_before(self, moment: datetime) -> Sequence[StoredRequest]:
        return self._locked(_ROW.asked_at <= moment, _WAITING)

    def _locked(self, *conditions: ColumnElement[bool]) -> Sequence[StoredRequest]:
        return [_stored(row) for row in self._connection.execute(_ROWS.where(*conditions).with_for_update())]

    def save(self, request_id: int, request: AccessRequest) -> None:
        self._connection.execute(update(access_requests).where(_ROW.id == request_id).values(**_values(request)))

    def forget_ended_before(self, moment: datetime) -> None:
        """Forget whom nobody has asked about for long, and the cards that they had."""
        old = and_(not_(_WAITING), _ROW.ended_at < moment)
        self._connection.execute(delete(access_requests).where(old))
        for kind, there in ((SharedKind.ACCESS_REQUEST, _ROW.id), (SharedKind.ACCESS_CROWD, _ROW.crowd_id)):
            left = select(there).where(there == shared_cards.c.subject_id).exists()
            self._connection.execute(delete(shared_cards).where(shared_cards.c.kind == kind, not_(left)))


def _values(request: AccessRequest) -> dict[str, Any]:
    return {
        "state": request.state,
        "asked_at": request.asked_at,
        "ended_at": request.ended_at,
        "answered_by": request.answered_by,
    }


def _stored(row: Row[Any]) -> StoredRequest:
    request = AccessRequest(RequestState(row.state), row.asked_at, row.ended_at, row.answered_by)
    return StoredRequest(row.id, Asker(row.user_id, row.name, row.username, row.language), row.crowd_id, request)
