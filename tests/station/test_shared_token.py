"""While another process polls with the bot's token nothing is sent, and what was sent is followed to its end."""

from __future__ import annotations

from bot.domain.import_state import Status
from bot.domain.outcome import NotSent, Unknown
from bot.usecases.conflicts import HOLDS_FOR, note_alone, note_shared
from tests.support.browser import Answer
from tests.support.station import CODE, OTHER, station

AWAY = Answer(NotSent(None, "no connection"))


async def test_nothing_is_sent_until_the_hub_says_that_it_is_over() -> None:
    async with station() as s:
        s.store.run(note_shared, lasts=False)
        row_id = await s.confirm()
        for _ in range(10):
            await s.clock.advance(30)
            s.store.run(note_shared, lasts=False)
        assert s.browser.sent == []
        assert (s.store.status(row_id), s.store.state(row_id).waiting_for) == (Status.QUEUED, "shared")

        s.store.run(note_alone, calm=False)
        await s.clock.advance(1)
        assert s.store.status(row_id) is Status.IMPORTED
        assert s.store.state(row_id).waiting_for is None


async def test_what_waits_for_ixbrowser_already_waits_for_this_and_then_for_ixbrowser_again() -> None:
    async with station() as s:
        s.browser.always = AWAY
        row_id = await s.confirm()
        assert s.store.state(row_id).waiting_for == "away"
        tried = len(s.browser.sent)
        s.store.run(note_shared, lasts=False)
        await s.clock.advance(60)
        assert s.store.state(row_id).waiting_for == "shared"
        assert len(s.browser.sent) == tried
        s.store.run(note_alone, calm=False)
        await s.clock.advance(0)
        assert s.store.state(row_id).waiting_for == "away"


async def test_what_was_sent_is_followed_to_its_end_and_not_sent_again() -> None:
    async with station() as s:
        s.browser.script(CODE, Answer(Unknown(None, "cut")))
        sent = await s.confirm(CODE)
        s.store.run(note_shared, lasts=False)
        waiting = await s.confirm(OTHER)
        for _ in range(10):
            await s.clock.advance(30)
            s.store.run(note_shared, lasts=False)
        # It was proven absent, and would be sent again.
        assert s.store.status(sent) is Status.QUEUED
        assert s.browser.codes_sent() == [CODE]
        s.store.run(note_alone, calm=False)
        await s.clock.advance(120)
        assert [s.store.status(row_id) for row_id in (sent, waiting)] == [Status.IMPORTED] * 2


async def test_a_hub_that_has_ended_meanwhile_holds_nothing_for_ever() -> None:
    async with station() as s:
        s.store.run(note_shared, lasts=False)
        row_id = await s.confirm()
        await s.clock.advance(HOLDS_FOR.total_seconds() - 1)
        assert s.store.status(row_id) is Status.QUEUED
        await s.clock.advance(60)
        assert s.store.status(row_id) is Status.IMPORTED
