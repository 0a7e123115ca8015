"""How the bot is: of the hub one row, of each station's ixBrowser another, and errors by their references alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from bot.domain.import_state import Status
from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import id_column, metadata
from bot.storage.tables import PENDING, imports
from bot.usecases.health_rows import BrowserHealth, BrowserState, Disk, Failure, HubHealth, Queue

# One row.
hub_health = Table(
    "hub_health",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", String(32), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("telegram_at", UtcDateTime),
    Column("disk_free", BigInteger),
    Column("disk_total", BigInteger),
)
_ROW = 1

station_health = Table(
    "station_health",
    metadata,
    Column("station", String(128), primary_key=True),
    Column("browser", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("latency_ms", Integer),
)

# Nothing of what went wrong: the log has that.
failures = Table(
    "failures",
    metadata,
    id_column(),
    Column("at", UtcDateTime, nullable=False),
    Column("reference", String(16), nullable=False),
)
Index("ix_failures_at", failures.c.at)


class SqlHealth:
    """The use cases' ``Health``."""

    def __init__(self, connection: Connection, station: str) -> None:
        self._connection = connection
        self._station = station

    def hub(self) -> HubHealth | None:
        row = self._connection.execute(select(hub_health)).one_or_none()
        if row is None:
            return None
        disk = None if row.disk_free is None else Disk(row.disk_free, row.disk_total)
        return HubHealth(row.version, row.started_at, row.seen_at, row.ended, row.telegram_at, disk)

    def note_hub(self, hub: HubHealth) -> None:
        row = {
            "id": _ROW,
            "version": hub.version,
            "started_at": hub.started_at,
            "seen_at": hub.seen_at,
            "ended": hub.ended,
            "telegram_at": hub.telegram_at,
            "disk_free": None if hub.disk is None else hub.disk.free,
            "disk_total": None if hub.disk is None else hub.disk.total,
        }
        upsert(self._connection, hub_health, row)

    def browsers(self) -> Sequence[BrowserHealth]:
        rows = self._connection.execute(select(station_health).order_by(station_health.c.station))
        return [
            BrowserHealth(row.station, BrowserState(row.browser), row.since, row.seen_at, row.latency_ms)
            for row in rows
        ]

    def note_browser(self, state: BrowserState, now: datetime, latency_ms: int | None) -> None:
        here = select(station_health.c.browser, station_health.c.since).where(station_health.c.station == self._station)
        before = self._connection.execute(here).one_or_none()
        since = before.since if before is not None and before.browser == state else now
        row = {"station": self._station, "browser": state, "since": since, "seen_at": now, "latency_ms": latency_ms}
        upsert(self._connection, station_health, row)

    def queue(self) -> Queue:
        counted = select(imports.c.status, imports.c.held, func.count(), func.min(imports.c.created_at)).where(PENDING)
        rows = self._connection.execute(counted.group_by(imports.c.status, imports.c.held)).all()
        counts = {Status(status): 0 for status, *_ in rows}
        for status, _, count, _ in rows:
            counts[Status(status)] += count
        held = sum(count for _, is_held, count, _ in rows if is_held)
        return Queue(counts, held, min((oldest for *_, oldest in rows), default=None))

    def database_bytes(self) -> int:
        on_server = "SELECT pg_database_size(current_database())"
        in_file = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        size = text(on_server if self._connection.dialect.name == "postgresql" else in_file)
        return int(self._connection.scalar(size) or 0)

    def note_failure(self, failure: Failure) -> None:
        self._connection.execute(insert(failures), {"at": failure.at, "reference": failure.reference})

    def failures_since(self, moment: datetime, most: int) -> tuple[int, Sequence[Failure]]:
        since = failures.c.at >= moment
        count = self._connection.scalar(select(func.count()).select_from(failures).where(since)) or 0
        newest = select(failures).where(since).order_by(failures.c.at.desc(), failures.c.id.desc()).limit(most)
        return count, [Failure(row.at, row.reference) for row in self._connection.execute(newest)]

    def forget_before(self, failures_: datetime, stations: datetime) -> None:
        self._connection.execute(delete(failures).where(failures.c.at < failures_))
        self._connection.execute(delete(station_health).where(station_health.c.seen_at < stations))
