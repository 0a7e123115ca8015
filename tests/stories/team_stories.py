"""What people of a team do with one another, as it is told from the screens of all of them: asking, inviting, roles."""

from __future__ import annotations

from bot.chat import words
from bot.chat.access import texts as access
from bot.chat.invitations import texts as invitations
from bot.chat.invitations.texts import refused
from bot.chat.members import texts as members
from bot.chat.texts import not_allowed
from bot.usecases.access_requests import Asked, Standing
from bot.usecases.joining import Refusal
from bot.usecases.records import Role
from tests.standins.telegram_state import Button
from tests.stories.phone import SUPERGROUP, Phone, seen
from tests.stories.team import HOUR, WEEK, Team, imports_a_code, said, team_story
from tests.support.chatting import labels

OWNER = "Zorvex"


def answers(t_of: Phone) -> list[str]:
    return said(access.allow(t_of.t), access.refuse(t_of.t))


# --- asking -----------------------------------------------------------------------------------------------------------


@team_story(owner=OWNER)
async def let_in_by_one_of_two_admins_who_tap_at_once(team: Team) -> None:
    kim = await team.member("Mai", Role.ADMIN)
    sam = team.somebody()
    await team.has_commands_of(sam, None)
    await team.ask(sam)
    [greeting] = team.news(sam)
    assert greeting.startswith(seen(access.standing(sam.t, Asked(Standing.ASKED))))
    admins = (team.ana, kim)
    cards = {admin.person.id: team.card(admin) for admin in admins}
    for admin in admins:
        [asked] = team.news(admin)
        assert str(sam.person.id) in asked
        assert labels(team.card(admin)) == answers(admin)
    for admin in admins:
        admin.press("allow")
    await sam.rest()
    [first] = [admin for admin in admins if not team.popup(admin)]
    for admin in admins:
        card = cards[admin.person.id]
        assert first.person.first_name in card.text.splitlines()[-1]
        assert labels(card) == []
        assert team.news(admin) == []
        assert first is admin or first.person.first_name in team.popup(admin)
    assert team.news(sam) == said(members.told(sam.t, None, Role.MEMBER))
    await team.has_commands_of(sam, Role.MEMBER)
    await imports_a_code(sam)


@team_story()
async def refused_asks_too_early_and_again_after_a_week(team: Team) -> None:
    sam = team.somebody()
    await sam.command("/start")
    team.clock.jump(HOUR)
    await team.ask(sam)
    [first, _] = [message for message in sam.chat.messages if message.from_bot]
    team.all_heard()
    await team.ana.tap("refuse")
    assert team.news(sam) == said(access.refused(sam.t))
    assert labels(team.newest(team.ana)) == []

    # By the button of an hour ago, and by writing.
    sam.world.telegram.press(sam.person, first, first.all_buttons[0])
    await sam.rest()
    until = team.popup(sam)
    assert until != seen(access.standing(sam.t, Asked(Standing.ASKED)))
    team.clock.jump(HOUR)
    await sam.command("/start")
    [told] = team.news(sam)
    assert until in told
    assert labels(team.newest(sam)) == []
    assert team.news(team.ana) == []

    team.clock.jump(WEEK)
    await team.ask(sam)
    [card] = team.news(team.ana)
    assert str(sam.person.id) in card
    team.news(sam)
    await team.ana.tap("allow")
    assert team.news(sam) == said(members.told(sam.t, None, Role.MEMBER))
    await imports_a_code(sam)


@team_story()
async def who_asks_and_then_comes_by_a_link_is_welcomed_once(team: Team) -> None:
    """The request is over on every admin's card, and nobody can refuse it any more."""
    kim = await team.member("Mai", Role.ADMIN)
    sam = team.somebody()
    await team.ask(sam)
    asked = {admin.person.id: team.card(admin) for admin in (team.ana, kim)}
    refuse = asked[kim.person.id].all_buttons[1]
    link = await team.invite(team.ana, ("role", "viewer"))
    team.all_heard()
    await sam.follow(link)
    assert team.news(sam) == said(invitations.welcome(sam.t, sam.person.first_name, Role.VIEWER))
    for admin in (team.ana, kim):
        assert labels(asked[admin.person.id]) == []
        assert "Ana" in asked[admin.person.id].text.splitlines()[-1]
        [came] = team.news(admin)
        assert str(sam.person.id) in came
    team.world.telegram.press(kim.person, asked[kim.person.id], refuse)
    await kim.rest()
    assert team.news(sam) == []
    await team.has_commands_of(sam, Role.VIEWER)

    # What stood on their screen before says what they are now.
    greeting = next(message for message in sam.chat.messages if message.from_bot)
    team.world.telegram.press(sam.person, greeting, Button("?", "a:0:0:ask"))
    await sam.rest()
    assert team.popup(sam) == seen(not_allowed(sam.t, viewer=True))


