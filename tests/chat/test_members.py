"""``/members`` told from the screens: who is shown, who gets which role, and who is removed."""

from __future__ import annotations

import pytest

from bot.usecases.members import PAGE_SIZE
from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import GROUP, imported, labels, ready_to_import, said, snapshot
from tests.support.members import opened, role_of
from tests.support.world import ADMIN, MEMBER, World

pytestmark = pytest.mark.usefixtures("calm_log")

VIEWERS_MENU = ["history", "cancel", "language", "timezone", "help"]
LOOK_ONLY = "You can look at the team's imports with /history. To import, ask an admin."


@pytest.fixture
async def team(world: World) -> World:
    """Ana is an admin by the settings; Mai is a member, and has been here."""
    await world.let_in(world.mai)
    await world.say("/start", world.mai)
    return world


async def give(world: World, *ways: str) -> Message:
    """Promote or demote Mai so often, with the second tap."""
    card = await opened(world)
    for way in ways:
        await world.tap(way, message=card)
        await world.tap("Yes", message=card)
    return card


def menu(telegram: FakeTelegram, user_id: int) -> list[str]:
    return [entry["command"] for entry in telegram.menu({"type": "chat", "chat_id": user_id})]


# --- what is shown ----------------------------------------------------------------------------------------------------


async def test_one_screen_has_everyone_with_a_button(team: World) -> None:
    await imported(team, person=team.mai)
    await team.say("/allow 777")
    page = await team.say("/members")
    lines = page.text.split("\n\n")
    assert lines[0] == "Who may use this bot"
    assert lines[1].startswith("Ana, admin by the settings\n0 imports, last seen ")
    assert lines[2].startswith("Mai, member\n1 import, last seen ")
    assert lines[3] == "777, member\n0 imports\n⚠️ has never started this bot, so I can't write to them"
    assert labels(page) == ["Ana", "Mai", "777"]


async def test_a_persons_page_says_who_they_are_and_what_can_be_done(team: World) -> None:
    team.mai.username = "mai_n"
    await team.say("/help", team.mai)
    page = await opened(team)
    assert page.text.startswith(f"Mai, member\n@mai_n\nID: {MEMBER}\n0 imports, last seen ")
    assert labels(page) == ["Promote", "Demote", "Remove", "Back"]
    await team.tap("Back", message=page)
    assert page.text.startswith("Who may use this bot")
    assert len(said(team)) == len({message.id for message in team.telegram.chat(ADMIN).messages if message.from_bot})


async def test_who_is_an_admin_by_the_settings_is_said_to_stay_one(team: World) -> None:
    page = await opened(team, "Ana")
    assert "is an admin by the setting ADMIN_IDS" in page.text
    assert labels(page) == ["Back"]
    before = await snapshot(team)
    for action in ("remove:admin", "remove_yes:admin", "role:admin_member", "role_yes:admin_member"):
        team.telegram.press(team.ana, page, Button("?", f"m:{ADMIN}:0:{action}"))
        await team.rest()
        assert team.popups()[-1] != ""
    assert await snapshot(team) == before


async def test_a_long_list_is_turned_by_buttons(team: World) -> None:
    for number in range(5000, 5000 + 2 * PAGE_SIZE):
        await team.say(f"/allow {number}")
    page = await team.say("/members")
    seen = [label for label in labels(page) if label != "Next ›"]
    while "Next ›" in labels(page):
        await team.tap("Next ›", message=page)
        seen += [label for label in labels(page) if label not in {"Next ›", "‹ Previous"}]
    assert seen == ["Ana", "Mai", *map(str, range(5000, 5000 + 2 * PAGE_SIZE))]
    await team.tap("‹ Previous", message=page)
    assert "‹ Previous" in labels(page)


async def test_names_are_shown_as_they_are_and_cut(team: World) -> None:
    team.mai.first_name = "<b>&amp; " + "🛒" * 200
    await team.say("/help", team.mai)
    page = await team.say("/members")
    assert "<b>&amp; 🛒" in page.text
    page = await team.tap("<b>&amp;")
    await team.tap("Remove", message=page)
    assert page.text.startswith("Remove <b>&amp; 🛒")


async def test_in_a_group_chat_nobody_is_shown(team: World) -> None:
    group = team.telegram.add_group(GROUP, "Team")
    team.telegram.say(team.ana, "/members", group)
    await team.rest()
    assert group.answer.text == "I show who may use this bot in private only. Send me /members there."
    team.telegram.press(team.ana, group.answer, Button("?", f"m:{MEMBER}:0:person"))
    await team.rest()
    assert "Mai" not in group.answer.text
    assert team.popups() == ["This button is out of date. The card shows the current state."]


async def test_nobody_but_an_admin_sees_it(team: World) -> None:
    assert (await team.say("/members", team.mai)).text == "Only an admin can do this."
    before = await snapshot(team)
    card = team.newest(MEMBER)
    for action in ("page", "person", "role:member_admin", "role_yes:member_admin", "remove_yes:member", "codes"):
        team.telegram.press(team.mai, card, Button("?", f"m:{MEMBER}:0:{action}"))
        await team.rest()
    assert team.popups() == ["Only an admin can do this."] * 6
    assert await snapshot(team) == before


# --- roles ------------------------------------------------------------------------------------------------------------


