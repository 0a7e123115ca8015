"""The receipt of codes that were left: what it says, and what is done by its buttons; on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.handoff_tables import handoff_codes, handoffs
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import labels, refused_chat, said, snapshot
from tests.support.handoffs import a_team, decline, leave, newest_handoff, take
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

OLD = "This button is out of date. The card shows the current state."


@pytest.fixture(params=["sqlite", "postgresql"])
async def team(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with a_team(request.param, request, tmp_path) as world:
        yield world


def receipt(world: World, words: str) -> Message:
    """Ana's newest message with these words."""
    return world.telegram.chat(world.ana.id).newest(lambda message: words in message.text)


async def test_it_follows_the_code_to_the_imported_profile(team: World) -> None:
    team.browser.add_group("Shops EU")
    code = team.browser.offer("Shop")
    await team.say(code)
    await team.tap("Shops EU")
    await team.tap("Keep")
    await team.tap("Hand over")
    await team.tap("Mai")
    card = await team.tap("✅ Hand over")
    assert labels(card) == ["Withdraw", "Reassign"]
    await take(team, team.mai)
    assert card.text.startswith("✋ Taken, not confirmed yet.")
    assert ": taken by Mai, " in card.text
    await team.tap("✅ Import", team.mai)
    told = receipt(team, "Imported.")
    assert told is not card
    assert card.deleted
    assert not told.silent
    assert ": profile 1001 “Shop”\nGroup: Shops EU\nby Mai, " in told.text
    assert labels(told) == []
    assert code not in "\n".join(said(team))


async def test_taking_it_back_edits_the_receipt_and_ends_the_draft_of_who_had_taken_it(team: World) -> None:
    card = await leave(team)
    theirs = await take(team, team.mai)
    count = len(said(team))
    await team.tap("Withdraw", message=card)
    assert card.text.startswith("↩️ Taken back.")
    assert labels(card) == ["Import", "Show code", "Reassign"]
    assert len(said(team)) == count
    assert theirs.text == "Ana has taken this back, so I closed it. Nothing was sent to ixBrowser."
    # A second press finds nothing to take back.
    team.telegram.press(team.ana, card, Button("?", "f:1:1:withdraw"))
    await team.rest()
    assert team.popups()[-1] == OLD
    assert card.text.startswith("↩️ Taken back.")


async def test_what_has_come_back_can_be_imported_shown_and_given_to_somebody_else(team: World) -> None:
    code = team.browser.offer("Shop")
    await leave(team, code)
    await decline(team, team.mai)
    card = receipt(team, "It came back to you.")
    assert ": declined by Mai, " in card.text
    assert not card.silent
    await team.tap("Show code", message=card)
    assert code in team.newest(team.ana.id).text
    await team.tap("Reassign", message=card)
    assert card.text == "Who gets this code instead?"
    assert labels(card) == ["Mai", "Sam", "👥 The team", "Back"]
    await team.tap("Back", message=card)
    assert card.text.startswith("↩️ It came back to you.")
    await team.tap("Reassign", message=card)
    await team.tap("Sam", message=card)
    assert card.text.startswith("⏳ Handed over, not taken yet.")
    assert "For: Sam · " in card.text
    await team.tap("Withdraw", message=card)
    mine = await team.tap("Import", message=card)
    assert mine.text.startswith("Import this profile?")
    assert "Hand over" in labels(mine)
    assert "“Shop”" in (await team.tap("✅ Import", message=mine)).text
    team.telegram.press(team.ana, card, Button("?", "f:1:9:codes"))
    await team.rest()
    assert team.popups()[-1].startswith("None of these codes is left.")


async def test_it_is_given_to_the_team_while_somebody_has_it(team: World) -> None:
    card = await leave(team)
    theirs = await take(team, team.mai)
    await team.tap("Reassign", message=card)
    await team.tap("The team", message=card)
    assert "For: The team · " in card.text
    assert ": waiting" in card.text
    assert theirs.text == "This is for somebody else now, so I closed it. Nothing was sent to ixBrowser."


async def test_the_list_of_people_has_pages_and_a_forged_person_is_refused(team: World) -> None:
    for number in range(5000, 5010):
        await team.say(f"/allow {number}")
    card = await leave(team, to="5000")
    await team.tap("Reassign", message=card)
    await team.tap("Next ›", message=card)
    assert labels(card)[-4:] == ["Sam", "‹ Previous", "👥 The team", "Back"]
    before = await team.rows(handoffs)
    for person, popup in ((777, "This person can't import any more."), (team.ana.id, OLD), ("x", OLD)):
        team.telegram.press(team.ana, card, Button("?", f"f:1:1:assign:{person}"))
        await team.rest()
        assert team.popups()[-1].startswith(popup)
    assert await team.rows(handoffs) == before


