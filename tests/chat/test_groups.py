"""The group: chosen from ixBrowser's own list, found in it, and what happens when the list can't be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.draft import Step
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import Reply, refusal, slow, spoiled
from tests.support.chatting import labels, timed
from tests.support.group_question import ALWAYS, ODD_TITLES
from tests.support.journeys import ASKS, walk
from tests.support.world import World

# --- how many there are -----------------------------------------------------------------------------------------------


async def test_without_any_group_nothing_is_asked_and_none_is_sent(world: World) -> None:
    world.browser.groups.clear()
    code = world.browser.offer()
    assert ASKS[Step.PROXY] in (await world.say(code)).text
    world.browser.groups[1] = "Default group"
    await walk(world, "[Keep]", "[Import]")
    assert world.browser.imports == [{"transfer_code": code}]


async def test_with_the_default_group_alone_nothing_is_asked(world: World) -> None:
    code = world.browser.offer()
    card = await world.say(code)
    assert ASKS[Step.PROXY] in card.text
    assert "Group: Default" in card.text
    await walk(world, "[Keep]", "[Import]")
    assert world.browser.imports == [{"transfer_code": code}]


async def test_with_one_group_of_another_name_and_number_that_one_is_sent(world: World) -> None:
    world.browser.groups = {7: "Shops"}
    code = world.browser.offer()
    assert "Group: Shops" in (await world.say(code)).text
    await walk(world, "[Keep]", "[Import]")
    assert world.browser.imports == [{"transfer_code": code, "group_id": 7}]


async def test_where_nothing_was_asked_the_group_can_still_be_changed_to_a_new_one(world: World) -> None:
    code = world.browser.offer()
    card = await walk(world, code, "[Keep]", "[Change group]")
    assert labels(card) == [*ALWAYS[:3], "Back", "Cancel"]
    card = await walk(world, "[➕ New group]", "Shops Asia")
    assert "Group: Shops Asia" in card.text
    await world.tap("Import")
    assert world.browser.imports == [{"transfer_code": code, "group_id": 2}]


async def test_where_nothing_was_asked_back_leads_to_the_group_all_the_same(world: World) -> None:
    card = await walk(world, world.browser.offer(), "[Back]")
    assert ASKS[Step.GROUP] in card.text
    assert labels(card) == ALWAYS
    assert ASKS[Step.PROXY] in (await world.tap("Default")).text


async def test_two_groups_stand_on_one_page(world: World) -> None:
    world.browser.add_group("Shops")
    card = await world.say(world.browser.offer())
    assert labels(card) == ["Shops", *ALWAYS]
    assert "Page" not in card.text


async def test_nine_groups_stand_on_two_pages(world: World) -> None:
    for number in range(9):
        world.browser.add_group(f"Shop {number}")
    card = await world.say(world.browser.offer())
    assert labels(card) == [*(f"Shop {number}" for number in range(8)), "Next ›", *ALWAYS]
    assert "Page 1 of 2" in card.text
    card = await world.tap("Next")
    assert labels(card) == ["Shop 8", "‹ Previous", *ALWAYS]
    assert "Page 2 of 2" in card.text
    assert "Page 1 of 2" in (await world.tap("‹ Previous")).text


async def test_one_of_a_thousand_groups_is_found_by_its_name(world: World) -> None:
    numbers = {f"Shop {number:03}": world.browser.add_group(f"Shop {number:03}") for number in range(999)}
    code = world.browser.offer()
    card = await world.say(code)
    assert "Page 1 of 125" in card.text
    assert labels(card)[8:-4] == ["Next ›"]
    card = await world.tap("Next ›")
    assert labels(card)[8:-4] == ["‹ Previous", "Next ›"]

    card = await world.say("shop 51")
    assert "Page 1 of 2" in card.text
    card = await walk(world, "[Next ›]", "[Shop 519]", "[Keep]")
    assert "Group: Shop 519" in card.text
    await world.tap("Import")
    assert world.browser.imports == [{"transfer_code": code, "group_id": numbers["Shop 519"]}]


async def test_a_page_that_is_no_longer_there_gives_way_to_the_last_one(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        numbers = [world.browser.add_group(f"Shop {number:02}") for number in range(30)]
        await walk(world, world.browser.offer(), "[Next ›]", "[Next ›]", "[Next ›]")
        for number in numbers[10:]:
            del world.browser.groups[number]
        clock.jump(10)
        card = await world.tap("‹ Previous")
        assert "Page 2 of 2" in card.text
        assert labels(card)[0] == "Shop 08"


# --- finding one ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ODD_TITLES, ids=lambda title: title[:12])
async def test_a_group_of_any_name_is_shown_found_chosen_and_logged(world: World, title: str) -> None:
    for number in range(20):
        world.browser.add_group(f"Shop {number}")
    group = world.browser.add_group(title)
    code = world.browser.offer()

    part = title[: min(60, len(title) - 1)].rstrip()
    card = await walk(world, code, part)
    assert f"1 group with “{part}”" in card.text
    assert labels(card)[0] == (title if len(title) <= 48 else f"{title[:47]}…")
    assert labels(card)[1:] == ["All groups", *ALWAYS]
    card = await walk(world, f"[{labels(card)[0]}]", "[Keep]")
    assert f"Group: {title}" in card.text
    result = await world.tap("Import")

    assert f"Group: {title[:79]}" in result.text
    assert world.browser.imports == [{"transfer_code": code, "group_id": group}]
    assert [row["group_title"] for row in await world.log()] == [title]


async def test_a_search_takes_no_notice_of_capitals_and_can_be_given_up(world: World) -> None:
    for title in ("Shops EU", "SHOPS us", "Ads"):
        world.browser.add_group(title)
    card = await walk(world, world.browser.offer(), "shops")
    assert labels(card)[:2] == ["Shops EU", "SHOPS us"]
    assert "2 groups with “shops”" in card.text
    assert labels(await world.say("  shops \n e "))[0] == "Shops EU"
    assert labels(await world.tap("All groups")) == ["Shops EU", "SHOPS us", "Ads", *ALWAYS]


async def test_a_search_that_finds_nothing_says_so_and_shows_what_was_searched_for(world: World) -> None:
    world.browser.add_group("Shops")
    card = await walk(world, world.browser.offer(), "<b>x</b> & y")
    assert "No group has “<b>x</b> & y” in its name." in card.text
    assert labels(card) == ["All groups", *ALWAYS]


async def test_what_a_search_finds_has_pages_of_its_own(world: World) -> None:
    for number in range(40):
        world.browser.add_group(f"{'Shop' if number % 2 else 'Ads'} {number}")
    card = await walk(world, world.browser.offer(), "[Next ›]", "shop")
    assert "Page 1 of 3" in card.text
    assert labels(await walk(world, "[Next ›]"))[0] == "Shop 17"


# --- the default group ------------------------------------------------------------------------------------------------


async def test_the_default_group_is_offered_once_and_sent_as_no_group(world: World) -> None:
    world.browser.add_group("Shops")
    code = world.browser.offer()
    card = await world.say(code)
    assert labels(card).count("Default") == 1
    await walk(world, "[Default]", "[Keep]", "[Import]")
    assert world.browser.imports == [{"transfer_code": code}]
    [row] = await world.log()
    assert (row["group_id"], row["group_title"]) == (None, None)


async def test_the_default_group_stands_once_whatever_its_name_in_ixbrowser_is(world: World) -> None:
    world.browser.groups = {1: "默认分组", 2: "Shops"}
    code = world.browser.offer()
    assert labels(await world.say(code)) == ["Shops", *ALWAYS]
    card = await world.say("默认")
    assert "1 group with “默认”" in card.text
    assert labels(card) == ["All groups", *ALWAYS]
    card = await world.say("默认分组")
    assert "Group: Default" in card.text
    await walk(world, "[Keep]", "[Import]")
    assert world.browser.imports == [{"transfer_code": code}]


# --- lists that can't be read -----------------------------------------------------------------------------------------

TROUBLES: dict[str, tuple[Callable[[FakeIxBrowser], None], str]] = {
    "away": (
        lambda browser: setattr(browser, "running", False),
        "ixBrowser is not running, so its lists can't be shown. Somebody has to start it on the computer.",
    ),
    "logged out": (lambda browser: setattr(browser, "logged_in", False), "ixBrowser is logged out."),
    "refused": (lambda browser: browser.always("group-list", refusal(1005)), "This ixBrowser is too old."),
    "unheard of": (lambda browser: browser.always("group-list", refusal(4711)), "(error 4711)"),
    "silent": (lambda browser: browser.always("group-list", slow(before=5)), "ixBrowser does not answer right now."),
    "garbled": (
        lambda browser: browser.always("group-list", spoiled(Reply.BAD_GATEWAY)),
        "ixBrowser's answer can't be read.",
    ),
}


@pytest.mark.parametrize(("spoil", "said"), TROUBLES.values(), ids=TROUBLES)
async def test_a_list_that_cannot_be_read_is_told_and_can_be_tried_again(
    tmp_path: Path, spoil: Callable[[FakeIxBrowser], None], said: str
) -> None:
    async with timed(tmp_path, ixbrowser_timeout=1) as (world, clock):
        world.browser.add_group("Shops")
        code = world.browser.offer()
        spoil(world.browser)

        card = await world.say(code)
        assert said in card.text
        assert ASKS[Step.GROUP] in card.text
        assert labels(card) == ["Try again", *ALWAYS]
        clock.jump(2)
        assert said in (await world.tap("Try again")).text

        world.browser.running = world.browser.logged_in = True
        world.browser.heal()
        clock.jump(2)
        card = await world.tap("Try again")
        assert labels(card) == ["Shops", *ALWAYS]
        await walk(world, "[Shops]", "[Keep]", "[Import]")
        assert [body["transfer_code"] for body in world.browser.imports] == [code]


async def test_without_the_list_the_default_group_can_be_chosen_and_the_import_waits(world: World) -> None:
    code = world.browser.offer()
    world.browser.running = False
    await walk(world, code, "[Default]")
    card = await walk(world, "[Keep]")
    assert "Import this profile?" in card.text
    assert "Waiting: ixBrowser is not running" in (await world.tap("Import")).text


async def test_while_a_slow_list_is_read_the_card_says_so_and_is_completed_by_itself(world: World) -> None:
    world.browser.add_group("Shops")
    world.browser.fail("group-list", slow(before=0.6))
    chat = world.telegram.chat(world.ana.id)
    world.telegram.say(world.ana, world.browser.offer())
    await world.telegram.settled(lambda: "Asking ixBrowser…" in chat.card.text)
    assert labels(chat.card) == ALWAYS
    await world.telegram.settled(lambda: "Shops" in labels(chat.card))
    assert "Asking ixBrowser…" not in chat.card.text


async def test_a_list_is_the_list_as_it_is_now(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.add_group("Shops")
        await world.say(world.browser.offer())
        world.browser.add_group("Made at the computer")
        clock.jump(10)
        assert labels(await world.say("made at"))[0] == "Made at the computer"
