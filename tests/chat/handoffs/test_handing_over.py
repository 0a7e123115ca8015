"""Handing codes over from a draft's card: for whom, with what note, for how long."""

from __future__ import annotations

import pytest

from bot.domain.transfer_code import find_codes
from bot.storage.handoff_tables import handoffs
from bot.storage.tables import drafts
from tests.standins.telegram_state import Button
from tests.support.chatting import labels, ready_to_import, said, snapshot
from tests.support.handoffs import leave, take
from tests.support.world import STRANGER, World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")


def masked(code: str) -> str:
    [found] = find_codes(code)
    return found.masked


async def test_a_code_is_left_for_a_member_with_a_note_and_a_time_limit(world: World) -> None:
    code = world.browser.offer("Shop")
    await ready_to_import(world, code)
    card = await world.tap("Hand over")
    assert "Who gets it?" in card.text
    assert labels(card) == ["Mai", "Sam", "👥 The team", "Back", "Cancel"]
    await world.tap("Mai")
    assert card.text.startswith("Hand this code over to Mai?\nNo time limit.\n")
    assert labels(card) == ["✅ Hand over", "Note", "Time limit", "Change receiver", "Back", "Cancel"]
    await world.tap("Note")
    card = await world.say("for  the shop")
    assert "\nNote: for the shop\n" in card.text
    await world.tap("Time limit")
    assert labels(card)[:6] == ["After 1 hour", "After 4 hours", "After 1 day", "After 3 days", "After 7 days", "Never"]
    await world.tap("After 4 hours")
    assert "Comes back to you after 4 hours if not taken." in card.text
    receipt = await world.tap("✅ Hand over")
    assert receipt is card
    lines = receipt.text.split("\n")
    assert lines[0] == "⏳ Handed over, not taken yet."
    assert lines[2].startswith("For: Mai · ")
    assert lines[3] == "Note: for the shop"
    assert lines[4].startswith("Comes back ")
    assert lines[6] == f"⏳ {masked(code)}: waiting"
    [row] = await world.rows(handoffs)
    assert (row["receiver_id"], row["giver_id"]) == (world.mai.id, world.ana.id)
    assert code not in "\n".join(said(world))


async def test_a_second_tap_on_hand_over_leaves_the_receipt_as_it_is(world: World) -> None:
    await ready_to_import(world, world.browser.offer())
    await world.tap("Hand over")
    card = await world.tap("Mai")
    pressed = button_of(card, "✅ Hand over")
    await world.tap("✅ Hand over", message=card)
    said = card.text
    world.telegram.press(world.ana, card, pressed)
    await world.rest()
    assert world.popups()[-1] == "This button is out of date. The card shows the current state."
    assert card.text == said
    assert labels(card) == ["Withdraw", "Reassign"]


async def test_it_is_left_for_the_team_before_anything_is_chosen(world: World) -> None:
    world.browser.add_group("Shops EU")
    world.browser.add_group("Shops US")
    card = await world.say(" ".join(world.browser.offer() for _ in range(3)))
    assert "Which group?" in card.text
    await world.tap("Hand over")
    await world.tap("The team")
    assert card.text.startswith("Hand 3 codes over to the team?\n")
    assert "Your choices" not in card.text
    receipt = await world.tap("✅ Hand over")
    assert "For the team · " in receipt.text
    assert receipt.text.count(": waiting") == 3
    assert len(await world.rows(handoffs)) == 1


async def test_the_receiver_is_found_by_typing_and_can_be_changed(world: World) -> None:
    for number in range(5000, 5010):
        await world.say(f"/allow {number}")
    await ready_to_import(world, world.browser.offer())
    card = await world.tap("Hand over")
    assert "Page 1 of 2" in card.text
    await world.tap("Next ›")
    assert "Sam" in labels(card)
    card = await world.say("SA")
    assert labels(card) == ["Sam", "All", "👥 The team", "Back", "Cancel"]
    card = await world.say("nobody of that name")
    assert "Nobody has “nobody of that name” in their name." in card.text
    await world.tap("All")
    await world.tap("Next ›")
    await world.tap("Sam")
    await world.tap("Change receiver")
    await world.tap("Back")
    assert card.text.startswith("Hand this code over to Sam?")
    await world.tap("Back")
    assert card.text.startswith("Import this profile?")


