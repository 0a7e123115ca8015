"""A text that was too long for one message, and that Telegram's programs send as several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.chat import split_messages
from bot.chat.known_people import known_people
from bot.chat.split_messages import LOOK_EVERY, WAIT
from bot.domain.draft import MOST_CODES
from bot.domain.proxy import Custom
from bot.errors import StorageError
from bot.storage.deletion_offers import deletion_offers
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message
from tests.support.chatting import GROUP, all_run, labels, said, snapshot, timed, until
from tests.support.clock import MovableClock
from tests.support.journeys import codes_of, draft_of, walk
from tests.support.jumping_clock import JumpingClock
from tests.support.memory_store import MemoryStore
from tests.support.updates import deliver, record_updates
from tests.support.world import World, button_of, running, settings_for

A, B, C, D = "11112222-33334444", "55556666-77778888", "99990000-12341234", "12121212-34343434"
#: Words that fill a message but for the last of them.
WORDS = "some words\n" * 360

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is that runs the tests, the rest of a text comes in time."""
    monkeypatch.setattr(split_messages, "WAIT", 600.0)
    monkeypatch.setattr(split_messages, "APART", 600)


def cut_at(code: str, at: int) -> str:
    """A text that is cut after so many characters of the code."""
    return "=" * (4096 - at) + code


async def send(world: World, *parts: str) -> Message:
    """Ana's program sends these messages in a row; the newest message of the bot then."""
    for part in parts:
        world.telegram.say(world.ana, part)
    await world.rest()
    return world.newest(world.ana.id)


def written(world: World) -> Sequence[Message]:
    """What Ana has written, in order."""
    return [message for message in world.telegram.chat(world.ana.id).messages if not message.from_bot]


async def test_a_code_that_is_cut_in_two_is_read_whole(world: World) -> None:
    for number, at in enumerate((1, 8, 9, 16), start=1):
        code = f"{number}1112222-33334444"
        card = await world.say(cut_at(code, at))
        assert (await codes_of(world))[-1] == code
        assert "looks like a code" not in card.text
    assert len(await codes_of(world)) == 4


async def test_in_a_group_too_where_its_first_part_calls_the_bot(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, f"@{world.telegram.bot.username}\n{cut_at(A, 30)}", group)
    await world.rest()
    assert f"Code: {A[:4]}" in group.card.text
    assert group.card.reply_to is group.messages[0]


@pytest.mark.parametrize("separator", ["\n", ", ", ","])
async def test_a_long_list_of_codes_is_one_import(world: World, separator: str) -> None:
    codes = [f"{number:08d}-{number:08d}" for number in range(MOST_CODES)]
    card = await world.say(separator.join(codes))
    assert len(written(world)) == 3
    assert await codes_of(world) == codes
    assert len(said(world)) == 1
    assert "Added" not in card.text


