"""When each station was told last that the daily limit of ixBrowser's plan is reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, bindparam, select

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import metadata

daily_limits = Table(
    "daily_limits",
    metadata,
    Column("station", String(128), primary_key=True),
    Column("met_at", UtcDateTime, nullable=False),
)
_HERE = select(daily_limits.c.met_at).where(daily_limits.c.station == bindparam("here"))


class SqlDailyLimits:
    """The use cases' ``DailyLimits``, of one station."""

    def __init__(self, connection: Connection, station: str) -> None:
        self._connection = connection
        self._station = station

    def note(self, now: datetime) -> None:
        upsert(self._connection, daily_limits, {"station": self._station, "met_at": now})

    def met_at(self) -> datetime | None:
        met_at: datetime | None = self._connection.scalar(_HERE, {"here": self._station})
        return met_at
