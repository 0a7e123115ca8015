"""Somebody is removed from a team while they do something, as it is told from the screens of all of them."""

from __future__ import annotations

from bot.chat.invitations import texts as invitations
from bot.chat.members import texts as members
from bot.chat.texts import problem
from bot.domain.import_state import Status
from bot.usecases.buttons import Problem
from bot.usecases.records import Role
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import slow
from tests.stories.phone import SUPERGROUP, seen
from tests.stories.team import Team, imports_a_code, ready_to_import, said, team_story
from tests.support.chatting import all_run, snapshot, substance, until, until_ended


@team_story()
async def removed_in_the_middle_of_drafts_and_let_in_again(team: Team) -> None:
    """One in private and one in a group chat; within an hour of having been let in."""
    kim, mai = await team.member(role=Role.ADMIN), await team.member("Mai")
    group = team.world.telegram.add_group(SUPERGROUP, "Zorvex")
    await mai.send(mai.code())
    team.world.telegram.say(mai.person, f"/import {mai.code()}", group)
    await mai.rest()
    drafts = [team.card(mai), group.card]
    buttons = [(card, button) for card in drafts for button in card.all_buttons]
    team.all_heard()
    await team.remove(team.ana, mai)
    assert team.news(mai) == said(members.told(mai.t, Role.MEMBER, None))
    assert [card.all_buttons for card in drafts] == [[], []]
    assert team.news(kim) == []
    await team.has_commands_of(mai, None)

    before = await snapshot(team.world)
    for card, button in buttons:
        team.world.telegram.press(mai.person, card, button)
    await mai.rest()
    assert await snapshot(team.world) == before
    assert team.world.telegram.unanswered == {}

    await team.ask(mai)
    assert len(team.news(mai)) == 1
    await kim.tap("allow")
    await team.has_commands_of(mai, Role.MEMBER)
    team.all_heard()
    # What was begun before is over for good.
    ended = substance(await snapshot(team.world))
    for card, button in buttons:
        team.world.telegram.press(mai.person, card, button)
    await mai.rest()
    assert substance(await snapshot(team.world)) == ended
    assert team.world.browser.imports == []
    await imports_a_code(mai)


@team_story(ixbrowser_timeout=60, ixbrowser_concurrency=1)
async def removed_while_one_import_is_sent_and_others_wait(team: Team) -> None:
    """The admin who has done it gets the codes, and nobody else does, also not the person who comes back."""
    world, clock = team.world, team.clock
    kim, mai = await team.member(role=Role.ADMIN), await team.member("Mai")
    link = await team.invite(kim, ("uses", "5"))
    codes = [mai.code() for _ in range(3)]
    await ready_to_import(mai, *codes)
    card = team.card(mai)
    team.all_heard()
    world.browser.fail(IMPORT, slow(before=30))
    mai.press("import")
    await until(world, clock, lambda: len(world.browser.imports) == 1)
    old = card.all_buttons
    world.telegram.say(team.ana.person, f"/remove {mai.person.id}")
    await all_run(world)
    rows = await until_ended(world, clock)
    sent = world.browser.imports[0]["transfer_code"]
    assert {row["code"]: row["status"] for row in rows} == {
        code: Status.IMPORTED if code == sent else Status.CANCELLED for code in codes
    }
    assert seen(members.told(mai.t, Role.MEMBER, None)) in team.news(mai)
    kept = seen(members.codes_kept(team.ana.t, "Mai", 2, 1))
    assert kept in team.news(team.ana)
    assert team.news(kim) == []
    left = [code for code in codes if code != sent]

    # They come back by a link that is newer, and what they had before does nothing.
    await mai.follow(link)
    assert team.news(mai)[-1] != seen(invitations.welcome(mai.t, "Mai", Role.MEMBER))
    clock.jump(1)
    await mai.follow(await team.invite(kim))
    team.all_heard()
    card = next(message for message in mai.chat.messages if "🚫" in message.text and not message.deleted)
    before = substance(await snapshot(world))
    for button in (*old, *(button for button in card.all_buttons if "again" in str(button.callback_data))):
        world.telegram.press(mai.person, card, button)
        await mai.rest()
        assert team.popup(mai) == seen(problem(mai.t, Problem.OLD_BUTTON))
    assert substance(await snapshot(world)) == before

    team.ana.press("codes")
    await until(world, clock, lambda: "\n".join(left) in team.news(team.ana), seconds=5, step=0.1)
    told = [message.text for phone in (kim, mai) for message in phone.chat.messages if message.from_bot]
    assert not any(code in text for text in told for code in left)


STORIES = (removed_in_the_middle_of_drafts_and_let_in_again, removed_while_one_import_is_sent_and_others_wait)
