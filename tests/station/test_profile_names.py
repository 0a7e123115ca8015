"""The name of an imported profile, and when its person is told."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Profile
from bot.errors import BrowserNoAnswer, BrowserNotRunning, StorageError
from tests.support.station import CODE, OTHER, Station, station

NAME = f"Shop {CODE}"


def add_unnamed(s: Station) -> int:
    """A row that an earlier process imported and never showed."""
    s.browser.profiles[7] = Profile(7, "Shop", 1, "", 2)
    return s.store.add(CODE, status=Status.IMPORTED, profile_id=7, finished_at=s.clock.now())


async def test_number_and_name_are_told_together() -> None:
    async with station() as s:
        row_id = await s.confirm()
        assert s.store.names_told(row_id) == [NAME]


async def test_an_import_is_told_within_five_seconds_when_its_name_does_not_come() -> None:
    async with station() as s:
        s.browser.lasts["profile"] = 300
        row_id = await s.confirm()
        await s.clock.advance(4.9)
        assert s.store.names_told(row_id) == []
        await s.clock.advance(0.2)
        assert s.store.names_told(row_id) == [""]
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_burst_of_imports_is_told_in_time_although_no_name_comes() -> None:
    async with station(concurrency=3) as s:
        s.browser.lasts["profile"] = 300
        rows = [await s.confirm(f"1111222{n}-33334444") for n in range(9)]
        await s.clock.advance(5.1)
        assert [s.store.names_told(row_id) for row_id in rows] == [[""]] * 9


async def test_looking_names_up_keeps_no_import_waiting() -> None:
    async with station(concurrency=1) as s:
        s.browser.lasts["profile"] = 3
        await s.confirm(CODE)
        await s.confirm(OTHER)
        assert [row.status for row in s.store.states()] == [Status.IMPORTED] * 2


async def test_a_name_that_comes_later_is_told_then() -> None:
    async with station() as s:
        s.browser.faults["profile"] = BrowserNoAnswer()
        row_id = await s.confirm()
        await s.clock.advance(20)
        assert s.store.names_told(row_id) == [""]
        s.browser.faults.clear()
        await s.clock.advance(10)
        assert s.store.names_told(row_id) == ["", NAME]


async def test_a_profile_that_is_not_listed_yet_is_looked_up_later() -> None:
    async with station() as s:
        profiles = s.browser.profiles
        s.browser.profiles = {}
        row_id = await s.confirm()
        profiles.update(s.browser.profiles)
        s.browser.profiles = {}
        s.browser.faults["profile"] = BrowserNotRunning()
        await s.clock.advance(35)
        s.browser.faults.clear()
        s.browser.profiles = profiles
        await s.clock.advance(120)
        assert s.store.state(row_id).profile_name == NAME


async def test_a_name_that_never_comes_is_asked_for_a_few_times_only() -> None:
    async with station() as s:
        s.browser.faults["profile"] = BrowserNoAnswer()
        row_id = await s.confirm()
        start = s.browser.times_of("profile")[0]
        await s.clock.advance(6 * 3600)
        assert [at - start for at in s.browser.times_of("profile")] == [0, 30, 150, 750, 4350]
        assert s.store.names_told(row_id) == [""]


async def test_a_name_is_not_asked_for_sooner_because_another_is_due() -> None:
    async with station() as s:
        s.browser.faults["profile"] = BrowserNoAnswer()
        await s.confirm(CODE)
        await s.clock.advance(20)
        await s.confirm(OTHER)
        s.browser.calls.clear()
        await s.clock.advance(10)
        assert len(s.browser.times_of("profile")) == 1


async def test_an_import_that_was_not_shown_before_the_process_died_is_shown_at_the_next_start() -> None:
    async with station(started=False) as s:
        row_id = add_unnamed(s)
        await s.start()
        assert s.store.names_told(row_id) == ["Shop"]


async def test_an_import_that_was_not_shown_is_shown_at_the_next_start_even_without_its_name() -> None:
    async with station(started=False) as s:
        row_id = add_unnamed(s)
        s.browser.faults["profile"] = BrowserNotRunning()
        await s.start()
        assert s.store.names_told(row_id) == [""]
        s.browser.faults.clear()
        await s.clock.advance(30)
        assert s.store.names_told(row_id) == ["", "Shop"]


async def test_names_of_long_ago_are_not_asked_for() -> None:
    async with station(started=False) as s:
        add_unnamed(s)
        s.clock.computer_sleeps(timedelta(days=2).total_seconds())
        await s.start()
        await s.clock.advance(600)
        assert s.browser.times_of("profile") == []


async def test_fresh_imports_come_before_old_names() -> None:
    async with station(started=False) as s:
        add_unnamed(s)
        for n in range(5):
            profile_id = 20 + n
            s.browser.profiles[profile_id] = Profile(profile_id, f"Old {n}", 1, "", 2)
            old = {"status": Status.IMPORTED, "profile_id": profile_id, "finished_at": s.clock.now()}
            s.store.add(f"9999999{n}-33334444", **old)
        s.browser.lasts["profile"] = 2
        await s.start()
        fresh = await s.confirm(OTHER)
        await s.clock.advance(4.5)
        assert s.store.state(fresh).profile_name == f"Shop {OTHER}"
        await s.clock.advance(60)
        assert all(row.profile_name for row in s.store.states())


async def test_an_import_is_told_when_the_database_is_back() -> None:
    async with station() as s:
        s.browser.lasts["profile"] = 1
        row_id = await s.confirm()
        s.store.faults |= dict.fromkeys(["record", "show"], StorageError("locked"))
        await s.clock.advance(30)
        assert s.store.names_told(row_id) == []
        s.store.faults.clear()
        await s.clock.advance(30)
        assert s.store.names_told(row_id) == [""]
        await s.clock.advance(30)
        assert s.store.state(row_id).profile_name == NAME


async def test_stopping_shows_what_was_kept_back_for_its_name() -> None:
    async with station() as s:
        s.browser.lasts["profile"] = 4
        row_id = await s.confirm(CODE)
        other = await s.confirm(OTHER)
        await s.importer.stop()
        assert (s.store.names_told(row_id), s.store.names_told(other)) == ([""], [""])


async def test_stopping_leaves_to_the_next_start_what_cannot_be_shown_now() -> None:
    async with station() as s:
        s.browser.lasts["profile"] = 4
        row_id = await s.confirm(CODE)
        s.store.faults |= dict.fromkeys(["record", "show"], StorageError("the disk is full"))
        await s.importer.stop()
        assert s.store.names_told(row_id) == []
        s.store.faults.clear()
        s.browser.lasts.clear()
        await s.start()
        assert s.store.names_told(row_id) == [NAME]
