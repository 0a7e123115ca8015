"""A database in memory: a store that runs use cases at once, on repositories that keep what theirs promise.

It can be made to fail, and to commit without saying so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from bot.domain.draft import Draft, NewGroup
from bot.domain.import_events import CancelWanted, Event, LookAgain, ProxyRetried
from bot.domain.import_state import LINK_OPEN, UNDER_WAY, ImportState, ProxyStatus, Status, needs_secrets
from bot.domain.proxy import Extraction, Keep, ProxyChoice
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.usecases.import_queue import change_batch
from bot.usecases.import_rows import ImportRow
from bot.usecases.import_story import log_end
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState, StoredDraft
from bot.usecases.recovery_rows import Recovery
from tests.support.clock import MovableClock
from tests.support.memory_lists import MemoryAlerts, MemoryCards, MemoryLists

P = ParamSpec("P")
T = TypeVar("T")

KEEP = Keep()
ANA, MAI = 1, 2
GONE = frozenset({Status.FAILED, Status.CANCELLED})
FINAL = GONE | {Status.IMPORTED, Status.UNKNOWN}
STATION = "office"
_STATE = {each.name for each in fields(ImportState)}


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


class MemoryRecoveries:
    """The database is no restored one, unless a test says so."""

    def __init__(self) -> None:
        self.now: Recovery | None = None

    def current(self) -> Recovery | None:
        return self.now


class MemoryDailyLimits:
    """When the station was told last that the limit is reached."""

    def __init__(self) -> None:
        self.noted: datetime | None = None

    def note(self, now: datetime) -> None:
        self.noted = now

    def met_at(self) -> datetime | None:
        return self.noted


class MemoryWrongCodes:
    """Nobody is told of wrong codes here."""

    def people(self, row_ids: Collection[int]) -> Collection[int]:
        del row_ids
        return ()


class MemoryHeldCodes:
    """Whose codes are is not asked here; those of imports that have ended without arriving are let go of."""

    def __init__(self) -> None:
        self.released: list[int] = []

    def release_imports(self, import_ids: Collection[int]) -> None:
        self.released += import_ids


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


class MemoryDrafts:
    """Drafts by their id."""

    def __init__(self) -> None:
        self.stored: dict[int, StoredDraft] = {}

    def find(self, draft_id: int) -> StoredDraft | None:
        return self.stored.get(draft_id)

    def all_open(self) -> Sequence[StoredDraft]:
        return [each for each in self.stored.values() if each.state is DraftState.OPEN]

    def with_new_group(self) -> Sequence[StoredDraft]:
        return [each for each in self.all_open() if isinstance(each.draft.group, NewGroup)]

    def note(self, before: StoredDraft, draft: Draft) -> bool:
        return self._swap(before, replace(before, draft=draft))

    def change(
        self, before: StoredDraft, draft: Draft, now: datetime, *, repost: bool, message_id: int | None = None
    ) -> bool:
        del now, message_id
        card = replace(before.card, revision=before.card.revision + 1, repost=before.card.repost or repost)
        return self._swap(before, replace(before, draft=draft, card=card))

    def _swap(self, before: StoredDraft, after: StoredDraft) -> bool:
        now = self.stored.get(before.id)
        if now is None or now.state is not DraftState.OPEN or now.card.revision != before.card.revision:
            return False
        self.stored[before.id] = after
        return True


class MemoryFeed:
    """The team has none."""

    def find(self, *, lock: bool = False) -> None:
        del lock


class MemorySignals:
    """Signals of one transaction, as the names of who has something to do; chats by their ids."""

    def __init__(self) -> None:
        self.chats: list[int] = []
        self.names: list[str] = []

    def chat_behind(self, chat_id: int) -> None:
        self.chats.append(chat_id)

    def imports_queued(self) -> None:
        self.names.append("imports_queued")

    def imports_to_verify(self) -> None:
        self.names.append("imports_to_verify")

    def links_to_set(self) -> None:
        self.names.append("links_to_set")

    def groups_requested(self) -> None:
        self.names.append("groups_requested")

    def lists_requested(self) -> None:
        self.names.append("lists_requested")

    def lists_published(self) -> None:
        self.names.append("lists_published")

    def feed_behind(self) -> None:
        self.names.append("feed_behind")

    def menus_due(self) -> None:
        self.names.append("menus_due")

    def import_ended(self, row: ImportRow) -> None:
        log_end(row)


@dataclass(slots=True)
class MemoryWork:
    """One transaction."""

    now: datetime
    station: str
    imports: MemoryImports
    batches: MemoryBatches
    drafts: MemoryDrafts
    lists: MemoryLists
    cards: MemoryCards
    daily_limits: MemoryDailyLimits
    alerts: MemoryAlerts
    recoveries: MemoryRecoveries
    wrong_codes: MemoryWrongCodes = field(default_factory=MemoryWrongCodes)
    feed: MemoryFeed = field(default_factory=MemoryFeed)
    held_codes: MemoryHeldCodes = field(default_factory=MemoryHeldCodes)
    signals: MemorySignals = field(default_factory=MemorySignals)


@dataclass(slots=True)
class MemoryStore:
    """``faults`` names the use cases that raise now; ``lost`` those that raise once, having committed all the same.

    ``latency`` is the seconds that a transaction takes, half of them before it begins. ``handlers`` are called by the
    name of a signal, where there are any. ``owners`` are the people who have confirmed the rows.
    """

    clock: MovableClock
    imports: MemoryImports = field(default_factory=lambda: MemoryImports(STATION))
    batches: MemoryBatches = field(init=False)
    drafts: MemoryDrafts = field(default_factory=MemoryDrafts)
    lists: MemoryLists = field(default_factory=MemoryLists)
    cards: MemoryCards = field(default_factory=MemoryCards)
    daily_limits: MemoryDailyLimits = field(default_factory=MemoryDailyLimits)
    alerts: MemoryAlerts = field(default_factory=MemoryAlerts)
    recoveries: MemoryRecoveries = field(default_factory=MemoryRecoveries)
    owners: dict[int, int] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    latency: float = 0.0
    calls: list[str] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)
    handlers: dict[str, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.batches = MemoryBatches(self.imports)

    # --- the port

    async def read(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(function, *args, **kwargs)

    async def write(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._run(function, *args, **kwargs)

    async def _run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        name = getattr(function, "__name__", "")
        self.calls.append(name)
        if self.latency:
            await self.clock.pass_by(self.latency / 2)
        if name in self.faults:
            raise self.faults[name]
        done, signals = self._commit(function, *args, **kwargs)
        if self.latency:
            await self.clock.pass_by(self.latency / 2)
        if name in self.lost:
            self.lost.remove(name)
            raise StorageError("the database did not say whether it had committed")
        self._deliver(signals)
        return done

    def run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction, at once."""
        done, signals = self._commit(function, *args, **kwargs)
        self._deliver(signals)
        return done

    def _commit(
        self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, MemorySignals]:
        """What ``function`` gives, and its signals; nothing of it is left where it raises."""
        parts = (self.imports, self.batches, self.drafts, self.lists, self.cards, self.daily_limits)
        work = MemoryWork(self.clock.now(), self.imports.station, *parts, self.alerts, self.recoveries)
        before = copy(self.imports.rows), copy(self.batches.news), copy(self.drafts.stored)
        lists, outdated = copy(self.lists.stored), copy(self.cards.outdated)
        try:
            return function(cast(UnitOfWork, work), *args, **kwargs), work.signals
        except BaseException:
            self.imports.rows, self.batches.news, self.drafts.stored = before
            self.lists.stored, self.cards.outdated = lists, outdated
            raise

    def _deliver(self, signals: MemorySignals) -> None:
        self.signals += signals.names
        for name in dict.fromkeys(signals.names):
            if name in self.handlers:
                self.handlers[name]()

    # --- what people do

    def confirm(
        self,
        code: str = "11112222-33334444",
        *,
        person: int = ANA,
        group_id: int | None = None,
        proxy: ProxyChoice = KEEP,
        **given: Any,
    ) -> ImportRow | None:
        """A new queued row, or one whose state is ``given``; None when somebody has the code already."""
        if self.owner(code) is not None:
            return None
        row_id = len(self.imports.rows) + 1
        state: dict[str, Any] = {
            "status": Status.QUEUED,
            "waiting_since": self.clock.now(),
            "takes_link": isinstance(proxy, Extraction),
            "station": STATION,
        }
        identity: dict[str, Any] = {
            "id": row_id,
            "batch_id": row_id,
            "chat_id": person,
            "user_id": person,
            "bypass": (),
        }
        identity["created_at"] = self.clock.now()
        state |= {name: value for name, value in given.items() if name in _STATE}
        identity |= {name: value for name, value in given.items() if name not in _STATE}
        row = ImportRow(code=TransferCode(code), group_id=group_id, proxy=proxy, state=ImportState(**state), **identity)
        self.imports.rows[row_id] = row
        self.owners[row_id] = person
        return row

    def owner(self, code: str) -> int | None:
        """Who has the code: whom somebody else is told of who confirms it too."""
        wanted = TransferCode(code)
        living = [row.id for row in self.rows() if row.code == wanted and row.state.status not in GONE]
        assert len(living) <= 1, f"{wanted} has two living rows"
        return self.owners[living[0]] if living else None

    def add(self, code: str = "11112222-33334444", **given: Any) -> int:
        """A row as some test needs it; its id."""
        row = self.confirm(code, **given)
        assert row is not None
        return row.id

    def cancel(self, row_id: int, person: int = ANA) -> None:
        if self.owners[row_id] == person:
            self._change(row_id, CancelWanted(self.clock.now()))

    def look_again(self, row_id: int) -> None:
        assert self._change(row_id, LookAgain())

    def set_proxy_again(self, row_id: int) -> None:
        assert self._change(row_id, ProxyRetried())

    def _change(self, row_id: int, event: Event) -> bool:
        return self.run(change_batch, self.imports.rows[row_id].batch_id, event)

    # --- what tests ask

    def rows(self) -> list[ImportRow]:
        return list(self.imports.rows.values())

    def states(self) -> list[ImportState]:
        return [row.state for row in self.rows()]

    def state(self, row_id: int) -> ImportState:
        return self.imports.rows[row_id].state

    def status(self, row_id: int) -> Status:
        return self.state(row_id).status

    def put(self, row_id: int, **given: Any) -> None:
        """Change a row behind everybody's back."""
        row = self.imports.rows[row_id]
        self.imports.rows[row_id] = replace(row, state=replace(row.state, **given))

    def told(self, row_id: int) -> list[ImportState]:
        """Where the import stood each time that its card fell behind."""
        return [news.state for news in self.batches.news if news.row_id == row_id]

    def names_told(self, row_id: int) -> list[str]:
        return [state.profile_name for state in self.told(row_id)]

    def waits_told(self, row_id: int) -> list[str | None]:
        return [state.waiting_for for state in self.told(row_id)]
