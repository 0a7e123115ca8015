"""The proof by the received records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.import_state import Status
from bot.domain.ixbrowser_objects import ReceivedRecord
from bot.domain.outcome import Refused, Unknown
from bot.domain.transfer_code import TransferCode
from tests.support.browser import Answer
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, Station, station

CUT = Unknown(None, "cut")
TIMED_OUT = Unknown(None, "timeout")
WRONG = Refused(110002, "The transfer code is wrong")


def add_record(s: Station, code: str = CODE, name: str = "Shop", record_id: int = 500) -> None:
    s.browser.records.append(ReceivedRecord(record_id, TransferCode(code), name))


# --- found


@pytest.mark.parametrize("status", [Status.CHECKING, Status.QUEUED])
async def test_an_import_whose_code_is_missing_is_another_s_record_never_and_ends_as_not_known(status: Status) -> None:
    async with station(started=False) as s:
        lost, other = s.store.add(status=status), s.store.add(OTHER, status=Status.CHECKING, unanswered=1)
        row = s.store.imports.rows[lost]
        s.store.imports.rows[lost] = replace(row, code=None, state=replace(row.state, code_kept=False))
        # A record whose text holds no code.
        s.browser.records.append(ReceivedRecord(499, None, "Somebody else's"))
        add_record(s, OTHER)
        await s.start()
        await s.clock.advance(300)
        state = s.store.state(lost)
        assert (state.status, state.record_id, state.profile_id) == (Status.UNKNOWN, None, None)
        assert s.store.status(other) is Status.IMPORTED
        assert s.browser.sent == []


async def test_an_import_that_was_done_although_its_answer_was_lost_is_found_at_once() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, after=1, imports_after=0.5))
        row_id = await s.confirm()
        await s.clock.advance(1)
        row = s.store.state(row_id)
        assert (row.status, row.record_id, row.profile_id, row.profile_name) == (
            Status.IMPORTED,
            1000,
            100,
            f"Shop {CODE}",
        )
        assert row.finished_at == s.clock.now()
        assert row.error_message == ""


@pytest.mark.parametrize(
    ("answered_after", "imported_after"),
    [
        pytest.param(1, 20, id="cut at 1 s and done at 20"),
        pytest.param(TIMEOUT, 61, id="done just after the time-out"),
        pytest.param(TIMEOUT, TIMEOUT + GRACE, id="done a grace after the time-out"),
        pytest.param(1, TIMEOUT + GRACE, id="cut at once and done at the last moment"),
    ],
)
async def test_an_import_that_is_done_late_is_found_and_not_sent_again(
    answered_after: float, imported_after: float
) -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, after=answered_after, imports_after=imported_after))
        row_id = await s.confirm()
        await s.clock.advance(300)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_an_import_that_takes_ninety_seconds_is_imported_once_since_the_code_is_used_up_then() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(TIMED_OUT, after=TIMEOUT, imports_after=90), Answer(WRONG))
        row_id = await s.confirm()
        await s.clock.advance(300)
        row = s.store.state(row_id)
        assert (row.status, row.profile_id) == (Status.IMPORTED, 100)


async def test_a_refusal_after_an_unanswered_attempt_does_not_hide_that_it_was_imported() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(unanswered=1)
        s.browser.script(CODE, Answer(WRONG, imports_after=30))
        await s.start()
        assert (s.store.status(row_id), s.store.state(row_id).verdict) == (Status.CHECKING, Status.FAILED)
        await s.clock.advance(100)
        row = s.store.state(row_id)
        assert (row.status, row.verdict, row.error_code) == (Status.IMPORTED, None, None)


async def test_one_reading_serves_all_rows() -> None:
    async with station(started=False) as s:
        rows = [s.store.add(f"1111222{n}-33334444", status=Status.CHECKING, unanswered=1) for n in range(5)]
        for n in range(5):
            add_record(s, f"1111222{n}-33334444", f"Shop {n}", 500 + n)
        await s.start()
        assert {s.store.status(row_id) for row_id in rows} == {Status.IMPORTED}
        assert len(s.browser.times_of("received_records")) == 1


async def test_a_record_that_another_row_was_found_by_proves_nothing() -> None:
    async with station(started=False) as s:
        s.store.add(OTHER, status=Status.IMPORTED, record_id=500, profile_id=7, profile_name="Shop")
        row_id = s.store.add(CODE, status=Status.CHECKING, unanswered=1, verdict=Status.FAILED)
        add_record(s, CODE, record_id=500)
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE)
        assert s.store.status(row_id) is Status.FAILED


# --- not found


async def test_absence_is_proven_by_two_readings_a_grace_apart_after_the_time_out() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, after=1))
        sent = s.clock.awake()
        row_id = await s.confirm()
        await s.clock.advance(1)
        await s.clock.advance_until(lambda: len(s.browser.sent) == 2)
        assert s.browser.times_of("received_records") == [sent + 1, sent + TIMEOUT, sent + TIMEOUT + GRACE]
        assert [each.at for each in s.browser.sent] == [sent, sent + TIMEOUT + GRACE]
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_reading_that_lasts_counts_from_its_beginning_and_the_grace_from_its_end() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(TIMED_OUT, after=TIMEOUT))
        s.browser.lasts["received_records"] = 10
        sent = s.clock.awake()
        await s.confirm()
        await s.clock.advance_until(lambda: len(s.browser.sent) == 2)
        assert s.browser.times_of("received_records") == [sent + TIMEOUT, sent + TIMEOUT + 10 + GRACE]


async def test_a_reading_for_another_rows_sake_does_not_shorten_the_grace() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT))
        s.browser.script(OTHER, Answer(CUT))
        first = s.clock.awake()
        await s.confirm(CODE)
        await s.clock.advance(6)
        await s.confirm(OTHER)
        await s.clock.advance_until(lambda: len(s.browser.sent) == 4)
        assert first + TIMEOUT + 6 in s.browser.times_of("received_records")
        assert [each.at - first for each in s.browser.sent[2:]] == [TIMEOUT + GRACE, TIMEOUT + GRACE + 6]


async def test_after_three_unanswered_attempts_it_has_failed_and_says_what_was_said_last() -> None:
    async with station() as s:
        s.browser.always = Answer(Unknown(1016, "Request timeout"), after=20)
        row_id = await s.confirm()
        await s.clock.advance(600)
        row = s.store.state(row_id)
        assert (row.status, row.error_code, row.unanswered, len(s.browser.sent)) == (Status.FAILED, 1016, 3, 3)
        assert row.finished_at is not None


async def test_a_code_that_is_imported_at_the_last_of_its_attempts_is_imported() -> None:
    async with station() as s:
        s.browser.script(CODE, *[Answer(Unknown(1004, "System error"))] * 2)
        row_id = await s.confirm()
        await s.clock.advance(300)
        row = s.store.state(row_id)
        assert (row.status, row.attempts, row.error_code, row.error_message) == (Status.IMPORTED, 3, None, "")
        assert s.store.names_told(row_id)[-1] == f"Shop {CODE}"


async def test_a_refusal_after_an_unanswered_attempt_is_final_once_the_records_agree() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT), Answer(WRONG))
        row_id = await s.confirm()
        await s.clock.advance(2 * (TIMEOUT + GRACE))
        row = s.store.state(row_id)
        assert (row.status, row.error_code) == (Status.FAILED, 110002)


async def test_a_cancel_while_it_is_checked_is_final_once_the_records_agree() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT))
        row_id = await s.confirm()
        await s.cancel(row_id)
        await s.clock.advance(TIMEOUT + GRACE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.CANCELLED, 1)


async def test_a_cancel_while_it_is_checked_does_not_hide_that_it_was_imported() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, imports_after=70))
        row_id = await s.confirm()
        await s.cancel(row_id)
        await s.clock.advance(300)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_row_that_was_being_sent_when_the_process_died_counts_from_the_new_start() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(after=50))
        row_id = await s.confirm()
        await s.clock.advance(40)
        await s.kill()
        s.clock.new_process()
        started = s.clock.awake()
        await s.start()
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance_until(lambda: len(s.browser.sent) == 2)
        assert s.browser.sent[-1].at == started + TIMEOUT + GRACE


async def test_time_asleep_does_not_count_as_time_in_which_it_could_have_been_done() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(CUT, after=1, imports_after=50))
        row_id = await s.confirm()
        await s.clock.advance(1)
        s.clock.computer_sleeps(7200)
        await s.clock.advance(30)
        assert s.store.status(row_id) is Status.CHECKING
        await s.clock.advance(60)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_burst_of_unanswered_imports_shares_readings() -> None:
    async with station(concurrency=10, started=False) as s:
        for n in range(10):
            code = f"1111222{n}-33334444"
            s.store.add(code)
            s.browser.script(code, Answer(CUT, after=n / 10))
        await s.start()
        await s.clock.advance(6)
        # The first is for what was queued before the start.
        assert len(s.browser.times_of("received_records")) == 3
