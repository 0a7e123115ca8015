"""What is known of how the bot is: of the hub, of each station's ixBrowser, and of errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.import_state import Status


class BrowserState(StrEnum):
    """What a station has seen of its ixBrowser: it can't be connected to, does not answer, or refuses."""

    READY = "ready"
    AWAY = "away"
    SILENT = "silent"
    LOGGED_OUT = "logged_out"
    REFUSING = "refusing"


@dataclass(frozen=True, slots=True)
class BrowserHealth:
    """ixBrowser of one station: in this state since, and seen so last. ``latency_ms`` is of an answer."""

    station: str
    state: BrowserState
    since: datetime
    seen_at: datetime
    latency_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the disk that the database, or what else the bot keeps, is on."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class HubHealth:
    """The process that talks to Telegram, as it has noted itself last.

    ``ended`` is whether it has ended in order, ``telegram_at`` when updates were fetched last.
    """

    version: str
    started_at: datetime
    seen_at: datetime
    ended: bool = False
    telegram_at: datetime | None = None
    disk: Disk | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """How many imports have not ended, by their state, and when the oldest of them was confirmed.

    ``held`` are those among the queued that wait for their person to decide.
    """

    counts: Mapping[Status, int]
    held: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be done; the log has more under the reference."""

    at: datetime
    reference: str


class Health(Protocol):
    def hub(self) -> HubHealth | None:
        """None before it has run for the first time."""

    def note_hub(self, hub: HubHealth) -> None: ...

    def browsers(self) -> Sequence[BrowserHealth]:
        """Of every station that is known, by their names."""

    def note_browser(self, state: BrowserState, now: datetime, latency_ms: int | None) -> None:
        """This station's ixBrowser is seen to be so."""

    def queue(self) -> Queue:
        """Of all stations."""

    def database_bytes(self) -> int:
        """How large the database is."""

    def note_failure(self, failure: Failure) -> None: ...

    def failures_since(self, moment: datetime, most: int) -> tuple[int, Sequence[Failure]]:
        """How many there were, and the newest of them."""

    def forget_before(self, failures: datetime, stations: datetime) -> None:
        """Forget failures from before the one moment, and stations that were seen last before the other."""
