"""One transaction in memory: its signals, and the repositories of which tests ask little."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.usecases.import_rows import ImportRow
from bot.usecases.import_story import log_end
from bot.usecases.recovery_rows import Recovery
from tests.support.memory_drafts import MemoryDrafts
from tests.support.memory_imports import MemoryBatches, MemoryImports
from tests.support.memory_lists import MemoryAlerts, MemoryCards, MemoryLists


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
