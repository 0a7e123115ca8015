"""A secret for an import in a group chat is typed in private: the link there, what happens there, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.transfer_code import mask
from bot.storage.private_links import private_links
from bot.storage.tables import drafts, secrets
from tests.standins.telegram_state import Chat, Message, Person
from tests.support.chatting import labels, said, snapshot, timed
from tests.support.groups import say, tap
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

SUPERGROUP = -1001234567890
PROXY = "socks5://ana:s3cret@203.0.113.7:1080"
LINK = "https://proxies.example/next?key=k3y-of-the-link"
GO_ON = "🔒 Continue in private"


@pytest.fixture
def group(world: World) -> Chat:
    return world.telegram.add_group(SUPERGROUP, "Team", privacy=True)


async def link_of(world: World, group: Chat, person: Person | None = None) -> str:
    """The link that a press on the button under the group's card opens; empty where it opens none."""
    await tap(world, group, GO_ON, person)
    return world.telegram.answers[-1].url


async def follow(world: World, url: str, person: Person | None = None) -> Message:
    """Somebody (Ana) opens the link; the newest message of the bot in their private chat."""
    person = person or world.ana
    world.telegram.follow(person, url)
    await world.rest()
    return world.newest(person.id)


async def in_private(world: World, group: Chat, *, thread: int | None = None) -> Message:
    """Ana has sent a code into the group and gone on in private; the card there."""
    await say(world, group, f"/import {world.browser.offer('Shop')}", thread=thread)
    return await follow(world, await link_of(world, group))


async def test_a_proxy_with_its_password_is_typed_in_private_and_the_card_in_the_group_goes_on(
    world: World, group: Chat
) -> None:
    card = await in_private(world, group)
    assert card.text.startswith("This step belongs to your import in the group chat.")
    assert "Which proxy?" in card.text
    there = group.card
    world.telegram.say(world.ana, PROXY)
    await world.rest()
    assert group.card is there
    assert "Proxy: socks5 203.0.113.7:1080 as ana, password ••••" in group.card.text
    assert not any("s3cret" in message.text and not message.deleted for message in world.telegram.chat(1001).messages)
    done = world.newest(world.ana.id)
    assert "Your import goes on in the group chat." in done.text
    assert done.button("To the group chat").url == f"https://t.me/c/1234567890/{there.id}"
    assert "“Shop”" in (await tap(world, group, "✅ Import")).text
    [request] = world.browser.imports
    assert request["proxy_config"]["proxy_password"] == "s3cret"
    assert len(await world.log()) == 1
    assert await world.rows(secrets) == []


