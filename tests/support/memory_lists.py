"""ixBrowser's lists in memory, as a station has read them, and whose cards have fallen behind for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.alert import Observed
from bot.domain.remote_lists import Listing
from bot.usecases.station_lists import ShownVersion, StationList


class MemoryLists:
    """The lists of one station."""

    def __init__(self) -> None:
        self.stored: dict[Listing, StationList] = {}

    def find(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        return {listing: self.lock(listing) for listing in wanted}

    def lock(self, listing: Listing) -> StationList:
        return self.stored.get(listing, StationList())

    def versions(self, wanted: frozenset[Listing]) -> Mapping[Listing, ShownVersion]:
        return {listing: self.lock(listing).shown for listing in wanted}

    def requested(self) -> Mapping[Listing, datetime]:
        return {listing: each.requested_at for listing, each in self.stored.items() if each.requested_at is not None}

    def request(self, wanted: frozenset[Listing], now: datetime) -> None:
        for listing in wanted:
            self.stored[listing] = replace(self.lock(listing), requested_at=now)

    def save(self, listing: Listing, before: StationList, after: StationList) -> None:
        assert self.lock(listing) == before
        self.stored[listing] = after


@dataclass(slots=True)
class MemoryCards:
    """Cards that show something that has changed beside their rows, oldest first."""

    outdated: list[int] = field(default_factory=list)

    def mark_outdated(self, draft_ids: Collection[int]) -> None:
        self.outdated += draft_ids


class MemoryAlerts:
    """What admins were told of the bot itself."""

    def __init__(self) -> None:
        self.known: dict[str, Observed] = {}

    def observed(self, name: str) -> Observed | None:
        return self.known.get(name)

    def note(self, name: str, observed: Observed) -> None:
        self.known[name] = observed
