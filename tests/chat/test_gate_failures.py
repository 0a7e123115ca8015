"""While it can't be told who may use the bot: members are told that it fails, strangers are told nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StorageError
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import failing_changes, failing_reads, said, snapshot
from tests.support.world import STRANGER, World, running, settings_for

FULL = StorageError("the disk is full: free some space", "disk_full")


async def test_when_it_cannot_be_told_who_may_nobody_gets_through(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    before = await snapshot(world)
    with failing_changes(world, FULL), failing_reads(world, FULL):
        world.telegram.say(world.sam, world.browser.offer())
        world.telegram.say(world.sam, "/start")
        await world.telegram.handled()
    assert said(world, world.sam) == []
    assert await snapshot(world) == before
    assert f"whether {STRANGER} may use this bot can't be told" in caplog.text


async def test_a_stranger_who_cannot_be_told_so_gets_through_no_more(world: World) -> None:
    before = await snapshot(world)
    with failing_changes(world, FULL, times=1):
        world.telegram.say(world.sam, world.browser.offer())
        await world.telegram.handled()
    assert said(world, world.sam) == []
    assert await snapshot(world) == before
    # It was not counted as told.
    assert str(STRANGER) in (await world.say("Hello?", world.sam)).text


async def test_a_member_whom_the_gate_knew_is_told_that_it_fails(world: World) -> None:
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    with failing_changes(world, FULL), failing_reads(world, FULL):
        world.telegram.say(world.mai, "/help")
        await world.telegram.handled()
    assert "the disk is full" in said(world, world.mai)[-1]


async def test_a_member_whom_the_gate_did_not_know_is_told_where_it_can_be_read_who_they_are(world: World) -> None:
    await world.let_in(world.mai)
    with failing_changes(world, FULL):
        world.telegram.say(world.mai, "/help")
        world.telegram.say(world.sam, "/help")
        await world.telegram.handled()
    assert "the disk is full" in said(world, world.mai)[-1]
    assert said(world, world.sam) == []


async def test_a_member_who_writes_first_after_a_start_is_told_although_nothing_can_be_read(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.let_in(world.mai)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        with failing_changes(world, FULL), failing_reads(world, FULL):
            telegram.say(world.mai, world.browser.offer())
            telegram.say(world.sam, world.browser.offer())
            await telegram.handled()
        assert "the disk is full" in said(world, world.mai)[-1]
        assert said(world, world.sam) == []