async def test_nobody_in_the_group_sees_the_link_and_the_database_cannot_give_it(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    url = await link_of(world, group)
    token = url.partition("?start=")[2]
    assert len(token) >= 32
    assert token not in str([message.json() for message in group.messages])
    assert token not in str(await snapshot(world))
    assert token.removeprefix("private_").encode() not in (await world.rows(private_links))[0]["token_hash"]


async def test_an_extraction_link_is_sent_in_private_with_all_that_is_asked_about_it(world: World, group: Chat) -> None:
    await in_private(world, group)
    await world.tap("Extraction link")
    await world.say(LINK)
    for label in ("socks5", "ip:port", "At every opening"):
        await world.tap(label)
    assert "Proxy: from a link (socks5, ip:port)" in group.card.text
    assert "“Shop”" in (await tap(world, group, "✅ Import")).text


async def test_a_password_that_is_missing_is_typed_in_private(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    await say(world, group, "socks5://ana@203.0.113.7:1080", reply_to=group.card)
    assert "Type the password" in group.card.text
    assert "Don't type it here" in group.card.text
    card = await follow(world, await link_of(world, group))
    assert "Type the password" in card.text
    await world.say("hunter2")
    assert "as ana, password ••••" in group.card.text
    [typed] = [message for message in world.telegram.chat(world.ana.id).messages if message.text == "hunter2"]
    assert typed.deleted


async def test_a_proxy_that_needs_no_secret_can_be_chosen_there_too(world: World, group: Chat) -> None:
    await in_private(world, group)
    await world.tap("Direct")
    assert "Proxy: none (Direct)" in group.card.text
    assert "Your import goes on in the group chat." in world.newest(world.ana.id).text


async def test_an_open_private_draft_is_kept_aside_and_goes_on_afterwards(world: World, group: Chat) -> None:
    world.browser.add_group("Shops EU")
    world.browser.add_group("Shops US")
    private = await world.say(world.browser.offer("Mine"))
    assert "Which group?" in private.text
    await say(world, group, f"/import {world.browser.offer('Team')}")
    await tap(world, group, "Shops EU")
    await follow(world, await link_of(world, group))
    await world.say(PROXY)
    assert "Group: <b>Shops EU</b>" in group.card.html
    # What is typed is for the one from before again.
    card = await world.say("Shops U")
    assert labels(card)[0] == "Shops US"
    await world.tap("Shops US")
    await world.tap("Keep")
    await world.tap("✅ Import")
    await tap(world, group, "✅ Import")
    names = {row["profile_name"]: (row["group_title"], row["proxy"]) for row in await world.log()}
    assert names["Mine"][0] == "Shops US"
    assert names["Team"][0] == "Shops EU"
    assert "203.0.113.7" in names["Team"][1]
    assert "203.0.113.7" not in names["Mine"][1]


async def test_a_code_that_is_sent_there_joins_the_import_of_the_group(world: World, group: Chat) -> None:
    await in_private(world, group)
    await world.say(world.browser.offer("Second"))
    await world.say(PROXY)
    assert "Import these 2 profiles?" in group.card.text


async def test_a_code_that_was_taken_out_in_the_group_meanwhile_does_not_come_back(world: World, group: Chat) -> None:
    first, second = world.browser.offer("First"), world.browser.offer("Second")
    await say(world, group, f"/import {first} {second}")
    typed = group.newest(lambda message: message.sender is world.ana)
    await follow(world, await link_of(world, group))
    world.telegram.edit(world.ana, typed, f"/import {first}")
    await world.rest()
    await world.say(PROXY)
    assert "Import this profile?" in group.card.text
    assert mask(first) in group.card.text
    assert mask(second) not in group.card.text


async def test_who_cancels_in_private_finds_the_import_that_was_kept_aside_below(world: World, group: Chat) -> None:
    await world.say(world.browser.offer("Mine"))
    await in_private(world, group)
    aside = await world.tap("Cancel")
    assert "Which proxy?" in aside.text
    assert "group chat" not in aside.text


async def test_it_goes_on_in_the_topic(world: World) -> None:
    forum = world.telegram.add_group(SUPERGROUP, "Team", threads=(7, 8), privacy=True)
    await in_private(world, forum, thread=8)
    await world.say(PROXY)
    assert ("password ••••" in forum.card.text, forum.card.thread) == (True, 8)
    button = world.newest(world.ana.id).button("To the group chat")
    assert button.url == f"https://t.me/c/1234567890/8/{forum.card.id}"


async def test_where_messages_have_no_address_there_is_no_way_back(world: World) -> None:
    group = world.telegram.add_group(-77, "Team", kind="group", privacy=True)
    await in_private(world, group)
    card = await world.say(PROXY)
    assert "Your import goes on in the group chat." in card.text
    assert labels(card) == []


# --- leaving it -------------------------------------------------------------------------------------------------------


async def test_cancel_there_leaves_the_import_of_the_group_open(world: World, group: Chat) -> None:
    await in_private(world, group)
    card = await world.tap("Cancel")
    assert "Your import in the group chat is still open." in card.text
    assert "Which proxy?" in group.card.text
    await follow(world, await link_of(world, group))
    await world.say(PROXY)
    assert "password ••••" in group.card.text


@pytest.mark.parametrize("label", ["Cancel", "Keep"])
async def test_when_the_import_of_the_group_ends_the_private_draft_does_too(
    world: World, group: Chat, label: str
) -> None:
    await in_private(world, group)
    await tap(world, group, label)
    if label == "Keep":
        await tap(world, group, "✅ Import")
    assert "does not need this any more" in said(world)[-1]
    assert "Send me a transfer code" in (await world.say("hello")).text
    assert {row["state"] for row in await world.rows(drafts)} <= {"cancelled", "confirmed"}


# --- links that lead nowhere ------------------------------------------------------------------------------------------


async def test_the_link_of_somebody_else_is_not_followed(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, group, f"/import {world.browser.offer()}")
    url = await link_of(world, group)
    assert "for somebody else" in (await follow(world, url, world.mai)).text
    assert "Which proxy?" in (await follow(world, url)).text


async def test_who_presses_on_somebody_elses_card_is_told_whose_it_is(world: World, group: Chat) -> None:
    await world.let_in(world.mai)
    await say(world, group, f"/import {world.browser.offer()}")
    assert await link_of(world, group, world.mai) == ""
    assert world.popups() == ["This card belongs to Ana."]
    assert await world.rows(private_links) == []


async def test_a_link_is_used_once(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    url = await link_of(world, group)
    await follow(world, url)
    # Followed once more while it is open, the card is shown again.
    assert "Which proxy?" in (await follow(world, url)).text
    assert len(await world.rows(drafts)) == 2
    await world.tap("Cancel")
    assert "has been used" in (await follow(world, url)).text


@pytest.mark.parametrize("payload", ["private_", "private_x", "private_" + "a" * 32, "private_-----"])
async def test_a_link_that_nobody_was_given_is_answered_kindly(world: World, payload: str) -> None:
    assert "Tap the button in the group chat again." in (await world.say(f"/start {payload}")).text


async def test_a_link_for_what_is_answered_by_now_is_not_needed(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    url = await link_of(world, group)
    await tap(world, group, "Keep")
    assert "This link is not needed any more" in (await follow(world, url)).text


async def test_a_stranger_with_a_link_is_told_what_strangers_are_told(world: World, group: Chat) -> None:
    await say(world, group, f"/import {world.browser.offer()}")
    url = await link_of(world, group)
    assert "This bot is private." in (await follow(world, url, world.sam)).text


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path) as (world, clock):
        yield world, clock


async def test_a_link_can_be_used_for_a_quarter_of_an_hour(scene: tuple[World, JumpingClock]) -> None:
    world, clock = scene
    group = world.telegram.add_group(SUPERGROUP, "Team", privacy=True)
    await say(world, group, f"/import {world.browser.offer()}")
    early = await link_of(world, group)
    clock.jump(60)
    late = await link_of(world, group)
    clock.jump(14 * 60 + 1)
    assert "too old" in (await follow(world, early)).text
    assert "Which proxy?" in (await follow(world, late)).text
