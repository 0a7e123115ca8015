"""Which messages ring a phone, and which buttons stand out."""

from __future__ import annotations

from pathlib import Path

from bot.domain.transfer_code import mask
from tests.standins.telegram_state import Message
from tests.support.chatting import GROUP, imported, labels, ready_to_import, timed, until_ended, until_shown
from tests.support.world import ADMIN, World, button_of


def loud(world: World) -> list[Message]:
    """The bot's messages to Ana that made her phone ring."""
    return [message for message in world.telegram.chat(ADMIN).messages if message.from_bot and not message.silent]


async def test_an_import_that_its_person_watches_rings_no_phone(world: World) -> None:
    world.browser.add_group("Shops")
    await world.say("/start")
    await world.say(world.browser.offer())
    await world.tap("Shops")
    await world.tap("Custom")
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    await world.tap("✅ Import")
    await world.say(world.browser.offer())
    await world.say("what?")
    assert loud(world) == []


async def test_a_result_that_comes_late_rings_once(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer("Shop"))
        world.browser.running = False
        world.telegram.press(world.ana, card, "✅ Import")
        await until_shown(world, clock, "not running")
        world.browser.running = True
        result = await until_shown(world, clock, "“Shop”")
        assert result is not card
        assert loud(world) == [result]


async def test_whoever_is_asked_after_a_day_hears_it(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        world.telegram.press(world.ana, card, "✅ Import")
        await until_shown(world, clock, "not running")
        clock.jump(24 * 3600)
        asked = await until_shown(world, clock, "waited for a day")
        assert loud(world) == [asked]
        world.browser.running = True
        world.telegram.press(world.ana, asked, "Keep waiting")
        await until_ended(world, clock)
        await world.app.presenter.idle()
        # The question, and the result.
        assert len(loud(world)) == 2


async def test_import_is_the_first_button_and_green_and_cancel_is_red(world: World) -> None:
    card = await ready_to_import(world, world.browser.offer())
    assert [button.text for button in card.buttons[0]] == ["✅ Import", "Hand over"]
    assert {button.text: button.style for button in card.all_buttons if button.style} == {
        "✅ Import": "success",
        "Cancel": "danger",
    }
    world.browser.running = False
    waiting = await world.tap("✅ Import")
    assert [(button.text, button.style) for button in waiting.all_buttons] == [("Cancel", "danger")]


async def test_a_tap_on_a_card_that_is_not_noted_yet_leaves_no_second_card_behind(world: World) -> None:
    code = world.browser.offer()
    card = await ready_to_import(world, code)
    # The same card as it has just been sent again, before the bot has noted under which number.
    newer = world.telegram.post(
        world.telegram.chat(ADMIN), world.telegram.bot, text=card.text, html=card.html, buttons=card.buttons
    )
    world.telegram.press(world.ana, newer, button_of(newer, "✅ Import"))
    await world.rest()
    assert mask(code) in newer.text
    assert "Imported" in newer.text
    assert card.deleted
    left = [message for message in world.telegram.chat(ADMIN).messages if not message.deleted]
    assert not any("✅ Import" in labels(message) for message in left)


async def test_another_code_after_a_result_needs_one_tap_more(world: World) -> None:
    await imported(world)
    await world.tap("Another code")
    card = await world.say(world.browser.offer())
    assert "Import this profile?" in card.text
    assert "Imported" in (await world.tap("✅ Import")).text


async def test_what_answers_a_command_or_asks_in_a_group_chat_rings_no_phone(world: World) -> None:
    for text in ("/timezone Berlin", "/language", "/help"):
        await world.say(text)
    group = world.telegram.add_group(GROUP, "Team", privacy=True)
    world.telegram.say(world.ana, "/import", group)
    await world.rest()
    assert group.messages[-1].from_bot
    assert [
        message.text for message in (*loud(world), *group.messages) if message.from_bot and not message.silent
    ] == []
