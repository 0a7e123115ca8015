"""ixBrowser's lists as rows: one a station and list. Whoever reads them often decodes each version once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing, Row
from bot.storage.encryption import Cipher
from bot.storage.inserts import insert_or_ignore
from bot.storage.tables import station_lists
from bot.usecases.station_lists import ShownVersion, StationList

# --- rows as JSON -----------------------------------------------------------------------------------------------------

#: What is kept of each list: these columns alone, among which is no password.
_COLUMNS: Mapping[Listing, tuple[type[Row], tuple[str, ...]]] = {
    Listing.GROUPS: (Group, ("id", "title")),
    Listing.SAVED: (ListedProxy, ("id", "type", "host", "port", "user", "note", "purchased")),
    Listing.STATIC: (ListedProxy, ("id", "type", "host", "port", "user", "note", "purchased")),
    Listing.PACKAGES: (TrafficPackage, ("id", "supplier", "used_mb", "limit_mb")),
}


def _encode(cipher: Cipher, listing: Listing, rows: Sequence[Row]) -> bytes:
    _, names = _COLUMNS[listing]
    kept = [{name: getattr(row, name) for name in names} for row in rows]
    return cipher.encrypt(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


def _decode(cipher: Cipher, listing: Listing, content: bytes) -> Sequence[Row]:
    made, _ = _COLUMNS[listing]
    return tuple(made(**row) for row in json.loads(cipher.decrypt(content)))


class DecodedLists:
    """The newest version of each list that was decoded, for all transactions and their threads.

    What a transaction decodes was perhaps written by another that is committed with it, or never: it goes into lists
    of its own, with those that are ``known`` behind them, which ``keep`` adds it to.
    """

    def __init__(self, known: DecodedLists | None = None) -> None:
        self._known = known
        self._rows: dict[tuple[str, Listing], tuple[int, Sequence[Row]]] = {}

    def get(self, station: str, listing: Listing, version: int) -> Sequence[Row] | None:
        decoded, rows = self._rows.get((station, listing), (0, ()))
        if decoded == version:
            return rows
        return None if self._known is None else self._known.get(station, listing, version)

    def add(self, station: str, listing: Listing, version: int, rows: Sequence[Row]) -> None:
        if self._rows.get((station, listing), (0, ()))[0] < version:
            self._rows[station, listing] = version, rows

    def keep(self) -> None:
        """Let others have what was decoded, which is known to be committed."""
        for (station, listing), (version, rows) in self._rows.items():
            if self._known is not None:
                self._known.add(station, listing, version, rows)

    def clear(self) -> None:
        self._rows.clear()


# --- the repository ---------------------------------------------------------------------------------------------------

_OWN = station_lists.c.station == bindparam("of_station")
_THESE = (_OWN, station_lists.c.listing.in_(bindparam("wanted", expanding=True)))
_STATE = (
    station_lists.c.listing,
    station_lists.c.version,
    station_lists.c.read_at,
    station_lists.c.failure,
    station_lists.c.tried_at,
    station_lists.c.requested_at,
)
# Read at every step of a conversation: all lists of the station, since to name some of them costs more than it spares.
_ALL = select(*_STATE).where(_OWN)
# Others may lock them so as well, whereas whoever publishes has to wait.
_HOLD = (
    select(station_lists.c.listing, station_lists.c.version, station_lists.c.failure)
    .where(_OWN)
    .order_by(station_lists.c.listing)
    .with_for_update(read=True)
)
_LOCK = select(*_STATE).where(*_THESE).with_for_update()
_CONTENT = select(*_STATE, station_lists.c.content).where(*_THESE)
_LISTINGS = {listing.value: listing for listing in Listing}
_REQUESTED = select(station_lists.c.listing, station_lists.c.requested_at).where(
    _OWN, station_lists.c.requested_at.is_not(None)
)
_REQUEST = update(station_lists).where(*_THESE).values(requested_at=bindparam("requested_at"))
_WRITE = update(station_lists).where(_OWN, station_lists.c.listing == bindparam("of_listing"))


_UNKNOWN = StationList()


class SqlStationLists:
    """The use cases' ``StationLists``."""

    def __init__(self, connection: Connection, station: str, cipher: Cipher, decoded: DecodedLists) -> None:
        self._connection = connection
        self._station = station
        self._cipher = cipher
        self._decoded = decoded
        # What this transaction has written: it may yet be rolled back, and its version then be another's.
        self._written: dict[Listing, StationList] = {}
        # What it has read, of which it has changed nothing since: a step of a conversation asks several times.
        self._read: Sequence[Any] | None = None

    def find(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        if self._read is None:
            self._read = self._connection.execute(_ALL, {"of_station": self._station}).all()
        return self._with_rows(wanted, self._read)

    def lock(self, listing: Listing) -> StationList:
        self._read = None
        locked = self._connection.execute(_LOCK, {"of_station": self._station, "wanted": [listing]})
        return self._with_rows(frozenset({listing}), locked)[listing]

    def versions(self, wanted: frozenset[Listing]) -> Mapping[Listing, ShownVersion]:
        self._read = None  # it may wait for whoever publishes one
        found = dict.fromkeys(wanted, _UNKNOWN.shown)
        for name, version, failure in self._connection.execute(_HOLD, {"of_station": self._station}):
            if (listing := _LISTINGS[name]) in wanted:
                found[listing] = ShownVersion(version, failure)
        return found

    def requested(self) -> Mapping[Listing, datetime]:
        rows = self._connection.execute(_REQUESTED, {"of_station": self._station})
        return {Listing(row.listing): row.requested_at for row in rows}

    def request(self, wanted: frozenset[Listing], now: datetime) -> None:
        self._read = None
        values = {"of_station": self._station, "wanted": sorted(wanted), "requested_at": now}
        if self._connection.execute(_REQUEST, values).rowcount < len(wanted):
            # Those that were never requested before.
            new = {"station": self._station, "version": 0, "requested_at": now}
            rows = [{"listing": listing, **new} for listing in sorted(wanted)]
            self._connection.execute(insert_or_ignore(self._connection, station_lists), rows)
        for listing in wanted & self._written.keys():
            self._written[listing] = replace(self._written[listing], requested_at=now)

    def save(self, listing: Listing, before: StationList, after: StationList) -> None:
        values: dict[str, Any] = {
            "version": after.version,
            "read_at": after.read_at,
            "failure": after.failure,
            "tried_at": after.tried_at,
            "requested_at": after.requested_at,
        }
        if after.version != before.version and after.rows is not None:
            values["content"] = _encode(self._cipher, listing, after.rows)
        self._read = None
        self._connection.execute(_WRITE, {"of_station": self._station, "of_listing": listing} | values)
        self._written[listing] = after

    def _with_rows(self, wanted: frozenset[Listing], states: Iterable[Any]) -> Mapping[Listing, StationList]:
        """The lists in these states; what nobody has decoded yet is read and decoded."""
        found = dict.fromkeys(wanted, _UNKNOWN)
        unread = []
        for name, version, read_at, failure, tried_at, requested_at in states:
            listing = _LISTINGS[name]
            if listing not in wanted:
                continue
            if listing in self._written:
                found[listing] = self._written[listing]
                continue
            rows = self._decoded.get(self._station, listing, version) if version else None
            found[listing] = StationList(rows, version, read_at, failure, tried_at, requested_at)
            if version and rows is None:
                unread.append(listing)
        if unread:
            found.update(self._decode_new(unread))
        return found

    def _decode_new(self, wanted: Sequence[Listing]) -> Mapping[Listing, StationList]:
        found = {}
        read = self._connection.execute(_CONTENT, {"of_station": self._station, "wanted": wanted})
        # Each with its own version, which may be newer than the one that was asked about.
        for name, version, read_at, failure, tried_at, requested_at, content in read:
            listing = _LISTINGS[name]
            rows = _decode(self._cipher, listing, content)
            self._decoded.add(self._station, listing, version, rows)
            found[listing] = StationList(rows, version, read_at, failure, tried_at, requested_at)
        return found
