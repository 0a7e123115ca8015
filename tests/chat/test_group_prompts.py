"""In a group chat, in privacy mode: what must be typed is asked by a message to which a reply is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.tables import drafts, outbox
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Chat
from tests.support.chatting import GROUP, labels, said
from tests.support.groups import prompts, reply, say, tap
from tests.support.world import World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.fixture
def group(world: World) -> Chat:
    return world.telegram.add_group(GROUP, "Team", privacy=True)


@pytest.fixture
async def mai(world: World) -> None:
    await world.let_in(world.mai)


async def test_an_import_is_done_in_privacy_mode(world: World, group: Chat) -> None:
    await say(world, group, "/import")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with the transfer code."
    assert prompt.forced_reply is not None
    assert prompt.forced_reply.placeholder == "Transfer code"
    card = await reply(world, group, world.browser.offer("Shop"))
    assert "Which proxy?" in card.text
    assert prompt.deleted
    await tap(world, group, "Keep")
    assert "“Shop”" in (await tap(world, group, "✅ Import")).text
    assert prompts(group, world.ana) == []
    assert await world.rows(outbox) == []


async def test_the_name_of_a_new_group_and_the_bypass_list_are_typed(world: World, group: Chat) -> None:
    world.browser.add_group("Shops EU")
    world.browser.add_group("Shops US")
    await say(world, group, f"/import {world.browser.offer()}")
    assert prompts(group, world.ana) == []
    await tap(world, group, "➕ New group")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with a name for the new group."
    await reply(world, group, "Shops Asia")
    await world.telegram.settled(lambda: "Which proxy?" in group.card.text)
    await world.rest()
    assert prompts(group, world.ana) == []
    await tap(world, group, "Direct")
    await tap(world, group, "Bypass")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with the domains, one per line."
    card = await reply(world, group, "*.example.com")
    assert "Bypass: *.example.com" in card.text
    assert "Group: Shops Asia" in card.text
    assert prompts(group, world.ana) == []


async def test_what_cannot_be_used_is_asked_for_again_below(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    await tap(world, group, "Direct")
    await tap(world, group, "Bypass")
    [first] = prompts(group, world.ana)
    await reply(world, group, "not a domain!")
    [again] = prompts(group, world.ana)
    assert "is not a domain" in group.card.text
    assert first.deleted
    assert again.id > group.card.id > first.id
    await reply(world, group, "example.com")
    assert prompts(group, world.ana) == []


@pytest.mark.parametrize("label", ["Back", "No bypass list", "Cancel"])
async def test_the_prompt_goes_when_its_step_is_left(world: World, group: Chat, label: str) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    await tap(world, group, "Direct")
    await tap(world, group, "Bypass")
    [prompt] = prompts(group, world.ana)
    await tap(world, group, label)
    assert prompt.deleted
    assert prompts(group, world.ana) == []


async def test_a_search_is_asked_for_when_it_is_wanted_and_there_is_more_than_a_page(world: World, group: Chat) -> None:
    for number in range(12):
        world.browser.add_group(f"Shop {number}")
    await say(world, group, f"/import {world.browser.offer()}")
    assert prompts(group, world.ana) == []
    await tap(world, group, "🔎 Search")
    [first] = prompts(group, world.ana)
    await tap(world, group, "🔎 Search")
    [prompt] = prompts(group, world.ana)
    assert (prompt.text, first.deleted) == ("Ana, reply to this with part of the group's name.", True)
    card = await reply(world, group, "op 11")
    assert labels(card)[0] == "Shop 11"
    assert prompts(group, world.ana) == []
    await tap(world, group, "Shop 11")
    assert "Which proxy?" in group.card.text


@pytest.mark.parametrize("kind", ["Saved", "Static"])
async def test_a_proxy_is_searched_for_in_the_same_way(world: World, group: Chat, kind: str) -> None:
    for number in range(12):
        add = world.browser.add_saved_proxy if kind == "Saved" else world.browser.add_static_proxy
        add("socks5", f"203.0.113.{number}", port="1080")
    await say(world, group, f"/import {world.browser.offer()}")
    await tap(world, group, kind)
    assert prompts(group, world.ana) == []
    await tap(world, group, "🔎 Search")
    [prompt] = prompts(group, world.ana)
    assert prompt.text == "Ana, reply to this with part of the proxy's name or address."
    card = await reply(world, group, "113.11")
    assert "203.0.113.11" in labels(card)[0]
    assert prompts(group, world.ana) == []


async def test_with_few_groups_and_in_private_there_is_no_search_to_ask_for(world: World, group: Chat) -> None:
    world.browser.add_group("Shop 1")
    world.browser.add_group("Shop 2")
    await say(world, group, f"/import {world.browser.offer()}")
    assert "🔎 Search" not in labels(group.card)
    for number in range(3, 12):
        world.browser.add_group(f"Shop {number}")
    assert "🔎 Search" not in labels(await world.say(world.browser.offer()))


async def test_a_group_that_was_chosen_leaves_no_prompt_behind(world: World, group: Chat) -> None:
    for number in range(12):
        world.browser.add_group(f"Shop {number}")
    await say(world, group, f"/import {world.browser.offer()}")
    await tap(world, group, "🔎 Search")
    await tap(world, group, "Shop 1")
    assert prompts(group, world.ana) == []
    await tap(world, group, "Back")
    assert "Which group?" in group.card.text
    assert prompts(group, world.ana) == []


async def test_in_private_nothing_is_asked_apart_from_the_card(world: World) -> None:
    await world.say("/import")
    assert len(said(world)) == 1
    assert not any(message.forced_reply for message in world.telegram.chat(world.ana.id).messages)


@pytest.mark.usefixtures("mai")
async def test_each_is_asked_on_their_own_phone(world: World, group: Chat) -> None:
    await say(world, group, "/import")
    await say(world, group, "/import", world.mai)
    [for_ana], [for_mai] = prompts(group, world.ana), prompts(group, world.mai)
    assert for_ana is not for_mai
    code = world.browser.offer()
    await reply(world, group, code, world.mai)
    assert prompts(group, world.ana) == [for_ana]
    rows = {row["user_id"]: row for row in await world.rows(drafts)}
    assert rows[world.ana.id]["prompt_message_id"] == for_ana.id
    assert rows[world.mai.id]["prompt_message_id"] is None


async def test_who_has_deleted_their_message_is_asked_all_the_same(world: World, group: Chat) -> None:
    world.telegram.say(world.ana, "/import", group)
    world.telegram.delete(group.last)
    await world.rest()
    [prompt] = prompts(group, world.ana)
    assert prompt.reply_to is None
    assert "Which proxy?" in (await reply(world, group, world.browser.offer())).text


async def test_a_prompt_that_could_not_be_sent_is_sent_by_the_bot_that_comes_after(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    group = telegram.add_group(GROUP, "Team", privacy=True)
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await say(world, group, f"/import {browser.offer()}")
        await tap(world, group, "Direct")
        ana = world.ana
        card = group.card
        telegram.fail("sendMessage", 500, "Internal Server Error: restart", times=100)
        telegram.press(ana, card, "Bypass")
        await telegram.settled(lambda: "Which websites" in card.text)
    assert prompts(group, ana) == []
    telegram.heal("sendMessage")
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: prompts(group, ana))
        await world.rest()
        await reply(world, group, "example.com")
        assert "Bypass: example.com" in group.card.text
        assert prompts(group, ana) == []


async def test_a_mention_is_said_to_the_bot(world: World, group: Chat) -> None:
    await say(world, group, f"@transfer_demo_bot {world.browser.offer()}")
    assert "Which proxy?" in group.card.text
