"""What Telegram refuses while an import is under way, and what ixBrowser does not tell of one: it is imported once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import cut_after, slow
from tests.standins.ixbrowser_world import TakesExtraction
from tests.support.chatting import (
    all_run,
    labels,
    ready_to_import,
    refused_chat,
    said,
    timed,
    until_ended,
    until_shown,
)
from tests.support.journeys import LINK, walk
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, MEMBER, World

DAY = 24 * 3600.0


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[World, JumpingClock]]:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        yield world, clock


Scene = tuple[World, JumpingClock]


# --- what Telegram refuses --------------------------------------------------------------------------------------------


async def test_a_press_on_a_message_that_telegram_no_longer_gives_out_imports_once(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer("Shop"))
    button = card.button("✅ Import")
    for _ in range(2):
        world.telegram.press(world.ana, card, button, inaccessible=True)
    await world.rest()
    assert len(world.browser.imports) == 1
    assert said(world) == [world.newest(ADMIN).text]
    assert "“Shop”" in world.newest(ADMIN).text


async def test_what_has_waited_for_three_days_is_told_anew_and_its_old_card_disarmed(scene: Scene) -> None:
    world, clock = scene
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.browser.running = False
    world.telegram.press(world.ana, card, "✅ Import")
    await until_shown(world, clock, "not running")
    clock.jump(3 * DAY)
    asked = await until_shown(world, clock, "waited for a day")
    await world.app.presenter.idle()
    assert (card.deleted, labels(card)) == (False, [])
    world.browser.running = True
    world.telegram.press(world.ana, asked, "Keep waiting")
    result = await until_shown(world, clock, "“Shop”")
    assert result not in (card, asked)
    assert len(world.browser.imports) == 1


@pytest.mark.parametrize(
    ("status", "words"), [(400, "Bad Request: chat not found"), (403, "Forbidden: user is deactivated")]
)
async def test_a_chat_that_is_gone_stops_neither_its_import_nor_the_others(
    scene: Scene, status: int, words: str
) -> None:
    world, clock = scene
    await world.let_in(world.mai)
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.browser.fail(IMPORT, slow(before=30))
    world.telegram.press(world.ana, card, "✅ Import")
    await world.telegram.settled(lambda: "Importing" in card.text)
    with refused_chat(world, ADMIN, status, words) as refused:
        while not all(row["profile_name"] for row in await world.log()):
            clock.jump(5)
            await all_run(world)
        await world.telegram.settled(lambda: refused)
        world.telegram.say(world.mai, world.browser.offer())
        await world.telegram.settled(lambda: "Which proxy?" in world.newest(MEMBER).text)
    assert "“Shop”" not in world.telegram.transcript(ADMIN)
    assert "“Shop”" in (await world.say("/history")).text
    assert len(world.browser.imports) == 1


async def test_a_result_that_telegram_refuses_for_good_is_in_the_history(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.telegram.fail("editMessageText", 400, "Bad Request: can't parse entities", times=10)
    await world.tap("✅ Import", message=card)
    assert "“Shop”" not in world.telegram.transcript(ADMIN)
    assert "“Shop”" in (await world.say("/history")).text
    assert len(world.browser.imports) == 1


# --- what ixBrowser does not tell -------------------------------------------------------------------------------------


async def test_where_two_profiles_have_the_name_no_number_is_made_up(scene: Scene) -> None:
    world, clock = scene
    world.browser.add_profile("Shop")
    world.browser.fail(IMPORT, cut_after())
    card = await ready_to_import(world, world.browser.offer("Shop"))
    world.telegram.press(world.ana, card, "✅ Import")
    await until_shown(world, clock, "Imported")
    assert "the profile Shop (find its number in ixBrowser)" in world.newest(ADMIN).text
    [row] = await until_ended(world, clock)
    assert (row["status"], row["profile_id"], row["profile_name"]) == ("imported", None, "Shop")
    assert len(world.browser.imports) == 1


async def test_where_two_profiles_have_the_name_a_link_is_set_on_neither(scene: Scene) -> None:
    world, clock = scene
    world.browser.add_profile("Shop")
    world.browser.takes_extraction = TakesExtraction.IGNORED
    world.browser.fail(IMPORT, cut_after())
    link = ("[Extraction link]", LINK, "[socks5]", "[ip:port]", "[At every opening]")
    card = await walk(world, world.browser.offer("Shop"), *link)
    world.telegram.press(world.ana, card, "✅ Import")
    result = await until_shown(world, clock, "Only the proxy is missing: set it in ixBrowser")
    assert "find its number in ixBrowser" in result.text
    assert labels(result) == ["Leave it as it is", "Another code"]
    assert [profile["proxy_mode"] for profile in world.browser.profiles.values()] == [2, 2]
