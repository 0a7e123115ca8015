"""Somebody is removed, told from the screens: in the middle of a draft, of a queue, and of an import."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.import_state import Status
from bot.domain.transfer_code import mask
from bot.storage.tables import drafts, outbox, secrets
from tests.standins.ixbrowser_actions import IMPORT, RECORDS
from tests.standins.ixbrowser_faults import cut_after, refusal, slow
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import GROUP, all_run, labels, ready_to_import, said, snapshot, timed, until, until_ended
from tests.support.journeys import WAYS, asked, furnish, newcomer
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, MEMBER, World, button_of, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

Scene = tuple[World, JumpingClock]
TOLD = "An admin has removed you, so you can't use this bot any more."
PUT_AWAY = "You can't import any more, so I closed this. Nothing was sent to ixBrowser."


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        await world.let_in(world.mai)
        yield world, clock


async def remove_mai(world: World) -> str:
    """With the second tap; the question."""
    page = await world.say("/members")
    await world.tap("Mai", message=page)
    await world.tap("Remove", message=page)
    question = page.text
    await world.tap("Yes", message=page)
    assert page.text == "Mai may no longer use this bot."
    assert any(text.startswith(TOLD) for text in said(world, world.mai))
    return question


async def until_status(scene: Scene, status: Status) -> None:
    """Let time pass until the one import stands like this."""
    world, clock = scene
    for _ in range(3600):
        await all_run(world)
        if [row["status"] for row in await world.log()] == [status]:
            return
        clock.jump(1)
    raise AssertionError(await world.log())


# --- a draft ----------------------------------------------------------------------------------------------------------


async def test_in_the_middle_of_a_draft_at_every_step(tmp_path: Path) -> None:
    """What was on the card does nothing, and what is typed is a stranger's; not even for who is let in again."""
    async with running(settings_for(tmp_path)) as world:
        furnish(world.browser)
        for step in WAYS:
            person = await newcomer(world)
            card, code = await asked(world, step, person)
            buttons = card.all_buttons
            await world.say(f"/remove {person.id}")
            assert (card.text, card.buttons) == (PUT_AWAY, ()), step
            assert world.newest(person.id).text.startswith(TOLD)
            before = await snapshot(world)
            for button in buttons:
                world.telegram.press(person, card, button)
            await world.rest()
            assert await snapshot(world) == before, step
            assert world.telegram.unanswered == {}
            await world.say(code, person)
            await world.let_in(person)
            for button in buttons:
                world.telegram.press(person, card, button)
            await world.rest()
            assert await snapshot(world) | {"users": [], "audit": [], "outbox": []} == before | {
                "users": [],
                "audit": [],
                "outbox": [],
            }, step
            # The code is good, and with it begins a new one.
            assert "Which group?" in (await world.say(code, person)).text
        assert [row["state"] for row in await world.rows(drafts)].count("open") == len(WAYS)
        assert await world.rows(secrets) == []
        assert world.browser.imports == []


async def test_of_drafts_in_groups_their_prompts_and_links(world: World) -> None:
    await world.let_in(world.mai)
    group, other = (world.telegram.add_group(GROUP - number, "Team") for number in range(2))
    await world.say(world.browser.offer(), world.mai, group)
    world.telegram.press(world.mai, group.card, button_of(group.card, "🔒 Continue in private"))
    await world.rest()
    link = world.telegram.answers[-1].url.partition("start=")[2]
    world.telegram.say(world.mai, "/import", other)
    await world.rest()
    prompt = other.answer
    assert prompt.opens_reply(world.mai)

    await world.say(f"/remove {MEMBER}")
    assert prompt.deleted
    assert [chat.answer.text for chat in (group, other)] == [f"👤 Mai\n{PUT_AWAY}"] * 2
    await world.let_in(world.mai)
    assert (await world.say(f"/start {link}", world.mai)).text.startswith("This link has been used, or is too old.")
    assert [row["state"] for row in await world.rows(drafts)] == ["put_away"] * 2


