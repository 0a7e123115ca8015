"""While the plan's profiles of the day are used up: one try an hour, of the whole station, whatever happens."""

from __future__ import annotations

from itertools import pairwise

from bot.domain.import_state import Status
from bot.domain.outcome import NotSent
from tests.support.browser import Answer
from tests.support.station import CODE, OTHER, Station, station

LIMIT = Answer(NotSent(1017, "used up"))
AWAY = Answer(NotSent(None, "no connection"))
HOUR, MINUTE = 3600.0, 60.0


def codes(number: int) -> list[str]:
    return [f"{10000000 + n}-{20000000 + n}" for n in range(number)]


def tries(s: Station) -> list[float]:
    return [sent.at for sent in s.browser.sent]


async def test_one_import_an_hour_is_tried_however_many_wait() -> None:
    async with station(started=False) as s:
        for code in codes(10):
            s.store.add(code)
        s.browser.always = LIMIT
        await s.start()
        # Those of the first round were under way when the limit was told.
        assert len(s.browser.sent) == 3
        assert {state.waiting_for for state in s.store.states()} == {"1017"}
        await s.clock.advance(4 * HOUR + MINUTE)
        assert [after - before for before, after in pairwise(tries(s)[2:])] == [HOUR] * 4
        assert {state.status for state in s.store.states()} == {Status.QUEUED}

        s.browser.always = None
        await s.clock.advance(HOUR)
        assert {state.status for state in s.store.states()} == {Status.IMPORTED}


async def test_what_is_confirmed_meanwhile_waits_for_the_hour_too() -> None:
    async with station() as s:
        s.browser.script(CODE, LIMIT)
        first = await s.confirm(CODE)
        await s.clock.advance(10 * MINUTE)
        other = await s.confirm(OTHER)
        await s.clock.advance(49 * MINUTE)
        assert (len(s.browser.sent), s.store.state(other).waiting_for) == (1, "1017")
        await s.clock.advance(2 * MINUTE)
        assert [s.store.status(row_id) for row_id in (first, other)] == [Status.IMPORTED] * 2


async def test_a_restart_does_not_try_sooner() -> None:
    async with station() as s:
        s.browser.always = LIMIT
        row_id = await s.confirm(CODE)
        for _ in range(4):
            await s.clock.advance(10 * MINUTE)
            await s.kill()
            await s.start()
        other = await s.confirm(OTHER)
        assert (len(s.browser.sent), s.store.state(other).waiting_for) == (1, "1017")
        # That it still waits is no news.
        assert s.store.waits_told(row_id) == ["1017"]
        await s.clock.advance(21 * MINUTE)
        assert [after - before for before, after in pairwise(tries(s))] == [HOUR]


async def test_a_restart_does_not_try_sooner_where_the_import_that_was_tried_is_cancelled() -> None:
    async with station() as s:
        s.browser.always = LIMIT
        row_id = await s.confirm(CODE)
        await s.cancel(row_id)
        await s.kill()
        await s.start()
        other = await s.confirm(OTHER)
        await s.clock.advance(59 * MINUTE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.CANCELLED, 1)
        assert s.store.state(other).waiting_for == "1017"


async def test_what_an_earlier_process_was_told_is_looked_up_once() -> None:
    async with station() as s:
        s.browser.script(CODE, LIMIT)
        await s.confirm(CODE)
        await s.kill()
        s.store.calls.clear()
        await s.start()
        await s.clock.advance(2 * HOUR)
        await s.confirm(OTHER)
        assert len(s.browser.sent) == 3
        assert s.store.calls.count("limited_for") == 1


async def test_after_an_hour_of_which_a_restart_knows_nothing_is_waited_for() -> None:
    async with station() as s:
        s.browser.script(CODE, LIMIT)
        row_id = await s.confirm(CODE)
        await s.kill()
        await s.clock.advance(HOUR)
        await s.start()
        assert s.store.status(row_id) is Status.IMPORTED


async def test_the_limit_counts_also_where_it_is_told_while_something_else_is_waited_for() -> None:
    async with station(concurrency=2, started=False) as s:
        s.browser.script(CODE, Answer(NotSent(1017, "used up"), after=1))
        s.browser.script(OTHER, AWAY)
        s.store.add(CODE)
        s.store.add(OTHER)
        await s.start()
        await s.clock.advance(30 * MINUTE)
        assert (len(s.browser.sent), {state.waiting_for for state in s.store.states()}) == (2, {"1017"})


async def test_after_the_hour_another_reason_is_waited_for_in_its_own_way() -> None:
    async with station() as s:
        s.browser.script(CODE, LIMIT, AWAY, AWAY)
        row_id = await s.confirm(CODE)
        await s.clock.advance(HOUR + 16)
        assert [after - before for before, after in pairwise(tries(s))] == [HOUR, 5, 10]
        assert s.store.status(row_id) is Status.IMPORTED


async def test_what_waits_can_be_cancelled() -> None:
    async with station() as s:
        s.browser.always = LIMIT
        row_id = await s.confirm(CODE)
        await s.cancel(row_id)
        await s.clock.advance(2 * HOUR)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.CANCELLED, 1)
