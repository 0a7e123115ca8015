"""Lists of ixBrowser that can't be had: a group that is gone, an ixBrowser that is closed, a signal that is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StorageError
from bot.usecases import remote_lists
from tests.support.chatting import all_run, held_groups, labels, until
from tests.support.list_scenes import HOUR, LATER, Scene, look, two_groups
from tests.support.world import ADMIN


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with two_groups(tmp_path) as scene:
        yield scene


# --- what is gone -----------------------------------------------------------------------------------------------------


async def test_an_import_into_a_group_that_is_gone_says_so_and_another_can_be_chosen(scene: Scene) -> None:
    world, _ = scene
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Shops EU")
    await world.tap("Keep")
    # So soon that the list which the bot has counts as new.
    world.browser.groups = {number: title for number, title in world.browser.groups.items() if title != "Shops EU"}
    card = await world.tap("✅ Import")
    said = "This group is no longer in ixBrowser. Choose another. The code is still valid. (error 110004)"
    assert said in card.text

    card = await world.tap("Try again")
    assert "Which group?" in card.text
    assert labels(card) == ["Shops US", "Default", "➕ New group", "Hand over", "Cancel"]
    card = await world.tap("Shops US")
    assert "Import this profile?" in card.text
    assert "Group: Shops US" in card.text
    assert "Imported" in (await world.tap("✅ Import")).text
    assert [body["group_id"] for body in world.browser.imports] == [2, 3]


async def test_a_group_that_is_gone_while_its_list_is_looked_at_is_asked_for_again(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer())
    world.browser.groups = {number: title for number, title in world.browser.groups.items() if title != "Shops EU"}
    clock.jump(LATER)
    card = await world.tap("Shops EU")
    assert "Which proxy?" in card.text
    clock.jump(LATER)
    card = await world.tap("Keep")
    assert "The group that was chosen is no longer in ixBrowser. Choose another." in card.text
    assert labels(card) == ["Shops US", "Default", "➕ New group", "Hand over", "Cancel"]


# --- ixBrowser is closed ----------------------------------------------------------------------------------------------


async def test_with_ixbrowser_closed_the_last_list_can_be_chosen_from_and_its_age_is_told(scene: Scene) -> None:
    world, clock = scene
    world.browser.add_saved_proxy("socks5", "203.0.113.7", port="1080", user="eva", password="kept by ixBrowser")
    code = world.browser.offer()
    await world.say(world.browser.offer())
    await world.tap("Shops EU")
    await world.tap("Saved")
    await world.tap("Cancel")
    clock.jump(3 * HOUR + 60)
    world.browser.running = False

    card = await world.say(code)
    assert "Which group?" in card.text
    closed = "ixBrowser is not running. Somebody has to start it on the computer."
    assert f"⚠️ {closed} This list is from 3 hours ago." in card.text
    assert labels(card) == ["Shops EU", "Shops US", "Try again", "Default", "➕ New group", "Hand over", "Cancel"]
    card = await world.tap("Shops US")
    assert "Group: Shops US" in card.text
    assert f"⚠️ {closed} Its own proxies are shown as they were 3 hours ago." in card.text
    card = await world.tap("Saved")
    assert f"⚠️ {closed} This list is from 3 hours ago." in card.text
    card = await world.tap("socks5 203.0.113.7:1080")
    assert "Import this profile?" in card.text
    assert "Proxy: socks5 203.0.113.7:1080 (saved)" in card.text
    assert "You can still tap Import" in card.text
    assert "Waiting: ixBrowser is not running" in (await world.tap("✅ Import")).text

    world.browser.running = True
    await until(world, clock, lambda: "Imported" in world.card().text)
    assert [body["group_id"] for body in world.browser.imports] == [3]


async def test_a_card_does_not_say_that_ixbrowser_is_closed_because_it_was_yesterday(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer(), world.mai)
    world.browser.running = False
    await look(world, clock)
    await world.tap("Cancel", world.mai)
    world.browser.running = True
    clock.jump(12 * HOUR)
    sent = len(world.telegram.calls)
    card = await world.say(world.browser.offer())
    assert labels(card) == ["Shops EU", "Shops US", "Default", "➕ New group", "Hand over", "Cancel"]
    shown = [params["text"] for _, params in world.telegram.calls[sent:] if "text" in params]
    assert len(shown) == 1
    assert "not running" not in f"{shown}"


async def test_never_read_and_closed_the_card_says_that_there_is_no_list(scene: Scene) -> None:
    world, clock = scene
    world.browser.running = False
    card = await world.say(world.browser.offer())
    assert "so its lists can't be shown" in card.text
    assert "ago" not in card.text
    assert labels(card) == ["Try again", "Default", "➕ New group", "Hand over", "Cancel"]
    world.browser.running = True
    clock.jump(2)
    assert labels(await world.tap("Try again")) == [
        "Shops EU",
        "Shops US",
        "Default",
        "➕ New group",
        "Hand over",
        "Cancel",
    ]


async def test_a_list_that_goes_wrong_and_then_right_is_shown_so_on_every_card(scene: Scene) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    world.browser.logged_in = False
    await look(world, clock)
    assert "ixBrowser is logged out" in card.text
    assert "Shops EU" in labels(card)
    world.browser.logged_in = True
    clock.jump(LATER)
    await world.tap("Try again", world.mai)
    assert "logged out" not in card.text
    assert labels(card) == ["Shops EU", "Shops US", "Default", "➕ New group", "Hand over", "Cancel"]
    assert "Which proxy?" in (await world.tap("Shops EU", message=card)).text


# --- what is lost -----------------------------------------------------------------------------------------------------


async def test_a_request_that_nobody_told_about_is_found(scene: Scene) -> None:
    world, clock = scene
    world.app._signals.lists_requested = lambda: None
    chat = world.telegram.chat(world.ana.id)
    world.telegram.say(world.ana, world.browser.offer())
    await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), seconds=60)


async def test_a_list_that_nobody_told_about_is_shown(scene: Scene) -> None:
    world, clock = scene
    world.app._signals.lists_published = lambda: None
    chat = world.telegram.chat(world.ana.id)
    tell, world.app._signals.chat_behind = world.app._signals.chat_behind, lambda _: None
    with held_groups(world):
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.handled()
        tell(ADMIN)
        await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
        await all_run(world)
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), seconds=90)


async def test_a_list_that_cannot_be_written_is_read_again(scene: Scene) -> None:
    world, clock = scene
    store = world.app._station_store
    write = store.write
    lost: list[object] = []

    async def lose_first(function: Any, *args: Any, **kwargs: Any) -> Any:
        if function is remote_lists.publish and not lost:
            lost.append(function)
            raise StorageError("the disk is full")
        return await write(function, *args, **kwargs)

    store.write = lose_first  # type: ignore[method-assign]  # in front of the one that is there
    world.telegram.say(world.ana, world.browser.offer())
    chat = world.telegram.chat(world.ana.id)
    await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), seconds=60)
    assert lost
