"""A station's lists: the same promises by either database and in memory, and what only a database has to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.domain.draft import Draft
from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing, Row
from bot.domain.transfer_code import TransferCode
from bot.storage import station_lists
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.station_lists import DecodedLists, SqlStationLists
from bot.storage.tables import station_lists as table
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import remote_lists
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, StoredDraft
from bot.usecases.remote_lists import ListRequest, publish, publish_failure, request_anew, requested
from bot.usecases.station_lists import ShownVersion, StationList
from tests.storage.arranged import Arranged, InDatabase
from tests.storage.support import ANA, CODE, MAI, NOW, STATION, confirmed, draft_by_id, draft_of, opened, rows
from tests.storage.two import Two, paused_at_end
from tests.support.clock import MovableClock

GROUPS, EVERY = frozenset({Listing.GROUPS}), frozenset(Listing)
SHOPS, ADS = Group(7, "店铺 <b> & Co 🛒"), Group(8, "Ads")
SAVED = ListedProxy(301, "socks5", "203.0.113.7", "1080", "eva", "Eva's", purchased=False)
STATIC = ListedProxy(302, "http", "198.51.100.9", "8000", "", "", purchased=True)
PACKAGE = TrafficPackage(71, "Supplier A", "1", "2")
ASKING = Draft(codes=(TransferCode(CODE),))

CIPHER = Cipher(b"k" * 32)


async def read(arranged: Arranged, listing: Listing, *some: Row) -> None:
    """The list was requested, and has been read."""
    await arranged.run(request_anew, frozenset({listing}))
    [request] = [each for each in await arranged.run(requested) if each.listing is listing]
    await arranged.run(publish, request, some)


async def found(arranged: Arranged, listing: Listing = Listing.GROUPS) -> StationList:
    def find(work: UnitOfWork) -> StationList:
        return work.lists.find(frozenset({listing}))[listing]

    return await arranged.run(find)


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


# --- cards ------------------------------------------------------------------------------------------------------------


async def shown(store: SqlStore, where: Any = ANA) -> StoredDraft:
    """A draft that asks for its group, and whose card is shown."""
    stored = await opened(store, ASKING if where is ANA else replace(ASKING, codes=()), where)
    await store.write(
        lambda work: work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=5, rendered=1, complete=True)
    )
    return await draft_by_id(store, stored.id)


async def test_an_outdated_card_is_behind_and_its_revision_stays(store: SqlStore) -> None:
    stored, other = await shown(store), await shown(store, MAI)
    await store.write(lambda work: work.cards.mark_outdated([stored.id]))
    for _ in range(2):
        await store.write(lambda work: work.cards.mark_outdated([stored.id]))
        assert (await draft_by_id(store, stored.id)).card == replace(stored.card, shown_revision=0)
    assert await draft_by_id(store, other.id) == other
    await store.write(lambda work: work.cards.mark_outdated([]))
    assert await store.read(lambda work: work.cards.chats_behind()) == [ANA.chat_id]


async def test_the_card_of_a_draft_that_was_confirmed_meanwhile_is_left_to_its_batch(store: SqlStore) -> None:
    batch = await confirmed(store, draft_of(CODE))
    await store.write(
        lambda work: work.cards.note_shown(CardKind.BATCH, batch.id, message_id=5, rendered=1, complete=True)
    )
    await store.write(lambda work: work.cards.mark_outdated([batch.draft_id]))
    assert await store.read(lambda work: work.cards.chats_behind()) == []


async def test_a_card_that_is_further_behind_stays_so(store: SqlStore) -> None:
    stored = await shown(store)
    await store.write(lambda work: work.cards.show_again(CardKind.DRAFT, stored.id))
    await store.write(lambda work: work.cards.show_again(CardKind.DRAFT, stored.id))
    await store.write(lambda work: work.cards.mark_outdated([stored.id]))
    card = (await draft_by_id(store, stored.id)).card
    assert (card.revision, card.shown_revision) == (3, 1)


# --- two at the same time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("publish_first", [False, True])
async def test_a_list_that_is_published_while_its_card_is_noted_leaves_no_card_that_shows_another(
    two: Two, publish_first: bool
) -> None:
    stored = await opened(two.first, ASKING)
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)
    await two.first.write(publish, request, [SHOPS, ADS])
    made_of = {Listing.GROUPS: (await two.first.read(lambda work: work.lists.find(GROUPS)))[Listing.GROUPS].shown}
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)

    def note(work: SqlWork) -> bool:
        complete = work.lists.versions(GROUPS) == made_of
        work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=5, rendered=1, complete=complete)
        return complete

    def station(work: SqlWork) -> None:
        publish(work, request, [SHOPS, ADS, Group(9, "New")])

    one, other = (station, note) if publish_first else (note, station)
    await two.in_turn(one, other, where=paused_at_end)
    assert await two.first.read(lambda work: work.cards.chats_behind()) == [ANA.chat_id]


async def test_two_that_request_a_list_for_the_first_time_request_it_once(two: Two) -> None:
    def request(work: SqlWork) -> None:
        remote_lists.request_lists(work, EVERY)

    await two.in_turn(request, request, where=paused_at_end)
    assert {each.listing for each in await two.first.read(requested)} == EVERY
    assert len(await rows(two.databases[0], table)) == len(EVERY)


async def test_a_request_that_comes_while_the_list_is_published_is_not_lost(two: Two) -> None:
    await two.first.write(request_anew, GROUPS)
    [request] = await two.first.read(requested)
    later = NOW + timedelta(seconds=1)

    def station(work: SqlWork) -> None:
        publish(work, request, [SHOPS])

    def hub(work: SqlWork) -> None:
        work.lists.request(GROUPS, later)

    await two.in_turn(station, hub, where=paused_at_end)
    assert await pending(two) == later


async def pending(two: Two) -> datetime | None:
    found = await two.first.read(lambda work: work.lists.find(GROUPS))
    return found[Listing.GROUPS].requested_at
