"""The team's feed: where it is, and what is told in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.import_state import LINK_OPEN, Status
from bot.domain.loudness import Loudness
from bot.storage.column_types import RowId, UtcDateTime
from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import id_column, metadata
from bot.storage.pieces import in_pieces
from bot.storage.tables import PENDING, imports
from bot.usecases.feed_rows import Ended, Feed, FeedEvent, HandedOver
from bot.usecases.records import Place

# One row, which stays when the feed ends, so that no button of an earlier one has its revision.
feed = Table(
    "feed",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    # Without a chat the team has no feed.
    Column("chat_id", BigInteger),
    Column("thread_id", BigInteger),
    Column("language", String(16), nullable=False),
    Column("set_at", UtcDateTime, nullable=False),
    Column("imported", String(8), nullable=False),
    Column("handed_over", String(8), nullable=False),
    Column("failed", String(8), nullable=False),
    Column("revision", Integer, nullable=False),
)
_ROW = 1
#: How a feed begins.
_USUAL = {"imported": Loudness.SILENT, "handed_over": Loudness.SILENT, "failed": Loudness.LOUD}

feed_events = Table(
    "feed_events",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),
    # The batch or the handoff.
    Column("subject_id", RowId, nullable=False),
    # Facts by which it is told, without prose.
    Column("said", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime),
    # The first event of the message in which it was told; none where it was left out.
    Column("told_with", RowId),
    # A number is never given twice: it tells one message from another.
    sqlite_autoincrement=True,
)
_WAITING = feed_events.c.told_at.is_(None)
Index("ix_feed_events_waiting", feed_events.c.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_feed_events_told_at", feed_events.c.told_at)
Index("ix_feed_events_subject", feed_events.c.kind, feed_events.c.subject_id)

_IMPORTS, _HANDED_OVER = "imports", "handed_over"
#: In which list of an event's facts an import stands, by how it has ended.
_LISTS = {Status.IMPORTED: "imported", Status.FAILED: "failed", Status.UNKNOWN: "unknown"}


class SqlFeed:
    """The use cases' ``FeedRows``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, *, lock: bool = False) -> Feed | None:
        found = select(feed).where(feed.c.id == _ROW)
        row = self._connection.execute(found.with_for_update() if lock else found).one_or_none()
        if row is None or row.chat_id is None:
            return None
        return Feed(
            row.chat_id,
            row.thread_id,
            row.language,
            row.set_at,
            Loudness(row.imported),
            Loudness(row.handed_over),
            Loudness(row.failed),
            row.revision,
        )

    def begin(self, where: Place, now: datetime) -> None:
        row = {"chat_id": None, "language": "", "set_at": now, "revision": 0, **_USUAL}
        self._connection.execute(insert_or_ignore(self._connection, feed), {"id": _ROW, **row})
        begun = update(feed).where(feed.c.id == _ROW, feed.c.chat_id.is_(None))
        here = {"chat_id": where.chat_id, "thread_id": where.thread_id, "language": where.language, "set_at": now}
        if self._connection.execute(begun.values(**here, **_USUAL, revision=feed.c.revision + 1)).rowcount:
            # Somebody may have noted it just when the one before has ended.
            self._connection.execute(delete(feed_events).where(_WAITING))

    def write(self, changed: Feed) -> None:
        values = {
            "chat_id": changed.chat_id,
            "thread_id": changed.thread_id,
            "language": changed.language,
            "imported": changed.imported,
            "handed_over": changed.handed_over,
            "failed": changed.failed,
            "revision": feed.c.revision + 1,
        }
        self._connection.execute(update(feed).where(feed.c.id == _ROW).values(**values))

    def end(self, chat_id: int | None = None) -> bool:
        there = feed.c.chat_id.is_not(None) if chat_id is None else feed.c.chat_id == chat_id
        ended = update(feed).where(there).values(chat_id=None, thread_id=None, revision=feed.c.revision + 1)
        if not self._connection.execute(ended).rowcount:
            return False
        self._connection.execute(delete(feed_events).where(_WAITING))
        return True

    def move_chat(self, old: int, new: int) -> None:
        moved = update(feed).where(feed.c.chat_id == old)
        self._connection.execute(moved.values(chat_id=new, revision=feed.c.revision + 1))

    # --- events ------------------------------------------------------------------------------------------------------

    def ended(self, batch_ids: Collection[int], since: datetime) -> Mapping[int, Ended]:
        going_on = select(imports.c.batch_id).where(
            imports.c.batch_id.in_(batch_ids), or_(PENDING, imports.c.proxy_status.in_(sorted(LINK_OPEN)))
        )
        over = set(batch_ids) - set(self._connection.scalars(going_on))
        found = select(imports.c.id, imports.c.batch_id, imports.c.status).where(
            imports.c.batch_id.in_(sorted(over)), or_(imports.c.finished_at.is_(None), imports.c.finished_at >= since)
        )
        lists: dict[int, dict[str, list[int]]] = {}
        for row in self._connection.execute(found.order_by(imports.c.id)):
            if (name := _LISTS.get(row.status)) is not None:
                lists.setdefault(row.batch_id, {}).setdefault(name, []).append(row.id)
        return {batch_id: _ended(each) for batch_id, each in lists.items()}

    def told(self, batch_id: int) -> Ended:
        of_batch = select(feed_events.c.said).where(
            feed_events.c.kind == _IMPORTS, feed_events.c.subject_id == batch_id
        )
        said = [_ended(each) for each in self._connection.scalars(of_batch)]
        return Ended(
            tuple(row for each in said for row in each.imported),
            tuple(row for each in said for row in each.failed),
            tuple(row for each in said for row in each.unknown),
        )

    def add(self, subject_id: int, said: Ended | HandedOver, now: datetime) -> None:
        kind = _IMPORTS if isinstance(said, Ended) else _HANDED_OVER
        row = {"kind": kind, "subject_id": subject_id, "said": _to_json(said), "created_at": now}
        self._connection.execute(insert(feed_events), row)

    def waiting(self) -> Sequence[FeedEvent]:
        found = self._connection.execute(select(feed_events).where(_WAITING).order_by(feed_events.c.id))
        return [FeedEvent(row.id, row.subject_id, _from_json(row.kind, row.said), row.created_at) for row in found]

    def nameless(self, import_ids: Collection[int]) -> Collection[int]:
        found: list[int] = []
        for some in in_pieces(import_ids):
            unnamed = select(imports.c.id).where(imports.c.id.in_(some), imports.c.profile_name == "")
            found += self._connection.scalars(unnamed)
        return found

    def messages(self, after: datetime, until: datetime) -> Sequence[datetime]:
        said = (feed_events.c.told_at > after, feed_events.c.told_at <= until, feed_events.c.told_with.is_not(None))
        at = func.min(feed_events.c.told_at, type_=UtcDateTime())
        return list(self._connection.scalars(select(at).where(*said).group_by(feed_events.c.told_with).order_by(at)))

    def note_told(self, event_ids: Collection[int], now: datetime, message: int | None) -> None:
        for some in in_pieces(event_ids):
            these = update(feed_events).where(feed_events.c.id.in_(some))
            self._connection.execute(these.values(told_at=now, told_with=message))
            self._connection.execute(these.where(feed_events.c.kind == _HANDED_OVER).values(said={}))

    def people(self, batch_ids: Collection[int]) -> Mapping[int, tuple[int, str]]:
        found: dict[int, tuple[int, str]] = {}
        for some in in_pieces(batch_ids):
            theirs = select(imports.c.batch_id, imports.c.user_id, imports.c.user_name).distinct()
            for row in self._connection.execute(theirs.where(imports.c.batch_id.in_(some))):
                found[row.batch_id] = (row.user_id, row.user_name)
        return found

    def forget_told_before(self, moment: datetime) -> None:
        self._connection.execute(delete(feed_events).where(feed_events.c.told_at < moment))


def forget_handed_over(connection: Connection, name: str) -> None:
    """Do not tell what somebody of this name has handed over, or was given."""
    waiting = connection.execute(
        select(feed_events.c.id, feed_events.c.said).where(_WAITING, feed_events.c.kind == _HANDED_OVER)
    )
    named = [row.id for row in waiting if name in {row.said["by"], row.said["to"]}]
    for some in in_pieces(named):
        connection.execute(delete(feed_events).where(feed_events.c.id.in_(some)))


def _to_json(said: Ended | HandedOver) -> Mapping[str, Any]:
    if isinstance(said, HandedOver):
        return {"by": said.giver, "to": said.receiver, "masks": list(said.masks), "count": said.count}
    lists = {"imported": said.imported, "failed": said.failed, "unknown": said.unknown}
    return {name: list(rows) for name, rows in lists.items() if rows}


def _from_json(kind: str, said: Mapping[str, Any]) -> Ended | HandedOver:
    if kind == _IMPORTS:
        return _ended(said)
    return HandedOver(said["by"], said["to"], tuple(said["masks"]), said["count"])


def _ended(lists: Mapping[str, Sequence[int]]) -> Ended:
    return Ended(*(tuple(lists.get(name, ())) for name in ("imported", "failed", "unknown")))
