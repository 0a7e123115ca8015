"""What was confirmed, while it waits or nobody knows how it ended: told, cancelled, looked for again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT, RECORDS
from tests.standins.ixbrowser_faults import Reply, cut_after, refusal, spoiled
from tests.support.chatting import (
    labels,
    ready_to_import,
    timed,
    until,
    until_ended,
    until_shown,
)
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.usefixtures("calm_log")

OLD = "This button is out of date. The card shows the current state."


# --- waiting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("away", "back", "why"),
    [
        (
            lambda browser: setattr(browser, "running", False),
            lambda browser: setattr(browser, "running", True),
            "ixBrowser is not running",
        ),
        (
            lambda browser: setattr(browser, "logged_in", False),
            lambda browser: setattr(browser, "logged_in", True),
            "ixBrowser is logged out",
        ),
        (lambda browser: browser.always(IMPORT, refusal(1010)), lambda browser: browser.heal(), "ixBrowser is busy"),
    ],
    ids=["closed", "logged out", "busy"],
)
async def test_it_says_that_it_waits_and_the_result_is_a_new_message(
    tmp_path: Path, away: Callable[[FakeIxBrowser], None], back: Callable[[FakeIxBrowser], None], why: str
) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        away(world.browser)
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        waiting = await until_shown(world, clock, why)
        assert "I'll go on by myself" in waiting.text
        assert waiting is card
        assert labels(waiting) == ["Cancel"]

        back(world.browser)
        await until_ended(world, clock)
        result = world.newest(ADMIN)
        assert "Imported" in result.text
        assert result is not card
        assert card.deleted


async def test_the_card_says_that_it_waits_even_while_it_is_tried_again(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.fail(IMPORT, refusal(1010))
        world.browser.import_seconds = 20
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "ixBrowser is busy")
        await until(world, clock, lambda: len(world.browser.imports) == 2)
        await world.app.store.write(lambda work: work.batches.bump(1, repost=True))
        world.app.presenter.tell(ADMIN)
        await world.telegram.settled(lambda: world.newest(ADMIN) is not card)
        assert "ixBrowser is busy" in world.newest(ADMIN).text
        await until_ended(world, clock)
        assert "busy" not in world.newest(ADMIN).text


async def test_a_result_within_ten_seconds_is_an_edit_and_rings_nobodys_phone(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    assert await world.tap("✅ Import", message=card) is card


async def test_a_result_after_ten_seconds_is_a_new_message(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        world.browser.import_seconds = 11
        card = await ready_to_import(world, world.browser.offer())
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        await until_ended(world, clock)
        result = world.newest(ADMIN)
        assert "Imported" in result.text
        assert result is not card
        assert [message.silent for message in (card, result)] == [True, False]


async def test_what_has_not_been_sent_can_be_cancelled(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        codes = [world.browser.offer() for _ in range(2)]
        card = await ready_to_import(world, *codes)
        world.browser.running = False
        world.telegram.press(world.ana, card, card.button("✅ Import 2"))
        await until_shown(world, clock, "not running")
        await world.tap("Cancel")
        assert "Cancelled what has not been sent yet." in world.popups()
        world.browser.running = True
        clock.jump(120)
        await world.rest()
        assert [row["status"] for row in await world.log()] == ["cancelled", "cancelled"]
        assert world.browser.imports == []
        assert "Try again" in labels(world.newest(ADMIN))


async def test_a_cancel_after_an_unanswered_attempt_waits_for_the_proof(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.fail(IMPORT, cut_after())
        card = await ready_to_import(world, world.browser.offer())
        world.browser.always(RECORDS, spoiled(Reply.EMPTY))
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "checking whether the profile has arrived")
        world.telegram.press(world.ana, card, card.button("Cancel"))
        assert labels(await until_shown(world, clock, "You cancelled it")) == []
        world.browser.heal()
        await until_ended(world, clock)
        assert "Imported" in world.newest(ADMIN).text


async def test_what_has_waited_for_a_day_asks_its_person_before_it_goes_on(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "not running")
        clock.jump(24 * 3600)
        asked = await until_shown(world, clock, "waited for a day")
        assert labels(asked) == ["Keep waiting", "Cancel"]
        assert asked is not card
        world.browser.running = True
        clock.jump(3600)
        await world.rest()
        assert world.browser.imports == []

        world.telegram.press(world.ana, asked, asked.button("Keep waiting"))
        await world.telegram.handled()
        await until_ended(world, clock)
        assert "Imported" in world.newest(ADMIN).text


# --- not known --------------------------------------------------------------------------------------------------------


async def test_what_is_not_known_can_be_looked_for_again(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.fail(IMPORT, cut_after())
        world.browser.always(RECORDS, spoiled(Reply.NOT_JSON))
        card = await ready_to_import(world, world.browser.offer("Shop"))
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "checking whether the profile has arrived")
        clock.jump(25 * 3600)
        unknown = await until_shown(world, clock, "Result unknown", seconds=12 * 3600, step=60)
        assert "Check in ixBrowser whether the profile is there" in unknown.text
        assert "Check again" in labels(unknown)
        [row] = await world.log()
        assert row["status"] == "unknown"

        world.browser.heal()
        look = unknown.button("Check again")
        world.telegram.press(world.ana, unknown, look)
        world.telegram.press(world.ana, unknown, look)
        await world.telegram.handled()
        await until_ended(world, clock)
        assert world.popups()[-2:] == ["Checking.", OLD]
        assert "“Shop”" in world.newest(ADMIN).text
        assert world.newest(ADMIN) is not unknown
        assert len(world.browser.imports) == 1
