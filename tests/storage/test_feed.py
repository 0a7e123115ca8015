"""What is noted for the team's feed, and what is told in it: the use cases on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.import_events import Answered, LookAgain, NameFound, RecordFound, RecordsUnreadable
from bot.domain.loudness import Loudness
from bot.domain.outcome import Imported, Refused, Unknown
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.feed import feed_events
from bot.storage.housekeeping import CODE_LIFE, Housekeeping
from bot.storage.tables import imports
from bot.usecases import import_queue
from bot.usecases.buttons import Problem
from bot.usecases.feed import MOST_MASKS, note_handed_over
from bot.usecases.feed_rows import FeedKind
from bot.usecases.feed_settings import Begin, Change, FeedNow, Keep, Move, Stop
from bot.usecases.feed_telling import NAMES_WITHIN
from bot.usecases.group_chats import bot_removed, group_chat_moved
from bot.usecases.rebinding import rebind
from tests.storage.support import MAI, rows
from tests.support.clock import MovableClock
from tests.support.feed import BOSS, CHAT, ELSEWHERE, HERE, OTHER_CHAT, Team, as_of

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


# --- where it is ------------------------------------------------------------------------------------------------------


async def test_the_first_place_in_which_it_is_wanted_is_the_feed(team: Team) -> None:
    begun = await team.set(Begin())
    assert begun.feed is not None
    assert (begun.here, begun.title, begun.feed.where.thread_id) == (True, "Team", 7)
    assert [begun.feed.loudness(kind) for kind in FeedKind] == [SILENT, SILENT, LOUD]
    assert await team.set(Begin()) == begun
    assert (await team.set(Begin(), ELSEWHERE)) == FeedNow(begun.feed, here=False, title="Team")
    assert await team.set(Begin(), PRIVATE) == FeedNow(problem=Problem.OLD_BUTTON)


async def test_it_moves_with_what_was_set_and_speaks_the_language_of_who_moves_it(fed: Team) -> None:
    await fed.set(Change(FeedKind.IMPORTED, LOUD))
    moved = (await fed.set(Move(), ELSEWHERE)).feed
    assert moved is not None
    assert (moved.chat_id, moved.thread_id, moved.language, moved.imported) == (OTHER_CHAT, None, "vi", LOUD)
    assert (await fed.set(Keep(), HERE)).feed == moved


async def test_a_button_that_is_not_the_newest_or_stands_elsewhere_changes_nothing(fed: Team) -> None:
    before = await fed.feed()
    assert before is not None
    for wish in (Stop(), Change(FeedKind.FAILED, OFF)):
        for where, revision in ((HERE, before.revision - 1), (HERE, before.revision + 1), (ELSEWHERE, None)):
            assert (await fed.set(wish, where, revision=revision)).problem is Problem.OLD_BUTTON
        assert (await fed.set(wish, PRIVATE)).problem is Problem.OLD_BUTTON
    assert (await fed.set(Move())).problem is Problem.OLD_BUTTON
    assert await fed.feed() == before


async def test_no_button_of_an_earlier_feed_is_one_of_the_next(fed: Team) -> None:
    before = await fed.feed()
    assert before is not None
    assert (await fed.set(Stop())).feed is None
    assert (await fed.set(Stop(), revision=before.revision)).problem is Problem.OLD_BUTTON
    await fed.set(Begin())
    assert (await fed.set(Stop(), revision=before.revision)).problem is Problem.OLD_BUTTON
    assert await fed.feed() is not None


async def test_the_audit_has_every_change(fed: Team) -> None:
    await fed.set(Change(FeedKind.HANDED_OVER, OFF))
    await fed.set(Move(), ELSEWHERE)
    await fed.set(Stop(), ELSEWHERE)
    noted = [row for row in await rows(fed.database, audit) if row["kind"] == "feed_changed"]
    assert [(row["actor_id"], row["chat_id"], row["detail"]) for row in noted] == [
        (BOSS.user_id, CHAT, "begun"),
        (BOSS.user_id, CHAT, "handed_over_off"),
        (BOSS.user_id, OTHER_CHAT, "moved"),
        (BOSS.user_id, OTHER_CHAT, "ended"),
    ]


async def test_it_goes_along_to_a_supergroup_and_ends_where_the_bot_is_removed(fed: Team) -> None:
    await fed.batch("imported")
    await fed.store.write(group_chat_moved, CHAT, -1009)
    assert (await fed.put())[0][0] == -1009
    await fed.batch("imported")
    await fed.store.write(bot_removed, 5, -1009)
    assert await fed.feed() is None
    assert await fed.due() is None
    assert await fed.told() == []
    # What it had not told any more is not told in the next one.
    await fed.set(Begin(), ELSEWHERE)
    assert await fed.told() == []


async def test_it_ends_where_the_bot_does_not_work_any_more(fed: Team) -> None:
    await fed.batch("imported")
    await fed.store.write(lambda work: work.group_chats.leave_all())
    assert await fed.due() == 0
    assert await fed.told() == []
    assert await fed.feed() is None
    await fed.set(Begin(), ELSEWHERE)
    await fed.store.write(rebind, 7)
    assert await fed.feed() is None


# --- what is noted ----------------------------------------------------------------------------------------------------


async def test_nothing_is_noted_without_a_feed_nor_told_of_what_was_before_it(team: Team) -> None:
    batch = await team.batch("imported")
    assert await rows(team.database, feed_events) == []
    team.pass_by(1)
    await team.set(Begin())
    # Something of the old batch changes once more.
    await team.happen(batch.rows[0].id, NameFound("Another"))
    assert await team.told() == []


async def test_a_batch_is_one_message_once_all_of_it_has_ended(fed: Team) -> None:
    batch = await fed.begun(3)
    for row, ending in zip(batch.rows, ("imported", "110002", "imported"), strict=True):
        assert await fed.told() == []
        await fed.end(row.id, ending)
    [said] = await fed.told()
    assert said.startswith("⚠️ <b>Ana</b> imported 2 of 3 profiles\n• profile <b>")
    assert f"“Shop {batch.rows[0].id}” · Default" in said
    assert "❌ 1 failed: ixBrowser says that this code is wrong." in said
    assert await fed.told() == []


async def test_what_was_cancelled_is_not_told(fed: Team) -> None:
    await fed.batch("cancelled", "cancelled")
    assert await rows(fed.database, feed_events) == []
    await fed.batch("imported", "cancelled")
    [said] = await fed.told()
    assert said.startswith("✅ <b>Ana</b> imported profile")


async def test_an_import_is_told_with_its_name_or_without_it_where_none_comes(fed: Team) -> None:
    for named in (True, False):
        [row] = (await fed.begun(1)).rows
        await fed.happen(row.id, Answered(1, Imported(77), fed.now))
        assert await fed.told() == []
        if named:
            await fed.happen(row.id, NameFound("Berlin"))
        else:
            await fed.store.write(import_queue.show, row.id)
            assert (await fed.due(), await fed.told()) == (NAMES_WITHIN.total_seconds(), [])
            fed.pass_by(NAMES_WITHIN.total_seconds())
        [said] = await fed.told()
        assert ("“Berlin”" in said) == named
    await fed.happen(row.id, NameFound("Late"))
    assert await fed.told() == []


async def test_a_batch_waits_for_the_name_of_its_last_profile_and_another_does_not_wait_for_it(fed: Team) -> None:
    first, second = (await fed.begun(2)).rows
    for row in (first, second):
        await fed.happen(row.id, Answered(1, Imported(row.id), fed.now))
    await fed.happen(first.id, NameFound("Berlin"))
    assert await fed.told() == []
    await fed.batch("110002")
    [other] = await fed.told()
    assert "❌ 1 failed" in other
    await fed.happen(second.id, NameFound("Paris"))
    [said] = await fed.told()
    assert ("“Berlin”" in said, "“Paris”" in said) == (True, True)


async def test_what_is_found_out_later_is_told_and_nothing_of_before(fed: Team) -> None:
    batch = await fed.begun(2)
    first, second = (row.id for row in batch.rows)
    await fed.end(first, "imported")
    await fed.happen(second, Answered(1, Unknown(None, ""), fed.now))
    fed.pass_by(7 * 24 * 3600)
    await fed.happen(second, RecordsUnreadable(10**6, fed.now))
    [said] = await fed.told()
    assert "1 of 2 profiles" in said
    assert "❓ 1 not known" in said
    await fed.happen(second, LookAgain())
    await fed.happen(second, RecordFound(5, "Found", 78, fed.now))
    [said] = await fed.told()
    assert said == "✅ <b>Ana</b> imported profile <b>78</b> “Found”\nGroup: Default"


async def test_two_ends_of_one_batch_at_the_same_moment_are_one_message(fed: Team) -> None:
    for _ in range(10):
        batch = await fed.begun(2)
        refused = Answered(1, Refused(110002, ""), fed.now)
        await asyncio.gather(*(fed.happen(row.id, refused) for row in batch.rows))
        [event] = [each for each in await rows(fed.database, feed_events) if each["subject_id"] == batch.id]
        assert event["said"] == {"failed": [row.id for row in batch.rows]}


async def test_of_many_profiles_ten_are_listed(fed: Team) -> None:
    await fed.batch(*["imported"] * 50, *["110002"] * 2, "1014")
    [said] = await fed.told()
    assert said.count("\n• profile") == 10
    assert "\nand 40 more\n" in said
    assert said.splitlines()[0] == "⚠️ <b>Ana</b> imported 50 of 53 profiles"
    assert [line.partition(":")[0] for line in said.splitlines()[-2:]] == ["❌ 2 failed", "❌ 1 failed"]


async def test_a_handoff_is_told_with_masks_alone_and_its_names_are_forgotten(fed: Team) -> None:
    masks = [f"{number:04}••••-••••7101" for number in range(MOST_MASKS + 2)]
    await fed.store.write(note_handed_over, 1, "Kim", "Lee", masks)
    await fed.store.write(note_handed_over, 2, "Kim", None, masks[:1])
    said, for_all = await fed.told()
    assert said.splitlines()[0] == "🤝 <b>Kim</b> left 12 codes for <b>Lee</b>"
    assert said.splitlines()[1:] == [*(f"• {mask}" for mask in masks[:MOST_MASKS]), "and 2 more"]
    assert for_all == "🤝 <b>Kim</b> left 1 code for the team\n• 0000••••-••••7101"
    assert [row["said"] for row in await rows(fed.database, feed_events)] == [{}, {}]


async def test_housekeeping_forgets_what_was_told_a_month_ago(fed: Team, clock: MovableClock) -> None:
    await fed.batch("imported")
    await fed.told()
    await fed.batch("imported")
    fed.pass_by((CODE_LIFE + timedelta(days=1)).total_seconds())
    await Housekeeping(fed.store, clock).tidy()
    [left] = await rows(fed.database, feed_events)
    assert left["told_at"] is None


async def test_whoever_was_erased_has_a_number_for_a_name_and_their_handoffs_are_not_told(fed: Team) -> None:
    await fed.store.write(lambda work: work.users.keep(MAI.user_id, "Mai", "en", fed.now))
    await fed.batch("imported", where=MAI, name="Mai")
    await fed.store.write(note_handed_over, 1, "Mai", "Lee", ["0000••••-••••7101"])
    await fed.store.write(note_handed_over, 2, "Kim", "Lee", ["0000••••-••••7101"])
    await fed.store.write(lambda work: work.erasing.erase(MAI.user_id, 10**17))
    said = await fed.told()
    assert len(said) == 2
    assert "Mai" not in "".join(said)
    assert {row["user_name"] for row in await rows(fed.database, imports)} == {str(10**17)}
