"""Ten people leave one another two hundred codes, and take them all at once."""

from __future__ import annotations

from collections import Counter

from bot.chat.callbacks import read
from bot.domain.transfer_code import mask
from tests.stories.handing import forget, handoff_story
from tests.stories.phone import Phone
from tests.stories.team import Team, imports_a_code
from tests.stories.telling import is_imported
from tests.support.chatting import until_ended

#: Codes that each of ten people leaves.
CODES = 20


def _press_all(phone: Phone, action: str) -> None:
    """Press every button that does this, and wait for nothing."""
    for message in phone.chat.messages:
        for button in () if message.deleted else message.all_buttons:
            press = read(button.callback_data)
            if press is not None and press.action == action:
                phone.world.telegram.press(phone.person, message, button)


@handoff_story()
async def ten_people_leave_one_another_two_hundred_codes(team: Team) -> None:
    """Half of them leave theirs for the next person, who is found by name, and half for the team."""
    link = await team.invite(team.ana, ("uses", "20"))
    people = [team.ana, *(team.somebody() for _ in range(9))]
    for phone in people[1:]:
        await phone.follow(link)
    await imports_a_code(team.ana)
    forget(team)
    codes = []
    for number, phone in enumerate(people):
        codes.append([phone.code() for _ in range(CODES)])
        await phone.send("\n".join(codes[-1]))
        if phone.offers("proxy"):
            await phone.tap("proxy", "keep")
        await phone.tap("hand")
        if number % 2:
            await phone.tap("team")
        else:
            receiver = people[number + 1].person
            await phone.answer(str(receiver.id))
            await phone.tap("receiver", str(receiver.id))
        await phone.tap("hand_over")

    for phone in people:
        _press_all(phone, "take")
    await team.ana.rest()
    for phone in people:
        _press_all(phone, "import")
        await until_ended(team.world, team.clock)
    await is_imported(team.ana, *(code for some in codes for code in some))
    for phone, some in zip(people, codes, strict=True):
        told = "\n".join(team.news(phone))
        assert mask(some[0]) in told
    # One sound for each thing that was left for them, and one at the end of what they have left; whoever has waited for
    # an import of their own hears its end too.
    own = Counter(user_id for user_id, _ in {(row["user_id"], row["batch_id"]) for row in await team.world.log()})
    for phone in people:
        assert 6 <= phone.counts.sounds <= 6 + own[phone.person.id]


STORIES = (ten_people_leave_one_another_two_hundred_codes,)
