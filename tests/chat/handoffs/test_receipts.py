"""The receipt of codes that were left: what it says, and what is done by its buttons."""

from __future__ import annotations

import time

import pytest

from bot.chat.edit_pauses import PROGRESS_PAUSE
from bot.storage.handoff_tables import handoff_codes, handoffs
from bot.usecases.handoff_changes import show
from tests.standins.telegram_checks import Params
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import labels, refused_chat, said, snapshot
from tests.support.handoffs import decline, leave, newest_handoff, take
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("calm_log")

OLD = "This button is out of date. The card shows the current state."


def receipt(world: World, words: str) -> Message:
    """Ana's newest message with these words."""
    return world.telegram.chat(world.ana.id).newest(lambda message: words in message.text)


async def test_it_follows_the_code_to_the_imported_profile(world: World) -> None:
    world.browser.add_group("Shops EU")
    code = world.browser.offer("Shop")
    await world.say(code)
    await world.tap("Shops EU")
    await world.tap("Keep")
    await world.tap("Hand over")
    await world.tap("Mai")
    card = await world.tap("✅ Hand over")
    assert labels(card) == ["Withdraw", "Reassign"]
    await take(world, world.mai)
    assert card.text.startswith("✋ Taken, not confirmed yet.")
    assert ": taken by Mai, " in card.text
    await world.tap("✅ Import", world.mai)
    told = receipt(world, "Imported.")
    assert told is not card
    assert card.deleted
    assert not told.silent
    assert ": profile 1001 “Shop”\nGroup: Shops EU\nby Mai, " in told.text
    assert labels(told) == []
    assert code not in "\n".join(said(world))


async def test_what_changes_while_the_result_is_sent_rings_no_second_time(world: World) -> None:
    """As the profile's name does, which is often known a moment later."""
    await leave(world)
    await take(world, world.mai)
    telegram, number = world.telegram, await newest_handoff(world)
    handle = telegram.handle

    async def change_and_handle(token: str, method: str, params: Params) -> tuple[int, bytes]:
        if method == "sendMessage" and "Imported." in str(params["text"]):
            await world.app.store.write(lambda work: show(work, number))
        return await handle(token, method, params)

    telegram.handle = change_and_handle  # type: ignore[method-assign]  # in front of the one that is there
    await world.tap("✅ Import", world.mai)
    told = [each for each in telegram.chat(world.ana.id).messages if "by Mai, " in each.text and not each.silent]
    assert [each.deleted for each in told] == [False]


async def test_taking_it_back_edits_the_receipt_and_ends_the_draft_of_who_had_taken_it(world: World) -> None:
    card = await leave(world)
    theirs = await take(world, world.mai)
    count = len(said(world))
    await world.tap("Withdraw", message=card)
    assert card.text.startswith("↩️ Taken back.")
    assert labels(card) == ["Import", "Show code", "Reassign"]
    assert len(said(world)) == count
    assert theirs.text == "Ana has taken this back, so I closed it. Nothing was sent to ixBrowser."
    # A second press finds nothing to take back.
    world.telegram.press(world.ana, card, Button("?", "f:1:1:withdraw"))
    await world.rest()
    assert world.popups()[-1] == OLD
    assert card.text.startswith("↩️ Taken back.")


async def test_what_has_come_back_can_be_imported_shown_and_given_to_somebody_else(world: World) -> None:
    code = world.browser.offer("Shop")
    await leave(world, code)
    await decline(world, world.mai)
    card = receipt(world, "Came back to you.")
    assert ": declined by Mai, " in card.text
    assert not card.silent
    await world.tap("Show code", message=card)
    assert code in world.newest(world.ana.id).text
    await world.tap("Reassign", message=card)
    assert card.text == "Who gets this code instead?"
    assert labels(card) == ["Mai", "Sam", "👥 The team", "Back"]
    await world.tap("Back", message=card)
    assert card.text.startswith("↩️ Came back to you.")
    await world.tap("Reassign", message=card)
    await world.tap("Sam", message=card)
    assert card.text.startswith("⏳ Handed over, not taken yet.")
    assert "For: Sam · " in card.text
    await world.tap("Withdraw", message=card)
    mine = await world.tap("Import", message=card)
    assert mine.text.startswith("Import this profile?")
    assert "Hand over" in labels(mine)
    assert "“Shop”" in (await world.tap("✅ Import", message=mine)).text
    world.telegram.press(world.ana, card, Button("?", "f:1:9:codes"))
    await world.rest()
    assert world.popups()[-1].startswith("None of these codes is left.")


