"""What somebody expects the second time, and when they stop halfway."""

from __future__ import annotations

from tests.support.world import World


async def test_cancel_shows_what_still_waits_and_how_to_stop_it(world: World) -> None:
    world.browser.running = False
    await world.say(world.browser.offer())
    await world.tap("Default")
    await world.tap("Keep")
    await world.tap("Import")

    await world.say("/cancel")

    texts = [message.text for message in world.telegram.chat(world.ana.id).messages if not message.deleted]
    assert any("confirmed before" in text for text in texts)
    assert "Waiting" in world.card().text
    await world.tap("Cancel")
    assert "Cancelled" in world.card().text
    [row] = await world.log()
    assert row["status"] == "cancelled"


async def test_cancelling_a_draft_does_not_claim_that_waiting_imports_are_stopped(world: World) -> None:
    world.browser.running = False
    await world.say(world.browser.offer())
    await world.tap("Default")
    await world.tap("Keep")
    await world.tap("Import")
    await world.say("/import")

    await world.say("/cancel")

    said = "\n".join(message.text for message in world.telegram.chat(world.ana.id).messages if not message.deleted)
    assert "Nothing of this was sent to ixBrowser" in said
    assert "These imports were confirmed before" in said
    [row] = await world.log()
    assert row["status"] == "queued"


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

    await world.tap("Another proxy")
    await world.tap("Keep")
    result = await world.tap("Import")

    assert "Imported" in result.text
    assert "proxy_config" not in world.browser.imports[-1]


async def test_a_code_that_is_not_complete_beside_a_good_one_is_pointed_out(world: World) -> None:
    card = await world.say(f"{world.browser.offer()} and 12345678-1234567")

    assert "One more looks like a transfer code" in card.text
    assert card.text.count("Code:") == 1
