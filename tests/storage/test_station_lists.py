"""A station's lists: the same promises by either database and in memory, and what only a database has to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing, Row
from bot.storage import station_lists
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.station_lists import DecodedLists, SqlStationLists
from bot.storage.tables import station_lists as table
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.ports import UnitOfWork
from bot.usecases.remote_lists import ListRequest, publish, publish_failure, request_anew, requested
from bot.usecases.station_lists import ShownVersion, StationList
from tests.storage.arranged import Arranged, InDatabase
from tests.storage.listed import ADS, EVERY, GROUPS, PACKAGE, SAVED, SHOPS, STATIC, found, read
from tests.storage.support import STATION, rows
from tests.support.clock import MovableClock

CIPHER = Cipher(b"k" * 32)


# --- everywhere -------------------------------------------------------------------------------------------------------


async def test_of_a_list_that_was_never_requested_nothing_is_known(arranged: Arranged) -> None:
    def look(work: UnitOfWork) -> tuple[Mapping[Listing, StationList], Mapping[Listing, ShownVersion]]:
        return work.lists.find(EVERY), work.lists.versions(EVERY)

    nothing = dict.fromkeys(EVERY, StationList()), dict.fromkeys(EVERY, ShownVersion(0, None))
    assert await arranged.run(look) == nothing
    assert await arranged.run(requested) == []


@pytest.mark.parametrize(
    ("listing", "some"),
    [
        (Listing.GROUPS, (SHOPS, ADS)),
        (Listing.GROUPS, ()),
        (Listing.SAVED, (SAVED,)),
        (Listing.STATIC, (STATIC,)),
        (Listing.PACKAGES, (PACKAGE,)),
    ],
)
async def test_what_was_read_is_kept(
    arranged: Arranged, clock: MovableClock, listing: Listing, some: tuple[Row, ...]
) -> None:
    await read(arranged, listing, *some)
    assert await found(arranged, listing) == StationList(some, 1, clock.now(), None, clock.now())
    others = await arranged.run(lambda work: work.lists.find(EVERY - {listing}))
    assert set(others.values()) == {StationList()}


async def test_the_version_goes_up_when_the_list_differs(arranged: Arranged, clock: MovableClock) -> None:
    versions = []
    for some in ((SHOPS,), (SHOPS,), (SHOPS, ADS), (), ()):
        await clock.advance(10)
        await read(arranged, Listing.GROUPS, *some)
        known = await found(arranged)
        assert (known.rows, known.read_at, known.tried_at) == (some, clock.now(), clock.now())
        versions.append(known.version)
    assert versions == [1, 1, 2, 3, 3]


async def test_a_failure_leaves_what_was_read_before(arranged: Arranged, clock: MovableClock) -> None:
    await read(arranged, Listing.GROUPS, SHOPS)
    before = clock.now()
    await clock.advance(60)
    await arranged.run(request_anew, GROUPS)
    await arranged.run(publish_failure, ListRequest(Listing.GROUPS, clock.now()), "1002")
    assert await found(arranged) == StationList((SHOPS,), 1, before, "1002", clock.now())
    await read(arranged, Listing.GROUPS, SHOPS)
    assert await found(arranged) == StationList((SHOPS,), 1, clock.now(), None, clock.now())


async def test_a_list_stays_requested_until_that_request_is_answered(arranged: Arranged, clock: MovableClock) -> None:
    await arranged.run(request_anew, EVERY)
    assert {each.listing for each in await arranged.run(requested)} == EVERY
    early = ListRequest(Listing.GROUPS, clock.now())
    await clock.advance(1)
    await arranged.run(request_anew, GROUPS)
    await arranged.run(publish, early, [SHOPS])
    assert ListRequest(Listing.GROUPS, clock.now()) in await arranged.run(requested)
    await arranged.run(publish, ListRequest(Listing.GROUPS, clock.now()), [SHOPS])
    assert {each.listing for each in await arranged.run(requested)} == EVERY - GROUPS


async def test_what_a_transaction_has_written_it_reads_and_nobody_else_where_it_is_rolled_back(
    arranged: Arranged,
) -> None:
    await read(arranged, Listing.GROUPS, SHOPS)
    await arranged.run(request_anew, GROUPS)
    [request] = await arranged.run(requested)

    def fail(work: UnitOfWork) -> None:
        publish(work, request, [ADS])
        work.lists.request(GROUPS, work.now)
        assert work.lists.find(GROUPS)[Listing.GROUPS].rows == (ADS,)
        assert work.lists.lock(Listing.GROUPS).version == 2
        raise KeyError

    with pytest.raises(KeyError):
        await arranged.run(fail)
    assert (await found(arranged)).rows == (SHOPS,)
    await arranged.run(publish, request, [SHOPS, ADS])
    assert (await found(arranged)).rows == (SHOPS, ADS)


# --- in a database ----------------------------------------------------------------------------------------------------


async def test_each_station_has_lists_of_its_own(database: Database, clock: MovableClock) -> None:
    arranged = InDatabase(database, clock)
    await read(arranged, Listing.GROUPS, SHOPS)
    with arranged.at("warehouse"):
        assert await found(arranged) == StationList()
        await read(arranged, Listing.GROUPS, ADS)
        assert (await found(arranged)).rows == (ADS,)
    assert (await found(arranged)).rows == (SHOPS,)
    assert [row["station"] for row in await rows(database, table)] == [STATION, "warehouse"]


async def test_a_version_is_decoded_once(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranged = InDatabase(database, clock)
    await read(arranged, Listing.GROUPS, SHOPS)
    statements: list[str] = []
    decoded: list[Listing] = []
    decode = station_lists._decode

    def note(cipher: Any, listing: Listing, content: bytes) -> Any:
        decoded.append(listing)
        return decode(cipher, listing, content)

    monkeypatch.setattr(station_lists, "_decode", note)
    assert (await found(arranged)).rows == (SHOPS,)
    event.listen(database.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    for _ in range(5):
        assert (await found(arranged)).rows == (SHOPS,)
    assert decoded == [Listing.GROUPS]
    assert sum("station_lists" in statement for statement in statements) == 5
    assert not any("content" in statement for statement in statements)


async def test_what_is_kept_of_a_list_goes_through_the_cipher_and_holds_no_password(
    database: Database, clock: MovableClock
) -> None:
    store = SqlStore(database, now=clock.now)

    def with_cipher(work: SqlWork) -> None:
        work.lists = SqlStationLists(work.connection, STATION, CIPHER, DecodedLists())
        work.lists.request(EVERY, work.now)
        for listing, row in ((Listing.SAVED, SAVED), (Listing.PACKAGES, PACKAGE), (Listing.GROUPS, SHOPS)):
            publish(work, ListRequest(listing, work.now), [row])

    def again(work: SqlWork) -> Mapping[Listing, StationList]:
        return SqlStationLists(work.connection, STATION, CIPHER, DecodedLists()).find(EVERY)

    await store.write(with_cipher)
    kept = {row["listing"]: row["content"] for row in await rows(database, table) if row["content"] is not None}
    assert CIPHER.decrypt(kept["saved"]) == (
        '[{"id":301,"type":"socks5","host":"203.0.113.7","port":"1080","user":"eva","note":"Eva\'s","purchased":false}]'
    )
    assert b"eva" not in kept["saved"]
    assert {listing: each.rows for listing, each in (await store.read(again)).items()} == {
        Listing.SAVED: (SAVED,),
        Listing.STATIC: None,
        Listing.PACKAGES: (PACKAGE,),
        Listing.GROUPS: (SHOPS,),
    }


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LISTED = st.builds(ListedProxy, st.integers(0, 2**63 - 1), TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, purchased=st.booleans())
ROWS: Mapping[Listing, st.SearchStrategy[Any]] = {
    Listing.GROUPS: st.builds(Group, st.integers(0, 2**63 - 1), TEXTS),
    Listing.SAVED: LISTED,
    Listing.STATIC: LISTED,
    Listing.PACKAGES: st.builds(TrafficPackage, st.integers(0, 2**63 - 1), TEXTS, TEXTS, TEXTS),
}


@given(st.data())
def test_every_row_comes_back_as_it_was(data: st.DataObject) -> None:
    listing = data.draw(st.sampled_from(Listing))
    some = tuple(data.draw(st.lists(ROWS[listing], max_size=3)))
    content = station_lists._encode(CIPHER, listing, some)
    assert station_lists._decode(CIPHER, listing, content) == some


def test_an_older_version_never_takes_the_place_of_a_newer_one() -> None:
    decoded = DecodedLists()
    decoded.add(STATION, Listing.GROUPS, 2, (SHOPS,))
    decoded.add(STATION, Listing.GROUPS, 1, (ADS,))
    assert decoded.get(STATION, Listing.GROUPS, 2) == (SHOPS,)
    assert decoded.get(STATION, Listing.GROUPS, 1) is None