@pytest.mark.usefixtures("patience")
async def test_parts_that_come_one_by_one_are_waited_for_while_others_go_on(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        await world.let_in(world.mai)
        world.telegram.say(world.ana, cut_at(A, 8)[:4096])
        await all_run(world)
        assert len(said(world)) == 1  # that Mai may use the bot
        world.telegram.say(world.mai, B)
        await until(
            world,
            clock,
            lambda: any("Code: 5555" in text for text in said(world, world.mai)),
            step=LOOK_EVERY,
            seconds=2,
        )
        world.telegram.say(world.mai, "/help")
        await until(
            world, clock, lambda: "How to import" in "".join(said(world, world.mai)), step=LOOK_EVERY, seconds=2
        )
        before = len(said(world, world.mai))
        world.telegram.say(world.ana, f"{A[8:]} {C}")
        await until(world, clock, lambda: "Code: 1111" in world.newest(world.ana.id).text, step=LOOK_EVERY)
        await world.rest()
        assert await codes_of(world) == [A, C]
        assert len(said(world, world.mai)) == before


@pytest.mark.usefixtures("patience")
async def test_what_a_stranger_writes_is_not_waited_for(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.telegram.say(world.sam, WORDS)
        await until(world, clock, lambda: said(world, world.sam), step=LOOK_EVERY, seconds=2)


async def test_while_the_database_cannot_tell_everybody_is_taken_for_known() -> None:
    store = MemoryStore(MovableClock(), faults={"are_allowed": StorageError("the disk is full")})
    assert set(await known_people(store, {1})([1, 2])) == {1, 2}


async def settled(world: World, clock: JumpingClock) -> None:
    """Let so much time pass that nothing is waited for any more."""
    await all_run(world)
    clock.jump(WAIT)
    await world.rest()


async def test_a_long_message_that_stands_alone_is_read_after_a_while(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.telegram.say(world.ana, f"{WORDS}{A}")
        await settled(world, clock)
        assert await codes_of(world) == [A]
        # Without a wait where something else comes behind it, which is no part of it.
        for text in ("/help", "keep"):
            world.telegram.say(world.ana, f"{WORDS}{B}")
            if text != "/help":
                clock.jump(10)
            world.telegram.say(world.ana, text)
            await settled(world, clock)
        assert await codes_of(world) == [A, B]


async def test_a_login_that_is_cut_in_two_is_used_and_all_of_its_text_deleted(world: World) -> None:
    for number, (first, second) in enumerate(
        [
            (f"{WORDS}socks5://ana:hunter2@203.0.", "113.7:1080"),
            (f"{WORDS}host: 203.0.113.7\nport: 1080\ntype: socks5\nuser: ana", f"password: hunter2\n{A}"),
            ("some words " * 360 + " socks5://ana:hun".rjust(136, "="), "ter2@203.0.113.7:1080"),
        ],
        start=1,
    ):
        code = f"{number}9990000-12341234"
        await world.say(code)
        await send(world, first, second)
        draft = await draft_of(world)
        assert isinstance(draft.proxy, Custom)
        assert (draft.proxy.host, draft.proxy.user, draft.proxy.password) == ("203.0.113.7", "ana", "hunter2")
        assert [message.deleted for message in written(world)[-3:]] == [False, True, True]
        assert sum("I deleted your message" in text for text in said(world)) == number
        await world.say("/cancel")


async def test_what_may_be_a_secret_is_offered_once_and_deleted_together(world: World) -> None:
    await send(world, f"{WORDS}password:", "blue horse")
    offer = next(message for message in world.telegram.chat(world.ana.id).messages if message.all_buttons)
    assert labels(offer) == ["Delete my message"]
    assert not any(message.deleted for message in written(world))
    world.telegram.press(world.ana, offer, button_of(offer, "Delete my message"))
    await world.rest()
    assert all(message.deleted for message in written(world))
    assert await world.rows(deletion_offers) == []


async def test_each_part_may_be_changed_by_itself(world: World) -> None:
    await world.say(f"{A} ".ljust(4090, "=") + f"{B} {C}")
    assert await codes_of(world) == [A, B, C]
    first, second = written(world)
    world.telegram.edit(world.ana, second, f"{B[6:]} {D}")
    await world.rest()
    assert await codes_of(world) == [A, B, D]
    world.telegram.edit(world.ana, first, first.text.replace(A, C))
    await world.rest()
    assert await codes_of(world) == [C, B, D]


@pytest.mark.usefixtures("patience")
async def test_a_bot_that_ends_between_two_parts_reads_both_when_it_is_back(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        telegram.say(world.ana, cut_at(A, 8)[:4096])
        await all_run(world)
    assert len(telegram.updates.pending) == 1
    telegram.say(world.ana, A[8:])
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await world.rest()
        assert await codes_of(world) == [A]


async def test_parts_that_come_again_change_nothing(world: World) -> None:
    recorded = record_updates(world)
    await world.say(cut_at(A, 8))
    await walk(world, "keep")
    before = await snapshot(world)
    first, second = recorded[:2]
    await deliver(world, {**first, "followers": [second]})
    after = await snapshot(world)
    assert [row["answers"] for row in after["drafts"]] == [row["answers"] for row in before["drafts"]]
    assert after["draft_codes"] == before["draft_codes"]


@pytest.mark.usefixtures("patience")
async def test_what_cannot_be_parsed_beside_a_part_is_skipped_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with timed(tmp_path) as (world, clock):
        await world.let_in(world.mai)
        world.telegram.say(world.ana, cut_at(A, 8)[:4096])
        world.telegram.raw_update({"message": {"message_id": "many", "chat": {"type": "private"}}})
        world.telegram.say(world.mai, B)
        await until(
            world,
            clock,
            lambda: any("Code: 5555" in text for text in said(world, world.mai)),
            step=LOOK_EVERY,
            seconds=2,
        )
        world.telegram.say(world.ana, A[8:])
        await until(world, clock, lambda: "Code: 1111" in world.newest(world.ana.id).text, step=LOOK_EVERY)
        await world.rest()
        assert await codes_of(world) == [A]
    assert "can't be parsed and is skipped" in caplog.text
    caplog.clear()


async def test_no_part_is_waited_for_where_telegram_has_more_updates_than_it_gives_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split_messages, "MOST_UPDATES", 5)
    monkeypatch.setattr(split_messages, "WAIT", 600.0)
    async with timed(tmp_path) as (world, _):
        await world.let_in(world.mai)
        world.telegram.say(world.ana, f"{WORDS}{A}")
        for number in range(5):
            world.telegram.say(world.mai, f"/allow {5000 + number}")
        await world.rest()
        assert await codes_of(world) == [A]
