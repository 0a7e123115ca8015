"""A feed in which more is to be told than Telegram takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.feed import feed_events
from bot.usecases.feed import note_handed_over
from bot.usecases.feed_telling import MOST, WITHIN
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Chat
from tests.storage.support import draft_of
from tests.support.chatting import GROUP, failing_reads, timed, until, until_ended
from tests.support.groups import say
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, MEMBER, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

MINUTE = WITHIN.total_seconds()


def told(chat: Chat) -> list[str]:
    """What the feed has told."""
    return [message.text for message in chat.messages if message.from_bot and message.text[:1] in "✅❌⚠❓🤝📋"]


def confirm(work: UnitOfWork, codes: Sequence[str]) -> None:
    """Ana and Mai confirm a batch for each of these codes at the same moment, two of three of them Ana."""
    for number, code in enumerate(codes):
        user_id, name = (MEMBER, "Mai") if number % 3 == 2 else (ADMIN, "Ana")
        draft_id = work.drafts.open_new(Place(user_id, user_id, None, "en"), draft_of(code), work.now)
        stored = work.drafts.find(draft_id)
        assert stored is not None
        assert work.batches.confirm(stored, name, work.now).batch_id is not None
    work.signals.imports_queued()


async def test_of_thirty_batches_in_a_minute_twenty_are_told_and_the_rest_together(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await world.let_in(world.mai)
        team = world.telegram.add_group(GROUP, "Team")
        await say(world, team, "/feed")
        await world.app.store.write(confirm, [world.browser.offer() for _ in range(30)])
        await until(world, clock, lambda: len(told(team)) == MOST, seconds=MINUTE)
        assert all(text.startswith("✅ ") for text in told(team))
        await until(world, clock, lambda: len(told(team)) > MOST, seconds=2 * MINUTE)
        await until_ended(world, clock)
        [rest] = told(team)[MOST:]
        head, *people = rest.splitlines()
        assert head == "📋 10 more:"
        assert {line.split(":")[0] for line in people} <= {"• Ana", "• Mai"}
        assert sum(int(line.split()[2]) for line in people) == 10
        clock.jump(MINUTE)
        await world.app.store.write(confirm, [world.browser.offer()])
        await until(world, clock, lambda: len(told(team)) > MOST + 1, seconds=MINUTE)
        assert told(team)[-1].startswith("✅ Ana imported profile")


async def test_a_new_process_keeps_to_the_minute_and_tells_nothing_twice(tmp_path: Path) -> None:
    clock = JumpingClock()
    telegram = FakeTelegram(now=clock.timestamp)
    browser = FakeIxBrowser(sleep=clock.sleep, now=clock.timestamp)

    async with running(settings_for(tmp_path), telegram=telegram, browser=browser, clock=clock) as world:
        team = telegram.add_group(GROUP, "Team")
        await say(world, team, "/feed")
        for number in range(MOST + 4):
            await world.app.store.write(note_handed_over, number, "Kim", None, ["7668••••-••••7101"])
        await world.rest()
        assert len(told(team)) == MOST
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser, clock=clock) as world:
        await world.rest()
        assert len(told(team)) == MOST
        clock.jump(MINUTE)
        await world.rest()
        assert told(team)[MOST:] == ["📋 4 more:\n• Kim: 4 handed over"]
        assert all(row["told_at"] for row in await world.rows(feed_events))


async def test_a_flood_that_telegram_stops_is_told_when_it_is_over(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        team = world.telegram.add_group(GROUP, "Team")
        await say(world, team, "/feed")
        world.telegram.flood(team, 30)
        await world.app.store.write(note_handed_over, 1, "Kim", "Lee", ["7668••••-••••7101"])
        await until(world, clock, lambda: told(team), seconds=60)
        assert told(team) == ["🤝 Kim left 1 code for Lee\n• 7668••••-••••7101"]


async def test_what_the_database_does_not_give_now_is_told_a_little_later(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        team = world.telegram.add_group(GROUP, "Team")
        await say(world, team, "/feed")
        with failing_reads(world, StorageError("gone")) as failed:
            await world.app.store.write(note_handed_over, 1, "Kim", None, ["7668••••-••••7101"])
            await until(world, clock, lambda: failed, seconds=5)
        await until(world, clock, lambda: told(team), seconds=120)
        assert len(told(team)) == 1