async def test_several_codes_are_split_into_parts_with_a_receipt_each(team: World) -> None:
    card = await leave(team, *(team.browser.offer() for _ in range(5)), to="The team")
    assert labels(card) == ["Withdraw", "Reassign", "Split"]
    await team.tap("Split", message=card)
    assert card.text == "Split 5 codes into how many parts?\nEach is taken by itself."
    assert labels(card) == ["2", "3", "4", "5", "Back"]
    await team.tap("2", message=card)
    assert card.text.count(": waiting") == 3
    other = team.newest(team.ana.id)
    assert other is not card
    assert other.text.count(": waiting") == 2
    assert len(await team.rows(handoffs)) == 2
    await take(team, team.mai, await newest_handoff(team))
    await team.tap("✅ Import", team.mai)
    assert receipt(team, "All 2 imported.").text.count("by Mai, ") == 2
    assert card.text.count(": waiting") == 3
    # As it was shown before it changed.
    team.telegram.press(team.ana, card, Button("?", "f:1:1:split:3"))
    await team.rest()
    assert team.popups()[-1] == OLD


async def test_some_of_several_come_to_an_end_before_the_others(team: World) -> None:
    good = [team.browser.offer(name) for name in ("One", "Two")]
    await leave(team, *good, "99999999-99999999", to="Mai")
    await take(team, team.mai)
    await team.tap("✅ Import", team.mai)
    card = receipt(team, "2 of 3 imported")
    lines = card.text.split("\n")
    assert lines[4].startswith("❌ 9999••••-••••9999: ixBrowser says that this code is wrong.")
    assert "(error 110002)" in lines[4]
    assert labels(card) == ["Import", "Show code", "Reassign"]


async def test_of_many_codes_some_lines_are_shown_and_the_others_counted(team: World) -> None:
    card = await leave(team, *(team.browser.offer() for _ in range(25)), to="The team")
    assert card.text.count(": waiting") == 20
    assert card.text.endswith("and 5 more\nwaiting: 5")


async def test_who_can_not_be_told_is_named_at_once(team: World) -> None:
    with refused_chat(team, team.sam.id, 403, "Forbidden: bot was blocked by the user"):
        card = await leave(team, to="Sam")
        await team.rest()
        assert card.text.endswith(
            "⚠️ Sam hasn't opened the bot, so I can't tell them. Ask them to start me, or tap Reassign."
        )
        await team.tap("Reassign", message=card)
        await team.tap("Mai", message=card)
        assert "hasn't opened" not in card.text


async def test_only_its_owner_and_admins_get_anywhere(team: World) -> None:
    await leave(team, team.browser.offer(), team.browser.offer(), to="The team", giver=team.mai)
    theirs = team.card(team.mai)
    await team.say("/start", team.sam)
    screen = await team.say("/start", team.sam)
    before = await snapshot(team)
    for action in ("withdraw", "reassign", "assign:team", "split", "split:2", "import", "codes", "receipt"):
        team.telegram.press(team.sam, screen, Button("?", f"f:1:1:{action}"))
        await team.rest()
        assert team.popups()[-1] == "This card belongs to somebody else."
    screen = await team.say("/start")
    for action in ("withdraw", "import", "codes"):
        team.telegram.press(team.ana, screen, Button("?", f"f:1:1:{action}"))
        await team.rest()
        assert team.popups()[-1] == "This card belongs to somebody else."
    assert (await snapshot(team))["handoffs"] == before["handoffs"]
    # An admin may give it to somebody else.
    screen = await team.say("/start")
    team.telegram.press(team.ana, screen, Button("?", "f:1:1:assign:1003"))
    await team.rest()
    assert "For: Sam · " in theirs.text
    # Of what is somebody else's it is said from whom.
    assert "\n\nFrom Mai\nFor: Sam · " in screen.text
    assert labels(screen) == ["Reassign", "Split"]
    for number in (99, 10**17):
        team.telegram.press(team.ana, screen, Button("?", f"f:{number}:1:reassign"))
        await team.rest()
        assert team.popups()[-1] == OLD
    assert [row["handoff_id"] for row in await team.rows(handoff_codes)] == [1, 1]


async def test_progress_does_not_flood_the_chat(team: World) -> None:
    """What is being imported changes again and again: such a receipt waits between two edits."""
    await leave(team, *(team.browser.offer() for _ in range(10)), to="Mai")
    await take(team, team.mai)
    team.telegram.calls.clear()
    await team.tap("✅ Import", team.mai)
    edits = [params for method, params in team.telegram.calls if method == "editMessageText"]
    assert len([params for params in edits if params["chat_id"] == team.ana.id]) <= 3
