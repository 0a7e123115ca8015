"""Codes that were posted in a group chat, where everybody reads them, and are left for one person there."""

from __future__ import annotations

from bot.chat.drafting.replies import code_stays
from bot.chat.handoffs.hand_over_texts import handed_over
from tests.stories.handing import handoff_story, team_of
from tests.stories.phone import SUPERGROUP, seen
from tests.stories.team import Team
from tests.stories.telling import is_imported
from tests.support.chatting import labels


async def _left_in_a_group(team: Team, *, can_delete: bool) -> None:
    """Who gives it taps three times there; who takes it taps twice, in private."""
    kim, sam = await team_of(team, 2)
    group = team.world.telegram.add_group(SUPERGROUP, "Zorvex", can_delete=can_delete)
    await kim.rest()
    code = kim.code()
    team.world.telegram.say(kim.person, f"/import {code}", group)
    await kim.rest()
    for action, argument in (("hand", ""), ("receiver", str(sam.person.id)), ("hand_over", "")):
        await team.tap_in(group, kim, action, argument)
    said = [message.text for message in group.messages if message.from_bot and not message.deleted]
    assert any(seen(handed_over(kim.t, sam.person.first_name)) in text for text in said)
    assert [message.deleted for message in group.messages if code in message.text] == [can_delete]
    assert said.count(seen(code_stays(kim.t))) == (not can_delete)
    assert labels(kim.chat.card)
    [told] = team.news(sam)
    assert kim.person.first_name in told
    await sam.tap("take")
    await sam.tap("import")
    await is_imported(sam, code)
    assert (kim.counts.taps, kim.counts.sounds) == (3, 1)
    assert (sam.counts.taps, sam.counts.sounds) == (2, 1)


@handoff_story()
async def the_message_of_the_giver_is_deleted(team: Team) -> None:
    await _left_in_a_group(team, can_delete=True)


@handoff_story()
async def the_giver_is_asked_to_delete_the_message(team: Team) -> None:
    await _left_in_a_group(team, can_delete=False)


STORIES = (the_message_of_the_giver_is_deleted, the_giver_is_asked_to_delete_the_message)