async def test_a_note_holds_no_code_is_short_and_can_be_taken_away(world: World) -> None:
    code = world.browser.offer()
    await ready_to_import(world, code)
    await world.tap("Hand over")
    await world.tap("Mai")
    await world.tap("Note")
    card = await world.say("see 12345678-1234567")
    assert "Please type one without a transfer code." in card.text
    other = world.browser.offer()
    card = await world.say(f"this takes the place of {other}, which was wrong")
    assert "Please type one without a transfer code." in card.text
    assert masked(other) not in card.text
    # A code alone is one more to leave.
    card = await world.say(other)
    assert masked(other) in card.text
    card = await world.say("x" * 201)
    assert "A note can have at most 200 characters." in card.text
    card = await world.say("soon")
    await world.tap("Note")
    assert "What you type replaces this note: soon" in card.text
    await world.tap("No note")
    assert "soon" not in card.text
    assert "✅ Hand over" in labels(card)


async def test_a_forged_receiver_is_answered_as_an_old_button(world: World) -> None:
    await ready_to_import(world, world.browser.offer())
    card = await world.tap("Hand over")
    [row] = await world.rows(drafts)
    before = await snapshot(world)
    for number in (world.ana.id, 777, 10**17):
        forged = f"d:{row['id']}:{row['revision']}:receiver:{number}"
        world.telegram.press(world.ana, card, Button("?", forged))
        await world.rest()
        assert world.popups()[-1] == "This button is out of date. The card shows the current state."
    assert await snapshot(world) == before


async def test_who_was_removed_meanwhile_is_not_left_anything(world: World) -> None:
    await ready_to_import(world, world.browser.offer(), person=world.mai)
    await world.tap("Hand over", world.mai)
    await world.tap("Sam", world.mai)
    await world.say(f"/remove {STRANGER}")
    card = await world.tap("✅ Hand over", world.mai)
    assert "The person you chose can't import any more. Choose somebody else." in card.text
    assert "Who gets it?" in card.text
    assert await world.rows(handoffs) == []


async def test_who_was_removed_while_the_card_offers_them_is_not_offered_again(world: World) -> None:
    await ready_to_import(world, world.browser.offer(), person=world.mai)
    await world.tap("Hand over", world.mai)
    await world.say(f"/remove {STRANGER}")
    card = await world.tap("Sam", world.mai)
    assert "The person you chose can't import any more. Choose somebody else." in card.text
    assert labels(card) == ["Ana", "👥 The team", "Back", "Cancel"]
    await world.tap("Ana", world.mai)
    assert card.text.startswith("Hand this code over to Ana?\n")


async def test_whoever_sends_a_code_that_waits_is_told_who_left_it_and_may_take_their_own(world: World) -> None:
    code, other = world.browser.offer(), world.browser.offer()
    await leave(world, code, to="Mai")
    await leave(world, other, to="The team")
    told = await world.say(code)
    assert told.text == f"{masked(code)} was left by you for Mai.\nTo withdraw, see /given."
    assert labels(told) == []
    told = await world.say(code, world.mai)
    assert told.text == f"{masked(code)} was left by Ana for you."
    assert labels(told) == ["Take"]
    told = await world.say(f"{code} {other}", world.sam)
    assert told.text == f"{masked(code)} was left by Ana for Mai.\n{masked(other)} was left by Ana for the team."
    assert labels(told) == ["Take"]
    await take(world, world.mai, 1)
    assert (await world.say(code, world.sam)).text.endswith("was left by Ana for Mai. Taken by Mai.")
    told = await world.say("/import " + code, world.ana)
    assert told.text == f"{masked(code)} was left by you for Mai. Taken by Mai.\nTo withdraw, see /given."


