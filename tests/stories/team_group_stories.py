"""What people of a team and strangers do with group chats, as it is told from the screens of all of them."""

from __future__ import annotations

from bot.chat.group_chats import texts as groups
from bot.chat.texts import not_allowed, problem
from bot.usecases.buttons import Problem
from bot.usecases.records import Role
from tests.stories.phone import SUPERGROUP, seen
from tests.stories.team import Team, said, team_story
from tests.stories.telling import is_imported


@team_story()
async def a_strangers_group_is_asked_about_and_allowed(team: Team) -> None:
    mai = await team.member("Mai")
    watching = await team.member(role=Role.VIEWER)
    sam = team.somebody()
    group = team.world.telegram.add_group(SUPERGROUP, "Zorvex", added_by=sam.person)
    for phone in (sam, mai):
        team.world.telegram.say(phone.person, f"/import {phone.code()}", group)
    await sam.rest()
    assert [message for message in group.messages if message.from_bot] == []
    [asked] = team.news(team.ana)
    assert sam.person.first_name in asked
    await team.ana.tap("allow")
    assert "Ana" in team.newest(team.ana).text
    greetings = [message.text for message in group.messages if message.from_bot]
    assert greetings == said(groups.greeting(team.ana.t))

    # It works there for members, and gives nobody rights.
    for phone in (sam, watching):
        team.world.telegram.say(phone.person, f"/import {phone.code()}", group)
    await sam.rest()
    answered = [message.text for message in group.messages if message.from_bot][1:]
    assert answered == said(not_allowed(watching.t, viewer=True))
    code = mai.code()
    team.world.telegram.say(mai.person, f"/import {code}", group)
    await mai.rest()
    card = group.card
    for phone in (sam, watching):
        team.world.telegram.press(phone.person, card, card.all_buttons[0])
    await sam.rest()
    assert [team.popup(sam), team.popup(watching)] == ["", seen(not_allowed(watching.t, viewer=True))]
    await team.tap_in(group, mai, "proxy", "keep")
    await team.tap_in(group, mai, "import")
    await is_imported(mai, code)
    assert [team.news(phone) for phone in (sam, watching)] == [[], []]


@team_story()
async def a_strangers_group_is_refused_and_left(team: Team) -> None:
    kim = await team.member("Mai", Role.ADMIN)
    sam = team.somebody()
    group = team.world.telegram.add_group(SUPERGROUP, "Zorvex", added_by=sam.person)
    await sam.rest()
    cards = {admin.person.id: team.card(admin) for admin in (team.ana, kim)}
    for admin in (team.ana, kim):
        admin.press("refuse")
    await kim.rest()
    assert group.closed is not None
    assert [message for message in group.messages if message.from_bot] == []
    [first, second] = sorted((team.ana, kim), key=team.popup)
    assert all(first.person.first_name in card.text and not card.all_buttons for card in cards.values())
    assert [team.popup(first), team.popup(second)] == ["", seen(problem(second.t, Problem.OLD_BUTTON))]
    team.all_heard()
    team.world.telegram.membership.bring(sam.person, group)
    await sam.rest()
    assert group.closed is not None
    assert [team.news(phone) for phone in team.phones] == [[], [], []]


STORIES = (a_strangers_group_is_asked_about_and_allowed, a_strangers_group_is_refused_and_left)
