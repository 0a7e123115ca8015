"""ixBrowser's lists on the cards: there at once, new a moment later, and what a new one answers by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.chat import showing
from bot.domain.draft import Draft, ListedGroup
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.errors import StorageError
from bot.usecases import remote_lists
from bot.usecases.records import Place
from tests.standins.ixbrowser_faults import slow
from tests.standins.telegram_checks import Params
from tests.standins.telegram_state import Message
from tests.support.chatting import all_run, held_groups, labels, timed, until
from tests.support.journeys import draft_of
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, World

Scene = tuple[World, JumpingClock]
#: More seconds than for which a list counts as now.
LATER = 6
HOUR = 3600


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Mai may use the bot, too; ixBrowser has two groups beside the default one."""
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        world.browser.add_group("Shops EU")
        world.browser.add_group("Shops US")
        await world.let_in(world.mai)
        yield world, clock


async def look(world: World, clock: JumpingClock) -> Message:
    """Mai looks at the groups, which are read anew for her."""
    clock.jump(LATER)
    return await world.say(world.browser.offer(), world.mai)


@contextmanager
def late_messages(world: World, chat_id: int) -> Iterator[list[str]]:
    """Telegram takes what is sent to this chat after the block; the list grows with each."""
    late: list[str] = []
    over = asyncio.Event()
    handle = world.telegram.handle

    async def wait_and_handle(token: str, method: str, params: Params) -> tuple[int, bytes]:
        if method.lower() == "sendmessage" and params.get("chat_id") == chat_id:
            late.append(method)
            world.telegram.changed()
            await over.wait()
        return await handle(token, method, params)

    world.telegram.handle = wait_and_handle  # type: ignore[method-assign]  # in front of the one that is there
    try:
        yield late
    finally:
        world.telegram.handle = handle  # type: ignore[method-assign]  # as it was
        over.set()


# --- what a list answers by itself ------------------------------------------------------------------------------------


async def test_where_one_group_is_left_it_is_taken_on_every_card(scene: Scene) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    assert "Which group?" in card.text
    world.browser.groups = {7: "Shops"}
    await look(world, clock)
    assert "Group: Shops" in card.text
    assert "Which proxy?" in card.text


async def test_a_group_that_is_gone_is_asked_for_again_before_it_is_imported_into(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer())
    await world.tap("Shops EU")
    card = await world.tap("Keep")
    assert "Import this profile?" in card.text
    group = next(group for group, title in world.browser.groups.items() if title == "Shops EU")
    del world.browser.groups[group]
    await look(world, clock)
    assert "no longer in ixBrowser" in card.text
    assert "Which group?" in card.text


async def test_a_draft_that_comes_to_need_a_list_which_is_known_has_its_answers_too(scene: Scene) -> None:
    """As when it is opened while the list is being published, so that neither transaction sees the other."""
    world, clock = scene
    world.browser.groups = {7: "Shops"}
    await look(world, clock)
    asking = Draft(codes=(TransferCode(world.browser.offer()),))
    place = Place(ADMIN, ADMIN, None, "en")
    await world.app.store.write(lambda work: work.drafts.open_new(place, asking, work.now))
    world.app.presenter.tell(ADMIN)
    await world.rest()
    assert "Group: Shops" in world.card().text
    assert (await draft_of(world)).group == ListedGroup(7, "Shops")


# --- shown at once, and freshened -------------------------------------------------------------------------------------


async def test_the_list_of_last_time_is_shown_at_once_and_a_tap_on_it_counts_after_it_was_freshened(
    scene: Scene,
) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    old = card.all_buttons
    world.browser.add_group("Shops Asia")
    with held_groups(world):
        mine = world.telegram.chat(world.mai.id)
        clock.jump(HOUR)
        world.telegram.say(world.mai, world.browser.offer())
        await world.telegram.settled(lambda: "Shops EU" in labels(mine.card))
        assert "Shops Asia" not in labels(mine.card)
        assert "ago" not in mine.card.text
    await world.rest()
    # Both who look at it have the new one.
    assert "Shops Asia" in labels(mine.card)
    assert "Shops Asia" in labels(card)
    world.telegram.press(world.ana, card, next(button for button in old if button.text == "Shops EU"))
    await world.rest()
    assert "Which proxy?" in card.text
    assert "Group: Shops EU" in card.text
    assert world.popups() == []


async def test_who_has_the_card_shown_again_sees_a_group_that_was_made_at_the_computer(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer())
    world.browser.add_group("Made at the computer")
    clock.jump(LATER)
    assert "Made at the computer" in labels(await world.say("/import"))


async def test_a_list_in_which_nothing_is_new_changes_no_card(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer())
    calls = len(world.telegram.calls)
    await look(world, clock)
    assert [params["chat_id"] for method, params in world.telegram.calls[calls:] if method == "editMessageText"] == []


async def test_a_list_that_comes_while_its_card_is_on_the_way_is_shown_after_all(scene: Scene) -> None:
    world, clock = scene
    await look(world, clock)
    with late_messages(world, ADMIN) as held:
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: held)
        world.browser.add_group("Shops Asia")
        await world.app.store.write(remote_lists.request_anew, frozenset({Listing.GROUPS}))
        await until(world, clock, lambda: world.browser.requests[-1][0] == "group-list", step=0.1)
        await all_run(world)
    await world.rest()
    assert "Shops Asia" in labels(world.card())


async def test_a_first_list_that_comes_soon_is_on_the_first_card(scene: Scene) -> None:
    world, _ = scene
    world.browser.fail("group-list", slow(before=showing.PATIENCE / 3))
    sent = len(world.telegram.calls)
    card = await world.say(world.browser.offer())
    assert "Shops EU" in labels(card)
    shown = [params["text"] for method, params in world.telegram.calls[sent:] if "text" in params]
    assert len(shown) == 1
    assert "Asking ixBrowser" not in f"{shown}"


async def test_a_first_list_that_takes_long_is_waited_for_on_the_card(scene: Scene) -> None:
    world, clock = scene
    chat = world.telegram.chat(world.ana.id)
    with held_groups(world):
        world.telegram.say(world.ana, world.browser.offer())
        await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
        assert labels(chat.card) == ["Default", "➕ New group", "Hand over", "Cancel"]
    await until(world, clock, lambda: "Shops EU" in labels(chat.card), step=0.1)
    assert "Asking ixBrowser…" not in chat.card.text


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
