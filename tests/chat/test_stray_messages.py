"""Messages that are no answer to anything: each gets its answer, and the draft stays where it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.storage.tables import drafts
from tests.standins.telegram_state import Button
from tests.support.chatting import GROUP, ready_to_import, said, snapshot
from tests.support.journeys import open_draft
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.usefixtures("calm_log")


def _photo(world: World) -> None:
    world.telegram.send_photo(world.ana)


def _sticker(world: World) -> None:
    world.telegram.send_sticker(world.ana)


def _voice(world: World) -> None:
    world.telegram.send_voice(world.ana)


def _unknown_command(world: World) -> None:
    world.telegram.say(world.ana, "/improt")


def _edited(world: World) -> None:
    own = world.telegram.chat(ADMIN).newest(lambda message: message.sender is world.ana)
    world.telegram.edit(world.ana, own, "something else")


def _start(world: World) -> None:
    world.telegram.say(world.ana, "/start")


def _help(world: World) -> None:
    world.telegram.say(world.ana, "/help")


STRAY = [
    (_photo, "I can't read what is in a photo"),
    (_sticker, "A sticker tells me nothing"),
    (_voice, "I can't listen to voice messages"),
    (_unknown_command, "I don't know this command"),
]


@pytest.mark.parametrize(("aside", "answer"), [*STRAY, (_start, "Hello Ana!"), (_help, "How to import a profile")])
async def test_what_is_said_aside_is_answered_and_the_draft_stays_as_it_was_with_its_card_below(
    world: World, aside: Callable[[World], None], answer: str
) -> None:
    card = await ready_to_import(world, world.browser.offer())
    before = await open_draft(world)
    aside(world)
    await world.rest()

    assert answer in said(world)[-2]
    lower = world.telegram.chat(ADMIN).last
    assert (lower.text, card.deleted) == (card.text, True)
    assert (await open_draft(world)).draft == before.draft
    assert "Imported" in (await world.tap("Import")).text


@pytest.mark.parametrize(
    ("stray", "answer"),
    [*STRAY, (_edited, "When you edit a message, I only look at codes and proxies")],
)
async def test_a_stray_message_is_answered_without_a_draft_too(
    world: World, stray: Callable[[World], None], answer: str
) -> None:
    await world.say("/help")
    stray(world)
    await world.rest()
    assert answer in world.newest(world.ana.id).text
    assert await world.rows(drafts) == []


async def test_a_photo_says_to_send_the_code_as_text(world: World) -> None:
    world.telegram.send_photo(world.ana)
    await world.rest()
    assert "send the code as text" in world.newest(ADMIN).text


async def test_a_code_in_a_photos_caption_is_read(world: World) -> None:
    code = world.browser.offer()
    world.telegram.send_photo(world.ana, f"the shop: {code}")
    await world.rest()
    assert "Which proxy?" in world.newest(ADMIN).text
    assert [code.text for code in (await open_draft(world)).draft.codes] == [code]


async def test_what_telegram_itself_puts_into_a_chat_is_not_answered(world: World) -> None:
    joined = {"message_id": 77, "date": 1, "chat": world.telegram.chat(ADMIN).json(), "from": world.ana.json()}
    world.telegram.raw_update({"message": {**joined, "new_chat_title": "Shops"}})
    await world.rest()
    assert said(world) == []


async def test_a_press_that_no_button_of_ours_makes_is_answered_kindly(world: World) -> None:
    greeting = await world.say("/start")
    before = await snapshot(world)
    for data in ("", "n:0:0:old", "x", "d:1:1", "n:0:0:new:extra words"):
        world.telegram.press(world.ana, greeting, Button("?", data))
    await world.rest()
    assert world.popups() == ["This button is out of date. The card shows the current state."] * 5
    assert await snapshot(world) == before


async def test_in_a_group_an_unknown_command_is_somebody_elses(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    for text in ("/improt", "/roll@dice_bot"):
        world.telegram.say(world.ana, text, group)
    await world.rest()
    assert said(world, group) == []