async def test_it_is_given_to_the_team_while_somebody_has_it(world: World) -> None:
    card = await leave(world)
    theirs = await take(world, world.mai)
    await world.tap("Reassign", message=card)
    await world.tap("The team", message=card)
    assert "For the team · " in card.text
    assert ": waiting" in card.text
    assert theirs.text == "This is for somebody else now, so I closed it. Nothing was sent to ixBrowser."


async def test_the_list_of_people_has_pages_and_a_forged_person_is_refused(world: World) -> None:
    for number in range(5000, 5010):
        await world.say(f"/allow {number}")
    card = await leave(world, to="5000")
    await world.tap("Reassign", message=card)
    await world.tap("Next ›", message=card)
    assert labels(card)[-4:] == ["Sam", "‹ Previous", "👥 The team", "Back"]
    before = await world.rows(handoffs)
    for person, popup in ((777, "This person can't import any more."), (world.ana.id, OLD), ("x", OLD)):
        world.telegram.press(world.ana, card, Button("?", f"f:1:1:assign:{person}"))
        await world.rest()
        assert world.popups()[-1].startswith(popup)
    assert await world.rows(handoffs) == before


async def test_several_codes_are_split_into_parts_with_a_receipt_each(world: World) -> None:
    card = await leave(world, *(world.browser.offer() for _ in range(5)), to="The team")
    assert labels(card) == ["Withdraw", "Reassign", "Split"]
    await world.tap("Split", message=card)
    assert card.text == "Split 5 codes into how many parts?\nEach is taken by itself."
    assert labels(card) == ["2", "3", "4", "5", "Back"]
    await world.tap("2", message=card)
    assert card.text.count(": waiting") == 3
    other = world.newest(world.ana.id)
    assert other is not card
    assert other.text.count(": waiting") == 2
    assert len(await world.rows(handoffs)) == 2
    await take(world, world.mai, await newest_handoff(world))
    await world.tap("✅ Import", world.mai)
    # Who has imported both, and into which group, is said once.
    whole = receipt(world, "All 2 imported.").text
    assert [whole.count(words) for words in (": profile ", "Group: Default", "by Mai, ")] == [2, 1, 1]
    assert card.text.count(": waiting") == 3
    # As it was shown before it changed.
    world.telegram.press(world.ana, card, Button("?", "f:1:1:split:3"))
    await world.rest()
    assert world.popups()[-1] == OLD


async def test_some_of_several_come_to_an_end_before_the_others(world: World) -> None:
    good = [world.browser.offer(name) for name in ("One", "Two")]
    await leave(world, *good, "99999999-99999999", to="Mai")
    await take(world, world.mai)
    await world.tap("✅ Import", world.mai)
    card = receipt(world, "2 of 3 imported")
    lines = card.text.split("\n")
    assert lines[4].startswith("❌ 9999••••-••••9999: ixBrowser says that this code is wrong.")
    assert "(error 110002)" in lines[4]
    assert labels(card) == ["Import", "Show code", "Reassign"]


async def test_of_many_codes_some_lines_are_shown_and_the_others_counted(world: World) -> None:
    card = await leave(world, *(world.browser.offer() for _ in range(25)), to="The team")
    assert card.text.count(": waiting") == 20
    assert card.text.endswith("and 5 more\n5 waiting")


async def test_who_can_not_be_told_is_named_at_once(world: World) -> None:
    with refused_chat(world, world.sam.id, 403, "Forbidden: bot was blocked by the user"):
        card = await leave(world, to="Sam")
        await world.rest()
        assert card.text.endswith(
            "⚠️ Sam hasn't opened the bot, or has blocked it, so I can't tell them. Ask them to start me, or tap "
            "Reassign."
        )
        await world.tap("Reassign", message=card)
        await world.tap("Mai", message=card)
        assert "hasn't opened" not in card.text


async def test_once_they_can_be_told_the_receipt_says_so_no_more(world: World) -> None:
    with refused_chat(world, world.sam.id, 403, "Forbidden: bot was blocked by the user"):
        card = await leave(world, to="Sam")
        await world.rest()
        assert "hasn't opened the bot" in card.text
    await world.say("/start", world.sam)
    await world.rest()
    assert "hasn't opened the bot" not in card.text


