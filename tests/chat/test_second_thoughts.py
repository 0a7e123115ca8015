"""What somebody expects the second time, and when they stop halfway."""

from __future__ import annotations

from bot.domain.transfer_code import mask
from bot.storage.tables import drafts
from tests.support.chatting import labels, ready_to_import
from tests.support.world import World


async def waiting_and_open(world: World) -> tuple[str, str]:
    """An import that waits, and a draft beside it; their codes as they are shown."""
    waiting, open_ = world.browser.offer(), world.browser.offer()
    await ready_to_import(world, waiting)
    world.browser.running = False
    await world.tap("✅ Import")
    await world.say(open_)
    return mask(waiting), mask(open_)


async def test_cancel_asks_which_where_an_import_waits_and_stops_that_one(world: World) -> None:
    waiting, open_ = await waiting_and_open(world)

    asked = await world.say("/cancel")

    assert asked.text == "What do you want to cancel?"
    assert labels(asked) == [f"Not confirmed: {open_}", f"Waiting: {waiting}", "Keep everything"]
    assert [row["status"] for row in await world.log()] == ["queued"]
    await world.tap(f"Waiting: {waiting}", message=asked)
    assert asked.text == "Cancelled. What was already sent to ixBrowser can't be stopped."
    assert labels(asked) == []
    assert [row["status"] for row in await world.log()] == ["cancelled"]
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "open"]


async def test_cancel_stops_the_draft_where_that_is_chosen_and_the_import_goes_on_waiting(world: World) -> None:
    _, open_ = await waiting_and_open(world)
    asked = await world.say("/cancel")
    await world.tap(f"Not confirmed: {open_}", message=asked)
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "cancelled"]
    assert [row["status"] for row in await world.log()] == ["queued"]


async def test_whoever_wants_to_cancel_nothing_after_all_says_so(world: World) -> None:
    await waiting_and_open(world)
    asked = await world.say("/cancel")
    await world.tap("Keep everything", message=asked)
    assert asked.text == "Nothing was cancelled."
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "open"]
    assert [row["status"] for row in await world.log()] == ["queued"]


async def test_the_bypass_list_of_last_time_is_filled_in_too(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Direct")
    await world.tap("Bypass")
    await world.say("*.example.com")
    await world.tap("Import")

    card = await world.say(world.browser.offer())

    assert "Bypass: *.example.com" in card.text


async def test_where_last_times_password_is_not_at_hand_another_proxy_is_a_tap_away(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    await world.say("socks5://ana:hunter2@203.0.113.7:1080")
    await world.tap("Import")
    card = await world.say(world.browser.offer())
    assert "I do not keep passwords" in card.text

    await world.tap("Change proxy")
    await world.tap("Keep")
    result = await world.tap("Import")

    assert "Imported" in result.text
    assert "proxy_config" not in world.browser.imports[-1]


async def test_a_code_that_is_not_complete_beside_a_good_one_is_pointed_out(world: World) -> None:
    card = await world.say(f"{world.browser.offer()} and 12345678-1234567")

    assert "One more looks like a transfer code" in card.text
    assert card.text.count("Code:") == 1
