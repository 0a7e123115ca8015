"""The import log in memory: its rows, and whose cards have fallen behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.import_state import LINK_OPEN, UNDER_WAY, ImportState, ProxyStatus, Status, needs_secrets
from bot.usecases.import_rows import ImportRow

GONE = frozenset({Status.FAILED, Status.CANCELLED})
FINAL = GONE | {Status.IMPORTED, Status.UNKNOWN}


class MemoryImports:
    """The rows of the import log, each of which is a batch of its own unless a test says otherwise."""

    def __init__(self, station: str) -> None:
        self.station = station
        self.rows: dict[int, ImportRow] = {}
        self.versions: dict[int, int] = {}
        self.without_secrets: list[int] = []
        #: When each person, whose chat a row's card stands in, had their last turn.
        self.turns: dict[int, int] = {}

    def lock(self, row_id: int) -> ImportRow | None:
        return next((row for row in self._mine() if row.id == row_id), None)

    def lock_batch(self, batch_id: int) -> Sequence[ImportRow]:
        return [row for row in self.rows.values() if row.batch_id == batch_id]

    def lock_under_way_of(self, user_id: int) -> Sequence[ImportRow]:
        raise NotImplementedError("nobody is removed here")

    def lock_sending(self, besides: Collection[int]) -> Sequence[ImportRow]:
        return [row for row in self._in(Status.SENDING) if row.id not in besides]

    def lock_queued(self, limit: int, *, last: Collection[int], besides: Collection[int]) -> Sequence[ImportRow]:
        free = [row for row in self._in(Status.QUEUED) if not row.state.held and row.id not in besides]
        taken: list[ImportRow] = []
        while free and len(taken) < limit:
            following = min(free, key=lambda row: (row.id in last, self.turns.get(row.chat_id, 0), row.id))
            self.turns[following.chat_id] = max(self.turns.values(), default=0) + 1
            free.remove(following)
            taken.append(following)
        return taken

    def lock_waiting_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        return [row for row in self._in(Status.QUEUED) if not row.state.held and row.state.waiting_since < moment]

    def lock_waiting_for_other(self, reason: str | None) -> Sequence[ImportRow]:
        return [row for row in self._in(Status.QUEUED) if row.state.waiting_for != reason]

    def lock_proxies_missing_since_before(self, moment: datetime) -> Sequence[ImportRow]:
        missing = [row for row in self._mine() if row.state.proxy_status is ProxyStatus.MISSING]
        return [row for row in missing if row.state.finished_at is not None and row.state.finished_at < moment]

    def lock_of_other_stations(self, station: str | None = None) -> Sequence[ImportRow]:
        theirs = [row for row in self.rows.values() if row.state.station != self.station and _has_something_left(row)]
        return [row for row in theirs if station in {None, row.state.station}]

    def waiting_elsewhere(self) -> Mapping[str, int]:
        theirs = (row for row in self.rows.values() if row.state.station != self.station)
        return Counter(row.state.station for row in theirs if needs_secrets(row.state))

    def lock_unfinished(self) -> Sequence[ImportRow]:
        unfinished = UNDER_WAY | {Status.UNKNOWN}
        return [row for row in self.rows.values() if row.state.status in unfinished or _is_unsettled(row)]

    def save(self, rows: Sequence[ImportRow]) -> None:
        for row in rows:
            self.rows[row.id] = row
            self.versions[row.id] = self.versions.get(row.id, 0) + 1

    def delete_secrets(self, row_ids: Collection[int]) -> None:
        assert not any(needs_secrets(self.rows[row_id].state) for row_id in row_ids)
        self.without_secrets += row_ids

    def forget_codes(self, before: datetime) -> int:
        ended = FINAL - {Status.IMPORTED}
        old = [
            row
            for row in self.rows.values()
            if row.state.status in ended and row.code and row.state.finished_at and row.state.finished_at < before
        ]
        self.save([replace(row, code=None, state=replace(row.state, code_kept=False)) for row in old])
        return len(old)

    def lock_all_queued(self) -> Sequence[ImportRow]:
        return [row for row in self.rows.values() if row.state.status is Status.QUEUED]

    def queued(self) -> Sequence[ImportRow]:
        return self._in(Status.QUEUED)

    def checking(self) -> Sequence[ImportRow]:
        return self._in(Status.CHECKING)

    def links_to_set(self) -> Sequence[ImportRow]:
        return [row for row in self._mine() if row.state.proxy_status in LINK_OPEN]

    def unnamed(self, since: datetime) -> Sequence[ImportRow]:
        return [
            row
            for row in self._in(Status.IMPORTED)
            if row.state.profile_id is not None
            and not row.state.profile_name
            and row.state.finished_at is not None
            and row.state.finished_at >= since
        ]

    def claimed_records(self, record_ids: Collection[int]) -> frozenset[int]:
        known = {row.state.record_id for row in self._mine()}
        return frozenset(record_id for record_id in record_ids if record_id in known)

    def claimed_profiles(self, profile_ids: Collection[int]) -> frozenset[int]:
        known = {row.state.profile_id for row in self._mine()}
        return frozenset(profile_id for profile_id in profile_ids if profile_id in known)

    def _mine(self) -> list[ImportRow]:
        return [row for row in self.rows.values() if row.state.station == self.station]

    def _in(self, status: Status) -> list[ImportRow]:
        return [row for row in self._mine() if row.state.status is status]


def _has_something_left(row: ImportRow) -> bool:
    state = row.state
    unnamed = state.status is Status.IMPORTED and not state.profile_name
    return state.status in UNDER_WAY or _is_unsettled(row) or unnamed


def _is_unsettled(row: ImportRow) -> bool:
    return row.state.proxy_status in LINK_OPEN | {ProxyStatus.MISSING}


@dataclass(frozen=True, slots=True)
class News:
    """A card that has fallen behind: where its import stood by then, and what is to be done with the card."""

    row_id: int
    state: ImportState
    repost: bool
    waited: bool
    announce_again: bool


class MemoryBatches:
    """Of batches: whose cards have fallen behind."""

    def __init__(self, imports: MemoryImports) -> None:
        self._imports = imports
        self.news: list[News] = []

    def mark_behind(self, batch_ids: Collection[int], *, repost: bool, waited: bool, announce_again: bool) -> None:
        for batch_id in batch_ids:
            rows = self._imports.lock_batch(batch_id)
            self.news += [News(row.id, row.state, repost, waited, announce_again) for row in rows]
