"""What admins were told of the bot itself, so that a restart tells nothing twice, and how loud each wants it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, Connection, String, Table, select

from bot.domain.alert import AlertKind, Observed
from bot.domain.loudness import Loudness
from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import metadata

alerts = Table(
    "alerts",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("told", String(16), nullable=False),
    Column("seen", String(16), nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

alert_choices = Table(
    "alert_choices",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("loudness", String(16), nullable=False),
)


class SqlAlerts:
    """The use cases' ``Alerts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def observed(self, name: str) -> Observed | None:
        row = self._connection.execute(select(alerts).where(alerts.c.name == name)).one_or_none()
        return None if row is None else Observed(row.told, row.seen, row.since, row.seen_at)

    def note(self, name: str, observed: Observed) -> None:
        told = {"told": observed.told, "seen": observed.seen, "since": observed.since, "seen_at": observed.seen_at}
        upsert(self._connection, alerts, {"name": name, **told})

    def choices(self, user_id: int) -> Mapping[AlertKind, Loudness]:
        theirs = select(alert_choices).where(alert_choices.c.user_id == user_id)
        # A version before or after this one may know other kinds.
        known = set(AlertKind)
        rows = [row for row in self._connection.execute(theirs) if row.kind in known]
        return {AlertKind(row.kind): Loudness(row.loudness) for row in rows}

    def choose(self, user_id: int, kind: AlertKind, loudness: Loudness) -> None:
        upsert(self._connection, alert_choices, {"user_id": user_id, "kind": kind, "loudness": loudness})
