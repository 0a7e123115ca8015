"""Handing codes over in a group chat: what is typed replies to a question, and the message with the code goes."""

from __future__ import annotations

import pytest

from bot.storage.tables import drafts
from tests.standins.telegram_state import Button
from tests.support.chatting import GROUP, labels, said
from tests.support.groups import prompts, reply, say, tap
from tests.support.handoffs import take
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")


async def test_a_code_that_was_posted_is_left_and_its_message_goes(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", can_delete=True, privacy=True)
    code = world.browser.offer("Shop")
    await say(world, group, f"/import {code}")
    await tap(world, group, "Hand over")
    assert labels(group.card) == ["Mai", "Sam", "👥 The team", "Back", "Cancel"]
    await tap(world, group, "Mai")
    await tap(world, group, "Note")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with the note."
    card = await reply(world, group, "for the shop")
    assert "Note: for the shop" in card.text
    await tap(world, group, "✅ Hand over")
    assert card.text == "👤 Ana\nHanded over to Mai."
    assert labels(card) == []
    assert [message.deleted for message in group.messages if code in message.text] == [True]
    assert not any("delete" in text for text in said(world, group) if "Anyone who sees" not in text)
    receipt = world.newest(world.ana.id)
    assert receipt.text.startswith("⏳ Handed over, not taken yet.")
    await take(world, world.mai)
    await world.tap("Keep", world.mai)
    await world.tap("✅ Import", world.mai)
    assert "“Shop”" in world.newest(world.ana.id).text


async def test_where_the_bot_may_not_delete_its_person_is_asked_to(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", can_delete=False)
    await say(world, group, f"/import {world.browser.offer()}")
    await say(world, group, world.browser.offer())
    await tap(world, group, "Hand over")
    await tap(world, group, "The team")
    await tap(world, group, "✅ Hand over")
    told = [text for text in said(world, group) if text.startswith("I can't delete")]
    assert told == ["I can't delete your message here: please delete it yourself."]
    assert "👤 Ana\nHanded over to the team." in said(world, group)


async def test_the_receiver_of_a_long_list_is_searched_for_by_a_reply(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team", privacy=True)
    for number in range(5000, 5010):
        await world.say(f"/allow {number}")
    await say(world, group, f"/import {world.browser.offer()}")
    await tap(world, group, "Hand over")
    assert prompts(group, world.ana) == []
    await tap(world, group, "🔎 Search")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with part of the person's name."
    card = await reply(world, group, "mai")
    assert labels(card) == ["Mai", "All", "👥 The team", "🔎 Search", "Back", "Cancel"]


async def test_whoever_posts_a_code_that_waits_for_them_is_told_in_the_group(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    code = world.browser.offer()
    await say(world, group, f"/import {code}")
    await tap(world, group, "Hand over")
    await tap(world, group, "Mai")
    await tap(world, group, "✅ Hand over")
    await say(world, group, code, world.mai)
    told = group.answer
    assert told.text.endswith("was left by Ana for you.")
    assert labels(told) == ["Take"]
    await say(world, group, code, world.sam)
    assert group.answer.text.endswith("was left by Ana for Mai.")
    assert labels(group.answer) == []


async def test_what_asks_in_private_for_a_group_chat_leaves_nothing_for_anybody(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    await say(world, group, f"/import {world.browser.offer()}")
    assert labels(group.card)[-4:] == ["🔒 Continue in private", "Hand over", "Back", "Cancel"]
    await tap(world, group, "🔒 Continue in private")
    [start] = [answer.url for answer in world.telegram.answers if answer.url]
    card = await world.say(f"/start {start.partition('start=')[2]}")
    assert "This step belongs to your import in the group chat." in card.text
    assert "Hand over" not in labels(card)
    [row] = [row for row in await world.rows(drafts) if row["continues"] is not None]
    world.telegram.press(world.ana, card, Button("?", f"d:{row['id']}:{row['revision']}:hand"))
    await world.rest()
    assert world.popups()[-1] == "This button is out of date. The card shows the current state."
