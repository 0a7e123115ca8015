"""The unit of work over SQL, and the store that runs functions over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.errors import Superseded
from bot.storage.batches import SqlBatches
from bot.storage.cards import SqlCards
from bot.storage.database import Database
from bot.storage.drafts import SqlDrafts
from bot.storage.encryption import Cipher
from bot.storage.holders import Holder
from bot.storage.imports import SqlImports
from bot.storage.log import SqlLog
from bot.storage.outbox import SqlOutbox
from bot.storage.owner import SqlOwner
from bot.storage.secrets import SqlSecrets
from bot.storage.station_lists import DecodedLists, SqlStationLists
from bot.storage.updates import SqlUpdates
from bot.storage.users import SqlUsers

P = ParamSpec("P")
T = TypeVar("T")


def _ignore(*_: object) -> None:
    """What is done with a signal that nobody listens to."""


@dataclass(slots=True)
class SignalHandlers:
    """Who is woken by which signal, in the event loop; ``chat_behind`` is called with the chat's id."""

    chat_behind: Callable[[int], None] = _ignore
    imports_queued: Callable[[], None] = _ignore
    imports_to_verify: Callable[[], None] = _ignore
    links_to_set: Callable[[], None] = _ignore
    groups_requested: Callable[[], None] = _ignore
    lists_requested: Callable[[], None] = _ignore
    lists_published: Callable[[], None] = _ignore
    menus_due: Callable[[], None] = _ignore


@dataclass(slots=True)
class CollectedSignals:
    """The signals of one transaction, each once."""

    chats: set[int] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def chat_behind(self, chat_id: int) -> None:
        self.chats.add(chat_id)

    def imports_queued(self) -> None:
        self.others.add("imports_queued")

    def imports_to_verify(self) -> None:
        self.others.add("imports_to_verify")

    def links_to_set(self) -> None:
        self.others.add("links_to_set")

    def groups_requested(self) -> None:
        self.others.add("groups_requested")

    def lists_requested(self) -> None:
        self.others.add("lists_requested")

    def lists_published(self) -> None:
        self.others.add("lists_published")

    def menus_due(self) -> None:
        self.others.add("menus_due")

    def clear(self) -> None:
        self.chats.clear()
        self.others.clear()

    def deliver(self, handlers: SignalHandlers) -> None:
        for name in self.others:
            getattr(handlers, name)()
        # Last, since what is shown then may depend on the others.
        for chat_id in self.chats:
            handlers.chat_behind(chat_id)


class SqlWork:
    """One transaction. ``decoded`` is shared by all transactions of a store."""

    def __init__(
        self,
        connection: Connection,
        station: str,
        cipher: Cipher,
        now: datetime,
        *,
        signals: CollectedSignals,
        decoded: DecodedLists,
    ) -> None:
        self.connection = connection
        self.station = station
        self.now = now
        self.signals = signals
        secrets = SqlSecrets(connection, cipher)
        self.updates = SqlUpdates(connection)
        self.users = SqlUsers(connection)
        self.drafts = SqlDrafts(connection, secrets, cipher)
        self.batches = SqlBatches(connection, station, secrets, cipher)
        self.imports = SqlImports(connection, station, secrets, cipher)
        self.log = SqlLog(connection, cipher)
        self.outbox = SqlOutbox(connection)
        self.cards = SqlCards(connection, self.drafts)
        self.lists = SqlStationLists(connection, station, cipher, decoded)
        self.owner = SqlOwner(connection)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SqlStore:
    """The ``Store``. ``now`` is asked for the moment of each transaction.

    ``holder`` is what the process must hold to write here: each transaction sees to it that it still does.
    """

    def __init__(
        self,
        database: Database,
        handlers: SignalHandlers | None = None,
        now: Callable[[], datetime] = _utc_now,
        holder: Holder | None = None,
    ) -> None:
        self._database = database
        self._handlers = handlers or SignalHandlers()
        self._now = now
        self._holder = holder
        self._decoded = DecodedLists()

    async def read(self, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        def work(connection: Connection) -> T:
            return function(self._work(connection, CollectedSignals()), *args, **kwargs)

        return await self._database.read(work)

    async def write(self, function: Callable[Concatenate[SqlWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        signals = CollectedSignals()

        def work(connection: Connection) -> T:
            if self._holder is not None:
                self._holder.check(connection)
            signals.clear()
            return function(self._work(connection, signals), *args, **kwargs)

        try:
            return await self._database.write(work, after=lambda: signals.deliver(self._handlers))
        except Superseded:
            if self._holder is not None:
                self._holder.superseded.set()
            raise

    def _work(self, connection: Connection, signals: CollectedSignals) -> SqlWork:
        return SqlWork(
            connection,
            self._database.station,
            self._database.cipher,
            self._now(),
            signals=signals,
            decoded=self._decoded,
        )
