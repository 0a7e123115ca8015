"""Received records that cannot be read, for a moment or for a day."""

from __future__ import annotations

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import ReceivedRecord
from bot.domain.outcome import Unknown
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserNotRunning, StorageError
from tests.support.browser import Answer
from tests.support.station import CODE, GRACE, Station, station

CUT = Unknown(None, "cut")
DAY = 24 * 3600.0


def add_record(s: Station, code: str = CODE, name: str = "Shop", record_id: int = 500) -> None:
    s.browser.records.append(ReceivedRecord(record_id, TransferCode(code), name))


async def test_readings_that_fail_prove_nothing_and_are_tried_again_with_pauses() -> None:
    async with station() as s:
        s.browser.faults["received_records"] = BrowserNotRunning()
        s.browser.script(CODE, Answer(CUT))
        row_id = await s.confirm()
        await s.clock.advance(300)
        times = s.browser.times_of("received_records")
        assert [round(at - times[0]) for at in times] == [0, 5, 15, 35, 75, 135, 195, 255]
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.CHECKING, 1)
        s.browser.faults.clear()
        await s.clock.advance(60 + GRACE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 2)


async def test_a_reading_that_fails_in_an_unexpected_way_is_tried_again() -> None:
    async with station() as s:
        s.browser.faults["received_records"] = RuntimeError("a bug")
        s.browser.script(CODE, Answer(CUT, imports_after=0))
        row_id = await s.confirm()
        s.browser.faults.clear()
        await s.clock.advance(5)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_after_a_day_without_readings_it_is_unknown_and_can_be_looked_for_again() -> None:
    async with station() as s:
        s.browser.faults["received_records"] = BrowserNotRunning()
        s.browser.script(CODE, Answer(CUT, imports_after=1))
        row_id = await s.confirm()
        await s.clock.advance(DAY - 120)
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(240)
        assert s.store.status(row_id) is Status.UNKNOWN
        assert s.store.state(row_id).finished_at is not None

        s.store.look_again(row_id)
        await s.clock.advance(120)
        assert s.store.status(row_id) is Status.CHECKING
        s.browser.faults.clear()
        await s.clock.advance(60)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_after_a_day_asleep_it_is_looked_for_before_it_is_given_up() -> None:
    async with station() as s:
        s.browser.faults["received_records"] = BrowserNotRunning()
        s.browser.script(CODE, Answer(CUT, imports_after=1))
        row_id = await s.confirm()
        await s.clock.advance(30)
        s.clock.computer_sleeps(2 * DAY)
        await s.clock.advance(600)
        assert s.store.status(row_id) is Status.CHECKING
        s.browser.faults.clear()
        await s.clock.advance(60)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_process_that_starts_days_later_tries_for_an_hour_before_it_gives_up() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(status=Status.CHECKING, unanswered=1)
        s.browser.faults["received_records"] = BrowserNotRunning()
        s.clock.computer_sleeps(3 * DAY)
        await s.start()
        await s.clock.advance(3500)
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(200)
        assert s.store.status(row_id) is Status.UNKNOWN


async def test_what_was_found_once_ends_as_imported_even_if_ixbrowser_never_comes_back() -> None:
    async with station(started=False) as s:
        add_record(s)
        row_id = s.store.add(status=Status.CHECKING, unanswered=1)
        s.browser.faults["profiles_named"] = BrowserNotRunning()
        await s.start()
        s.browser.faults["received_records"] = BrowserNotRunning()
        await s.clock.advance(DAY + 3700)
        row = s.store.state(row_id)
        assert (row.status, row.profile_id, row.record_id) == (Status.IMPORTED, None, 500)


async def test_a_result_of_the_readings_that_cannot_be_noted_is_noted_later() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, after=1, imports_after=0))
        row_id = await s.confirm()
        s.store.faults["claimed_records"] = StorageError("locked")
        await s.clock.advance(20)
        assert s.store.status(row_id) is Status.CHECKING
        s.store.faults.clear()
        await s.clock.advance(30)
        assert s.store.status(row_id) is Status.IMPORTED