async def test_so_is_who_changes_a_message_or_says_that_a_code_was_meant(world: World) -> None:
    code = world.browser.offer()
    await ready_to_import(world, world.browser.offer(), person=world.sam)
    sent = next(each for each in reversed(world.telegram.chat(world.sam.id).messages) if not each.from_bot)
    asked = await world.say(code.replace("-", ""), world.mai)
    assert "Did you mean" in asked.text
    await leave(world, code, to="Mai")
    # A code that was meant, and waits by now.
    await world.tap("Yes", world.mai, asked)
    [told] = [each for each in world.telegram.chat(world.mai.id).messages if "was left by Ana for you." in each.text]
    assert labels(told) == ["Take"]
    world.telegram.edit(world.sam, sent, f"{sent.text} {code}")
    await world.rest()
    assert f"{masked(code)} was left by Ana for Mai." in said(world, world.sam)


async def test_of_codes_that_somebody_has_already_only_the_others_are_left(world: World) -> None:
    drafted, free = world.browser.offer(), world.browser.offer()
    # Who begins an import has not confirmed it: others can begin the same.
    await ready_to_import(world, drafted, free)
    await ready_to_import(world, drafted, person=world.sam)
    await world.tap("Hand over")
    await world.tap("Mai")
    card = await world.tap("✅ Hand over")
    told = f"{masked(drafted)} is in an unfinished import of Sam."
    assert told in said(world)
    receipt = world.telegram.chat(world.ana.id).newest(lambda message: "Handed over" in message.text)
    assert card in (receipt, world.newest(world.ana.id))
    assert masked(free) in receipt.text
    assert masked(drafted) not in receipt.text


async def test_where_nothing_is_free_the_draft_stays_and_asks_for_other_codes(world: World) -> None:
    drafted = world.browser.offer()
    await ready_to_import(world, drafted)
    await ready_to_import(world, drafted, person=world.sam)
    await world.tap("Hand over")
    await world.tap("Mai")
    await world.tap("✅ Hand over")
    assert f"{masked(drafted)} is in an unfinished import of Sam." in said(world)
    assert "Send me a transfer code" in world.card().text
    assert await world.rows(handoffs) == []


async def test_what_was_sent_to_be_imported_meanwhile_is_told_and_stays_out(world: World) -> None:
    code = world.browser.offer("Shop")
    await ready_to_import(world, code, person=world.sam)
    await ready_to_import(world, code)
    await world.tap("✅ Import", world.sam)
    await world.tap("Hand over")
    await world.tap("Mai")
    await world.tap("✅ Hand over")
    assert any("was already imported by Sam: profile 1001" in text for text in said(world))
    assert await world.rows(handoffs) == []


async def test_a_draft_that_was_taken_says_from_whom_and_is_not_handed_on(world: World) -> None:
    await leave(world, world.browser.offer(), to="Mai")
    card = await take(world, world.mai)
    assert card.text.startswith("From Ana\n\nImport this profile?")
    assert "Hand over" not in labels(card)
    [row] = [row for row in await world.rows(drafts) if row["state"] == "open"]
    forged = f"d:{row['id']}:{row['revision']}:hand"
    world.telegram.press(world.mai, card, Button("?", forged))
    await world.rest()
    assert world.popups()[-1] == "This button is out of date. The card shows the current state."
    card = await world.tap("Cancel", world.mai)
    assert card.text == "Cancelled. Nothing was sent to ixBrowser. What Ana left waits again: see /inbox."
    assert labels(card) == ["New import"]
    # What waits for others again is nobody's to see.
    world.telegram.press(world.mai, card, Button("?", f"d:{row['id']}:{row['revision']}:codes"))
    await world.rest()
    assert world.popups()[-1] == "This button is out of date. The card shows the current state."


async def test_who_only_looks_on_is_offered_nothing_and_may_do_nothing(world: World) -> None:
    await leave(world, world.browser.offer(), to="Mai")
    await ready_to_import(world, world.browser.offer(), person=world.sam)
    card = world.card(world.sam)
    await world.say("/members")
    await world.tap("Sam")
    await world.tap("Demote")
    await world.tap("Yes")
    before = await snapshot(world)
    for action in ("withdraw", "reassign", "assign:team", "split:2", "import", "codes", "receipt", "what"):
        world.telegram.press(world.sam, card, Button("?", f"f:1:1:{action}"))
        await world.rest()
        assert world.popups()[-1].startswith("You can look at the team's imports")
    assert await snapshot(world) == before
