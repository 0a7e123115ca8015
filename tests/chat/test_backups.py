"""The daily backup, and what admins are told of it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.backups.telling import tell_of_backup
from bot.storage.backup_files import look_through
from bot.storage.daily_backup import AGAIN, DailyBackup, Told
from tests.support.clock import MovableClock
from tests.support.world import World, running, settings_for


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with running(settings_for(tmp_path, backups_kept=3)) as world:
        yield world


def telling(world: World) -> Told:
    return lambda failure: world.app.store.write(tell_of_backup, failure)


def backups(world: World) -> list[str]:
    return sorted(file.name for file in world.app.backups.folder.iterdir())


async def test_a_backup_is_made_each_day_and_the_oldest_goes(world: World) -> None:
    clock = MovableClock()
    daily = DailyBackup(world.app.backups, clock, telling(world))
    made = []
    for _ in range(5):
        await daily.look()
        made.append(backups(world)[-1])
        # Not again on the same day, also after another start.
        await clock.advance(20 * 3600)
        await daily.look()
        await DailyBackup(world.app.backups, clock, telling(world)).look()
        await clock.advance(4 * 3600)
    assert backups(world) == made[-3:]
    assert look_through(world.app.backups.folder / made[-1])["installation"] == 1
    await world.rest()
    assert world.telegram.chat(world.ana.id).messages == []


async def test_admins_are_told_once_that_backups_fail_and_once_that_they_are_made_again(world: World) -> None:
    clock = MovableClock()
    daily = DailyBackup(world.app.backups, clock, telling(world))
    folder = world.app.backups.folder
    folder.touch()

    for _ in range(3):
        await daily.look()
        # It is not tried at each look.
        await daily.look()
        await clock.advance(AGAIN)
    await world.rest()
    told = [message.text for message in world.telegram.chat(world.ana.id).messages]
    assert told == ["⚠️ I can't back up the database. The bot's log says why. I try again every hour."]

    folder.unlink()
    await daily.look()
    await clock.advance(24 * 3600)
    await daily.look()
    await world.rest()
    told = [message.text for message in world.telegram.chat(world.ana.id).messages]
    assert told[1:] == ["✅ The database is backed up again."]


async def test_a_failure_before_the_migration_is_told_once_the_bot_serves(world: World) -> None:
    world.app.backups.failed = "disk_full"
    daily = DailyBackup(world.app.backups, MovableClock(), telling(world))
    world.app.backups.folder.touch()
    await daily.look()
    await world.rest()
    told = [message.text for message in world.telegram.chat(world.ana.id).messages]
    assert told[0] == "⚠️ I can't back up the database: the disk is full: free some space. I try again every hour."


async def test_backups_that_were_made_while_the_time_was_wrong_are_the_first_to_go(world: World) -> None:
    clock = MovableClock()
    daily = DailyBackup(world.app.backups, clock, telling(world))
    early: list[str] = []
    for _ in range(3):
        await world.app.backups.make_daily(clock.now() + timedelta(days=365 + len(early)))
        early.append(backups(world)[-1])
    made = []
    for _ in range(4):
        for _ in range(3):
            await daily.look()
            await clock.advance(300)
        made.append(next(name for name in reversed(backups(world)) if name not in early))
        await clock.advance(24 * 3600)
    # One a day, and those of before the time was set right are gone.
    assert len(set(made)) == 4
    assert backups(world) == made[-3:]


async def test_what_a_killed_process_has_left_is_deleted_and_nothing_that_is_still_written(world: World) -> None:
    folder = world.app.backups.folder
    folder.mkdir()
    left, written = folder / "bot-20260101T000000Z.db.part", folder / "tmpabc.part"
    for file in (left, written):
        file.touch()
    os.utime(left, (0, 0))
    await DailyBackup(world.app.backups, MovableClock(), telling(world)).look()
    assert not left.exists()
    assert written.exists()
