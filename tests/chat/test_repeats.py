"""What comes twice: taps, phones, cards of last week, presses and updates that Telegram sends again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.tables import drafts, imports
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import imported, labels, ready_to_import, said, snapshot, timed
from tests.support.updates import deliver, record_updates
from tests.support.world import ADMIN, World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")

OLD = "This button is out of date. The card shows the current state."


# --- taps -------------------------------------------------------------------------------------------------------------


async def test_a_double_tap_on_import_imports_once_and_is_answered_kindly(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer("Shop"))
    button = button_of(card, "✅ Import")
    for _ in range(3):
        world.telegram.press(world.ana, card, button)
    await world.rest()
    assert len(world.browser.imports) == len(await world.log()) == 1
    assert world.popups() == [OLD, OLD]
    assert world.telegram.unanswered == {}
    assert "“Shop”" in world.newest(ADMIN).text
    assert len(said(world)) == 1


async def test_of_two_phones_the_second_is_shown_how_it_stands(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    on_the_other_phone = button_of(card, "✅ Import")
    await world.tap("Change proxy")
    before = await snapshot(world)
    world.telegram.press(world.ana, card, on_the_other_phone)
    await world.rest()
    assert world.popups() == [OLD]
    assert await snapshot(world) == before
    assert "Which proxy?" in card.text


@pytest.mark.parametrize("label", ["Keep", "Direct", "Custom", "Cancel"])
async def test_a_double_tap_on_an_answer_answers_once(world: World, label: str) -> None:
    card = await world.say(world.browser.offer())
    button = button_of(card, label)
    world.telegram.press(world.ana, card, button)
    await world.rest()
    before = await snapshot(world)
    world.telegram.press(world.ana, card, button)
    await world.rest()
    assert await snapshot(world) == before
    assert len(world.popups()) == 1


@pytest.mark.parametrize("label", ["Another code", "Try again"])
async def test_a_double_tap_under_a_result_opens_one_draft(world: World, label: str) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    result = await imported(world)
    button = button_of(result, label)
    world.telegram.press(world.ana, result, button)
    world.telegram.press(world.ana, result, button)
    await world.rest()
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "open"]
    assert len(said(world)) == 2


async def test_a_double_tap_on_a_waiting_imports_cancel_cancels_once(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.browser.running = False
    await world.tap("✅ Import")
    button = button_of(card, "Cancel")
    world.telegram.press(world.ana, card, button)
    world.telegram.press(world.ana, card, button)
    await world.rest()
    assert world.popups() == ["Cancelled what has not been sent yet.", OLD]
    assert [row["status"] for row in await world.log()] == ["cancelled"]


@pytest.mark.parametrize("label", ["Another code", "Try again"])
async def test_a_press_under_a_result_that_comes_again_when_its_draft_has_ended_opens_no_other(
    world: World, label: str
) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    result = await imported(world)
    pressed = button_of(result, label)
    world.telegram.press(world.ana, result, pressed)
    await world.rest()
    await world.tap("Cancel")
    before = await snapshot(world)
    world.telegram.press(world.ana, result, pressed)
    await world.rest()
    assert await snapshot(world) == before
    assert world.popups() == [OLD]
    # Who taps on what stands there now means it.
    await world.tap(label, message=result)
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "cancelled", "open"]


async def test_an_old_result_on_another_phone_shows_the_one_that_counts(world: World) -> None:
    result = await imported(world)
    old = button_of(result, "Another code")
    await world.tap("Another code", message=result)
    await world.tap("Cancel")
    other_phone = world.telegram.post(world.telegram.chat(ADMIN), world.telegram.bot, text="as another phone shows it")
    world.telegram.press(world.ana, other_phone, old)
    await world.rest()
    assert world.popups() == [OLD]
    assert world.newest(ADMIN).text == result.text
    assert result.deleted
    assert [row["state"] for row in await world.rows(drafts)] == ["confirmed", "cancelled"]


async def test_a_cancel_does_not_miss_because_progress_was_shown_meanwhile(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.browser.running = False
    # Until it is told of the wait: from then on the end is told in a message of its own.
    await world.tap("✅ Import")
    assert labels(card) == ["Cancel"]
    under_the_thumb = button_of(card, "Cancel")
    await world.app.store.write(lambda work: work.batches.bump(1))
    world.telegram.press(world.ana, card, under_the_thumb)
    await world.rest()
    assert "Cancelled" in world.newest(ADMIN).text
    assert world.popups() == ["Cancelled what has not been sent yet."]
    assert [row["status"] for row in await world.log()] == ["cancelled"]


# --- old cards --------------------------------------------------------------------------------------------------------


async def test_the_card_of_a_cancelled_draft_does_nothing_more(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    buttons = card.all_buttons
    await world.tap("Cancel")
    before = await snapshot(world)
    for button in buttons:
        world.telegram.press(world.ana, card, button)
    await world.rest()
    assert await snapshot(world) == before
    assert len(world.popups()) == len(buttons)
    assert world.browser.imports == []


async def test_the_card_of_a_finished_draft_points_to_its_result(world: World) -> None:
    first = await ready_to_import(world, world.browser.offer("Shop"))
    button = button_of(first, "✅ Import")
    # Its person has deleted the card meanwhile; another phone still shows it.
    await world.tap("✅ Import")
    world.telegram.delete(first)
    old = world.telegram.post(world.telegram.chat(ADMIN), world.telegram.bot, text="the old card")
    world.telegram.press(world.ana, old, button)
    await world.rest()
    assert "“Shop”" in world.newest(ADMIN).text
    assert world.newest(ADMIN) is not old
    assert len(world.browser.imports) == 1


async def test_an_old_card_points_to_the_import_that_is_open_now(world: World) -> None:
    first = await ready_to_import(world, world.browser.offer())
    button = button_of(first, "✅ Import")
    await world.tap("Cancel")
    now = await world.say(world.browser.offer())
    world.telegram.press(world.ana, first, button)
    await world.rest()
    assert world.popups() == [OLD]
    assert now.deleted
    assert world.newest(ADMIN).text == now.text
    assert world.browser.imports == []


async def test_last_weeks_result_still_offers_the_same_choices(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        result = await imported(world)
        clock.jump(7 * 24 * 3600)
        assert "Send me a transfer code" in (await world.tap("Another code", message=result)).text


async def test_last_weeks_card_of_a_draft_is_answered_and_nothing_is_imported(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        button = button_of(card, "✅ Import")
        clock.jump(7 * 24 * 3600)
        await world.telegram.settled(lambda: "closed this" in world.newest(ADMIN).text)
        world.telegram.press(world.ana, card, button)
        await world.rest()
        assert len(world.popups()) == 1
        assert world.browser.imports == []


# --- updates and presses that Telegram sends again --------------------------------------------------------------------


async def test_a_press_that_telegram_sends_again_is_an_old_one(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    world.telegram.fail("answerCallbackQuery", 0, "")
    world.telegram.press(world.ana, card, "✅ Import")
    await world.rest()
    world.telegram.resend_unanswered_press()
    await world.rest()
    assert len(world.browser.imports) == 1
    assert world.popups() == [OLD]


async def press_again(world: World, card: Message, label: str) -> None:
    recorded = record_updates(world)
    world.telegram.press(world.ana, card, button_of(card, label))
    await world.rest()
    [update] = recorded
    before = await snapshot(world)
    await deliver(world, update)
    after = await snapshot(world)
    for name in ("imports", "draft_codes", "secrets", "users"):
        assert after[name] == before[name]
    assert [row["state"] for row in after["drafts"]] == [row["state"] for row in before["drafts"]]
    assert [row["answers"] for row in after["drafts"]] == [row["answers"] for row in before["drafts"]]


@pytest.mark.parametrize("label", ["✅ Import", "Change proxy", "Cancel"])
async def test_a_press_that_is_delivered_twice_changes_nothing_the_second_time(world: World, label: str) -> None:
    await press_again(world, await ready_to_import(world, world.browser.offer()), label)
    assert len(world.browser.imports) == (label == "✅ Import")


async def test_an_answer_that_is_delivered_twice_shows_the_card_again(world: World) -> None:
    recorded = record_updates(world)
    await world.say(world.browser.offer())
    await world.tap("Custom")
    card = await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    typed = recorded[-1]
    before = await snapshot(world)
    await deliver(world, typed)
    after = await snapshot(world)
    assert card.deleted
    assert world.newest(ADMIN).text == card.text
    assert labels(world.newest(ADMIN)) == labels(card)
    assert [row["answers"] for row in after["drafts"]] == [row["answers"] for row in before["drafts"]]
    assert after["secrets"] == before["secrets"]
    assert all(message.deleted for message in world.telegram.chat(ADMIN).messages if "s3cret" in message.text)


async def test_a_code_that_is_delivered_twice_counts_once(world: World) -> None:
    recorded = record_updates(world)
    card = await world.say(world.browser.offer())
    await deliver(world, recorded[0])
    assert world.newest(ADMIN).text == card.text
    assert "twice" not in world.newest(ADMIN).text
    assert len((await snapshot(world))["draft_codes"]) == 1


async def test_a_command_that_is_delivered_twice_is_answered_once(world: World) -> None:
    recorded = record_updates(world)
    for command in ("/help", "/allow 4711", "/history", "/cancel"):
        await world.say(command)
    for update in list(recorded):
        await deliver(world, update)
    assert len(said(world)) == 4


async def test_an_update_with_a_lower_id_than_the_last_is_a_new_one(world: World) -> None:
    """After a week without any, Telegram's next id is random."""
    recorded = record_updates(world)
    await world.say("/help")
    await deliver(world, {**recorded[0], "update_id": 17})
    assert len(said(world)) == 2


async def test_a_button_that_nobody_has_ever_had_changes_nothing_twice(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    before = await snapshot(world)
    for data in ("d:1:999:import", "d:1:0:import", "d:2:3:import", "b:1:1:again"):
        world.telegram.press(world.ana, card, Button("?", data))
    await world.rest()
    assert await snapshot(world) == before
    assert world.popups() == [OLD] * 4
    assert await world.rows(imports) == []
