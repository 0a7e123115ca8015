"""Which profile it is that a received record tells of."""

from __future__ import annotations

from typing import Any

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Profile, ReceivedRecord
from bot.domain.proxy import Extraction, ProxyType, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.verifier import LOOKUPS
from tests.support.station import CODE, OTHER, Station, station

LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)


def add_record(s: Station, code: str = CODE, name: str = "Shop", record_id: int = 500) -> None:
    s.browser.records.append(ReceivedRecord(record_id, TransferCode(code), name))


def add_profile(s: Station, profile_id: int, name: str = "Shop", group_id: int = 1) -> None:
    s.browser.profiles[profile_id] = Profile(profile_id, name, group_id, "", 2)


async def found(s: Station, **fields: Any) -> int | None:
    """The number that a row is given whose record says "Shop"."""
    add_record(s)
    row_id = s.store.add(status=Status.CHECKING, unanswered=1, **fields)
    await s.start()
    assert (s.store.status(row_id), s.store.state(row_id).profile_name) == (Status.IMPORTED, "Shop")
    return s.store.state(row_id).profile_id


async def test_the_one_profile_of_the_records_name_is_the_imported_one() -> None:
    async with station(started=False) as s:
        add_profile(s, 7)
        add_profile(s, 8, "Another shop")
        assert await found(s) == 7


async def test_where_several_profiles_have_the_name_the_number_is_left_open() -> None:
    async with station(started=False) as s:
        add_profile(s, 7)
        add_profile(s, 8)
        assert await found(s) is None


async def test_where_no_profile_has_the_name_the_number_is_left_open() -> None:
    async with station(started=False) as s:
        assert await found(s) is None


async def test_the_chosen_group_tells_profiles_of_one_name_apart() -> None:
    async with station(started=False) as s:
        add_profile(s, 7, group_id=1)
        add_profile(s, 8, group_id=30)
        assert await found(s, group_id=30) == 8


async def test_a_profile_that_was_moved_out_of_the_chosen_group_is_found_all_the_same() -> None:
    async with station(started=False) as s:
        add_profile(s, 7, group_id=1)
        assert await found(s, group_id=30) == 7


async def test_a_profile_that_another_row_has_is_not_taken() -> None:
    async with station(started=False) as s:
        s.store.add(OTHER, status=Status.IMPORTED, profile_id=7, profile_name="Shop")
        add_profile(s, 7)
        add_profile(s, 8)
        assert await found(s) == 8


async def test_a_record_without_a_name_is_imported_without_a_number() -> None:
    async with station(started=False) as s:
        add_record(s, name="")
        add_profile(s, 7, name="")
        row_id = s.store.add(status=Status.CHECKING, unanswered=1)
        await s.start()
        assert (s.store.status(row_id), s.store.state(row_id).profile_id) == (Status.IMPORTED, None)


async def test_a_found_profile_gets_its_extraction_link() -> None:
    async with station(started=False) as s:
        add_profile(s, 7)
        assert await found(s, proxy=LINK) == 7
        assert s.store.state(1).proxy_status is ProxyStatus.SET
        assert s.browser.links_set == [(7, LINK, ())]


async def test_without_a_number_the_extraction_link_is_said_to_be_missing() -> None:
    async with station(started=False) as s:
        assert await found(s, proxy=LINK) is None
        assert s.store.state(1).proxy_status is ProxyStatus.MISSING


async def test_the_number_is_looked_up_again_where_that_failed() -> None:
    async with station(started=False) as s:
        add_profile(s, 7)
        add_record(s)
        s.browser.faults_once["profiles_named"].extend([BrowserNoAnswer(), BrowserNotRunning()])
        row_id = s.store.add(status=Status.CHECKING, unanswered=1)
        await s.start()
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(10)
        assert (s.store.status(row_id), s.store.state(row_id).profile_id) == (Status.IMPORTED, 7)


async def test_the_number_is_left_open_where_it_cannot_be_looked_up_at_all() -> None:
    async with station(started=False) as s:
        add_record(s)
        s.browser.faults["profiles_named"] = BrowserRefusal(1004, "System error")
        row_id = s.store.add(status=Status.CHECKING, unanswered=1)
        await s.start()
        await s.clock.advance(60)
        row = s.store.state(row_id)
        assert (row.status, row.profile_id, row.profile_name) == (Status.IMPORTED, None, "Shop")
        assert len(s.browser.times_of("profiles_named")) == LOOKUPS
