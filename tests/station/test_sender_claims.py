"""Between an import's turn and its sending: the address of its saved proxy, and a claim that comes to nothing."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import Address
from bot.domain.outcome import NotSent, Refused, Unknown
from bot.domain.proxy import Saved
from bot.errors import StorageError
from bot.station.send_window import SEND_WITHIN
from bot.station.sender import CLAIM_PAUSE
from tests.support.browser import Answer
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, station

SAVED = Saved(3)
GONE = Refused(2002, "Proxy information does not exist")
UNREADABLE = NotSent(None, "the saved proxies cannot be read")


async def test_a_saved_proxys_address_is_looked_up_before_the_claim_and_sent_along() -> None:
    async with station(started=False) as s:
        s.browser.lasts["saved_address"] = 20
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        await s.clock.advance(19)
        assert (s.store.status(row_id), s.browser.sent) == (Status.QUEUED, [])
        await s.clock.advance(1)
        [sent] = s.browser.sent
        assert sent.request.address == Address("socks5", "203.0.113.7", "1080")
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_look_up_takes_nothing_of_the_time_within_which_an_import_shows() -> None:
    async with station(started=False) as s:
        s.browser.lasts["saved_address"] = 20
        s.browser.script(CODE, Answer(Unknown(None, "cut"), after=1, imports_after=TIMEOUT + GRACE))
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        await s.clock.advance(20 + TIMEOUT + 2 * GRACE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_slow_look_up_keeps_no_other_import_waiting() -> None:
    async with station(concurrency=2, started=False) as s:
        s.browser.lasts["saved_address"] = 20
        s.store.add(CODE, proxy=SAVED)
        other = s.store.add(OTHER)
        await s.start()
        assert s.store.status(other) is Status.IMPORTED


async def test_no_more_saved_proxies_are_looked_up_at_a_time_than_imports_may_be_under_way() -> None:
    async with station(concurrency=2, started=False) as s:
        s.browser.lasts["saved_address"] = 1
        for number in range(4):
            s.store.add(f"1111222{number}-33334444", proxy=SAVED)
        await s.start()
        start = s.clock.awake()
        await s.clock.advance(2)
        assert [at - start for at in s.browser.times_of("saved_address")] == [0, 0, 1, 1]
        assert {state.status for state in s.store.states()} == {Status.IMPORTED}


async def test_an_import_that_is_cancelled_while_its_proxy_is_looked_up_is_not_sent() -> None:
    async with station(started=False) as s:
        s.browser.lasts["saved_address"] = 2
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        await s.cancel(row_id)
        await s.clock.advance(60)
        assert (s.store.status(row_id), s.browser.sent) == (Status.CANCELLED, [])


async def test_an_import_whose_proxy_cannot_be_looked_up_waits() -> None:
    async with station(started=False) as s:
        s.browser.address = UNREADABLE
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        assert (s.store.status(row_id), s.store.state(row_id).waiting_for) == (Status.QUEUED, "away")
        s.browser.address = Address("http", "203.0.113.7", "80")
        await s.clock.advance(5)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_look_up_that_fails_in_an_unexpected_way_has_the_import_wait() -> None:
    async with station(started=False) as s:
        s.browser.faults["saved_address"] = RuntimeError("a bug")
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        assert (s.store.status(row_id), s.store.state(row_id).unanswered) == (Status.QUEUED, 0)
        s.browser.faults.clear()
        await s.clock.advance(5)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_an_import_whose_proxy_is_gone_is_refused() -> None:
    async with station(started=False) as s:
        s.browser.address = GONE
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        state = s.store.state(row_id)
        assert (state.status, state.error_code, s.browser.sent) == (Status.FAILED, 2002, [])


async def test_a_cancelled_probe_leaves_the_next_try_to_others() -> None:
    async with station(concurrency=1, started=False) as s:
        s.browser.address = UNREADABLE
        row_id = s.store.add(CODE, proxy=SAVED)
        await s.start()
        s.browser.lasts["saved_address"] = 2
        await s.clock.advance(5)
        other = s.store.add(OTHER)
        await s.cancel(row_id)
        await s.clock.advance(2)
        assert (s.store.status(row_id), s.store.status(other)) == (Status.CANCELLED, Status.IMPORTED)


async def test_stopping_while_a_proxy_is_looked_up_claims_nothing() -> None:
    async with station(started=False) as s:
        s.browser.lasts["saved_address"] = 20
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        await s.importer.stop()
        assert (s.store.status(row_id), s.store.state(row_id).attempts) == (Status.QUEUED, 0)


async def test_a_claim_after_a_look_up_is_tried_again_when_the_database_is_back() -> None:
    async with station(started=False) as s:
        s.store.faults["claim"] = StorageError("the disk is full")
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        assert (s.store.status(row_id), s.browser.sent) == (Status.QUEUED, [])
        s.store.faults.clear()
        await s.clock.advance(CLAIM_PAUSE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_claim_after_a_look_up_that_was_committed_without_a_word_is_settled_by_readings() -> None:
    async with station(started=False) as s:
        s.store.lost.add("claim")
        row_id = s.store.add(proxy=SAVED)
        await s.start()
        await s.clock.advance(CLAIM_PAUSE)
        assert (s.store.status(row_id), s.browser.sent) == (Status.CHECKING, [])
        await s.clock.advance(TIMEOUT + GRACE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_claim_committed_without_a_word_is_settled_although_the_sender_wakes_at_that_moment() -> None:
    async with station(started=False) as s:
        s.store.lost.add("claim")
        s.browser.script(CODE, Answer(NotSent(None, "no connection")))
        s.store.add(CODE)
        row_id = s.store.add(OTHER, proxy=SAVED)
        await s.start()
        await s.clock.advance(1)
        # From now on the sender waits for the moment at which both pauses end.
        s.importer.imports_queued()
        await s.clock.advance(CLAIM_PAUSE + TIMEOUT + 2 * GRACE)
        assert s.store.status(row_id) is Status.IMPORTED


# --- a claim that comes to nothing


async def test_an_import_is_not_sent_later_than_five_seconds_after_its_claim_which_is_given_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    async with station(started=False) as s:
        s.store.latency = SEND_WITHIN + 0.1
        row_id = s.store.add()
        await s.start()
        await s.clock.advance_until(lambda: "is given back" in caplog.text)
        assert (s.store.status(row_id), s.store.state(row_id).attempts) == (Status.SENDING, 1)
        s.store.latency = 0.01
        await s.clock.advance(SEND_WITHIN)
        assert (s.store.status(row_id), s.store.state(row_id).attempts) == (Status.IMPORTED, 2)
        assert [s.store.state(row_id).unanswered, len(s.browser.sent)] == [0, 1]


async def test_an_import_is_sent_five_seconds_after_its_claim() -> None:
    async with station(started=False) as s:
        s.store.latency = SEND_WITHIN
        s.store.add()
        await s.start()
        await s.clock.advance(4 * SEND_WITHIN)
        assert len(s.browser.sent) == 1


async def test_an_import_that_is_cancelled_before_its_claim_is_given_back_is_cancelled() -> None:
    async with station(started=False) as s:
        s.store.latency = SEND_WITHIN + 1
        row_id = s.store.add()
        await s.start()
        await s.clock.advance_until(lambda: s.store.status(row_id) is Status.SENDING)
        s.store.cancel(row_id)
        await s.clock.advance(30)
        assert (s.store.status(row_id), s.browser.sent) == (Status.CANCELLED, [])


async def test_a_claim_that_is_given_back_while_waiting_leaves_the_next_try_to_others() -> None:
    async with station(concurrency=1, started=False) as s:
        s.browser.script(CODE, Answer(NotSent(None, "no connection")))
        s.store.add(CODE)
        await s.start()
        s.store.latency = SEND_WITHIN + 1
        await s.clock.advance(SEND_WITHIN + 5)
        s.store.latency = 0
        await s.clock.advance(30)
        assert s.store.states()[0].status is Status.IMPORTED


async def test_a_result_that_is_noted_late_is_that_attempts_own() -> None:
    """The result was committed and nobody said so: until it is known to be noted, the import has no other attempt."""
    async with station() as s:
        s.browser.script(CODE, Answer(NotSent(1010, "too fast")), Answer(after=10))
        s.store.lost.add("record")
        row_id = await s.confirm(CODE)
        s.importer.imports_queued()
        await asyncio.sleep(0)
        assert len(s.browser.sent) == 1
        await s.clock.advance(20)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 2)
