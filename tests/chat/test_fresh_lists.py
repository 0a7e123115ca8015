"""What a list that is read anew answers by itself, in the cards of everybody who needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app
from bot.domain.remote_lists import Listing
from bot.errors import StorageError
from tests.standins.telegram_state import Message
from tests.support.chatting import failing_reads, timed
from tests.support.journeys import draft_of
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World

Scene = tuple[World, JumpingClock]
#: More seconds than for which a list counts as now.
LATER = 6


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Mai may use the bot, too; ixBrowser has two groups beside the default one."""
    async with timed(tmp_path) as (world, clock):
        world.browser.add_group("Shops EU")
        world.browser.add_group("Shops US")
        await world.let_in(world.mai)
        yield world, clock


async def look(world: World, clock: JumpingClock) -> Message:
    """Mai looks at the groups, which are read anew for her."""
    clock.jump(LATER)
    return await world.say(world.browser.offer(), world.mai)


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


async def test_a_list_that_answers_nothing_new_spoils_no_tap(scene: Scene) -> None:
    world, clock = scene
    card = await world.say(world.browser.offer())
    world.browser.add_group("Shops Asia")
    before = card.text, card.buttons
    await look(world, clock)
    assert (card.text, card.buttons) == before
    assert "Which proxy?" in (await world.tap("Shops EU", message=card)).text


async def test_a_draft_that_comes_to_need_a_list_which_is_known_has_its_answers_too(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when its person answers while the list is being read, so that the answer does not know it yet."""
    world, _ = scene
    world.browser.groups = {7: "Shops"}
    monkeypatch.setattr(app, "drafts_changed_by", lambda *_: [])
    card = await world.say(world.browser.offer())
    assert "Group: Shops" in card.text
    assert (await draft_of(world)).group is not None


async def test_where_it_cannot_be_written_the_lists_are_shown_all_the_same(scene: Scene) -> None:
    world, clock = scene
    await world.say(world.browser.offer())
    clock.jump(LATER)
    with failing_reads(world, StorageError("the disk is gone")) as failed:
        lists = await world.app.lists.look(frozenset({Listing.GROUPS}), 1)
    assert failed
    assert [group.title for group in lists.groups() or []] == ["Default group", "Shops EU", "Shops US"]
