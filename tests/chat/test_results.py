"""The card of what was confirmed: what became of it, in plain words, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.transfer_code import mask
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_checks import MESSAGES
from tests.standins.ixbrowser_faults import Fault, Reply, cut_after, cut_before, refusal, spoiled
from tests.support.chatting import imported, labels, ready_to_import, timed, until_ended, until_shown
from tests.support.error_codes import PROXY_REFUSALS, REFUSALS
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

#: What the card says to do about each refusal.
ADVICE = {
    1000: "Update ixBrowser",
    1005: "Update it on the computer",
    1007: "ask its support",
    1014: "try again later",
    110001: "Send it again",
    110002: "ask the sender for a new one",
    110003: "you can't transfer a profile to yourself",
    110004: "Choose another",
} | dict.fromkeys(PROXY_REFUSALS, "hoose ")
HOPELESS = {110001, 110002, 110003}


def test_there_is_an_advice_for_every_refusal() -> None:
    assert ADVICE.keys() == REFUSALS


async def test_what_was_imported_is_told_with_number_name_group_and_proxy(world: World) -> None:
    world.browser.add_group("Shops <b>& co")
    code = world.browser.offer("店铺 <42> & 🛒")
    await world.say(code)
    await world.tap("Shops")
    await world.tap("Direct")
    result = await world.tap("Import")
    number = next(iter(world.browser.profiles))
    assert f"Imported: profile {number} “店铺 <42> & 🛒”" in result.text
    assert f"Code: {mask(code)}" in result.text
    assert "Group: Shops <b>& co" in result.text
    assert "Direct" in result.text
    assert code not in result.text
    assert labels(result) == ["Another code"]


async def test_a_refusal_is_told_with_what_to_do(world: World) -> None:
    for code in sorted(ADVICE):
        world.browser.fail(IMPORT, refusal(code, 200 if code % 2 else 404))
        result = await imported(world)
        assert result.text.startswith("❌ Not imported."), code
        assert ADVICE[code] in result.text
        assert f"(error {code})" in result.text
        assert ("Try again" in labels(result)) is (code not in HOPELESS), code
        assert labels(result)[-1] == "Another code"
        row = (await world.log())[-1]
        assert (row["status"], row["error_code"], row["error_message"]) == ("failed", code, MESSAGES[code])
        assert row["finished_at"] is not None
    assert len(await world.log()) == len(ADVICE)


@pytest.mark.parametrize("status", [200, 404])
async def test_a_refusal_is_the_same_whatever_the_http_status(world: World, status: int) -> None:
    world.browser.fail(IMPORT, refusal(110002, status))
    assert "this code is wrong" in (await imported(world)).text


async def test_ones_own_code_and_a_wrong_one_are_refused_by_ixbrowser_itself(world: World) -> None:
    assert "to yourself" in (await imported(world, world.browser.offer_own())).text
    assert "this code is wrong" in (await imported(world, world.browser.unused_code())).text


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (refusal(1004), "Try again in a few minutes"),
        (refusal(1011), "Try again in a few minutes"),
        (refusal(1016), "Switch the line in ixBrowser"),
        (refusal(4711, message="Something <b>new</b>"), "Something <b>new</b>"),
        (refusal(4711, message=""), "(error 4711)"),
        (cut_before(), "gave no answer"),
        (spoiled(Reply.EMPTY, done=False), "gave no answer"),
    ],
    ids=["1004", "1011", "1016", "not in the table", "without words", "cut", "unreadable"],
)
async def test_what_never_goes_through_is_told_once_the_records_prove_it(
    tmp_path: Path, fault: Fault, advice: str
) -> None:
    async with timed(tmp_path) as (world, clock):
        code = world.browser.offer()
        card = await ready_to_import(world, code)
        world.browser.always(IMPORT, fault)
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "checking whether the profile has arrived")
        [row] = await until_ended(world, clock)
        result = world.newest(world.ana.id)
        assert "Not imported" in result.text
        assert advice in result.text
        assert "Try again" in labels(result)
        assert (row["status"], row["unanswered"]) == ("failed", 3)
        assert world.browser.violations() == []
        assert code in world.browser.offers


async def test_an_import_whose_answer_was_lost_is_found_in_the_records(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        code = world.browser.offer("Shop")
        world.browser.fail(IMPORT, cut_after())
        card = await ready_to_import(world, code)
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        await until_ended(world, clock)
        number = next(iter(world.browser.profiles))
        assert f"Imported: profile {number} “Shop”" in world.newest(world.ana.id).text
        assert len(world.browser.imports) == 1


async def test_1008_is_waited_for_first_and_told_when_it_stays(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.always(IMPORT, refusal(1008))
        card = await ready_to_import(world, world.browser.offer())
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await until_shown(world, clock, "⏳ Waiting")
        [row] = await until_ended(world, clock)
        result = world.newest(world.ana.id)
        assert "Ask the account's owner" in result.text
        assert "(error 1008)" in result.text
        assert (row["status"], row["error_code"]) == ("failed", 1008)


async def test_1008_that_passes_is_not_told_as_a_refusal(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.fail(IMPORT, refusal(1008))
        card = await ready_to_import(world, world.browser.offer())
        world.telegram.press(world.ana, card, card.button("✅ Import"))
        await world.telegram.handled()
        await until_ended(world, clock)
        assert "Imported" in world.newest(world.ana.id).text


# --- several codes ----------------------------------------------------------------------------------------------------


async def test_several_codes_have_each_their_own_line(world: World) -> None:
    good, wrong, own = world.browser.offer("Berlin <1>"), world.browser.unused_code(), world.browser.offer_own()
    result = await imported(world, good, wrong, own)
    lines = result.text.splitlines()
    assert lines[0] == "1 of 3 imported"
    number = next(number for number, row in world.browser.profiles.items() if row["name"] == "Berlin <1>")
    assert f"✅ {mask(good)}: profile {number} “Berlin <1>”" in lines
    assert any(line.startswith(f"❌ {mask(wrong)}: ") and "this code is wrong" in line for line in lines)
    assert any(line.startswith(f"❌ {mask(own)}: ") and "to yourself" in line for line in lines)
    assert [row["status"] for row in await world.log()] == ["imported", "failed", "failed"]
    assert "Try again" not in labels(result)


async def test_of_several_that_can_be_tried_again_there_is_one_button(world: World) -> None:
    world.browser.fail(IMPORT, refusal(1014), refusal(1007))
    result = await imported(world, world.browser.offer(), world.browser.offer(), world.browser.offer())
    assert "1 of 3 imported" in result.text
    assert labels(result) == ["Try again", "Another code"]


async def test_when_all_are_imported_it_says_so(world: World) -> None:
    result = await imported(world, world.browser.offer(), world.browser.offer())
    assert result.text.startswith("✅ All 2 imported.")


async def test_of_many_the_failed_ones_are_told_first_and_the_rest_counted(world: World) -> None:
    wrong = [world.browser.unused_code() for _ in range(3)]
    result = await imported(world, *(world.browser.offer("🛒" * 200) for _ in range(27)), *wrong)
    lines = result.text.splitlines()
    assert lines[0] == "27 of 30 imported"
    assert [line.split(":")[0] for line in lines[1:4]] == [f"❌ {mask(code)}" for code in wrong]
    shown = sum(line.startswith(("❌", "✅")) for line in lines)
    assert f"and {30 - shown} more, see /history" in lines