async def test_a_member_becomes_an_admin_and_a_member_again_and_is_told_each_time(team: World) -> None:
    card = await opened(team)
    await team.tap("Promote", message=card)
    assert card.text == "Make Mai an admin?\nThen they can give people access and remove them, even other admins."
    assert await role_of(team) == Role.MEMBER
    await team.tap("Yes", message=card)
    assert await role_of(team) == Role.ADMIN
    assert team.popups() == ["Done. Mai: admin."]
    assert team.newest(MEMBER).text.startswith("You are an admin of this bot now. /members shows who may use it")
    await team.telegram.settled(lambda: "members" in menu(team.telegram, MEMBER))
    assert labels(card) == ["Demote", "Remove", "Back"]

    list_of_mai = await team.say("/members", team.mai)
    await team.tap("Demote", message=card)
    await team.tap("Yes", message=card)
    assert await role_of(team) == Role.MEMBER
    assert team.newest(MEMBER).text.startswith("You are no longer an admin of this bot. You can go on importing")
    await team.telegram.settled(lambda: "members" not in menu(team.telegram, MEMBER))
    before = await snapshot(team)
    await team.tap("Ana", team.mai, list_of_mai)
    assert team.popups()[-1] == "Only an admin can do this."
    assert await snapshot(team) == before


async def test_no_and_no_second_tap_change_nothing(team: World) -> None:
    before = await snapshot(team)
    for what in ("Promote", "Demote", "Remove"):
        card = await opened(team)
        page = card.text
        await team.tap(what, message=card)
        assert labels(card) == ["Yes", "No"]
        await team.tap("No", message=card)
        assert card.text == page
    await team.tap("Remove", message=card)
    assert await snapshot(team) == before


async def test_an_answer_to_an_old_question_changes_nothing(team: World) -> None:
    card = await opened(team)
    await team.tap("Remove", message=card)
    await give(team, "Promote")
    await team.tap("Yes", message=card)
    assert team.popups()[-1] == "This button is out of date. The card shows the current state."
    assert card.text.startswith("Mai, admin")
    assert await role_of(team) == Role.ADMIN


async def test_a_double_tap_on_yes_is_one(team: World) -> None:
    card = await opened(team)
    await team.tap("Promote", message=card)
    yes = card.button("Yes")
    for _ in range(2):
        team.telegram.press(team.ana, card, yes)
    await team.rest()
    assert await role_of(team) == Role.ADMIN
    assert sum("You are an admin" in text for text in said(team, team.mai)) == 1


async def test_what_a_viewer_sees(team: World) -> None:
    await imported(team, team.browser.offer("Shop Berlin"))
    await give(team, "Demote")
    assert team.newest(MEMBER).text.startswith("You can't import any more. You can still look at the team's imports")
    await team.telegram.settled(lambda: menu(team.telegram, MEMBER) == VIEWERS_MENU)
    assert team.telegram.menu({"type": "chat", "chat_id": MEMBER})[0]["description"] == "the team's imports"

    greeted = await team.say("/start", team.mai)
    assert greeted.text.startswith("Hello Mai!")
    assert labels(greeted) == []
    helped = await team.say("/help", team.mai)
    assert labels(helped) == []
    assert "/import" not in helped.text
    history = await team.say("/history", team.mai)
    assert "“Shop Berlin”" in history.text
    assert labels(history) == ["Mine", "Find"]
    assert "Times" in (await team.say("/timezone", team.mai)).text or "time" in team.newest(MEMBER).text

    before = await snapshot(team)
    code = team.browser.offer()
    for text in (code, f"/import {code}", f"/start {code}", "socks5://ana:hunter2@203.0.113.7:1080", "hi", "/x"):
        assert (await team.say(text, team.mai)).text == LOOK_ONLY
        typed = [message for message in team.telegram.chat(MEMBER).messages if not message.from_bot][-1]
        assert not typed.deleted
    team.telegram.send_photo(team.mai, "")
    await team.rest()
    assert team.newest(MEMBER).text == LOOK_ONLY
    assert await snapshot(team) == before


async def test_in_a_group_chat_a_viewer_is_answered_only_where_the_bot_is_meant(team: World) -> None:
    await give(team, "Demote")
    group = team.telegram.add_group(GROUP, "Team")
    for text in ("good morning", team.browser.offer(), "/ban"):
        team.telegram.say(team.mai, text, group)
    await team.rest()
    assert said(team, group) == []
    for text in ("/import", f"@{team.telegram.bot.username} hello"):
        team.telegram.say(team.mai, text, group)
        await team.rest()
        assert group.answer.text == LOOK_ONLY
    team.telegram.say(team.mai, "/history", group)
    await team.rest()
    assert group.answer.text == "You have not imported anything yet."


async def test_who_becomes_a_viewer_has_drafts_put_away_and_imports_go_on(team: World) -> None:
    await ready_to_import(team, team.browser.offer("Shop Berlin"), person=team.mai)
    team.browser.running = False
    waiting = await team.tap("✅ Import", team.mai)
    card = await team.say(team.browser.offer(), team.mai)
    buttons = card.all_buttons
    await give(team, "Demote")
    assert card.text == "You can't import any more, so I closed this. Nothing was sent to ixBrowser."
    assert labels(card) == []
    for button in buttons:
        team.telegram.press(team.mai, card, button)
    await team.rest()
    assert set(team.popups()[-len(buttons) :]) == {LOOK_ONLY}
    assert [row["status"] for row in await team.log()] == ["queued"]
    # What waits is theirs to end: nobody else can.
    await team.say("/cancel", team.mai)
    assert labels(team.newest(MEMBER)) == [f"Waiting: {(await team.log())[0]['code_mask']}", "Keep everything"]
    await team.tap("Cancel", team.mai, waiting)
    assert [row["status"] for row in await team.log()] == ["cancelled"]
    assert (await team.say("/cancel", team.mai)).text == "There is nothing to cancel."