@team_story()
async def let_in_by_a_command(team: Team) -> None:
    """Who has asked is called by their name, and told in their language; who has never written, in the admin's."""
    sam, late = team.somebody(), team.somebody(started=False)
    await team.ask(sam)
    team.all_heard()
    await team.ana.command(f"/allow {sam.person.id}")
    assert team.news(sam) == said(members.told(sam.t, None, Role.MEMBER))
    assert labels(team.card(team.ana)) == [words.new_import(team.ana.t)]
    await team.ana.command(f"/allow {late.person.id}")
    await team.ana.command("/members")
    page = team.newest(team.ana)
    assert [label for label in labels(page) if label != "Ana"] == [sam.person.first_name, str(late.person.id)]
    late.language = team.ana.language
    late.person.language_code = team.ana.language.tag
    await late.command("/start")
    assert team.news(late)[0] == seen(members.told(team.ana.t, None, Role.MEMBER))
    for phone in (sam, late):
        await team.has_commands_of(phone, Role.MEMBER)


# --- invitations ------------------------------------------------------------------------------------------------------


@team_story()
async def a_link_is_used_twice_and_another_is_revoked(team: Team) -> None:
    kim = await team.member("Mai", Role.ADMIN)
    sam, late = team.somebody(), team.somebody()
    link = await team.invite(team.ana)
    given = team.newest(team.ana)
    team.all_heard()
    await sam.follow(link)
    assert team.news(sam) == said(invitations.welcome(sam.t, sam.person.first_name, Role.MEMBER))
    assert link not in given.text
    for admin in (team.ana, kim):
        [came] = team.news(admin)
        assert str(sam.person.id) in came
    await late.follow(link)
    [told] = team.news(late)
    assert told.startswith(seen(refused(Refusal.USED_UP)(late.t)))
    # By who has come by it, and by a member.
    for member in (sam, kim):
        await member.follow(link)
        assert team.news(member) == said(refused(Refusal.ALREADY)(member.t))

    second = await team.invite(kim)
    await kim.tap("revoke")
    assert second not in "".join(message.text for message in kim.chat.messages)
    team.all_heard()
    await late.follow(second)
    [told] = team.news(late)
    assert told.startswith(seen(refused(Refusal.REVOKED)(late.t)))
    assert team.news(team.ana) == []
    await team.has_commands_of(sam, Role.MEMBER)
    await team.has_commands_of(late, None)
    await imports_a_code(sam)


@team_story(strangers="silent")
async def silent_answers_nobody_but_by_a_link_that_is_valid(team: Team) -> None:
    sam = team.somebody()
    link = await team.invite(team.ana)
    revoked = await team.invite(team.ana)
    await team.ana.tap("revoke")
    for text in ("/start", "/help", sam.code()):
        await sam.command(text)
    await sam.follow(revoked)
    team.world.telegram.press(sam.person, team.newest(team.ana), Button("?", "a:0:0:ask"))
    await sam.rest()
    assert team.news(sam) == []
    assert team.popup(sam) == ""
    assert team.world.telegram.unanswered == {}
    await sam.follow(link)
    assert team.news(sam) == said(invitations.welcome(sam.t, sam.person.first_name, Role.MEMBER))
    await team.remove(team.ana, sam)
    assert team.news(sam) == said(members.told(sam.t, Role.MEMBER, None))
    await sam.follow(link)
    await sam.command("/start")
    assert team.news(sam) == []


@team_story()
async def promoted_invites_and_is_demoted(team: Team) -> None:
    """Their link is dead, and what admins have on their screens is gone from theirs."""
    kim, sam, late = await team.member("Mai"), team.somebody(), team.somebody()
    await team.ask(sam)
    team.world.telegram.add_group(SUPERGROUP, "Zorvex", added_by=late.person)
    await late.rest()
    team.all_heard()
    await team.change_role(team.ana, kim, Role.MEMBER, Role.ADMIN)
    told, *cards = team.news(kim)
    assert told == seen(members.told(kim.t, Role.MEMBER, Role.ADMIN))
    # What waits for an answer is asked of them too.
    assert [str(sam.person.id) in card for card in cards] == [True, False]
    assert "Zorvex" in cards[1]
    await team.has_commands_of(kim, Role.ADMIN)

    link = await team.invite(kim)
    team.all_heard()
    await team.change_role(team.ana, kim, Role.ADMIN, Role.MEMBER)
    assert team.news(kim) == said(members.told(kim.t, Role.ADMIN, Role.MEMBER))
    left = [message for message in kim.chat.messages if message.from_bot and not message.deleted]
    assert not any(link in message.text for message in left)
    await team.has_commands_of(kim, Role.MEMBER)
    await late.follow(link)
    [told] = team.news(late)
    assert told.startswith(seen(refused(Refusal.REVOKED)(late.t)))
    # Whatever they can still press is answered, and does nothing.
    for message in left:
        for button in message.all_buttons:
            if (button.callback_data or "").startswith(("a:", "g:", "m:", "u:", "v:")):
                team.world.telegram.press(kim.person, message, button)
                await kim.rest()
                assert team.popup(kim) == seen(not_allowed(kim.t, viewer=False))
    await team.ana.tap("refuse")
    assert team.news(kim) == []
    await imports_a_code(kim)


STORIES = (
    let_in_by_one_of_two_admins_who_tap_at_once,
    refused_asks_too_early_and_again_after_a_week,
    who_asks_and_then_comes_by_a_link_is_welcomed_once,
    let_in_by_a_command,
    a_link_is_used_twice_and_another_is_revoked,
    silent_answers_nobody_but_by_a_link_that_is_valid,
    promoted_invites_and_is_demoted,
)
