"""Almost a code: asked about with buttons, told by its number of digits, or left alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.draft import Step
from bot.storage.tables import draft_codes, drafts, secrets
from tests.standins.telegram_state import Message
from tests.support.chatting import GROUP, imported, labels, said, snapshot
from tests.support.journeys import ASKS, asked, draft_of, newcomer
from tests.support.world import World, button_of

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

OLD = "This button is out of date. The card shows the current state."
WRITTEN, CODE, MASKED = "2808123456786849", "28081234-56786849", "2808••••-••••6849"
CARD_NUMBER = "4111111111111111"


@busy
@pytest.mark.parametrize(
    "text", [WRITTEN, "28081234 56786849", "28081234_56786849", "28081234.56786849", "28081234\n56786849"]
)
async def test_sixteen_digits_are_asked_about_and_yes_makes_them_a_code(busy_world: World, text: str) -> None:
    person = await newcomer(busy_world)
    card = await busy_world.say(text, person)
    assert f"Did you mean {MASKED}?" in card.text
    assert labels(card) == ["Yes", "No", "Cancel"]

    card = await busy_world.tap("Yes", person)

    assert ASKS[Step.GROUP] in card.text
    assert f"Code: {MASKED}" in card.text
    assert [code.text for code in (await draft_of(busy_world, person)).codes] == [CODE]
    await busy_world.say("/cancel", person)


@busy
async def test_after_no_a_code_is_asked_for(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await busy_world.say(WRITTEN, person)
    card = await busy_world.tap("No", person)
    assert ASKS[Step.CODES] in card.text
    assert (await draft_of(busy_world, person)).codes == ()


@busy
@pytest.mark.parametrize("at", [Step.GROUP, Step.PROXY, Step.CUSTOM, Step.SAVED, Step.CONFIRM])
@pytest.mark.parametrize(("answer", "joined"), [("Yes", [CODE]), ("No", [])])
async def test_the_question_that_was_open_is_asked_again_afterwards(
    busy_world: World, at: Step, answer: str, joined: list[str]
) -> None:
    person = await newcomer(busy_world)
    _, first = await asked(busy_world, at, person)
    card = await busy_world.say(WRITTEN, person)
    assert f"Did you mean {MASKED}?" in card.text
    card = await busy_world.tap(answer, person)
    assert ASKS[at] in card.text
    assert [code.text for code in (await draft_of(busy_world, person)).codes] == [first, *joined]


@busy
async def test_what_is_typed_instead_of_an_answer_is_for_the_question_before(busy_world: World) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.GROUP, person)
    await busy_world.say(WRITTEN, person)
    card = await busy_world.say("shops", person)
    assert "2 groups with “shops”" in card.text
    await busy_world.say(WRITTEN, person)
    card = await busy_world.say("11112222-33334444", person)
    assert ASKS[Step.GROUP] in card.text
    assert len((await draft_of(busy_world, person)).codes) == 2


@busy
@pytest.mark.parametrize("at", [Step.GROUP_TITLE, Step.PASSWORD, Step.LINK, Step.BYPASS])
async def test_where_a_text_is_asked_for_sixteen_digits_are_that_text(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    assert "Did you mean" not in (await busy_world.say(WRITTEN, person)).text


@busy
async def test_behind_the_command_digits_are_asked_about_too(busy_world: World) -> None:
    person = await newcomer(busy_world)
    assert f"Did you mean {MASKED}?" in (await busy_world.say(f"/import {WRITTEN}", person)).text


@busy
@pytest.mark.parametrize(("text", "digits"), [("280812345678684", 15), ("28081234-567868499", 17), ("28081234", 8)])
async def test_of_more_or_fewer_digits_their_number_is_said(busy_world: World, text: str, digits: int) -> None:
    person = await newcomer(busy_world)
    answer = await busy_world.say(text, person)
    assert f"almost a transfer code, but it has {digits} digits instead of 16" in answer.text
    await asked(busy_world, Step.CONFIRM, person)
    card = await busy_world.say(text, person)
    assert f"it has {digits} digits instead of 16" in card.text
    assert ASKS[Step.CONFIRM] in card.text


async def test_the_code_is_kept_encrypted_until_the_answer_and_no_longer(world: World) -> None:
    await world.say(WRITTEN)
    [[name, kept]] = await world.app.database.read(
        lambda connection: connection.execute(select(secrets.c.name, secrets.c.value)).all()
    )
    assert name == "meant_code"
    assert CODE.encode() not in kept
    assert CODE not in repr(await world.rows(drafts))
    await world.tap("No")
    assert await world.rows(secrets) == []
    await world.say(WRITTEN)
    await world.say("/cancel")
    assert await world.rows(secrets) == []


async def test_a_second_yes_an_old_one_and_that_of_somebody_else_do_nothing(world: World) -> None:
    await world.let_in(world.mai)
    card = await world.say(WRITTEN)
    yes = button_of(card, "Yes")
    world.telegram.press(world.mai, card, yes)
    await world.rest()
    assert await world.rows(draft_codes) == []
    for _ in range(2):
        world.telegram.press(world.ana, card, yes)
    await world.rest()
    await world.tap("Cancel")
    before = await snapshot(world)
    world.telegram.press(world.ana, card, yes)
    await world.rest()
    assert await snapshot(world) == before
    assert len(world.popups()) == 2
    assert OLD in world.popups()


async def test_digits_of_a_code_that_somebody_has_are_told_once_and_not_asked_about(world: World) -> None:
    code = world.browser.offer()
    await imported(world, code)
    await world.say(code.replace("-", ""))
    assert sum("was already imported by you" in text for text in said(world)) == 1
    assert not any("Did you mean" in text for text in said(world))


async def test_a_code_that_is_gone_by_the_time_of_yes_is_told(world: World) -> None:
    code = world.browser.offer()
    await world.let_in(world.mai)
    await world.say(code.replace("-", ""), world.mai)
    await imported(world, code)
    await world.tap("Yes", world.mai)
    assert sum("was already imported by Ana" in text for text in said(world, world.mai)) == 1
    assert ASKS[Step.CODES] in world.card(world.mai).text


async def test_a_proxy_that_was_kept_is_for_the_code_that_was_meant(world: World) -> None:
    await world.say("socks5://ana:hunter2@203.0.113.7:1080")
    await world.say(WRITTEN)
    card = await world.tap("Yes")
    assert "socks5 203.0.113.7:1080 as ana" in card.text
    assert (await draft_of(world)).proxy_until is None


# --- in a group -------------------------------------------------------------------------------------------------------


async def test_in_a_group_digits_are_asked_about_only_where_the_bot_is_meant(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, WRITTEN, group)
    await world.rest()
    assert said(world, group) == []

    card = await _replied(world, WRITTEN)
    assert f"Did you mean {MASKED}?" in card.text


async def test_in_a_group_the_number_of_a_bank_card_is_never_asked_about(world: World) -> None:
    card = await _replied(world, CARD_NUMBER)
    assert "Did you mean" not in card.text
    assert CARD_NUMBER not in repr(await snapshot(world))
    assert "Did you mean 4111••••-••••1111?" in (await world.say(CARD_NUMBER)).text


async def _replied(world: World, text: str) -> Message:
    """Ana begins an import in the group and answers the bot's card there; the card that there is then."""
    group = world.telegram.find(GROUP) or world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, "/import", group)
    await world.rest()
    world.telegram.say(world.ana, text, group, None, world.newest(group))
    await world.rest()
    return world.newest(group)
