"""Taking, declining and putting off what was left, by the buttons of a notice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.translator import translator
from bot.storage.audit import audit
from bot.usecases.records import Role
from tests.chat.handoffs.conftest import Team
from tests.standins.telegram_state import Button, Message
from tests.support.chatting import labels, timed, until
from tests.support.left_codes import leave, notices, reassign, statuses, take, teammate
from tests.support.world import button_of

pytestmark = pytest.mark.usefixtures("calm_log")

T = translator("en")
LOOK_ONLY = "You can look at the team's imports with /history. To import, ask an admin."


async def test_two_taps_lead_from_the_notice_to_the_profile_for_who_never_imported_before(team: Team) -> None:
    world = team.world
    code = world.browser.offer()
    await leave(world, team.mai, team.kim, code, choices=("Shops EU", "Direct"))
    [notice] = notices(world, team.kim)
    before = len(world.telegram.answers)
    card = await world.tap("Take", team.kim, notice)
    assert "Group: Shops EU\nProxy: none (Direct)" in card.text
    result = await world.tap("✅ Import", team.kim, card)
    assert len(world.telegram.answers) - before == 2
    assert result.text.startswith("✅ Imported: profile ")
    [row] = await world.log()
    assert (row["user_id"], row["status"], row["group_title"]) == (team.kim.id, "imported", "Shops EU")
    assert world.browser.made[code] == 1


async def test_all_codes_are_taken_at_once(team: Team) -> None:
    world = team.world
    codes = [world.browser.offer() for _ in range(7)]
    number = await leave(world, team.mai, None, *codes, choices=("Shops EU", "Keep"))
    [notice], [own] = notices(world, team.kim), notices(world, team.lee)
    await world.tap("Take", team.lee, own)
    await world.tap("✅ Import 7", team.lee)
    assert await statuses(world, number) == ["imported"] * 7
    assert notice.text.count("✅ ") == 5
    assert "and 2 more, see /history" in notice.text


async def test_of_all_who_take_at_once_one_gets_it_and_the_others_are_told_who(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None, choices=("Shops EU", "Keep"))
    people = [team.ana, team.kim, team.lee]
    for person in people:
        [notice] = notices(world, person)
        world.telegram.press(person, notice, button_of(notice, "Take"))
    await world.rest()
    assert await statuses(world, number) == ["taken"]
    takers = [person for person in people if "Taken by you" in notices(world, person)[0].text]
    assert len(takers) == 1
    assert world.popups()[-2:] == [f"Taken by {takers[0].first_name}."] * 2


async def test_what_is_changed_before_the_import_is_the_takers_own(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim, choices=("Shops EU", "Keep"))
    card = await world.tap("Take", team.kim, notices(world, team.kim)[0])
    await world.tap("Change group", team.kim, card)
    await world.tap("Default", team.kim, card)
    await world.tap("✅ Import", team.kim, card)
    assert (await world.log())[0]["group_id"] is None


async def test_what_is_declined_goes_back(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    await world.tap("Decline", team.kim, notice)
    assert notice.text.endswith("Declined by you. Back with Mai.")
    assert labels(notice) == []
    assert await statuses(world, number) == ["declined"]
    kinds = [row["kind"] for row in await world.rows(audit)]
    assert kinds[-2:] == ["handed_over", "declined"]


async def test_what_is_put_off_is_told_once_more_after_four_hours(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    await world.tap("Later", team.kim, notice)
    at = T.moment(team.clock.now() + timedelta(hours=4), "Asia/Tokyo")
    assert notice.text == f"Mai has left 1 code for you\nI'll tell you again: {at}"
    assert labels(notice) == ["Take", "Decline"]
    team.clock.jump(4 * 3600)
    await until(world, team.clock, lambda: notice.deleted, seconds=700, step=60)
    await world.rest()
    [again] = notices(world, team.kim)
    assert not again.silent
    assert "Code: " in again.text
    assert labels(again) == ["Take", "Decline"]


async def test_after_a_day_those_are_reminded_for_whom_it_still_waits(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    [anas], [kims], [lees] = (notices(world, person) for person in (team.ana, team.kim, team.lee))
    await world.say(f"/remove {team.lee.id}")
    await world.tap("Later", team.kim, kims)
    await reassign(world, team.mai, number, team.kim)
    assert "for somebody else now" in anas.text
    [kims] = notices(world, team.kim)
    team.clock.jump(24 * 3600)
    await until(world, team.clock, lambda: kims.deleted, seconds=700, step=60)
    await world.rest()
    [again] = notices(world, team.kim)
    assert labels(again) == ["Take", "Decline"]
    assert not again.silent
    assert notices(world, team.ana) == [anas]
    assert notices(world, team.lee) == []
    assert lees.deleted
    assert labels(anas) == []


async def test_a_second_press_says_what_has_become_of_it(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim, choices=("Shops EU", "Keep"))
    [notice] = notices(world, team.kim)
    pressed = {label: button_of(notice, label) for label in labels(notice)}
    await world.tap("Take", team.kim, notice)

    async def popup(label: str, message: Message = notice) -> str:
        world.telegram.press(team.kim, message, pressed[label])
        await world.rest()
        return world.popups()[-1]

    taken = "Taken by you. Go on with the card below."
    assert [await popup(label) for label in pressed] == [taken] * 3
    await world.tap("✅ Import", team.kim)
    assert [await popup(label) for label in pressed] == ["Imported by you."] * 3
    assert await statuses(world, number) == ["imported"]


async def test_a_viewer_is_told_that_they_only_look(team: Team) -> None:
    world = team.world
    vic = await teammate(world, "Vic", 2009, Role.VIEWER)
    number = await leave(world, team.mai, None)
    card = await world.say("/help", vic)
    for action in ("take", "decline", "later"):
        world.telegram.press(vic, card, Button("?", f"f:{number}:1:{action}"))
        await world.rest()
        assert world.popups()[-1] == LOOK_ONLY
    assert await world.say("/inbox", vic)
    assert world.newest(vic.id).text == LOOK_ONLY
    assert await statuses(world, number) == ["waiting"]


@pytest.mark.parametrize("data", ["f:99:1:take", "f:99:1:decline", "f:99:1:later", "f:99:1:nothing", "f:1:1:show"])
async def test_a_forged_button_does_nothing(team: Team, data: str) -> None:
    world = team.world
    number = await leave(world, team.mai, team.lee)
    card = await world.say("/help", team.kim)
    for each in (data, data.replace("99", str(number))):
        world.telegram.press(team.kim, card, Button("?", each))
        await world.rest()
        assert world.popups()[-1] in {
            "This is for somebody else now.",
            "This button is out of date. The card shows the current state.",
        }
    assert await statuses(world, number) == ["waiting"]


async def test_what_is_taken_and_not_confirmed_within_four_hours_waits_again(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    card = await world.tap("Take", team.kim, notice)
    team.clock.jump(4 * 3600)
    await until(world, team.clock, lambda: "in time" in card.text, seconds=700, step=60)
    assert card.text == "Not confirmed in time, so I closed this. What Mai left waits again: see /inbox."
    assert labels(card) == ["New import"]
    await world.rest()
    assert await statuses(world, number) == ["waiting"]
    assert labels(notices(world, team.kim)[0]) == ["Take", "Decline", "Later"]


async def test_for_how_long_is_a_setting(tmp_path: Path) -> None:
    async with timed(tmp_path, handoff_hours=1) as (world, clock):
        await world.let_in(world.mai)
        await world.say("/start", world.mai)
        number = await leave(world, world.ana, world.mai)
        await take(world, world.mai, number)
        clock.jump(3000)
        await world.rest()
        assert await statuses(world, number) == ["taken"]
        clock.jump(900)
        await until(world, clock, lambda: "in time" in world.card(world.mai).text, seconds=700, step=60)
        assert await statuses(world, number) == ["waiting"]


async def test_who_is_first_elsewhere_is_named_too(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    assert await take(world, team.lee, number) is None
    assert await take(world, team.kim, number) == "Lee"
