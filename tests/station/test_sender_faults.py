"""Sending while the database fails, and what may be logged of it."""

from __future__ import annotations

import pytest

from bot.domain.import_state import Status
from bot.domain.outcome import NotSent, Refused, Unknown
from bot.domain.proxy import Extraction, ProxyType, TextFormat
from bot.errors import StorageError
from tests.support.browser import Answer
from tests.support.clock import settle
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, Station, station

AWAY = Answer(NotSent(None, "no connection"))
WRONG = Answer(Refused(110002, "The transfer code is wrong"))
CUT = Answer(Unknown(None, "cut"))
LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)


async def sent_once_and_recovered(s: Station, row_id: int) -> None:
    await s.clock.advance(60)
    assert s.store.status(row_id) is Status.IMPORTED
    assert len(s.browser.sent) == 1


async def test_nothing_is_sent_while_the_database_cannot_be_used() -> None:
    async with station() as s:
        s.store.faults["send_round"] = StorageError("the disk is full")
        row_id = await s.confirm()
        await s.clock.advance(120)
        assert s.browser.sent == []
        s.store.faults.clear()
        await sent_once_and_recovered(s, row_id)


async def test_a_database_that_is_locked_at_start_is_tried_again() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(status=Status.SENDING, attempts=1)
        s.store.faults["recover"] = StorageError("locked")
        await s.start()
        assert s.store.status(row_id) is Status.SENDING
        s.store.faults.clear()
        await s.clock.advance(2)
        assert (s.store.status(row_id), s.store.state(row_id).unanswered) == (Status.CHECKING, 1)


async def test_a_result_that_cannot_be_noted_is_noted_when_the_database_is_back() -> None:
    async with station() as s:
        s.store.faults["record"] = StorageError("the disk is full")
        row_id = await s.confirm()
        await s.clock.advance(200)
        assert s.store.status(row_id) is Status.SENDING
        s.store.faults.clear()
        await sent_once_and_recovered(s, row_id)


async def test_a_result_that_cannot_be_noted_is_tried_again_after_a_second() -> None:
    async with station() as s:
        s.store.faults["record"] = StorageError("locked")
        row_id = await s.confirm()
        s.store.faults.clear()
        await s.clock.advance(0.9)
        assert s.store.status(row_id) is Status.SENDING
        await s.clock.advance(0.1)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_that_imports_wait_is_told_once_the_database_is_back() -> None:
    async with station(concurrency=1) as s:
        s.browser.script(CODE, AWAY)
        s.browser.script(OTHER, Answer(after=50))
        s.browser.on_import = lambda _: s.store.faults.update(send_round=StorageError("the disk is full"))
        await s.confirm()
        other = await s.confirm(OTHER)
        await s.clock.advance(60)
        assert s.store.waits_told(other) == []
        s.browser.on_import = None
        s.store.faults.clear()
        await s.clock.advance(40)
        assert s.store.waits_told(other) == ["away"]


async def test_a_result_that_was_noted_although_the_database_did_not_say_so_stays() -> None:
    async with station() as s:
        s.store.lost.add("record")
        await sent_once_and_recovered(s, await s.confirm())


async def test_a_result_is_never_noted_over_a_later_attempt() -> None:
    """The first attempt's result was committed, nobody said so, and the row was sent again before it was tried anew."""
    async with station() as s:
        s.browser.script(CODE, Answer(Refused(2002, "no such proxy")), Answer(after=10))
        s.store.lost.add("record")
        row_id = s.store.add(CODE, proxy=LINK)
        s.importer.imports_queued()
        await settle()
        s.importer.imports_queued()
        await s.clock.advance(5)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.SENDING, 2)
        await s.clock.advance(10)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 2)


async def test_a_claim_that_was_committed_although_the_database_did_not_say_so_is_settled_by_readings() -> None:
    async with station() as s:
        s.browser.script(OTHER, Answer(after=300))
        in_flight = await s.confirm(OTHER)
        s.store.lost.add("send_round")
        row_id = await s.confirm()
        await s.clock.advance(1)
        assert s.store.status(row_id) is Status.CHECKING
        assert s.store.status(in_flight) is Status.SENDING
        await s.clock.advance(TIMEOUT + GRACE)
        assert s.store.status(row_id) is Status.IMPORTED
        assert s.browser.codes_sent() == [OTHER, CODE]


async def test_a_row_whose_result_is_lost_by_a_fault_of_the_program_is_settled_by_readings() -> None:
    async with station() as s:
        s.store.faults["record"] = RuntimeError("a bug")
        row_id = await s.confirm()
        s.store.faults.clear()
        await s.clock.advance(60)
        row = s.store.state(row_id)
        assert (row.status, row.profile_id, len(s.browser.sent)) == (Status.IMPORTED, 100, 1)


async def test_a_try_that_is_lost_by_a_fault_of_the_program_does_not_end_the_trying() -> None:
    async with station() as s:
        s.browser.script(CODE, AWAY, WRONG)
        await s.confirm()
        s.store.faults["record"] = RuntimeError("a bug")
        await s.clock.advance(5)
        s.store.faults.clear()
        other = await s.confirm(OTHER)
        await s.clock.advance(60)
        assert s.store.status(other) is Status.IMPORTED


async def test_people_are_told_what_they_wait_for_when_the_database_is_back() -> None:
    async with station() as s:
        s.browser.on_import = lambda _: s.store.faults.update(send_round=StorageError("locked"))
        s.browser.always = AWAY
        row_id = await s.confirm()
        s.browser.on_import = None
        await s.clock.advance(20)
        assert s.store.told(row_id) == []
        s.store.faults.clear()
        await s.clock.advance(20)
        assert s.store.waits_told(row_id) == ["away"]


async def test_a_full_code_is_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with station() as s:
        s.browser.script(CODE, CUT, WRONG)
        await s.confirm()
        await s.confirm(OTHER)
        await s.clock.advance(300)
        await settle()
    assert "1111••••-••••4444" in caplog.text
    assert CODE not in caplog.text
    assert OTHER not in caplog.text
