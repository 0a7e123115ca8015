"""A group chat from which the bot was removed, in which it may not write, or that has become another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.group_chats import group_chats
from bot.storage.tables import batches, drafts, outbox
from tests.standins.telegram_state import Chat
from tests.support.chatting import GROUP, labels, refused_chat, said, timed, until
from tests.support.groups import say, tap
from tests.support.world import World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")

SUPERGROUP = -1002000


async def states(world: World) -> dict[int, str]:
    return {row["chat_id"]: row["state"] for row in await world.rows(group_chats)}


async def importing(world: World, group: Chat) -> None:
    """Mai has an import under way that was begun in the group, and another draft open there."""
    await world.let_in(world.mai)
    await say(world, group, world.browser.offer("Shop"), world.mai)
    await tap(world, group, "Keep", world.mai)
    world.browser.running = False
    await tap(world, group, "✅ Import", world.mai)
    await say(world, group, world.browser.offer(), world.mai)


# --- removed ----------------------------------------------------------------------------------------------------------


async def test_what_was_begun_in_a_group_ends_in_private_once_the_bot_is_removed(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        group = world.telegram.add_group(GROUP, "Team")
        await importing(world, group)
        seen = said(world, group)
        world.telegram.membership.change(world.sam, group, "kicked")
        await world.rest()
        assert said(world, group) == seen
        assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "cancelled"]
        assert await world.rows(outbox) == []
        told, card = said(world, world.mai)[-2:]
        assert told.startswith("I was removed from the group chat “Team”, where you began an import.")
        assert "not running" in card
        assert "Cancel" in labels(world.newest(world.mai.id))

        world.browser.running = True
        await until(world, clock, lambda: "“Shop”" in world.newest(world.mai.id).text)
        assert not world.newest(world.mai.id).silent
        assert said(world, group) == seen
        assert await states(world) == {GROUP: "left"}


async def test_telegram_tells_a_bot_that_was_off_of_its_removal_by_refusing(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        group = world.telegram.add_group(GROUP, "Team")
        await importing(world, group)
        group.closed = "bot was kicked from the supergroup chat"
        world.browser.running = True
        await until(world, clock, lambda: any("“Shop”" in text for text in said(world, world.mai)))
        await world.rest()
        assert await states(world) == {GROUP: "left"}
        assert [row["chat_id"] for row in await world.rows(batches)] == [world.mai.id]
        # Nobody knows who it was.
        assert f"I was removed from a group chat · in group chat {GROUP}" in (await world.say("/audit")).text
        assert labels(await world.tap("By person")) == ["Mai", "Ana", "Back"]


async def test_a_group_that_was_allowed_is_so_again_if_a_member_brings_it_back_and_else_asked_about(
    world: World,
) -> None:
    await world.let_in(world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    await say(world, group, world.browser.offer(), world.mai)
    for person, state in ((world.sam, "waiting"), (world.mai, "allowed")):
        world.telegram.membership.change(world.sam, group, "left")
        world.telegram.membership.bring(person, group)
        await world.rest()
        assert await states(world) == {GROUP: state}
    assert "Reply to this message" in group.answer.text
    # What was open before has ended.
    assert "Which proxy?" in (await say(world, group, world.browser.offer(), world.mai))[-1]
    assert [row["state"] for row in await world.rows(drafts)] == ["cancelled", "open"]


async def test_one_that_is_removed_before_an_answer_is_no_question_any_more(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", added_by=world.sam)
    await world.rest()
    card = world.newest(world.ana.id)
    world.telegram.membership.change(world.sam, group, "left")
    await world.rest()
    assert (card.text, labels(card)) == ("I was removed from the group chat “Team”.", [])
    # Added once more within the hour it is the same card, which does not ring again.
    asked = len(said(world))
    world.telegram.membership.bring(world.sam, group)
    await world.rest()
    assert (len(said(world)), labels(card)) == (asked, ["Allow", "Refuse"])


# --- where it may not write -------------------------------------------------------------------------------------------


async def test_where_it_may_not_write_it_tries_once_and_says_it_when_it_may_again(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", added_by=world.ana)
    await world.rest()
    with refused_chat(world, GROUP, 400, "Bad Request: not enough rights to send text messages to the chat") as refused:
        world.telegram.membership.change(world.ana, group, "restricted")
        world.telegram.say(world.ana, "/help", group)
        await world.telegram.handled()
        await world.app.presenter.idle()
        tried = len(refused)
        assert 1 <= tried <= 2
        world.app.presenter.tell(GROUP)
        await world.app.presenter.idle()
        assert len(refused) == tried + 1
    assert await states(world) == {GROUP: "allowed"}
    world.telegram.membership.change(world.ana, group, "administrator")
    await world.rest()
    assert "How to import" in group.answer.text
    assert sum("Reply to this message" in text for text in said(world, group)) == 1


# --- a group that becomes a supergroup --------------------------------------------------------------------------------


async def test_a_question_goes_along_to_the_supergroup(world: World) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group", added_by=world.sam)
    await world.rest()
    asked = said(world)
    new = world.telegram.migrate(world.sam, old, SUPERGROUP)
    await world.rest()
    assert said(world) == asked
    assert await states(world) == {SUPERGROUP: "waiting"}
    await world.tap("Allow")
    assert "Reply to this message" in new.answer.text


@pytest.mark.parametrize("allowed", [True, False])
async def test_a_supergroup_of_which_it_hears_first_is_the_group_it_was(world: World, *, allowed: bool) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group", added_by=world.ana if allowed else world.sam)
    await world.rest()
    first = len(said(world))
    new = world.telegram.add_group(SUPERGROUP, "Team", added_by=world.sam)
    await world.rest()
    assert (await states(world))[SUPERGROUP] == "waiting"
    question = world.newest(world.ana.id)
    message = {"message_id": 90, "date": 1, "from": world.sam.json(), "chat": old.json()}
    world.telegram.raw_update({"message": message | {"migrate_to_chat_id": new.id}})
    await world.rest()
    assert question.text == "There is nothing to answer here any more."
    assert await states(world) == {SUPERGROUP: "allowed" if allowed else "waiting"}
    if allowed:
        assert "Which proxy?" in (await say(world, new, world.browser.offer()))[-1]
    else:
        assert len(said(world)) == first + 1
        waiting = next(message for message in world.telegram.chat(world.ana.id).messages if message.buttons)
        world.telegram.press(world.ana, waiting, button_of(waiting, "Refuse"))
        await world.rest()
        assert new.closed is not None
