"""How loud the team's feed is, and how much it tells in a minute: the use cases on both databases."""

from __future__ import annotations

import pytest

from bot.domain.loudness import Loudness
from bot.storage.database import Database
from bot.storage.feed import feed_events
from bot.usecases.feed import note_handed_over
from bot.usecases.feed_rows import FeedKind
from bot.usecases.feed_settings import Begin, Change
from bot.usecases.feed_telling import LOOK_AGAIN, MOST, BatchEnded
from tests.storage.support import MAI, rows
from tests.support.feed import BOSS, CHAT, HERE, Team, as_of

OFF, SILENT, LOUD = Loudness.OFF, Loudness.SILENT, Loudness.LOUD
PRIVATE = as_of(HERE, BOSS.user_id)


@pytest.fixture
async def team(database: Database) -> Team:
    team = Team(database)
    await team.gather()
    return team


@pytest.fixture
async def fed(team: Team) -> Team:
    """One that has a feed."""
    await team.set(Begin())
    return team


# --- how loud ---------------------------------------------------------------------------------------------------------

ENDINGS = {
    FeedKind.IMPORTED: ("imported",),
    FeedKind.FAILED: ("110002",),
}


@pytest.mark.parametrize("kind", FeedKind)
@pytest.mark.parametrize("loudness", Loudness)
async def test_a_kind_is_off_silent_or_loud(fed: Team, kind: FeedKind, loudness: Loudness) -> None:
    for other in FeedKind:
        await fed.set(Change(other, loudness if other is kind else LOUD if loudness is OFF else OFF))
    if kind in ENDINGS:
        await fed.batch(*ENDINGS[kind])
    else:
        await fed.store.write(note_handed_over, 1, "Kim", None, ["0000••••-••••7101"])
    told = await fed.next()
    assert (told is None) == (loudness is OFF)
    assert told is None or told.silent == (loudness is SILENT)
    assert await fed.due() is None


@pytest.mark.parametrize(
    ("imported", "failed", "silent"),
    [(OFF, OFF, None), (OFF, SILENT, True), (SILENT, OFF, True), (SILENT, LOUD, False), (LOUD, OFF, False)],
)
async def test_a_batch_of_both_kinds_is_as_loud_as_its_louder_one(
    fed: Team, imported: Loudness, failed: Loudness, silent: bool | None
) -> None:
    await fed.set(Change(FeedKind.IMPORTED, imported))
    await fed.set(Change(FeedKind.FAILED, failed))
    await fed.batch("imported", "110002")
    told = await fed.next()
    assert (None if told is None else told.silent) == silent
    if told is not None:
        assert isinstance(told.said, BatchEnded)
        assert (len(told.said.imported), len(told.said.failed)) == (1, 1)


# --- twenty a minute --------------------------------------------------------------------------------------------------


async def test_beyond_twenty_a_minute_the_rest_is_told_together(fed: Team) -> None:
    for number in range(30):
        await (fed.batch("imported", "110002", where=MAI, name="Mai") if number % 3 else fed.batch("imported"))
    assert len(await fed.told()) == 20
    assert await fed.due() == 60
    fed.pass_by(59)
    assert (await fed.due(), await fed.told()) == (1, [])
    await fed.store.write(note_handed_over, 1, "Mai", None, ["0000••••-••••7101"])
    fed.pass_by(1)
    assert await fed.told() == [
        "📋 <b>18 more:</b>\n• <b>Mai</b>: 7 imported, 1 handed over, 7 failed\n• <b>Ana</b>: 3 imported"
    ]
    assert await fed.due() is None
    # What comes then is told by itself again.
    await fed.batch("imported")
    assert len(await fed.told()) == 1


async def test_no_minute_has_more_than_twenty_however_it_comes(fed: Team) -> None:
    told: list[float] = []
    start = fed.now
    for second in range(150):
        if second % 2 == 0 or second < 40:
            await fed.store.write(note_handed_over, second, "Kim", None, ["0000••••-••••7101"])
        told += [(fed.now - start).total_seconds() for _ in await fed.told()]
        fed.pass_by(1)
    assert max(sum(at <= each < at + 60 for each in told) for at in told) == 20
    assert all(row["told_at"] for row in (await rows(fed.database, feed_events))[:-1])


async def test_a_message_that_had_to_wait_alone_says_all_it_has_to_say(fed: Team) -> None:
    for _ in range(20):
        await fed.batch("imported")
    await fed.told()
    await fed.batch("imported", "imported")
    assert await fed.told() == []
    fed.pass_by(60)
    [said] = await fed.told()
    assert said.startswith("✅ <b>Ana</b> imported 2 profiles\n")


async def test_what_is_told_is_marked_in_the_same_transaction(fed: Team) -> None:
    await fed.batch("imported")
    await fed.batch("110002")
    first = await fed.put()
    both = await fed.put()
    assert (len(first), both[0], await fed.put()) == (1, first[0], both)
    assert [(row[0], row[1], row[3]) for row in both] == [(CHAT, 7, True), (CHAT, 7, False)]


async def test_no_more_is_put_into_the_outbox_than_telegram_takes_in_a_minute(fed: Team) -> None:
    for _ in range(MOST + 3):
        await fed.batch("imported")
    for _ in range(MOST):
        await fed.put()
    # An hour without Telegram.
    fed.pass_by(3600)
    assert await fed.due() == LOOK_AGAIN
    assert len(await fed.put()) == MOST
    await fed.store.write(lambda work: work.outbox.done(1))
    assert await fed.due() == 0
    assert await fed.told() == ["📋 <b>3 more:</b>\n• <b>Ana</b>: 3 imported"]


async def test_a_clock_that_was_ahead_holds_nothing_up(fed: Team) -> None:
    fed.pass_by(7200)
    for _ in range(20):
        await fed.batch("imported")
    await fed.told()
    fed.pass_by(-3600)
    await fed.batch("imported")
    assert await fed.due() == 0
    assert len(await fed.told()) == 1
