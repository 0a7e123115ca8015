"""Links of invitations that let nobody in: each is answered kindly, and nothing comes of guessing one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from bot.chat.callbacks import INVITATION, Press
from bot.chat.invitations.handlers import ACTIONS
from bot.errors import StorageError
from bot.storage.invitations import invitations
from bot.storage.tables import handled_updates, outbox, users
from tests.standins.telegram_state import Button
from tests.support.chatting import GROUP, failing_changes, said, snapshot, timed
from tests.support.invitations import follow, invite
from tests.support.world import MEMBER, STRANGER, World

pytestmark = pytest.mark.usefixtures("calm_log")

SEED = 20260301
FORGED = 300
#: What stands below every refusal of a stranger.
AND_WHO_THEY_ARE = f"Your ID: {STRANGER}"


def start(world: World, token: str) -> str:
    return f"https://t.me/{world.telegram.bot.username}?start=i_{token}"


async def test_a_used_link_a_revoked_one_and_one_that_nobody_made(world: World) -> None:
    used, revoked = await invite(world), await invite(world)
    await follow(world, used, world.mai)
    card = await world.say("/invite")
    await world.tap("Open invitations", message=card)
    await world.tap("Revoke 1", message=card)
    for link, answer in (
        (used, "This invitation has been used already. Ask for a new one."),
        (revoked, "This invitation is not valid any more. Ask for a new one."),
        (start(world, "x" * 32), "This invitation is not valid. Check whether the whole link was copied"),
    ):
        said_ = await follow(world, link)
        assert said_.text.startswith(answer)
        assert said_.text.endswith(AND_WHO_THEY_ARE)
    assert STRANGER not in {row["id"] for row in await world.rows(users)}


async def test_a_member_is_told_that_they_need_none_and_uses_nothing(world: World) -> None:
    await world.let_in(world.mai)
    link = await invite(world)
    assert "You can use this bot already." in (await follow(world, link, world.mai)).text
    assert "You can use this bot already." in (await follow(world, link, world.ana)).text
    assert "This invitation is not valid." in (await follow(world, start(world, "nothing"), world.mai)).text
    assert [row["used"] for row in await world.rows(invitations)] == [0]


async def test_a_viewer_becomes_a_member_by_a_members_link_and_nobody_less_than_before(world: World) -> None:
    await follow(world, await invite(world, "Viewer"), world.mai)
    assert "You can use this bot now." in (await follow(world, await invite(world), world.mai)).text
    assert "already" in (await follow(world, await invite(world, "Viewer"), world.mai)).text
    assert {row["id"]: row["role"] for row in await world.rows(users)}[MEMBER] == "member"


async def test_each_reason_is_told_once_an_hour(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        used = await invite(world)
        await follow(world, used, world.mai)
        for _ in range(3):
            await world.say("hello", world.sam)
            for link in (used, start(world, "x"), start(world, "y")):
                await follow(world, link)
        assert len(said(world, world.sam)) == 3
        clock.jump(3601)
        await follow(world, used)
        assert len(said(world, world.sam)) == 4


async def test_who_could_not_be_let_in_for_a_fault_is_told_so_and_is_let_in_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    link = await invite(world)
    with failing_changes(world, StorageError("the disk is full", reason="disk_full")):
        world.telegram.follow(world.sam, link)
        world.telegram.follow(world.mai, start(world, "x"))
        await world.telegram.settled(lambda: said(world, world.sam))
        await world.telegram.handled()
    assert "I can't save anything right now" in said(world, world.sam)[0]
    assert said(world, world.mai) == []
    caplog.clear()
    assert "Welcome" in (await follow(world, link)).text


async def test_guesses_write_nothing_and_change_nothing(world: World) -> None:
    link = await invite(world, "👤 5")
    token = link.partition("start=i_")[2]
    await world.say("hello", world.sam)
    await follow(world, start(world, "first"))
    before, handled = await snapshot(world), len(await world.rows(handled_updates))
    random = Random(SEED)
    letters = "ABCxyz019-_"
    for number in range(FORGED):
        guess = "".join(random.choice(letters) for _ in range(random.choice((1, 31, 32, 33, 62))))
        if number % 3 == 0:
            # One letter of the right one is another.
            place = random.randrange(len(token))
            other = random.choice([letter for letter in letters if letter != token[place]])
            guess = f"{token[:place]}{other}{token[place + 1 :]}"
        world.telegram.say(world.sam, f"/start i_{guess}")
    for odd in ("/start i_", "/start i_ x", f"/start I_{token}", f"/start i_i_{token}", f"/start\u00a0i_ {token}"):
        world.telegram.say(world.sam, odd)
    await world.rest()
    assert await snapshot(world) == before
    assert len(await world.rows(handled_updates)) == handled
    assert await world.rows(outbox) == []
    # The right one still does.
    assert "Welcome" in (await follow(world, link)).text


async def test_a_link_that_is_opened_in_a_group_lets_nobody_in(world: World) -> None:
    link = await invite(world)
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.sam, f"/start {link.partition('start=')[2]}", group)
    await world.rest()
    assert said(world, group) == []
    assert STRANGER not in {row["id"] for row in await world.rows(users)}


async def test_what_telegram_delivers_twice_lets_in_once(world: World) -> None:
    link = await invite(world, "👤 5")
    update_id = world.telegram.follow(world.sam, link)
    await world.rest()
    world.telegram.updates.next_id = update_id
    world.telegram.follow(world.sam, link)
    await world.rest()
    assert [row["used"] for row in await world.rows(invitations)] == [1]
    assert len([text for text in said(world, world.sam) if "Welcome" in text]) == 1


async def test_forged_presses_change_nothing(world: World) -> None:
    await world.let_in(world.mai)
    link = await invite(world, "👤 5")
    await follow(world, link)
    begun = await world.say("/invite")
    await world.say("/help", world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    before = await substance(world)
    random = Random(SEED)
    actions = [*ACTIONS, "x"]
    arguments = ["", "member", "viewer", "admin", "1", "2", "999999", "3600", "0", "-1", "1e3", "member:1"]
    for number in range(FORGED):
        row_id, revision = random.choice((0, 1, 2, 7, 10**17)), random.choice((0, 1, 2, 3, 10**8))
        data = str(Press(INVITATION, row_id, revision, random.choice(actions), random.choice(arguments)))
        person = (world.mai, world.sam, world.mai)[number % 3]
        message = world.telegram.chat(world.mai.id).answer if person is world.mai else begun
        world.telegram.press(person, message, Button("?", data))
    for action in actions:
        # An admin's, in a group, and with what no button offers.
        there = world.telegram.post(group, world.telegram.bot, text="old")
        world.telegram.press(world.ana, there, Button("?", str(Press(INVITATION, 1, 1, action))))
        for forged in (Press(INVITATION, 4711, 1, action), Press(INVITATION, 2, 9, action, "admin")):
            if action not in {"list", "new", "nobody"}:
                world.telegram.press(world.ana, begun, Button("?", str(forged)))
    await world.rest()
    assert await substance(world) == before
    assert said(world, group) == ["old"] * len(actions)
    assert world.telegram.unanswered == {}
    assert "Only an admin can do this." in world.popups()


async def substance(world: World) -> tuple[object, object]:
    """What invitations do, and who has which role."""
    return await world.rows(invitations), {row["id"]: row["role"] for row in await world.rows(users)}
