"""Codes that join an open import, single ones that are taken out again, and remarks that are shown once."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from bot.storage.tables import draft_codes
from tests.standins.telegram_state import Message
from tests.support.chatting import imported, labels, ready_to_import, said
from tests.support.journeys import ASKS, codes_of
from tests.support.world import World, button_of

A, B, C = "11112222-33334444", "55556666-77778888", "99990000-12341234"

pytestmark = pytest.mark.usefixtures("calm_log")


def crosses(card: Message) -> list[str]:
    return [label for label in labels(card) if label.startswith("✖")]


async def test_codes_that_join_are_told_and_each_can_be_taken_out(world: World) -> None:
    card = await ready_to_import(world, A)
    assert crosses(card) == []
    card = await world.say(B)
    assert "➕ Added to your import: 1 code." in card.text
    assert crosses(card) == ["✖ 1111••••-••••4444", "✖ 5555••••-••••8888"]
    assert "Added to your import: 1 code." in (await world.say(C)).text

    card = await world.tap("✖ 5555")

    assert await codes_of(world) == [A, C]
    assert "Added" not in card.text
    assert "Import these 2 profiles?" in card.text
    card = await world.tap("✖ 1111")
    assert crosses(card) == ["✖ 9999••••-••••1234"]
    card = await world.tap("✖ 9999")
    assert ASKS[Step.CODES] in card.text
    assert await world.rows(draft_codes) == []
    # What was chosen stands.
    assert "Import this profile?" in (await world.say(A)).text


async def test_three_codes_that_join_at_once_are_counted(world: World) -> None:
    await world.say("11112222-00000000")
    card = await world.say(f"{A} {B} {C}")
    assert "Added to your import: 3 codes." in card.text
    assert len(crosses(card)) == 4
    assert ASKS[Step.PROXY] in card.text
    assert crosses(await world.tap("Keep")) == crosses(card)


async def test_of_many_codes_the_ten_that_are_shown_can_be_taken_out(world: World) -> None:
    card = await ready_to_import(world, *(f"{number:08}-00000000" for number in range(1, 13)))
    assert len(crosses(card)) == 10
    card = await world.tap("✖ 0000")
    assert len(crosses(card)) == 10
    assert len(await codes_of(world)) == 11


async def test_a_second_tap_on_a_cross_takes_no_other_code_out(world: World) -> None:
    card = await ready_to_import(world, A, B, C)
    button = button_of(card, "✖ 1111")
    for _ in range(2):
        world.telegram.press(world.ana, card, button)
    await world.rest()
    assert await codes_of(world) == [B, C]
    assert len(world.popups()) == 1


# --- remarks ----------------------------------------------------------------------------------------------------------


async def test_a_remark_on_what_was_typed_is_not_shown_with_the_next_card(world: World) -> None:
    taken = world.browser.offer()
    await imported(world, taken)
    await ready_to_import(world, A)
    for aside in (taken, "/import", "/nonsense"):
        assert "⚠️" in (await world.say("hello")).text
        await world.say(aside)
        assert "⚠️" not in world.card().text, aside


async def test_a_code_that_somebody_has_by_now_is_told_once_and_taken_out(world: World) -> None:
    code = world.browser.offer("Shop")
    await world.let_in(world.mai)
    await ready_to_import(world, code, A, person=world.mai)
    await imported(world, code)

    await world.say(code, world.mai)
    card = world.card(world.mai)
    assert "Import this profile?" in card.text
    await world.tap("Import", world.mai)

    assert sum("was already imported by Ana" in text for text in said(world, world.mai)) == 1
    assert [row["user_name"] for row in await world.log()] == ["Ana", "Mai"]


async def test_where_the_only_code_is_gone_by_the_tap_it_is_told_once(world: World) -> None:
    code = world.browser.offer("Shop")
    await world.let_in(world.mai)
    await ready_to_import(world, code, person=world.mai)
    await imported(world, code)
    await world.tap("Import", world.mai)
    assert sum("was already imported by Ana" in text for text in said(world, world.mai)) == 1
    card = world.card(world.mai)
    assert ASKS[Step.CODES] in card.text
    assert "⚠️" not in card.text
