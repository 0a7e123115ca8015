"""While ixBrowser takes no imports: when it is asked again, and what people are told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.domain.import_state import Status
from bot.domain.outcome import NotSent
from tests.support.browser import Answer
from tests.support.station import CODE, OTHER, station

AWAY = Answer(NotSent(None, "no connection"))
TOO_FAST = Answer(NotSent(1010, "too fast"))
LOGGED_OUT = Answer(NotSent(1002, "log in again"))
RESTRICTED = Answer(NotSent(1008, "restricted"))


def codes(number: int) -> list[str]:
    return [f"{10000000 + n}-{20000000 + n}" for n in range(number)]


@pytest.mark.parametrize(
    ("answer", "reason"), [(AWAY, "away"), (LOGGED_OUT, "1002"), (TOO_FAST, "1010"), (RESTRICTED, "1008")]
)
async def test_while_ixbrowser_cannot_take_imports_they_wait_and_go_on_by_themselves(
    answer: Answer, reason: str
) -> None:
    async with station() as s:
        s.browser.script(CODE, answer)
        row_id = await s.confirm()
        assert (s.store.status(row_id), s.store.state(row_id).waiting_for) == (Status.QUEUED, reason)
        await s.clock.advance(5)
        assert (s.store.status(row_id), s.store.state(row_id).unanswered) == (Status.IMPORTED, 0)
        assert s.store.state(row_id).waiting_for is None


@pytest.mark.parametrize("answer", [AWAY, LOGGED_OUT, TOO_FAST, RESTRICTED])
async def test_what_is_put_off_three_times_in_a_row_is_asked_for_no_faster_than_every_five_seconds(
    answer: Answer,
) -> None:
    async with station() as s:
        s.browser.script(CODE, *[answer] * 3)
        row_id = await s.confirm()
        await s.clock.advance(60)
        assert (s.store.status(row_id), s.store.state(row_id).attempts) == (Status.IMPORTED, 4)
        times = [sent.at for sent in s.browser.sent]
        assert [after - before for before, after in pairwise(times)] == [5, 10, 20]


async def test_waiting_backs_off_to_a_minute_and_tries_one_row_at_a_time() -> None:
    async with station(started=False) as s:
        for code in codes(4):
            s.store.add(code)
        s.browser.always = AWAY
        await s.start()
        first = len(s.browser.sent)
        await s.clock.advance(300)
        tries = [sent.at for sent in s.browser.sent[first - 1 :]]
        assert first == 3
        assert [after - before for before, after in pairwise(tries)] == [5, 10, 20, 40, 60, 60, 60]


async def test_people_are_told_once_that_it_waits_however_often_it_is_tried() -> None:
    async with station() as s:
        s.browser.always = AWAY
        row_id = await s.confirm()
        await s.clock.advance(600)
        assert s.store.waits_told(row_id) == ["away"]


async def test_an_import_confirmed_while_waiting_is_tried_at_once_but_not_within_five_seconds() -> None:
    async with station() as s:
        s.browser.always = AWAY
        await s.confirm()
        await s.clock.advance(40)
        last = s.browser.sent[-1].at
        await s.clock.advance(10)
        await s.confirm(OTHER)
        assert [sent.at for sent in s.browser.sent if sent.at > last] == [last + 15]
        s.importer.imports_queued()
        s.importer.imports_queued()
        await s.clock.advance(4.9)
        assert s.browser.sent[-1].at == last + 15
        await s.clock.advance(0.1)
        assert s.browser.sent[-1].at == last + 20


async def test_a_row_that_cannot_be_sent_does_not_stand_before_the_others() -> None:
    async with station(concurrency=1) as s:
        for _ in range(10):
            s.browser.script(CODE, Answer(NotSent(None, "the saved proxies cannot be read")))
        blocked = await s.confirm()
        others = [await s.confirm(code) for code in codes(3)]
        await s.clock.advance(5)
        assert [s.store.status(row_id) for row_id in others] == [Status.IMPORTED] * 3
        assert s.store.status(blocked) is Status.QUEUED


async def test_every_row_has_its_turn_as_the_one_that_is_tried() -> None:
    async with station(concurrency=1, started=False) as s:
        for code in codes(3):
            s.store.add(code)
        s.browser.always = AWAY
        await s.start()
        await s.clock.advance(5 + 10 + 20 + 40 + 60)
        assert s.browser.codes_sent() == codes(3) * 2


async def test_only_the_answer_to_a_try_ends_the_waiting_not_one_that_comes_late() -> None:
    async with station(concurrency=2) as s:
        s.browser.script(CODE, Answer(after=1))
        await s.confirm(CODE)
        for code in codes(3):
            s.browser.script(code, TOO_FAST)
        first = await s.confirm(codes(3)[0])
        await s.clock.advance(2)
        assert len(s.browser.sent) == 2
        await s.clock.advance(3)
        assert s.store.status(first) is Status.IMPORTED


async def test_imports_of_an_earlier_process_no_longer_wait_once_one_succeeds() -> None:
    async with station(concurrency=1, started=False) as s:
        s.browser.script(OTHER, Answer(after=10))
        s.store.add(CODE, waiting_for="away")
        other = s.store.add(OTHER, waiting_for="away")
        await s.start()
        assert (s.store.status(other), s.store.waits_told(other)) == (Status.SENDING, [None])


async def test_that_ixbrowser_is_still_away_after_a_restart_is_no_news() -> None:
    async with station(started=False) as s:
        s.browser.always = AWAY
        row_id = s.store.add(waiting_for="away")
        await s.start()
        await s.clock.advance(60)
        assert (s.store.state(row_id).waiting_for, s.store.waits_told(row_id)) == ("away", [])


async def test_what_waited_is_told_that_it_is_over_when_another_import_has_succeeded() -> None:
    async with station(concurrency=1) as s:
        await s.confirm(codes(1)[0])
        s.browser.script(CODE, AWAY, Answer(after=10))
        row_id = await s.confirm(CODE)
        await s.confirm(OTHER)
        await s.clock.advance(5)
        assert (s.store.status(row_id), s.store.waits_told(row_id)) == (Status.SENDING, ["away", None])


async def test_that_the_waiting_is_over_is_written_once() -> None:
    async with station() as s:
        s.browser.script(CODE, AWAY)
        waited = await s.confirm()
        await s.clock.advance(6)
        assert s.store.status(waited) is Status.IMPORTED
        s.store.calls.clear()
        await s.confirm(OTHER)
        assert s.store.calls.count("send_round") == 1


async def test_restricted_is_a_refusal_once_it_has_stayed_for_half_a_minute() -> None:
    async with station() as s:
        s.browser.always = RESTRICTED
        row_id = await s.confirm()
        await s.clock.advance(34)
        assert s.store.status(row_id) is Status.QUEUED
        await s.clock.advance(2)
        row = s.store.state(row_id)
        assert (row.status, row.error_code) == (Status.FAILED, 1008)
        assert row.restricted == 3


async def test_restricted_once_does_not_stop_an_import() -> None:
    async with station() as s:
        s.browser.script(CODE, RESTRICTED, TOO_FAST, RESTRICTED, RESTRICTED)
        row_id = await s.confirm()
        await s.clock.advance(5 + 10 + 20 + 40)
        assert s.store.status(row_id) is Status.IMPORTED


async def test_a_row_that_stays_restricted_does_not_stop_the_others_for_ever() -> None:
    async with station() as s:
        for _ in range(20):
            s.browser.script(CODE, RESTRICTED)
        restricted = await s.confirm()
        others = [await s.confirm(code) for code in codes(5)]
        await s.clock.advance(40)
        assert s.store.status(restricted) is Status.FAILED
        assert {s.store.status(row_id) for row_id in others} == {Status.IMPORTED}


async def test_restricted_after_an_unanswered_attempt_is_checked_before_it_is_final() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(unanswered=1, restricted=2)
        s.browser.always = RESTRICTED
        await s.start()
        await s.clock.advance(36)
        row = s.store.state(row_id)
        assert (row.status, row.verdict) == (Status.CHECKING, Status.FAILED)


# --- for a day


async def test_what_has_waited_for_more_than_a_day_asks_its_person_first() -> None:
    async with station() as s:
        s.browser.always = AWAY
        row_id = await s.confirm()
        await s.clock.advance(24 * 3600 + 120)
        assert s.store.state(row_id).held
        s.browser.always = None
        await s.clock.advance(120)
        assert s.store.status(row_id) is Status.QUEUED


async def test_a_computer_that_slept_for_a_day_asks_before_it_sends() -> None:
    async with station() as s:
        s.browser.script(CODE, AWAY)
        row_id = await s.confirm()
        s.clock.computer_sleeps(25 * 3600)
        await s.clock.advance(60)
        assert (s.store.status(row_id), s.store.state(row_id).held) == (Status.QUEUED, True)
