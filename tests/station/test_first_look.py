"""What was queued before the start is sent only once the received records were read since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import ReceivedRecord
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserInvalidAnswer, BrowserNotRunning, BrowserRefusal
from bot.usecases.recovery_rows import Decision, Misfit, Recovery
from tests.support.station import CODE, OTHER, station


async def test_what_was_queued_before_the_start_is_sent_after_a_look_at_what_was_received() -> None:
    async with station(started=False) as s:
        s.store.add(CODE)
        s.browser.lasts["received_records"] = 7.0
        await s.start()
        await s.clock.advance(6.9)
        assert s.browser.sent == []
        await s.clock.advance(0.2)
        assert len(s.browser.sent) == 1


async def test_what_was_received_already_becomes_imported_and_is_not_sent() -> None:
    async with station(started=False) as s:
        row_id, other = s.store.add(CODE), s.store.add(OTHER)
        s.browser.records.append(ReceivedRecord(7, TransferCode(CODE), "Shop"))
        await s.start()
        await s.clock.advance(10)
        assert (s.store.status(row_id), s.store.state(row_id).profile_name) == (Status.IMPORTED, "Shop")
        assert s.store.status(other) is Status.IMPORTED
        assert [each.request.code.text for each in s.browser.sent] == [OTHER]


async def test_what_is_confirmed_since_waits_for_no_look() -> None:
    async with station(started=False) as s:
        s.store.add(CODE)
        s.browser.faults["received_records"] = BrowserInvalidAnswer("no list")
        await s.start()
        await s.confirm(OTHER)
        await s.clock.advance(1)
        assert [each.request.code.text for each in s.browser.sent] == [OTHER]
        await s.clock.advance(3600)
        assert len(s.browser.sent) == 1
        del s.browser.faults["received_records"]
        await s.clock.advance(61)
        assert len(s.browser.sent) == 2


async def test_nothing_queued_asks_for_no_look() -> None:
    async with station() as s:
        await s.confirm()
        await s.clock.advance(100)
        assert s.browser.times_of("received_records") == []


@pytest.mark.parametrize(
    ("fault", "reason"), [(BrowserNotRunning("away"), "away"), (BrowserRefusal(1002, "log in"), "1002")]
)
async def test_what_keeps_the_look_is_what_the_import_waits_for(fault: Exception, reason: str) -> None:
    async with station(started=False) as s:
        row_id = s.store.add(CODE)
        s.browser.faults["received_records"] = fault
        await s.start()
        await s.clock.advance(30)
        assert s.store.state(row_id).waiting_for == reason
        s.browser.faults.clear()
        await s.clock.advance(61)
        assert s.store.status(row_id) is Status.IMPORTED
        assert s.store.state(row_id).waiting_for is None


async def test_what_was_confirmed_in_a_recovery_waits_for_a_look_into_the_right_account() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(CODE)
        waiting = Recovery(2, Misfit.OLDER, Decision.WAITING, members_confirmed=True, settled=True)
        s.store.recoveries.now = waiting
        await s.start()
        await s.clock.advance(600)
        assert s.browser.times_of("received_records") == []
        # The account is changed, and an admin says that it is the right one.
        s.browser.records.append(ReceivedRecord(7, TransferCode(CODE), "Shop"))
        s.store.recoveries.now = replace(waiting, decision=Decision.GOING_ON)
        s.importer.imports_to_verify()
        await s.clock.advance(200)
        assert s.store.status(row_id) is Status.IMPORTED
        assert s.browser.sent == []