async def test_who_may_only_look_on_by_now_has_no_buttons_on_it(world: World) -> None:
    card = await leave(world, to="Sam", giver=world.mai)
    assert labels(card) == ["Withdraw", "Reassign"]
    await world.say("/members")
    for label in ("Mai", "Demote", "Yes"):
        await world.tap(label)
    assert labels(card) == []
    for label in ("Back", "Mai", "Promote", "Yes"):
        await world.tap(label)
    assert labels(card) == ["Withdraw", "Reassign"]


async def test_only_its_owner_and_admins_get_anywhere(world: World) -> None:
    await leave(world, world.browser.offer(), world.browser.offer(), to="The team", giver=world.mai)
    theirs = world.card(world.mai)
    await world.say("/start", world.sam)
    screen = await world.say("/start", world.sam)
    before = await snapshot(world)
    for action in ("withdraw", "reassign", "assign:team", "split", "split:2", "import", "codes", "receipt"):
        world.telegram.press(world.sam, screen, Button("?", f"f:1:1:{action}"))
        await world.rest()
        assert world.popups()[-1] == "This card belongs to somebody else."
    screen = await world.say("/start")
    for action in ("withdraw", "import", "codes"):
        world.telegram.press(world.ana, screen, Button("?", f"f:1:1:{action}"))
        await world.rest()
        assert world.popups()[-1] == "This card belongs to somebody else."
    assert (await snapshot(world))["handoffs"] == before["handoffs"]
    # An admin may give it to somebody else.
    screen = await world.say("/start")
    world.telegram.press(world.ana, screen, Button("?", "f:1:1:assign:1003"))
    await world.rest()
    assert "For: Sam · " in theirs.text
    # Of what is somebody else's it is said from whom.
    assert "\n\nFrom Mai\nFor: Sam · " in screen.text
    assert labels(screen) == ["Reassign", "Split"]
    for number in (99, 10**17):
        world.telegram.press(world.ana, screen, Button("?", f"f:{number}:1:reassign"))
        await world.rest()
        assert world.popups()[-1] == OLD
    assert [row["handoff_id"] for row in await world.rows(handoff_codes)] == [1, 1]


async def test_progress_does_not_flood_the_chat(world: World) -> None:
    """What is being imported changes again and again: such a receipt waits between two edits."""
    await leave(world, *(world.browser.offer() for _ in range(10)), to="Mai")
    await take(world, world.mai)
    world.telegram.calls.clear()
    began = time.monotonic()
    await world.tap("✅ Import", world.mai)
    pauses = (time.monotonic() - began) / PROGRESS_PAUSE
    edits = [params for method, params in world.telegram.calls if method == "editMessageText"]
    # One when they are confirmed, one when the first is sent, one after each pause, and the last; ten are imported.
    assert len([params for params in edits if params["chat_id"] == world.ana.id]) <= 4 + pauses


async def test_of_who_was_removed_an_admin_gets_what_they_have_left(world: World) -> None:
    theirs = await leave(world, to="Sam", giver=world.mai)
    await world.say("/members")
    for label in ("Mai", "Remove", "Yes"):
        await world.tap(label)
    # They are shown nothing of it any more.
    assert theirs.deleted
    card = receipt(world, "Handed over, not taken yet.")
    assert "\n\nFrom Mai\nFor: Sam · " in card.text
    await take(world, world.sam)
    await world.tap("✅ Import", world.sam)
    assert "by Sam, " in receipt(world, "Imported.").text
    assert "Imported" not in "\n".join(said(world, world.mai))


async def test_people_of_the_same_name_are_told_apart(world: World) -> None:
    world.sam.first_name = "Mai"
    await world.say("/help", world.sam)
    card = await leave(world, to="The team")
    await world.tap("Reassign", message=card)
    assert labels(card) == ["Mai (1002)", "Mai (1003)", "👥 The team", "Back"]
    world.sam.first_name = "<b>&amp;"
    await world.say("/help", world.sam)
    await world.tap("Back", message=card)
    await world.tap("Reassign", message=card)
    assert labels(card) == ["<b>&amp;", "Mai", "👥 The team", "Back"]
    await world.tap("<b>&amp;", message=card)
    assert "For: <b>&amp; · " in card.text
