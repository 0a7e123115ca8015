"""Messages that are changed after they were sent: their codes are read until the import begins."""

from __future__ import annotations

import pytest

from bot.domain.draft import Step
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import imported, labels, said, snapshot
from tests.support.journeys import ASKS, codes_of
from tests.support.world import World

A, B, C = "11112222-33334444", "55556666-77778888", "99990000-12341234"

pytestmark = pytest.mark.usefixtures("calm_log")


async def edit(world: World, before: str, after: str, person: Person | None = None) -> Message:
    """Somebody (Ana) changes the message that said this; the newest message of the bot then."""
    person = person or world.ana
    chat = world.telegram.chat(person.id)
    message = chat.newest(lambda each: each.sender is person and each.text == before)
    world.telegram.edit(person, message, after)
    await world.rest()
    return world.newest(person.id)


async def test_a_code_that_is_mended_takes_the_place_of_the_one_before(world: World) -> None:
    await world.say(A)
    await world.say(B)
    card = await edit(world, A, f"sorry: {C}")
    assert await codes_of(world) == [C, B]
    assert "Code: 9999••••-••••1234\nCode: 5555••••-••••8888" in card.text
    assert "Updated to match your edited message." in card.text
    assert len(said(world)) == 1
    # The same message once more.
    await edit(world, f"sorry: {C}", A)
    assert await codes_of(world) == [A, B]


async def test_codes_may_be_added_and_taken_out_by_a_change(world: World) -> None:
    await world.say(f"{A} {B}")
    await edit(world, f"{A} {B}", f"{B} {C}")
    assert await codes_of(world) == [B, C]
    card = await edit(world, f"{B} {C}", "forget it")
    assert await codes_of(world) == []
    assert "no code any more" in card.text
    assert ASKS[Step.CODES] in card.text


async def test_a_change_of_other_words_changes_nothing(world: World) -> None:
    await world.say(f"{A} for Berlin")
    before = await snapshot(world)
    await edit(world, f"{A} for Berlin", f"{A} for Hanoi")
    assert await snapshot(world) == before


async def test_almost_a_code_that_is_mended_is_read_as_if_it_was_sent_anew(world: World) -> None:
    await world.say("11112222-3333444")
    card = await edit(world, "11112222-3333444", A)
    assert "Code: 1111••••-••••4444" in card.text
    assert await codes_of(world) == [A]
    await edit(world, A, B)
    assert await codes_of(world) == [B]


async def test_a_code_without_its_dash_after_a_change_is_asked_about(world: World) -> None:
    await world.say(A)
    card = await edit(world, A, B.replace("-", ""))
    assert "Did you mean 5555••••-••••8888?" in card.text
    await world.tap("Yes")
    assert await codes_of(world) == [B]


async def test_after_the_tap_on_import_a_change_is_told_to_come_too_late(world: World) -> None:
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Keep")
    await world.tap("Import")
    answer = await edit(world, code, A)
    assert "has already begun" in answer.text
    assert len(world.browser.imports) == len(await world.log()) == 1
    # The message as it was is nothing new.
    before = len(said(world))
    await edit(world, A, code)
    assert len(said(world)) == before


async def test_a_code_that_somebody_has_is_told_and_not_taken_from_a_change(world: World) -> None:
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Keep")
    await world.tap("Import")
    await world.say(f"{A} {B}")
    await edit(world, f"{A} {B}", f"{A} {code}")
    assert sum("was already imported by you" in text for text in said(world)) == 1
    assert await codes_of(world) == [A]


async def test_somebody_elses_draft_is_not_changed(world: World) -> None:
    await world.let_in(world.mai)
    await world.say(A)
    await world.say(A, world.mai)
    await edit(world, A, B, world.mai)
    assert await codes_of(world) == [A]


async def test_other_words_that_are_changed_are_told_to_be_sent_anew(world: World) -> None:
    await world.say("hello")
    assert (
        "When you edit a message, I only look at codes and proxies" in (await edit(world, "hello", "good morning")).text
    )
    assert "Cancel" not in labels(world.newest(world.ana.id))


async def test_a_code_that_somebody_has_already_is_told_although_nothing_else_changes(world: World) -> None:
    await imported(world, first := world.browser.offer())
    await world.say(A)
    await edit(world, A, f"{A} {first}")
    assert await codes_of(world) == [A]
    assert any("was already imported by you" in text for text in said(world))


async def test_a_code_without_a_message_is_not_taken_out_with_anothers(world: World) -> None:
    await world.say(A)
    await world.say(B.replace("-", ""))
    await world.tap("Yes")
    await edit(world, A, C)
    await edit(world, C, A)
    assert await codes_of(world) == [A, B]
