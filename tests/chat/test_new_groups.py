"""A group that is made new: once, under any name, and what is said when it can't be made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.draft import ListedGroup, Step
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import Fault, Reply, cut_after, refusal, spoiled
from tests.support.chatting import labels
from tests.support.group_question import ALWAYS, ODD_TITLES
from tests.support.journeys import ASKS, draft_of, made, walk
from tests.support.world import World


def create_calls(browser: FakeIxBrowser) -> list[object]:
    return [body["title"] for action, body in browser.requests if action == "group-create"]


@pytest.mark.parametrize("title", ODD_TITLES, ids=lambda title: title[:12])
async def test_a_group_of_any_name_is_made_once_and_sent(world: World, title: str) -> None:
    world.browser.add_group("Shops")
    code = world.browser.offer()
    card = await walk(world, code, "[➕ New group]", title)
    assert ASKS[Step.PROXY] in card.text
    assert f"Group: {title}" in card.text
    await walk(world, "[Keep]", "[Import]")
    [body] = world.browser.imports
    assert world.browser.groups[body["group_id"]] == title
    assert create_calls(world.browser) == [title]


async def test_a_new_group_is_in_the_list_at_once(world: World) -> None:
    world.browser.add_group("Shops")
    card = await walk(world, world.browser.offer(), "[➕ New group]", "Shops Asia", "[Back]")
    assert labels(card) == ["Shops", "Shops Asia", *ALWAYS]


async def test_a_group_that_is_there_already_is_taken_instead_of_made(world: World) -> None:
    group = world.browser.add_group("Shops")
    card = await walk(world, world.browser.offer(), "[➕ New group]", "Shops")
    assert "Group: Shops" in card.text
    assert (await draft_of(world)).group == ListedGroup(group, "Shops")
    assert create_calls(world.browser) == []


@pytest.mark.parametrize("title", ["x" * 201, "店" * 250])
async def test_a_name_that_is_too_long_is_asked_for_again(world: World, title: str) -> None:
    world.browser.add_group("Shops")
    card = await walk(world, world.browser.offer(), "[➕ New group]", title)
    assert "A group's name can have at most 200 characters." in card.text
    assert ASKS[Step.GROUP_TITLE] in card.text


REFUSALS: dict[str, tuple[Callable[[FakeIxBrowser], None], str]] = {
    "away": (lambda browser: setattr(browser, "running", False), "could not be made: ixBrowser is not running"),
    "logged out": (lambda browser: setattr(browser, "logged_in", False), "ixBrowser is logged out. Log in"),
    "no right": (lambda browser: browser.fail("group-create", refusal(1008)), "has no right to do this"),
    "a name that ixBrowser refuses": (
        lambda browser: browser.always("group-create", refusal(105002)),
        "has a group of this name already",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), REFUSALS.values(), ids=REFUSALS)
async def test_a_group_that_could_not_be_made_is_told_and_the_draft_stays(
    world: World, spoil: Callable[[FakeIxBrowser], None], said: str
) -> None:
    world.browser.add_group("Shops")
    code = world.browser.offer()
    await walk(world, code, "[➕ New group]")
    spoil(world.browser)

    card = await walk(world, "Shops Asia")

    assert said in card.text
    assert ASKS[Step.GROUP_TITLE] in card.text
    assert [code.text for code in (await draft_of(world)).codes] == [code]
    world.browser.running = world.browser.logged_in = True
    world.browser.heal()
    assert "Group: Shops Asia" in (await walk(world, "Shops Asia")).text
    assert list(world.browser.groups.values()).count("Shops Asia") == 1


async def test_after_a_group_could_not_be_made_another_can_be_chosen(world: World) -> None:
    world.browser.add_group("Shops")
    world.browser.fail("group-create", refusal(1008))
    card = await walk(world, world.browser.offer(), "[➕ New group]", "Shops Asia", "[Back]")
    assert labels(card) == ["Shops", *ALWAYS]
    assert "Group: Shops" in (await walk(world, "[Shops]", "[Keep]")).text


@pytest.mark.parametrize("fault", [cut_after(), spoiled(Reply.BAD_GATEWAY), refusal(1004, done=True)])
async def test_a_group_whose_making_was_not_answered_is_not_made_twice(world: World, fault: Fault) -> None:
    world.browser.add_group("Shops")
    world.browser.fail("group-create", fault)
    card = await walk(world, world.browser.offer(), "[➕ New group]", "Shops Asia")
    assert "Group: Shops Asia" in card.text
    assert create_calls(world.browser) == ["Shops Asia"]
    assert list(world.browser.groups.values()).count("Shops Asia") == 1


async def test_two_people_who_want_the_same_new_group_get_one(world: World) -> None:
    world.browser.add_group("Shops")
    await world.let_in(world.mai)
    for person in (world.ana, world.mai):
        await walk(world, world.browser.offer(), "[➕ New group]", person=person)
    for person in (world.ana, world.mai):
        world.telegram.say(person, "Shops Asia")
    for person in (world.ana, world.mai):
        assert "Group: Shops Asia" in (await made(world, person)).text
    assert create_calls(world.browser) == ["Shops Asia"]


async def test_while_the_group_is_made_the_card_says_so_and_typing_changes_nothing(world: World) -> None:
    world.browser.add_group("Shops")
    await walk(world, world.browser.offer(), "[➕ New group]")
    world.browser.call_seconds = 0.3
    card = await world.say("Shops Asia")
    assert ASKS[Step.GROUP_MAKING] in card.text
    assert labels(card) == ["Cancel"]
    card = await world.say("Shops Africa")
    assert "Group: Shops Asia" in (await made(world)).text
    assert create_calls(world.browser) == ["Shops Asia"]
