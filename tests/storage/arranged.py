"""The import log in memory and in a database, arranged alike, so that a test holds both to the same promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.draft import ListedGroup
from bot.domain.proxy import Keep, ProxyChoice
from bot.storage.database import Database
from bot.storage.signals import SignalHandlers
from bot.storage.tables import imports, secrets
from bot.storage.work import SqlStore
from bot.usecases.import_rows import ImportRow
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place
from tests.storage.support import batch_by_id, confirmed, draft_of, rewrite, rows
from tests.support.clock import MovableClock
from tests.support.memory_store import MemoryStore

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Card:
    """How often a batch's card fell behind, and how it is to be shown."""

    behind: int = 0
    repost: bool = False
    waited: bool = False


class Arranged(Protocol):
    """A store with its import log, and how a test gets at what is in it."""

    async def run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function returns; one transaction, which is committed."""

    async def add(
        self, *, person: int | None = None, proxy: ProxyChoice | None = None, group_id: int | None = None, **state: Any
    ) -> int:
        """An import that is a batch of its own, queued now unless the state says otherwise; its id.

        It is of somebody who has no other, unless the person is given.
        """

    async def row(self, row_id: int) -> ImportRow:
        """The row, whichever station's it is."""

    async def version(self, row_id: int) -> int: ...

    async def card(self, row_id: int) -> Card:
        """The card of the row's batch."""

    async def secrets_deleted(self, row_id: int) -> bool:
        """Whether there is no secret for the row any more."""


class InMemory:
    def __init__(self, clock: MovableClock) -> None:
        self.store = MemoryStore(clock)

    async def run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return self.store.run(function, *args, **kwargs)

    async def add(
        self, *, person: int | None = None, proxy: ProxyChoice | None = None, group_id: int | None = None, **state: Any
    ) -> int:
        number = len(self.store.imports.rows) + 1
        code = f"{number:08}-00000000"
        return self.store.add(code, person=person or number, proxy=proxy or Keep(), group_id=group_id, **state)

    async def row(self, row_id: int) -> ImportRow:
        return self.store.imports.rows[row_id]

    async def version(self, row_id: int) -> int:
        return self.store.imports.versions.get(row_id, 0)

    async def card(self, row_id: int) -> Card:
        news = [each for each in self.store.batches.news if each.row_id == row_id]
        return Card(len(news), any(each.repost for each in news), any(each.waited for each in news))

    async def secrets_deleted(self, row_id: int) -> bool:
        return row_id in self.store.imports.without_secrets


class InDatabase:
    """``told`` are the chats of which it was said that they are behind."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.told: list[int] = []
        self.database = database
        self.store = SqlStore(database, SignalHandlers(chat_behind=self.told.append), clock.now)
        self._clock = clock
        self._count = 0

    async def run(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.store.write(function, *args, **kwargs)

    async def add(
        self, *, person: int | None = None, proxy: ProxyChoice | None = None, group_id: int | None = None, **state: Any
    ) -> int:
        self._count += 1
        user_id = person or self._count
        group = None if group_id is None else ListedGroup(group_id, "Shops")
        draft = draft_of(f"{self._count:08}-00000000", proxy=proxy or Keep(), group=group)
        batch = await confirmed(self.store, draft, Place(user_id, user_id, None, "en"), at=self._clock.now())
        if state:
            await rewrite(self.database, batch.rows[0].id, **state)
        return batch.rows[0].id

    async def row(self, row_id: int) -> ImportRow:
        batch_id = (await self._columns(row_id))["batch_id"]
        found = await self.store.write(lambda work: work.imports.lock_batch(batch_id))
        return next(row for row in found if row.id == row_id)

    async def version(self, row_id: int) -> int:
        version: int = (await self._columns(row_id))["version"]
        return version

    async def card(self, row_id: int) -> Card:
        batch = await batch_by_id(self.store, (await self._columns(row_id))["batch_id"])
        return Card(batch.card.revision - 1, batch.card.repost, batch.waited)

    async def secrets_deleted(self, row_id: int) -> bool:
        return all(row["import_id"] != row_id for row in await rows(self.database, secrets))

    @contextmanager
    def at(self, station: str) -> Iterator[None]:
        """What happens meanwhile happens at another station."""
        here, self.database.station = self.database.station, station
        yield
        self.database.station = here

    async def _columns(self, row_id: int) -> Mapping[str, Any]:
        return next(row for row in await rows(self.database, imports) if row["id"] == row_id)
