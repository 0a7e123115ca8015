"""ixBrowser's lists as a station has read them, and what the use cases need of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.remote_lists import Failed, Listing, Lists, Row

#: How long a list counts as what ixBrowser has now: long enough for one card to be shown, short enough that a group
#: made at the computer is there when its person looks again.
FRESH = timedelta(seconds=5)
#: How long a list that could not be read is not tried again.
FAILURE_FRESH = timedelta(seconds=1)
#: How long a request is taken to be worked off; after that it is made again, in case its signal was lost.
REQUEST_PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """What of a list a card shows: another one makes another card."""

    version: int
    failure: str | None


@dataclass(frozen=True, slots=True)
class StationList:
    """One list of a station, with its rows or without.

    ``rows`` are those of the last good answer, which came at ``read_at``; None while there was none. ``version`` goes
    up when they differ. ``failure`` is why the last try, at ``tried_at``, gave none. ``requested_at`` is None when
    nobody waits for a newer reading.
    """

    rows: Sequence[Row] | None = None
    version: int = 0
    read_at: datetime | None = None
    failure: str | None = None
    tried_at: datetime | None = None
    requested_at: datetime | None = None

    @property
    def shown(self) -> ShownVersion:
        return ShownVersion(self.version, self.failure)

    @property
    def is_good(self) -> bool:
        """Whether the last try gave rows."""
        return self.rows is not None and self.failure is None

    def is_fresh(self, now: datetime) -> bool:
        """Whether the last answer, good or not, is what another try would give now."""
        if self.tried_at is None or self.requested_at is not None:
            return False
        # The clocks of two computers differ, in either direction.
        return abs(now - self.tried_at) < (FRESH if self.failure is None else FAILURE_FRESH)

    def is_requested(self, now: datetime) -> bool:
        """Whether a request is being worked off."""
        return self.requested_at is not None and abs(now - self.requested_at) < REQUEST_PATIENCE


def lists_now(found: Mapping[Listing, StationList], now: datetime) -> Lists:
    """Those of the lists that are as ixBrowser has them now."""
    return Lists(
        {
            listing: each.rows
            for listing, each in found.items()
            if each.rows is not None and each.is_good and each.is_fresh(now)
        }
    )


def lists_known(found: Mapping[Listing, StationList], now: datetime) -> Lists:
    """The lists as far as they are known, however old they are."""
    known: dict[Listing, Sequence[Row] | Failed] = {}
    for listing, each in found.items():
        if each.failure is not None:
            age = None if each.read_at is None else max(now - each.read_at, timedelta(0))
            known[listing] = Failed(each.failure, each.rows, age)
        elif each.rows is not None:
            known[listing] = each.rows
    return Lists(known)


class StationLists(Protocol):
    """The lists of one's own station."""

    def find(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        """Each of the wanted lists, also where nothing is known of one."""

    def lock(self, listing: Listing) -> StationList:
        """The list, which nobody else can change until the transaction ends."""

    def versions(self, wanted: frozenset[Listing]) -> Mapping[Listing, ShownVersion]:
        """What cards have to show of these lists: nobody else can change that until the transaction ends."""

    def requested(self) -> Mapping[Listing, datetime]:
        """The lists that are to be read, and when each was requested last."""

    def request(self, wanted: frozenset[Listing], now: datetime) -> None:
        """Have these lists read, by a reading that begins after this transaction."""

    def save(self, listing: Listing, before: StationList, after: StationList) -> None:
        """Write the list over ``before``, which was locked."""
