"""The team's feed, told from its group chat: where it is, how loud it is, what it says, and who may change that."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.feed import feed, feed_events
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Chat, Message, Person
from tests.support.chatting import imported, labels, said
from tests.support.groups import say, tap
from tests.support.world import World, button_of, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

FORUM, SHOP = -1001234567890, -1002222222222
USUAL = ["Imported: silent", "Handed over: silent", "Failed: loud", "Stop"]
ADMINS_ONLY = "Only an admin can do this."
OLD = "This button is out of date. The card shows the current state."


@pytest.fixture
def forum(world: World) -> Chat:
    return world.telegram.add_group(FORUM, "Team", threads=(7, 8), privacy=True)


def card_of(chat: Chat) -> Message:
    """The newest message of the bot that has buttons of the feed."""
    return chat.newest(lambda message: any((each.callback_data or "").startswith("e:") for each in message.all_buttons))


def told(chat: Chat) -> list[tuple[int | None, str, bool]]:
    """What the feed has told: the topic, the words, and whether it was silent."""
    return [
        (message.thread, message.text, message.silent)
        for message in chat.messages
        if message.from_bot and message.text.startswith(("✅", "⚠️", "❌", "❓", "🤝", "📋"))
    ]


async def begin(world: World, chat: Chat, thread: int | None = 7) -> Message:
    await say(world, chat, "/feed", thread=thread)
    return card_of(chat)


# --- what it tells ----------------------------------------------------------------------------------------------------


async def test_a_topic_is_told_what_two_people_have_imported_in_private(world: World, forum: Chat) -> None:
    await world.let_in(world.mai)
    card = await begin(world, forum)
    assert (card.thread, labels(card)) == (7, USUAL)
    assert "The team's feed is here." in card.text
    world.browser.add_group("Shops")
    await world.say(f"{world.browser.offer('Berlin')} {world.browser.offer('Paris')}")
    await world.tap("Shops")
    await world.tap("Keep")
    await world.tap("✅ Import 2")
    await world.rest()
    wrong = world.browser.unused_code()
    await world.say(wrong, world.mai)
    for label in ("Default", "Keep", "✅ Import"):
        await world.tap(label, world.mai)

    [(thread, both, silent), (_, failed, quiet)] = told(forum)
    assert (thread, silent, quiet) == (7, True, False)
    first, *lines = both.splitlines()
    assert first == "✅ Ana imported 2 profiles"
    assert [line.partition(" “")[2] for line in sorted(lines)] == ["Berlin” · Shops", "Paris” · Shops"]
    assert failed.splitlines()[0] == "❌ Mai could not import a profile"
    assert "this code is wrong" in failed
    assert wrong not in failed


async def test_some_imported_and_some_failed_is_one_message_that_rings(world: World, forum: Chat) -> None:
    await begin(world, forum)
    await imported(world, world.browser.offer(), world.browser.unused_code(), world.browser.offer())
    await world.rest()
    [(_, text, silent)] = told(forum)
    assert text.startswith("⚠️ Ana imported 2 of 3 profiles\n")
    assert not silent


async def test_each_kind_goes_from_off_to_silent_to_loud(world: World, forum: Chat) -> None:
    card = await begin(world, forum)
    for label, value in (("loud", "off"), ("off", "silent"), ("silent", "loud")):
        await tap(world, forum, f"Failed: {label}", message=card)
        assert labels(card) == [*USUAL[:2], f"Failed: {value}", "Stop"]
    await tap(world, forum, "Imported: silent", message=card)
    await imported(world)
    await world.rest()
    assert [silent for _, _, silent in told(forum)] == [False]
    await tap(world, forum, "Imported: loud", message=card)
    assert labels(card)[0] == "Imported: off"
    await imported(world)
    await world.rest()
    assert len(told(forum)) == 1


async def test_what_is_imported_in_the_feed_itself_is_told_there_as_well(world: World, forum: Chat) -> None:
    await begin(world, forum)
    await say(world, forum, f"/import {world.browser.offer('Berlin')}", thread=8)
    await tap(world, forum, "Keep")
    await tap(world, forum, "✅ Import")
    assert [(thread, text.splitlines()[0][:14]) for thread, text, _ in told(forum)] == [(7, "✅ Ana imported")]


async def test_it_speaks_the_language_of_who_has_put_it_there(world: World, forum: Chat) -> None:
    await world.say("/language")
    await world.tap("Русский")
    await say(world, forum, "/feed", thread=7)
    assert labels(card_of(forum))[0] == "Импорт: без звука"
    await world.say("/language")
    await world.tap("English")
    await imported(world)
    await world.rest()
    [(_, text, _)] = told(forum)
    assert text.startswith("✅ Ana: импортирован профиль")


async def test_no_code_and_no_link_is_in_what_it_tells(world: World, forum: Chat) -> None:
    await begin(world, forum)
    codes = [world.browser.offer(), world.browser.unused_code()]
    await imported(world, *codes)
    await world.rest()
    [(_, text, _)] = told(forum)
    assert not any(code in text or code[:8] in text for code in codes)


# --- where it is ------------------------------------------------------------------------------------------------------


async def test_elsewhere_it_is_asked_whether_it_is_to_be_moved(world: World, forum: Chat) -> None:
    shop = world.telegram.add_group(SHOP, "Shop <1>")
    card = await begin(world, forum)
    question = await begin(world, forum, 8)
    assert question.text == "The feed is in another topic of this group now. Move it here?"
    question = await begin(world, shop, None)
    assert (question.text, labels(question)) == ("The feed is in “Team” now. Move it here?", ["Move it here", "Cancel"])
    await tap(world, shop, "Cancel", message=question)
    assert question.text == "The feed stays where it is."
    question = await begin(world, shop, None)
    await tap(world, shop, "Move it here", message=question)
    assert labels(question) == USUAL
    await imported(world)
    await world.rest()
    assert (len(told(forum)), len(told(shop))) == (0, 1)
    # The card of before is none any more.
    await tap(world, forum, "Stop", message=card)
    assert world.popups()[-1] == OLD
    assert [row["chat_id"] for row in await world.rows(feed)] == [SHOP]
    assert "“Shop <1>”" in (await begin(world, forum)).text


async def test_stop_ends_it_and_the_command_begins_it_again(world: World, forum: Chat) -> None:
    card = await begin(world, forum)
    await tap(world, forum, "Imported: silent", message=card)
    await tap(world, forum, "Stop", message=card)
    assert card.text == "The team's feed has ended. /feed begins it again."
    await imported(world)
    await world.rest()
    assert (told(forum), await world.rows(feed_events)) == ([], [])
    assert labels(await begin(world, forum)) == USUAL
    await imported(world)
    await world.rest()
    assert len(told(forum)) == 1
    audit = (await world.say("/audit")).text
    assert f"Ana changed the team's feed · in group chat {FORUM}" in audit


async def test_an_old_press_shows_how_it_is_now(world: World, forum: Chat) -> None:
    card = await begin(world, forum)
    old = button_of(card, "Failed: loud")
    for _ in range(2):
        world.telegram.press(world.ana, card, old)
    await world.rest()
    assert labels(card)[2] == "Failed: off"
    assert world.popups() == [OLD]
    # However old the message is, Telegram names the chat that it stands in.
    world.telegram.press(world.ana, card, button_of(card, "Failed: off"), inaccessible=True)
    await world.rest()
    assert [row["failed"] for row in await world.rows(feed)] == ["silent"]


async def test_in_private_it_is_said_where_to_send_it(world: World) -> None:
    assert "Send /feed in the group chat" in (await world.say("/feed")).text
    assert await world.rows(feed) == []


async def test_it_goes_along_to_the_supergroup(world: World) -> None:
    old = world.telegram.add_group(-77, "Team", kind="group")
    await begin(world, old, None)
    new = world.telegram.migrate(world.sam, old, SHOP)
    await world.rest()
    await imported(world)
    await world.rest()
    assert (len(told(old)), len(told(new))) == (0, 1)
    await begin(world, new, None)
    assert labels(card_of(new)) == USUAL


async def test_it_ends_where_the_bot_is_removed(world: World, forum: Chat) -> None:
    await begin(world, forum)
    world.telegram.membership.change(world.sam, forum, "kicked")
    await world.rest()
    assert "Imported" in (await imported(world)).text
    assert (told(forum), await world.rows(feed_events)) == ([], [])
    assert [row["chat_id"] for row in await world.rows(feed)] == [None]
    shop = world.telegram.add_group(SHOP, "Shop")
    assert labels(await begin(world, shop, None)) == USUAL


async def test_of_a_removal_that_nobody_told_it_hears_from_the_refusal(world: World, forum: Chat) -> None:
    await begin(world, forum)
    forum.closed = "bot was kicked from the supergroup chat"
    await imported(world)
    await world.rest()
    assert [row["chat_id"] for row in await world.rows(feed)] == [None]


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_members_are_refused_and_strangers_passed_over(world: World, forum: Chat) -> None:
    await world.let_in(world.mai)
    assert (await say(world, forum, "/feed", world.mai, thread=7))[-1] == ADMINS_ONLY
    before = said(world, forum)
    assert await say(world, forum, "/feed", world.sam, thread=7) == before
    assert (await world.say("/feed", world.mai)).text == ADMINS_ONLY
    assert await world.rows(feed) == []


@pytest.mark.parametrize("action", ["failed:off", "imported:loud", "stop", "move", "keep"])
async def test_forged_buttons_change_nothing(world: World, forum: Chat, action: str) -> None:
    await world.let_in(world.mai)
    card = await begin(world, forum)
    shop = world.telegram.add_group(SHOP, "Shop")
    await say(world, shop, "/help")
    before = await world.rows(feed)
    [row] = before

    async def press(person: Person, message: Message, data: str) -> None:
        world.telegram.press(person, message, Button("?", data))
        await world.rest()
        assert await world.rows(feed) == before, (person.first_name, data)

    for person in (world.mai, world.sam):
        await press(person, card, f"e:0:{row['revision']}:{action}")
    assert world.popups() == [ADMINS_ONLY]
    for revision in (0, row["revision"] - 1, row["revision"] + 1, 999999999):
        await press(world.ana, card, f"e:0:{revision}:{action}")
    await press(world.ana, world.newest(world.ana.id), f"e:0:{row['revision']}:{action}")
    if action != "move":
        await press(world.ana, shop.answer, f"e:0:{row['revision']}:{action}")
    for rubbish in ("failed", "failed:LOUD", "everything:off", "stop_it"):
        await press(world.ana, card, f"e:0:{row['revision']}:{rubbish}")
    assert labels(card) == USUAL


# --- restarts ---------------------------------------------------------------------------------------------------------


async def test_a_restart_in_the_middle_tells_everything_once(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        forum = telegram.add_group(FORUM, "Team", threads=(7, 8))
        await begin(world, forum)
        await imported(world)
        # What ends from here on is noted, and not told any more.
        world.app.feed.feed_behind = lambda: None  # type: ignore[method-assign]
        world.app._signals.feed_behind = lambda: None
        browser.always(IMPORT, refusal(110004))
        card = await world.say(browser.offer())
        telegram.press(world.ana, card, button_of(card, "✅ Import"))
        await telegram.settled(lambda: "Not imported" in world.newest(world.ana.id).text)
        first = len(told(forum))
    assert first == 1
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.rest()
        assert [text[:1] for _, text, _ in told(forum)] == ["✅", "❌"]
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.rest()
        assert len(told(forum)) == 2
