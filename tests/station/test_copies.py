"""A copy of a database on another computer: what the first has sent until a moment ago is still under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.import_events import MaybeSent
from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import ReceivedRecord
from bot.domain.transfer_code import TransferCode
from bot.usecases import import_queue
from bot.usecases.recovery_rows import Decision, Misfit, Recovery
from tests.support.station import CODE, TIMEOUT, Station, station

WAITING = Recovery(2, Misfit.MOVED, Decision.WAITING, members_confirmed=True, settled=True)


async def checked_for_long(s: Station, why: Misfit) -> int:
    """A recovery that waits for an admin for an hour, and goes on now; the row of which it is not known what became."""
    row_id = s.store.add(CODE)
    await s.store.write(import_queue.record, row_id, MaybeSent(s.clock.now() - timedelta(hours=1)))
    s.store.recoveries.now = waiting = replace(WAITING, why=why)
    await s.start()
    await s.clock.advance(3600)
    s.store.recoveries.now = replace(waiting, decision=Decision.GOING_ON)
    s.importer.imports_to_verify()
    return row_id


async def test_what_the_first_was_sending_until_the_copy_goes_on_is_not_sent_again() -> None:
    async with station(started=False) as s:
        row_id = await checked_for_long(s, Misfit.MOVED)
        # Just before that it was sent, and it takes its time.
        await s.clock.advance(TIMEOUT - 5)
        assert s.store.status(row_id) is Status.CHECKING
        s.browser.records.append(ReceivedRecord(7, TransferCode(CODE), "Shop"))
        await s.clock.advance(60)
        assert s.store.status(row_id) is Status.IMPORTED
        assert s.browser.sent == []


async def test_what_never_arrives_is_sent_once_it_can_be_under_way_no_more() -> None:
    async with station(started=False) as s:
        await checked_for_long(s, Misfit.MOVED)
        await s.clock.advance(120)
        assert len(s.browser.sent) == 1


async def test_in_the_same_place_nobody_else_can_have_sent_anything() -> None:
    async with station(started=False) as s:
        await checked_for_long(s, Misfit.OLDER)
        await s.clock.advance(TIMEOUT - 5)
        assert len(s.browser.sent) == 1
