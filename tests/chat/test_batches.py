"""What was confirmed, after it has ended: another import, trying again, the same code twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.support.chatting import (
    GROUP,
    imported,
    ready_to_import,
    said,
    snapshot,
    timed,
    until_ended,
)
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

OLD = "This button is out of date. The card shows the current state."


# --- what to do next --------------------------------------------------------------------------------------------------


async def test_another_code_asks_for_a_code_alone(world: World) -> None:
    group = world.browser.add_group("Shops")
    await world.say(world.browser.offer())
    await world.tap("Shops")
    await world.tap("Direct")
    first = await world.tap("✅ Import")
    # Meanwhile another import had other choices; those of the card count.
    await world.say(world.browser.offer())
    await world.tap("Change proxy")
    await world.tap("Keep")
    await world.tap("✅ Import")

    assert "Send me a transfer code" in (await world.tap("Another code", message=first)).text
    code = world.browser.offer()
    card = await world.say(code)
    assert "Import this profile?" in card.text
    assert "Group: Shops" in card.text
    await world.tap("✅ Import")
    assert world.browser.imports[2]["group_id"] == group
    assert world.browser.imports[2]["proxy_config"]["proxy_type"] == "direct"


async def test_another_code_asks_for_the_password_again(world: World) -> None:
    await world.say(world.browser.offer())
    await world.tap("Custom")
    await world.say("socks5://ana:s3cret@203.0.113.7:1080")
    await world.tap("✅ Import")
    await world.tap("Another code")
    card = await world.say(world.browser.offer())
    assert "Type the password" in card.text
    assert "s3cret" not in str(await snapshot(world))


async def test_try_again_is_a_new_row_that_knows_which_it_repeats(world: World) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    code = world.browser.offer("Shop")
    await imported(world, code)
    card = await world.tap("Try again")
    assert "Import this profile?" in card.text
    result = await world.tap("✅ Import")
    assert "“Shop”" in result.text
    first, second = await world.log()
    assert (first["status"], first["retry_of"]) == ("failed", None)
    assert (second["status"], second["retry_of"]) == ("imported", first["id"])
    assert first["code"] == second["code"] == code


async def test_of_several_only_those_that_can_be_are_tried_again(world: World) -> None:
    world.browser.fail(IMPORT, refusal(1014), refusal(1007))
    busy, too_many, good = (world.browser.offer() for _ in range(3))
    wrong = world.browser.unused_code()
    await imported(world, busy, too_many, good, wrong)
    assert "Import these 2 profiles?" in (await world.tap("Try again")).text
    assert "✅ All 2 imported." in (await world.tap("✅ Import")).text
    log = await world.log()
    repeated = {row["code"]: row["retry_of"] for row in log[4:]}
    assert repeated == {row["code"]: row["id"] for row in log if row["error_code"] in (1014, 1007)}
    assert repeated.keys() == {busy, too_many}


async def test_a_group_that_is_gone_is_asked_for_anew(world: World) -> None:
    gone = world.browser.add_group("Gone")
    left = world.browser.add_group("Left")
    code = world.browser.offer()
    await world.say(code)
    await world.tap("Gone")
    await world.tap("Keep")
    del world.browser.groups[gone]
    result = await world.tap("✅ Import")
    assert "(error 110004)" in result.text
    assert "Which group?" in (await world.tap("Try again")).text
    await world.tap("Left")
    assert "Imported" in (await world.tap("✅ Import")).text
    assert world.browser.imports[-1] == {"transfer_code": code, "group_id": left}


async def test_a_proxy_that_was_refused_is_asked_for_anew(world: World) -> None:
    world.browser.fail(IMPORT, refusal(101008))
    await world.say(world.browser.offer())
    await world.tap("Direct")
    await world.tap("✅ Import")
    assert "Which proxy?" in (await world.tap("Try again")).text
    await world.tap("Keep")
    assert "Imported" in (await world.tap("✅ Import")).text


async def test_what_somebody_else_has_imported_meanwhile_cannot_be_tried_again(world: World) -> None:
    await world.let_in(world.mai)
    world.browser.fail(IMPORT, refusal(1014))
    code = world.browser.offer()
    result = await imported(world, code)
    await imported(world, code, person=world.mai)
    before = await snapshot(world)
    await world.tap("Try again", message=result)
    assert world.popups() == [OLD]
    assert await snapshot(world) == before


@pytest.mark.parametrize("label", ["Try again", "Another code"])
async def test_with_an_import_open_that_one_comes_first(world: World, label: str) -> None:
    world.browser.fail(IMPORT, refusal(1014))
    result = await imported(world)
    open_card = await world.say(world.browser.offer())
    shown = await world.tap(label, message=result)
    assert "First finish or cancel" in world.popups()[-1]
    assert (shown.text, open_card.deleted) == (open_card.text, True)
    assert len((await snapshot(world))["draft_codes"]) == 1


async def test_cancelled_imports_can_be_tried_again(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        await world.tap("✅ Import", message=card)
        assert "Cancelled" in (await world.tap("Cancel")).text
        world.browser.running = True
        card = await world.tap("Try again")
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        first, second = await until_ended(world, clock)
        assert (first["status"], second["status"], second["retry_of"]) == ("cancelled", "imported", first["id"])


# --- the same code twice ----------------------------------------------------------------------------------------------


async def test_of_two_people_with_the_same_code_one_imports_and_the_other_is_told_who(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer("Shop")
    await ready_to_import(world, code)
    theirs = await ready_to_import(world, code, person=world.mai)
    await world.tap("✅ Import")
    world.telegram.press(world.mai, theirs, theirs.button("✅ Import"))
    await world.rest()

    told = said(world, world.mai)
    assert any("already imported by Ana" in text and "“Shop”" in text for text in told)
    assert "Send me a transfer code" in world.newest(world.mai.id).text
    assert len(world.browser.imports) == len(await world.log()) == 1


async def test_of_two_who_tap_at_the_same_moment_one_imports(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer()
    mine = await ready_to_import(world, code)
    theirs = await ready_to_import(world, code, person=world.mai)
    world.telegram.press(world.ana, mine, mine.button("✅ Import"))
    world.telegram.press(world.mai, theirs, theirs.button("✅ Import"))
    await world.rest()
    assert len(world.browser.imports) == len(await world.log()) == 1
    told = [*said(world), *said(world, world.mai)]
    assert sum("by Ana" in text or "by Mai" in text for text in told) == 1


async def test_a_code_that_is_imported_already_is_told_at_once(world: World) -> None:
    await world.let_in(world.mai)
    code = world.browser.offer()
    await imported(world, code)
    assert "already imported by you" in (await world.say(code)).text
    assert "already imported by Ana" in (await world.say(code, world.mai)).text
    assert (await snapshot(world))["draft_codes"] == []


async def test_a_code_that_is_being_imported_is_told_too(world: World) -> None:
    await world.let_in(world.mai)
    code, free = world.browser.offer(), world.browser.offer()
    await ready_to_import(world, code)
    world.browser.running = False
    await world.tap("✅ Import")
    await world.say(f"{code} {free}", world.mai)
    assert any("was already sent by Ana and is waiting" in text for text in said(world, world.mai))
    assert [row["code"] for row in (await snapshot(world))["draft_codes"]] == [free]


async def test_the_same_person_in_two_chats_imports_a_code_once(world: World) -> None:
    group = world.telegram.add_group(GROUP, "Team")
    code = world.browser.offer()
    private = await ready_to_import(world, code)
    world.telegram.say(world.ana, code, group)
    await world.rest()
    shared = world.newest(group)
    world.telegram.press(world.ana, shared, "Keep")
    await world.rest()
    world.telegram.press(world.ana, private, private.button("✅ Import"))
    world.telegram.press(world.ana, group.card, group.card.button("✅ Import"))
    await world.rest()
    assert len(world.browser.imports) == len(await world.log()) == 1
    assert any("by you" in text for text in [*said(world), *said(world, group)])