async def test_codes_that_stand_in_the_chat_are_hidden_at_once(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer()
    await world.say(f"{code} socks5://ana:hunter2@203.0.113.7:1080", world.mai)
    card = world.card(world.mai)
    await world.tap("Show code", world.mai, card)
    assert code in said(world, world.mai)
    world.telegram.press(world.mai, card, card.button("Show code"))
    await world.say(f"/remove {MEMBER}")
    assert code not in said(world, world.mai)


# --- a queue ----------------------------------------------------------------------------------------------------------


async def test_in_the_middle_of_a_queue_whose_codes_are_given_to_the_admin(scene: Scene) -> None:
    world, clock = scene
    codes = [world.browser.offer() for _ in range(3)]
    card = await ready_to_import(world, *codes, person=world.mai)
    world.browser.running = False
    world.telegram.press(world.mai, card, button_of(card, "✅ Import"))
    await until(world, clock, lambda: "not running" in card.text)
    cancel = card.button("Cancel")

    assert await remove_mai(world) == (
        "Remove Mai?\n"
        "Then they can't use this bot any more. Imports that they have not confirmed are closed. "
        "3 waiting imports are cancelled, and you get their codes. Imports that were already sent to ixBrowser go on."
    )
    assert [row["status"] for row in await world.log()] == [Status.CANCELLED] * 3
    given = world.newest(ADMIN)
    assert given.text == "3 codes of Mai were not imported, and are still valid. I keep the codes for 30 days."
    assert labels(given) == ["Show code"]
    assert not any(code in text for code in codes for text in said(world))

    world.telegram.press(world.ana, given, "Show code")
    await until(world, clock, lambda: "\n".join(codes) in said(world), seconds=5, step=0.1)
    waiting = repr(await world.rows(outbox))
    assert not any(code in waiting for code in codes)
    await until(world, clock, lambda: "Code hidden." in said(world), seconds=90)
    assert not any(code in text for code in codes for text in said(world))

    world.browser.running = True
    clock.jump(600)
    await world.rest()
    assert world.browser.imports == []
    before = await snapshot(world)
    card = world.card(world.mai)
    for button in (cancel, *card.all_buttons):
        world.telegram.press(world.mai, card, button)
    world.telegram.press(world.mai, card, Button("Show code", given.all_buttons[0].callback_data))
    await world.rest()
    assert await snapshot(world) == before
    # Whoever is given them imports them, and then there is nothing left to show.
    card = await ready_to_import(world, *codes)
    world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
    await all_run(world)
    await until_ended(world, clock)
    await world.tap("Show code", message=given)
    assert world.popups()[-1] == "None of these codes is left. They were imported, or are older than 30 days."


async def test_another_admin_who_taps_at_the_same_moment_removes_nobody_and_gets_no_codes(world: World) -> None:
    for person in (world.mai, world.sam):
        await world.let_in(person)
        await world.say("/start", person)
    page = await world.say("/members")
    for what in ("Sam", "Promote", "Yes"):
        await world.tap(what, message=page)
    card = await ready_to_import(world, world.browser.offer(), person=world.mai)
    world.browser.running = False
    await world.tap("✅ Import", world.mai, card)
    pages = {person.id: (person, await world.say("/members", person)) for person in (world.ana, world.sam)}
    for person, each in pages.values():
        await world.tap("Mai", person, each)
        await world.tap("Remove", person, each)
    for person, each in pages.values():
        world.telegram.press(person, each, each.button("Yes"))
    await world.rest()
    assert sorted(each.text.partition("\n")[0] for _, each in pages.values()) == [
        "Mai",
        "Mai may no longer use this bot.",
    ]
    given = [text for person, _ in pages.values() for text in said(world, person) if "still valid" in text]
    assert len(given) == 1
    assert sum(text.startswith(TOLD) for text in said(world, world.mai)) == 1


# --- an import --------------------------------------------------------------------------------------------------------


async def removed_meanwhile(world: World) -> Message:
    """Mai is removed while time stands still; what the admin is given."""
    world.telegram.say(world.ana, f"/remove {MEMBER}")
    await all_run(world)
    return world.newest(ADMIN)


async def test_an_import_that_is_being_sent_ends_as_it_will(scene: Scene) -> None:
    world, clock = scene
    code = world.browser.offer("Shop Berlin")
    card = await ready_to_import(world, code, person=world.mai)
    world.browser.fail(IMPORT, slow(before=30))
    world.telegram.press(world.mai, card, "✅ Import")
    await until_status(scene, Status.SENDING)
    given = await removed_meanwhile(world)
    assert given.text.startswith("1 import of Mai is still going on. If it fails, you get its code here too.")
    [row] = await until_ended(world, clock)
    assert (row["status"], row["profile_name"]) == (Status.IMPORTED, "Shop Berlin")
    assert len(world.browser.imports) == 1
    world.telegram.press(world.ana, given, "Show code")
    await all_run(world)
    assert world.popups()[-1].startswith("None of these codes is left.")


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_import_that_is_being_checked_is_not_sent_again(scene: Scene, arrived: bool) -> None:
    world, clock = scene
    code = world.browser.offer("Shop Berlin")
    card = await ready_to_import(world, code, person=world.mai)
    world.browser.fail(IMPORT, cut_after() if arrived else slow(before=10**6))
    world.browser.always(RECORDS, refusal(1004))
    world.telegram.press(world.mai, card, "✅ Import")
    await until_status(scene, Status.CHECKING)
    given = await removed_meanwhile(world)
    world.browser.heal(RECORDS)
    [row] = await until_ended(world, clock)
    assert row["status"] == (Status.IMPORTED if arrived else Status.CANCELLED)
    assert len(world.browser.imports) <= 1
    world.telegram.press(world.ana, given, "Show code")
    await all_run(world)
    shown = [text for text in said(world) if code in text]
    assert len(shown) == (0 if arrived else 1)
    assert mask(code) not in given.text
