"""The database's id and generation, and the recovery with which each generation but the first has begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    union,
    update,
)

from bot.storage.column_types import UtcDateTime
from bot.storage.inserts import upsert
from bot.storage.metadata import metadata
from bot.storage.owner import forget_cards
from bot.storage.private_links import private_links
from bot.storage.tables import OPEN, PENDING, drafts, imports, installation, outbox
from bot.usecases.records import NoteKind
from bot.usecases.recovery_rows import Decision, Misfit, NewestRecord, Recovery

recoveries = Table(
    "recoveries",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("why", String(16), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("decision", String(16), nullable=False),
    # None where that was somebody at the terminal.
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    Column("members_confirmed_by", BigInteger),
    Column("members_confirmed_at", UtcDateTime),
    # When the received records had been read twice.
    Column("settled_at", UtcDateTime),
)

# What each station's ixBrowser has received last, for an admin to recognise its account.
newest_records = Table(
    "newest_records",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("station", String(128), primary_key=True),
    Column("name", Text, nullable=False),
    Column("account", String(256), nullable=False),
    Column("received_at", UtcDateTime),
    Column("is_empty", Boolean, nullable=False),
)
_LATEST = select(recoveries).order_by(recoveries.c.generation.desc()).limit(1)
#: What takes something secret out of a chat.
_GOES = (NoteKind.DELETE_SECRET, NoteKind.HIDE_CODES)
#: Of what ixBrowser shows as an account so many characters are kept.
_ACCOUNT = 256


class SqlRecoveries:
    """The use cases' ``Recoveries``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def generation(self) -> int:
        return self._connection.scalar(select(installation.c.generation)) or 1

    def current(self) -> Recovery | None:
        return self._read(_LATEST)

    def lock(self) -> Recovery | None:
        return self._read(_LATEST.with_for_update())

    def _read(self, wanted: Select[tuple[object, ...]]) -> Recovery | None:
        row = self._connection.execute(wanted).one_or_none()
        if row is None:
            return None
        return Recovery(
            row.generation,
            Misfit(row.why),
            Decision(row.decision),
            members_confirmed=row.members_confirmed_at is not None,
            settled=row.settled_at is not None,
        )

    def begin(self, generation: int, why: Misfit, now: datetime) -> None:
        self._connection.execute(update(installation).values(generation=generation, marked=True))
        begun = {"generation": generation, "why": why, "begun_at": now, "decision": Decision.WAITING}
        self._connection.execute(insert(recoveries), begun)

    def decide(self, generation: int, decision: Decision, by: int | None, now: datetime) -> None:
        self._change(generation, decision=decision, decided_by=by, decided_at=now)

    def confirm_members(self, generation: int, by: int | None, now: datetime) -> None:
        self._change(generation, members_confirmed_by=by, members_confirmed_at=now)

    def note_settled(self, generation: int, now: datetime) -> None:
        self._change(generation, settled_at=now)

    def _change(self, generation: int, **values: object) -> None:
        self._connection.execute(update(recoveries).where(recoveries.c.generation == generation).values(**values))

    def note_newest(self, generation: int, newest: NewestRecord) -> bool:
        before = [each for each in self.newest(generation) if each.station == newest.station]
        row = {
            "generation": generation,
            "station": newest.station,
            "name": newest.name,
            "account": newest.account[:_ACCOUNT],
            "received_at": newest.received_at,
            "is_empty": newest.is_empty,
        }
        upsert(self._connection, newest_records, row)
        return before != [newest]

    def newest(self, generation: int) -> Sequence[NewestRecord]:
        of_it = newest_records.c.generation == generation
        found = self._connection.execute(select(newest_records).where(of_it).order_by(newest_records.c.station))
        return [NewestRecord(row.station, row.name, row.account, row.received_at, row.is_empty) for row in found]

    def forget_what_is_shown(self) -> None:
        # What is secret goes all the same, of which nothing is said: it may have gone already.
        self._connection.execute(delete(outbox).where(outbox.c.kind.not_in(_GOES)))
        deleted = update(outbox).where(outbox.c.kind == NoteKind.DELETE_SECRET)
        self._connection.execute(deleted.values(text=""))
        self._connection.execute(update(outbox).values(due_at=None))
        self._connection.execute(delete(private_links))
        forget_cards(self._connection)

    def people_under_way(self) -> Sequence[int]:
        people = union(select(drafts.c.user_id).where(OPEN), select(imports.c.user_id).where(PENDING))
        return sorted(self._connection.scalars(people))
