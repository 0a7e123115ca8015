"""Handing codes over from a draft's card: for whom, with what note, for how long; on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.transfer_code import find_codes
from bot.storage.handoff_tables import handoffs
from bot.storage.tables import drafts
from tests.standins.telegram_state import Button
from tests.support.chatting import labels, ready_to_import, said, snapshot
from tests.support.handoffs import a_team, leave, take
from tests.support.world import STRANGER, World

pytestmark = pytest.mark.usefixtures("calm_log")


@pytest.fixture(params=["sqlite", "postgresql"])
async def team(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with a_team(request.param, request, tmp_path) as world:
        yield world


def masked(code: str) -> str:
    [found] = find_codes(code)
    return found.masked


async def test_a_code_is_left_for_a_member_with_a_note_and_a_time_limit(team: World) -> None:
    code = team.browser.offer("Shop")
    await ready_to_import(team, code)
    card = await team.tap("Hand over")
    assert "Who gets it?" in card.text
    assert labels(card) == ["Mai", "Sam", "👥 The team", "Back", "Cancel"]
    await team.tap("Mai")
    assert card.text.startswith("Hand this code over to Mai?\nIt waits until somebody takes it.\n")
    assert labels(card) == ["✅ Hand over", "Note", "Time limit", "Change receiver", "Back", "Cancel"]
    await team.tap("Note")
    card = await team.say("for  the shop")
    assert "\nNote: for the shop\n" in card.text
    await team.tap("Time limit")
    assert labels(card)[:6] == ["After 1 hour", "After 4 hours", "After 1 day", "After 3 days", "After 7 days", "Never"]
    await team.tap("After 4 hours")
    assert "It comes back to you after 4 hours if nobody takes it." in card.text
    receipt = await team.tap("✅ Hand over")
    assert receipt is card
    lines = receipt.text.split("\n")
    assert lines[0] == "⏳ Handed over, not taken yet."
    assert lines[2].startswith("For: Mai · ")
    assert lines[3] == "Note: for the shop"
    assert lines[4].startswith("Comes back ")
    assert lines[6] == f"⏳ {masked(code)}: waiting"
    [row] = await team.rows(handoffs)
    assert (row["receiver_id"], row["giver_id"]) == (team.mai.id, team.ana.id)
    assert code not in "\n".join(said(team))


async def test_it_is_left_for_the_team_before_anything_is_chosen(team: World) -> None:
    team.browser.add_group("Shops EU")
    team.browser.add_group("Shops US")
    card = await team.say(" ".join(team.browser.offer() for _ in range(3)))
    assert "Which group?" in card.text
    await team.tap("Hand over")
    await team.tap("The team")
    assert card.text.startswith("Hand 3 codes over to the team?\n")
    assert "Your choices" not in card.text
    receipt = await team.tap("✅ Hand over")
    assert "For: The team · " in receipt.text
    assert receipt.text.count(": waiting") == 3
    assert len(await team.rows(handoffs)) == 1


async def test_the_receiver_is_found_by_typing_and_can_be_changed(team: World) -> None:
    for number in range(5000, 5010):
        await team.say(f"/allow {number}")
    await ready_to_import(team, team.browser.offer())
    card = await team.tap("Hand over")
    assert "Page 1 of 2" in card.text
    await team.tap("Next ›")
    assert "Sam" in labels(card)
    card = await team.say("SA")
    assert labels(card) == ["Sam", "All", "👥 The team", "Back", "Cancel"]
    card = await team.say("nobody of that name")
    assert "Nobody has “nobody of that name” in their name." in card.text
    await team.tap("All")
    await team.tap("Next ›")
    await team.tap("Sam")
    await team.tap("Change receiver")
    await team.tap("Back")
    assert card.text.startswith("Hand this code over to Sam?")
    await team.tap("Back")
    assert card.text.startswith("Import this profile?")


async def test_a_note_holds_no_code_is_short_and_can_be_taken_away(team: World) -> None:
    code = team.browser.offer()
    await ready_to_import(team, code)
    await team.tap("Hand over")
    await team.tap("Mai")
    await team.tap("Note")
    card = await team.say("see 12345678-1234567")
    assert "Please type one without a transfer code." in card.text
    card = await team.say("x" * 201)
    assert "A note can have at most 200 characters." in card.text
    card = await team.say("soon")
    await team.tap("Note")
    assert "What you type replaces this note: soon" in card.text
    await team.tap("No note")
    assert "soon" not in card.text
    assert "✅ Hand over" in labels(card)


async def test_a_forged_receiver_is_answered_as_an_old_button(team: World) -> None:
    await ready_to_import(team, team.browser.offer())
    card = await team.tap("Hand over")
    [row] = await team.rows(drafts)
    before = await snapshot(team)
    for number in (team.ana.id, 777, 10**17):
        forged = f"d:{row['id']}:{row['revision']}:receiver:{number}"
        team.telegram.press(team.ana, card, Button("?", forged))
        await team.rest()
        assert team.popups()[-1] == "This button is out of date. The card shows the current state."
    assert await snapshot(team) == before


async def test_who_was_removed_meanwhile_is_not_left_anything(team: World) -> None:
    await ready_to_import(team, team.browser.offer(), person=team.mai)
    await team.tap("Hand over", team.mai)
    await team.tap("Sam", team.mai)
    await team.say(f"/remove {STRANGER}")
    card = await team.tap("✅ Hand over", team.mai)
    assert "The person you chose can't import any more. Choose somebody else." in card.text
    assert "Who gets it?" in card.text
    assert await team.rows(handoffs) == []


async def test_whoever_sends_a_code_that_waits_is_told_who_left_it_and_may_take_their_own(team: World) -> None:
    code, other = team.browser.offer(), team.browser.offer()
    await leave(team, code, to="Mai")
    await leave(team, other, to="The team")
    told = await team.say(code)
    assert told.text == f"{masked(code)} was left by you for Mai."
    assert labels(told) == []
    told = await team.say(code, team.mai)
    assert told.text == f"{masked(code)} was left by Ana for you."
    assert labels(told) == ["Take"]
    told = await team.say(f"{code} {other}", team.sam)
    assert told.text == f"{masked(code)} was left by Ana for Mai.\n{masked(other)} was left by Ana for the team."
    assert labels(told) == ["Take"]
    await take(team, team.mai, 1)
    assert (await team.say(code, team.sam)).text.endswith("was left by Ana for Mai. Mai has taken it.")
    told = await team.say("/import " + code, team.ana)
    assert told.text == f"{masked(code)} was left by you for Mai. Mai has taken it."


async def test_of_codes_that_somebody_has_already_only_the_others_are_left(team: World) -> None:
    drafted, free = team.browser.offer(), team.browser.offer()
    # Who begins an import has not confirmed it: others can begin the same.
    await ready_to_import(team, drafted, free)
    await ready_to_import(team, drafted, person=team.sam)
    await team.tap("Hand over")
    await team.tap("Mai")
    card = await team.tap("✅ Hand over")
    told = f"{masked(drafted)} is in an unfinished import of Sam."
    assert told in said(team)
    receipt = team.telegram.chat(team.ana.id).newest(lambda message: "Handed over" in message.text)
    assert card in (receipt, team.newest(team.ana.id))
    assert masked(free) in receipt.text
    assert masked(drafted) not in receipt.text


async def test_where_nothing_is_free_the_draft_stays_and_asks_for_other_codes(team: World) -> None:
    drafted = team.browser.offer()
    await ready_to_import(team, drafted)
    await ready_to_import(team, drafted, person=team.sam)
    await team.tap("Hand over")
    await team.tap("Mai")
    await team.tap("✅ Hand over")
    assert f"{masked(drafted)} is in an unfinished import of Sam." in said(team)
    assert "Send me a transfer code" in team.card().text
    assert await team.rows(handoffs) == []


async def test_what_was_sent_to_be_imported_meanwhile_is_told_and_stays_out(team: World) -> None:
    code = team.browser.offer("Shop")
    await ready_to_import(team, code, person=team.sam)
    await ready_to_import(team, code)
    await team.tap("✅ Import", team.sam)
    await team.tap("Hand over")
    await team.tap("Mai")
    await team.tap("✅ Hand over")
    assert any("was already imported by Sam: profile 1001" in text for text in said(team))
    assert await team.rows(handoffs) == []


async def test_a_draft_that_was_taken_says_from_whom_and_is_not_handed_on(team: World) -> None:
    await leave(team, team.browser.offer(), to="Mai")
    card = await take(team, team.mai)
    assert card.text.startswith("From Ana\n\nImport this profile?")
    assert "Hand over" not in labels(card)
    [row] = [row for row in await team.rows(drafts) if row["state"] == "open"]
    forged = f"d:{row['id']}:{row['revision']}:hand"
    team.telegram.press(team.mai, card, Button("?", forged))
    await team.rest()
    assert team.popups()[-1] == "This button is out of date. The card shows the current state."
    card = await team.tap("Cancel", team.mai)
    assert card.text == "Cancelled. Nothing was sent to ixBrowser. What Ana left waits again: see /inbox."
    assert labels(card) == ["New import"]
    # What waits for others again is nobody's to see.
    team.telegram.press(team.mai, card, Button("?", f"d:{row['id']}:{row['revision']}:codes"))
    await team.rest()
    assert team.popups()[-1] == "This button is out of date. The card shows the current state."


async def test_who_only_looks_on_is_offered_nothing_and_may_do_nothing(team: World) -> None:
    await leave(team, team.browser.offer(), to="Mai")
    await ready_to_import(team, team.browser.offer(), person=team.sam)
    card = team.card(team.sam)
    await team.say("/members")
    await team.tap("Sam")
    await team.tap("Demote")
    await team.tap("Yes")
    before = await snapshot(team)
    for action in ("withdraw", "reassign", "assign:team", "split:2", "import", "codes", "receipt", "what"):
        team.telegram.press(team.sam, card, Button("?", f"f:1:1:{action}"))
        await team.rest()
        assert team.popups()[-1].startswith("You can look at the team's imports")
    assert await snapshot(team) == before
