"""An import log in memory, which keeps the promises that ``ImportLog`` makes and can be made to fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Keep, ProxyChoice
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.usecases.import_queue import ImportRow
from tests.support.clock import MovableClock

KEEP = Keep()
ANA, MAI = 1, 2
GONE = frozenset({Status.FAILED, Status.CANCELLED})
FINAL = GONE | {Status.IMPORTED, Status.UNKNOWN}


@dataclass(frozen=True, slots=True)
class News:
    """A change that moved a card on: what its person is told."""

    row_id: int
    fields: dict[str, Any]


@dataclass(slots=True)
class MemoryImportLog:
    """``faults`` names the methods that raise now; ``lost`` those that raise once, having committed all the same.

    ``owners`` are the people who have confirmed the rows. ``untold`` are the rows whose last change was quiet;
    ``latency`` is the seconds that a transaction takes.
    """

    clock: MovableClock
    rows: dict[int, ImportRow] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    waits: dict[int, str | None] = field(default_factory=dict)
    waits_said: list[str | None] = field(default_factory=list)
    news: list[News] = field(default_factory=list)
    untold: set[int] = field(default_factory=set)
    faults: dict[str, Exception] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    latency: float = 0.0
    calls: list[str] = field(default_factory=list)

    # --- what people do

    def confirm(
        self,
        code: str = "11112222-33334444",
        *,
        person: int = ANA,
        group_id: int | None = None,
        proxy: ProxyChoice = KEEP,
        **fields: Any,
    ) -> ImportRow | None:
        """A new queued row; None when somebody has the code already."""
        wanted = TransferCode(code)
        if self.owner(code) is not None:
            return None
        now = self.clock.now()
        row_id = len(self.rows) + 1
        row = ImportRow(
            id=row_id,
            batch_id=row_id,
            code=wanted,
            group_id=group_id,
            proxy=proxy,
            bypass=(),
            status=Status.QUEUED,
            created_at=now,
            waiting_since=now,
        )
        self.rows[row_id] = row = replace(row, **fields)
        self.owners[row_id] = person
        return row

    def owner(self, code: str) -> int | None:
        """Who has the code: whom somebody else is told of who confirms it too."""
        wanted = TransferCode(code)
        living = [row.id for row in self.rows.values() if row.code == wanted and row.status not in GONE]
        assert len(living) <= 1, f"{wanted} has two living rows"
        return self.owners[living[0]] if living else None

    def add(self, code: str = "11112222-33334444", **fields: Any) -> int:
        """A row as some test needs it; its id."""
        row = self.confirm(code, **fields)
        assert row is not None
        return row.id

    def cancel(self, row_id: int, person: int = ANA) -> None:
        row = self.rows[row_id]
        if self.owners[row_id] != person:
            return
        if row.status is Status.QUEUED and row.unanswered == 0:
            self._tell(row_id, status=Status.CANCELLED, finished_at=self.clock.now())
        elif row.status not in FINAL:
            self._write(row_id, cancel_wanted=True)

    def look_again(self, row_id: int) -> None:
        assert self.rows[row_id].status is Status.UNKNOWN
        self._write(row_id, status=Status.CHECKING, finished_at=None)

    def set_proxy_again(self, row_id: int) -> None:
        assert self.rows[row_id].proxy_status is ProxyStatus.MISSING
        self._write(row_id, proxy_status=ProxyStatus.PENDING)

    # --- what tests ask

    def status(self, row_id: int) -> Status:
        return self.rows[row_id].status

    def told(self, row_id: int) -> list[dict[str, Any]]:
        return [news.fields for news in self.news if news.row_id == row_id]

    # --- the port

    async def recover(self, besides: Collection[int] = ()) -> Sequence[ImportRow]:
        await self._begin("recover")
        found = [row for row in self._in(Status.SENDING) if row.id not in besides]
        for row in found:
            self._tell(row.id, status=Status.CHECKING, unanswered=row.unanswered + 1)
        self._end("recover")
        return [self.rows[row.id] for row in found]

    async def claim(self, limit: int, *, last: Collection[int] = ()) -> Sequence[ImportRow]:
        await self._begin("claim")
        waiting = [row for row in self._in(Status.QUEUED) if not row.held and not row.cancel_wanted]
        taken = sorted(waiting, key=lambda row: (row.id in last, row.id))[:limit]
        for row in taken:
            self._write(row.id, status=Status.SENDING, sent_at=self.clock.now(), attempts=row.attempts + 1)
        self._end("claim")
        return [self.rows[row.id] for row in taken]

    async def checking(self) -> Sequence[ImportRow]:
        await self._begin("checking")
        return self._in(Status.CHECKING)

    async def cancelled_while_queued(self) -> Sequence[ImportRow]:
        await self._begin("cancelled_while_queued")
        return [row for row in self._in(Status.QUEUED) if row.cancel_wanted]

    async def proxies_to_set(self) -> Sequence[ImportRow]:
        await self._begin("proxies_to_set")
        open_ones = {ProxyStatus.PENDING, ProxyStatus.SETTING}
        return [row for row in self._in(Status.IMPORTED) if row.proxy_status in open_ones]

    async def unnamed(self) -> Sequence[ImportRow]:
        await self._begin("unnamed")
        since = self.clock.now() - timedelta(days=1)
        return [
            row
            for row in self._in(Status.IMPORTED)
            if row.profile_id is not None
            and not row.profile_name
            and (row.finished_at is None or row.finished_at >= since)
        ]

    async def change(self, row_id: int, *, expect: Status, quiet: bool = False, **fields: object) -> bool:
        await self._begin("change")
        if self.rows[row_id].status is not expect:
            return False
        if quiet:
            self._write(row_id, **fields)
            self.untold.add(row_id)
        else:
            self._tell(row_id, **fields)
        self._end("change")
        return True

    async def wait(self, reason: str | None) -> None:
        await self._begin("wait")
        self.waits_said.append(reason)
        for row in self._in(Status.QUEUED):
            if self.waits.get(row.id) != reason:
                self.waits[row.id] = reason
                self.news.append(News(row.id, {"waits_for": reason}))

    async def hold_older_than(self, moment: datetime) -> int:
        await self._begin("hold_older_than")
        queued = [row for row in self._in(Status.QUEUED) if not row.held and not row.cancel_wanted]
        old = [row for row in queued if row.waiting_since < moment]
        for row in old:
            self._tell(row.id, held=True)
        return len(old)

    async def claimed_records(self, record_ids: Sequence[int]) -> frozenset[int]:
        await self._begin("claimed_records")
        return frozenset(record_ids) & {row.record_id for row in self.rows.values() if row.record_id is not None}

    async def claimed_profiles(self, profile_ids: Sequence[int]) -> frozenset[int]:
        await self._begin("claimed_profiles")
        return frozenset(profile_ids) & {row.profile_id for row in self.rows.values() if row.profile_id is not None}

    # --- inside

    def _in(self, status: Status) -> list[ImportRow]:
        return [row for row in self.rows.values() if row.status is status]

    def _write(self, row_id: int, **fields: Any) -> None:
        self.rows[row_id] = replace(self.rows[row_id], **fields)

    def _tell(self, row_id: int, **fields: Any) -> None:
        self._write(row_id, **fields)
        self.news.append(News(row_id, fields))
        self.untold.discard(row_id)

    async def _begin(self, name: str) -> None:
        self.calls.append(name)
        if self.latency:
            await self.clock.pass_by(self.latency)
        if name in self.faults:
            raise self.faults[name]

    def _end(self, name: str) -> None:
        if name in self.lost:
            self.lost.remove(name)
            raise StorageError("the database did not say whether it had committed")
