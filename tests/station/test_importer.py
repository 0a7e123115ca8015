"""The importer as a whole: how it starts, idles, stops, and how fast it is."""

from __future__ import annotations

import asyncio

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Profile
from bot.domain.outcome import Unknown
from bot.domain.proxy import Extraction, ProxyType, TextFormat
from bot.errors import BrowserNotRunning, StorageError
from tests.support.browser import Answer
from tests.support.clock import settle
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, station

LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)


async def test_a_confirmed_import_is_imported_with_its_number_and_name() -> None:
    async with station() as s:
        row_id = await s.confirm()
        row = s.store.state(row_id)
        assert (row.status, row.profile_id, row.profile_name) == (Status.IMPORTED, 100, f"Shop {CODE}")
        assert row.finished_at == s.clock.now()


async def test_with_nothing_to_do_it_asks_ixbrowser_nothing_and_looks_around_twice_a_minute() -> None:
    async with station() as s:
        await settle()
        s.store.calls.clear()
        await s.clock.advance(600)
        assert s.browser.calls == []
        assert s.store.calls.count("send_round") == 20


async def test_what_was_confirmed_without_a_word_is_found_within_half_a_minute() -> None:
    async with station() as s:
        row_id = s.store.add()
        await s.clock.advance(30)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_killed_process_leaves_its_rows_to_be_settled_by_the_next() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(after=50, imports_after=20))
        row_id = await s.confirm()
        await s.kill()
        assert s.store.status(row_id) is Status.SENDING
        await s.start()
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(TIMEOUT)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_second_kill_while_checking_begins_the_proof_anew() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(status=Status.SENDING, attempts=1)
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE - 1)
        await s.kill()
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE - 1)
        assert (s.store.status(row_id), s.browser.sent) == (Status.CHECKING, [])
        await s.clock.advance(1)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_kills_are_not_taken_for_answers_so_that_a_good_code_is_imported_however_often_they_come() -> None:
    async with station(started=False) as s:
        s.browser.script(CODE, *[Answer(after=300)] * 4)
        row_id = s.store.add()
        for _ in range(4):
            await s.start()
            await s.clock.advance(TIMEOUT + GRACE)
            await s.kill()
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE)
        assert (s.store.status(row_id), s.store.state(row_id).attempts) == (Status.IMPORTED, 5)


async def test_stopping_sends_nothing_more_and_waits_for_what_is_under_way() -> None:
    async with station(concurrency=1) as s:
        s.browser.script(CODE, Answer(after=50))
        row_id = await s.confirm(CODE)
        other = await s.confirm(OTHER)
        stopping = asyncio.create_task(s.importer.stop())
        await s.clock.advance(49)
        assert not stopping.done()
        await s.clock.advance(1)
        assert stopping.done()
        assert (s.store.status(row_id), s.store.status(other)) == (Status.IMPORTED, Status.QUEUED)
        assert len(s.store.told(row_id)) == 1


async def test_stopping_returns_when_the_time_out_is_over_and_leaves_the_rest_to_the_next_start() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(after=500))
        row_id = await s.confirm()
        stopping = asyncio.create_task(s.importer.stop())
        await s.clock.advance(TIMEOUT + 3)
        assert stopping.done()
        assert s.store.status(row_id) is Status.SENDING


async def test_stopping_does_not_wait_for_readings() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(Unknown(None, "cut")))
        s.browser.lasts["received_records"] = 500
        row_id = await s.confirm()
        await s.importer.stop()
        assert s.store.status(row_id) is Status.CHECKING


async def test_stopping_while_a_result_cannot_be_noted_leaves_it_to_the_next_start() -> None:
    async with station() as s:
        s.store.faults["record"] = StorageError("the disk is full")
        row_id = await s.confirm()
        await s.importer.stop()
        assert s.store.status(row_id) is Status.SENDING


async def test_stopping_before_running_returns_at_once_and_running_then_ends_at_once() -> None:
    async with station() as s:
        await s.importer.stop()
        await s.importer.stop()
        row_id = s.store.add()
        await s.importer.run()
        assert s.store.status(row_id) is Status.QUEUED


async def test_everything_goes_on_when_ixbrowser_was_closed_for_a_while_in_the_middle_of_it() -> None:
    async with station(started=False) as s:
        s.store.add("11110000-00000001", status=Status.SENDING, attempts=1)
        s.store.add("11110000-00000002")
        s.store.add(
            "11110000-00000003",
            status=Status.IMPORTED,
            profile_id=7,
            profile_name="Shop",
            proxy=LINK,
            proxy_status=ProxyStatus.PENDING,
        )
        s.browser.profiles[7] = Profile(7, "Shop", 1, "", 2)
        for name in ("received_records", "profile"):
            s.browser.faults[name] = BrowserNotRunning()
        await s.start()
        await s.clock.advance(3600)
        s.browser.faults.clear()
        await s.clock.advance(200)
        assert {row.status for row in s.store.states()} == {Status.IMPORTED}
        assert s.store.state(3).proxy_status is ProxyStatus.SET


async def test_a_hundred_imports_take_hardly_longer_than_the_station_needs_for_them() -> None:
    async with station(concurrency=3, started=False) as s:
        s.store.latency = 0.001
        s.browser.lasts = {"import_profile": 0.2, "profile": 0.05}
        for n in range(100):
            s.store.add(f"1111{n:04}-33334444")
        await s.start()
        start = s.clock.awake()
        await s.clock.advance_until(lambda: all(row.profile_id is not None for row in s.store.states()))
        assert s.clock.awake() - start <= 1.1 * 100 * 0.2 / 3
        await s.clock.advance(6)
        assert all(row.profile_name for row in s.store.states())
