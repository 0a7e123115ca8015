"""Who can't be written to is noted, and forgotten as soon as they can be."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage.unreachable import unreachable
from bot.usecases.preferences import private_place
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import failing_changes, refused_chat, timed
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

KIM = 1004


async def noted(world: World) -> Sequence[tuple[int, str]]:
    return [(row["user_id"], row["why"]) for row in await world.rows(unreachable)]


async def test_an_admin_who_has_never_started_the_bot_is_noted_until_they_do(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    settings = settings_for(tmp_path, admin_ids=frozenset({ADMIN, KIM}))
    kim = telegram.add_person(KIM, "Kim", started=False)
    async with running(settings, telegram=telegram) as world:
        assert await noted(world) == []
        await world.say("Hello?", world.sam)
        await world.tap("Ask for access", world.sam)
        assert await noted(world) == [(KIM, "never_started")]
    async with running(settings, telegram=telegram) as world:
        await world.say("/start", kim)
        assert await noted(world) == []


@pytest.mark.parametrize(
    ("status", "words", "why"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (400, "Bad Request: chat not found", "never_started"),
        (403, "Forbidden: user is deactivated", "other"),
    ],
)
async def test_why_somebody_cannot_be_written_to_is_noted_once(
    tmp_path: Path, status: int, words: str, why: str
) -> None:
    async with timed(tmp_path) as (world, clock):
        await world.say(f"/allow {MEMBER}")
        with refused_chat(world, MEMBER, status, words) as refused:
            await world.say(f"/remove {MEMBER}")
            await world.say(f"/allow {MEMBER}")
            await world.say(f"/remove {MEMBER}")
            tries = len(refused)
            # What waits for them is not tried again and again.
            for _ in range(10):
                clock.jump(120)
                await world.rest()
            assert len(refused) == tries
            await world.say(f"/allow {MEMBER}")
            assert await noted(world) == [(MEMBER, why)]
        await world.say("/help", world.mai)
        assert await noted(world) == []


async def test_a_message_that_goes_through_is_enough(world: World) -> None:
    await world.let_in(world.mai)
    world.telegram.blocked.add(MEMBER)
    await world.say(f"/remove {MEMBER}")
    await world.say(f"/allow {MEMBER}")
    await world.say(f"/remove {MEMBER}")
    await world.say(f"/allow {MEMBER}")
    assert await noted(world) == [(MEMBER, "blocked")]
    world.telegram.blocked.clear()
    await world.say(f"/remove {MEMBER}")
    assert await noted(world) == []


async def test_of_strangers_and_group_chats_nothing_is_noted(world: World) -> None:
    group = world.telegram.add_group(-1001, "Team")
    world.telegram.blocked.add(world.sam.id)
    world.telegram.say(world.sam, "Hello?")
    group.closed = "bot was kicked from the supergroup chat"
    world.telegram.say(world.ana, "/help", group)
    await world.rest()
    assert await noted(world) == []


async def test_what_cannot_be_noted_now_is_noted_the_next_time(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.let_in(world.mai)
    world.telegram.blocked.add(MEMBER)
    await world.app.store.write(lambda work: work.outbox.say(private_place(work, MEMBER), "Hello", work.now))
    with caplog.at_level(logging.WARNING), failing_changes(world, StorageError("the disk is full")):
        world.app.presenter.tell(MEMBER)
        await world.app.presenter.idle()
    assert "can't be noted: the disk is full" in caplog.text
    world.app.presenter.tell(MEMBER)
    await world.app.presenter.idle()
    assert await noted(world) == [(MEMBER, "blocked")]
