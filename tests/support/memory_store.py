"""A database in memory: a store that runs use cases at once, on repositories that keep what theirs promise.

It can be made to fail, and to commit without saying so.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from bot.domain.import_events import CancelWanted, Event, LookAgain, ProxyRetried
from bot.domain.import_state import ImportState, Status
from bot.domain.proxy import Extraction, Keep, ProxyChoice
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.usecases.import_queue import change_batch
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import UnitOfWork
from tests.support.clock import MovableClock
from tests.support.memory_drafts import MemoryDrafts
from tests.support.memory_imports import GONE, MemoryBatches, MemoryImports
from tests.support.memory_lists import MemoryAlerts, MemoryCards, MemoryLists
from tests.support.memory_work import MemoryDailyLimits, MemoryRecoveries, MemorySignals, MemoryWork

P = ParamSpec("P")
T = TypeVar("T")

KEEP = Keep()
ANA, MAI = 1, 2
STATION = "office"
_STATE = {each.name for each in fields(ImportState)}


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
