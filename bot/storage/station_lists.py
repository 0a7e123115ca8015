"""ixBrowser's lists as rows: one a station and list. Whoever reads them often decodes each version once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlalchemy import Row as SqlRow

from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing, Row
from bot.storage.encryption import Cipher
from bot.storage.inserts import insert_or_ignore
from bot.storage.tables import station_lists
from bot.usecases.station_lists import StationList

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
    """The newest version of each list that was decoded, for all transactions and their threads."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Listing], tuple[int, Sequence[Row]]] = {}

    def get(self, station: str, listing: Listing, version: int) -> Sequence[Row] | None:
        known, rows = self._rows.get((station, listing), (0, ()))
        return rows if known == version else None

    def add(self, station: str, listing: Listing, version: int, rows: Sequence[Row]) -> None:
        if self._rows.get((station, listing), (0, ()))[0] < version:
            self._rows[station, listing] = version, rows


# --- the repository ---------------------------------------------------------------------------------------------------

_OWN = station_lists.c.station == bindparam("of_station")
_THESE = (_OWN, station_lists.c.listing.in_(bindparam("wanted", expanding=True)))
_WITHOUT_ROWS = select(*[column for column in station_lists.c if column.name not in {"station", "content"}])
_VERSIONS = _WITHOUT_ROWS.where(*_THESE)
_LOCK = _VERSIONS.with_for_update()
# Others may lock them so as well, whereas whoever publishes has to wait.
_HOLD = _VERSIONS.order_by(station_lists.c.listing).with_for_update(read=True)
_WITH_ROWS = select(*[column for column in station_lists.c if column.name != "station"]).where(*_THESE)
_REQUESTED = select(station_lists.c.listing, station_lists.c.requested_at).where(
    _OWN, station_lists.c.requested_at.is_not(None)
)
_REQUEST = update(station_lists).where(*_THESE).values(requested_at=bindparam("requested_at"))
_WRITE = update(station_lists).where(_OWN, station_lists.c.listing == bindparam("of_listing"))


class SqlStationLists:
    """The core's ``StationLists``."""

    def __init__(self, connection: Connection, station: str, cipher: Cipher, decoded: DecodedLists) -> None:
        self._connection = connection
        self._station = station
        self._cipher = cipher
        self._decoded = decoded
        # What this transaction has written: it may yet be rolled back, and its version then be another's.
        self._written: dict[Listing, StationList] = {}

    def find(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        return self._with_rows(_VERSIONS, wanted)

    def lock(self, listing: Listing) -> StationList:
        return self._with_rows(_LOCK, frozenset({listing}))[listing]

    def versions(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        return {**dict.fromkeys(wanted, StationList()), **self._load(_HOLD, wanted)}

    def requested(self) -> Mapping[Listing, datetime]:
        rows = self._connection.execute(_REQUESTED, {"of_station": self._station})
        return {Listing(row.listing): row.requested_at for row in rows}

    def request(self, wanted: frozenset[Listing], now: datetime) -> None:
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
        self._connection.execute(_WRITE, {"of_station": self._station, "of_listing": listing} | values)
        self._written[listing] = after

    def _with_rows(self, found_by: Select[Any], wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        found = self._load(found_by, wanted)
        for listing, each in found.items():
            if each.version:
                found[listing] = replace(each, rows=self._decoded.get(self._station, listing, each.version))
        unread = frozenset(listing for listing, each in found.items() if each.version and each.rows is None)
        return {**dict.fromkeys(wanted, StationList()), **found, **self._decode_new(unread), **self._own(wanted)}

    def _load(self, found: Select[Any], wanted: frozenset[Listing]) -> dict[Listing, StationList]:
        if not wanted:
            return {}
        rows = self._connection.execute(found, {"of_station": self._station, "wanted": sorted(wanted)})
        return {Listing(row.listing): _stored(row) for row in rows}

    def _decode_new(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        """The lists with rows that nobody has decoded yet."""
        if not wanted:
            return {}
        rows = self._connection.execute(_WITH_ROWS, {"of_station": self._station, "wanted": sorted(wanted)})
        found = {}
        for row in rows:
            # Its own version, which may be newer than the one that was asked about.
            listing, each = Listing(row.listing), _stored(row)
            decoded = _decode(self._cipher, listing, row.content)
            if listing not in self._written:
                self._decoded.add(self._station, listing, each.version, decoded)
            found[listing] = replace(each, rows=decoded)
        return found

    def _own(self, wanted: frozenset[Listing]) -> Mapping[Listing, StationList]:
        return {listing: each for listing, each in self._written.items() if listing in wanted}


def _stored(row: SqlRow[Any]) -> StationList:
    return StationList(None, row.version, row.read_at, row.failure, row.tried_at, row.requested_at)
