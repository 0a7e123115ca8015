"""ixBrowser's lists on the cards: there at once, new a moment later, and what a new one answers by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.chat import showing
from bot.domain.draft import Draft, ListedGroup
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.usecases import remote_lists
from bot.usecases.records import Place
from tests.standins.ixbrowser_faults import slow
from tests.standins.telegram_checks import Params
from tests.support.chatting import all_run, held_groups, labels, until
from tests.support.journeys import draft_of
from tests.support.list_scenes import HOUR, LATER, Scene, look, two_groups
from tests.support.world import ADMIN, World


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with two_groups(tmp_path) as scene:
        yield scene


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
