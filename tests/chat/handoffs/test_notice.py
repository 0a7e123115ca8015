"""What somebody is told of codes that were left for them, or for the team, and what they see of it afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.translator import translator
from bot.usecases.records import Role
from tests.chat.handoffs.conftest import Team
from tests.support.chatting import labels, said, until
from tests.support.left_codes import leave, leave_draft, notices, read, reassign, statuses, take, withdraw

pytestmark = pytest.mark.usefixtures("calm_log")

T = translator("en")


async def test_a_notice_says_who_has_left_what_and_what_is_proposed(team: Team) -> None:
    world = team.world
    code = world.browser.offer()
    proxy = "socks5://203.0.113.7:1080:ana:hunter2"
    await world.say(f"{code} {proxy}", team.mai)
    await world.tap("Shops EU", team.mai)
    number = await leave_draft(world, team.mai, team.kim, note="for the <new> shop", hours=4)
    [notice] = notices(world, team.kim)
    until_ = T.moment((await read(world, number)).created_at + timedelta(hours=4), "Asia/Tokyo")
    assert notice.text.splitlines() == [
        "Mai has left 1 code for you",
        f"Code: {code[:4]}••••-••••{code[-4:]}",
        "Note: for the <new> shop",
        "Group: Shops EU",
        "Proxy: socks5 203.0.113.7:1080 as ana, password ••••",
        "Bypass: off",
        f"Take it by {until_}",
    ]
    assert not notice.silent
    assert labels(notice) == ["Take", "Decline", "Later"]
    assert "hunter2" not in notice.html
    assert notices(world, team.lee) == []


async def test_of_many_codes_five_are_shown_and_the_rest_counted(team: Team) -> None:
    codes = [team.world.browser.offer() for _ in range(17)]
    await leave(team.world, team.mai, None, *codes)
    for person in (team.ana, team.kim, team.lee):
        [notice] = notices(team.world, person)
        lines = notice.text.splitlines()
        assert lines[0] == "Mai has left 17 codes for the team"
        assert [line[:5] for line in lines[1:7]] == ["Code:"] * 5 + ["and 1"]
        assert lines[6] == "and 12 more"
        assert labels(notice) == ["Take", "Later"]
    assert notices(team.world, team.mai) == []


async def test_each_copy_says_who_has_taken_it_and_what_became_of_it(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, None, choices=("Shops EU", "Keep"))
    [kims], [lees] = notices(world, team.kim), notices(world, team.lee)
    await world.tap("Take", team.kim, kims)
    assert kims.text.endswith("Taken by you. Go on with the card below.")
    assert lees.text.endswith("Taken by Kim.")
    assert labels(kims) == labels(lees) == []
    await world.tap("✅ Import", team.kim)
    # The card of the import itself tells Kim more.
    assert kims.text.endswith("Imported by you.")
    [row] = await world.log()
    assert f"Imported by Kim.\n✅ {row['code'][:4]}••••-••••{row['code'][-4:]}: profile " in lees.text


async def test_what_is_withdrawn_is_not_to_be_had(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    await withdraw(world, team.mai, number)
    assert notice.text.endswith("Taken back by Mai.")
    assert labels(notice) == []


async def test_what_is_somebody_elses_now_says_so(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    stale = notice.buttons
    await reassign(world, team.mai, number, team.lee)
    assert notice.text.endswith("This is for somebody else now.")
    assert labels(notice) == []
    [lees] = notices(world, team.lee)
    assert labels(lees) == ["Take", "Decline", "Later"]
    world.telegram.press(team.kim, notice, stale[0][0])
    await world.rest()
    assert world.popups()[-1] == "This is for somebody else now."
    assert await statuses(world, number) == ["waiting"]


async def test_what_has_expired_says_so(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim, hours=1)
    [notice] = notices(world, team.kim)
    team.clock.jump(3700)
    await until(world, team.clock, lambda: "in time" in notice.text, seconds=700, step=60)
    assert notice.text.endswith("Not taken in time. Back with Mai.")
    assert labels(notice) == []
    assert await statuses(world, number) == ["expired"]


async def test_what_ixbrowser_refuses_says_why(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim, "11112222-33334444", choices=("Shops EU", "Keep"))
    [notice] = notices(world, team.kim)
    await world.tap("Take", team.kim, notice)
    await world.tap("✅ Import", team.kim)
    assert notice.text.endswith("Could not be imported. Back with Mai.")
    assert "❌" in world.newest(team.kim.id).text


async def test_who_may_not_import_any_more_has_no_buttons(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, None)
    [notice] = notices(world, team.kim)
    assert labels(notice) == ["Take", "Later"]
    await world.say("/members")
    await world.tap("Kim")
    await world.tap("Demote")
    await world.tap("Yes")
    assert labels(notice) == []
    await world.tap("Back")
    await world.tap("Kim")
    await world.tap("Promote")
    await world.tap("Yes")
    assert labels(notice) == ["Take", "Later"]


async def test_who_may_not_import_any_more_is_told_why_it_went_back(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim)
    [notice] = notices(world, team.kim)
    await world.say("/members")
    for label in ("Kim", "Demote", "Yes"):
        await world.tap(label)
    assert notice.text.endswith("You can't import any more. Back with Mai.")


async def test_who_was_removed_is_not_shown_what_becomes_of_it(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    await leave(world, team.mai, team.kim)
    await world.say(f"/remove {team.kim.id}")
    assert notices(world, team.kim) == []
    await take(world, team.lee, number)
    assert not any("Lee" in text for text in said(world, team.kim))
    await world.say(f"/allow {team.kim.id}")
    await reassign(world, team.mai, number, team.kim)
    assert labels(notices(world, team.kim)[-1]) == ["Take", "Decline", "Later"]


async def test_what_was_taken_and_cancelled_waits_again(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    [kims], [lees] = notices(world, team.kim), notices(world, team.lee)
    card = await world.tap("Take", team.kim, kims)
    assert "Show code" in labels(card)
    await world.tap("Cancel", team.kim, card)
    assert card.text == "Cancelled. Nothing was sent to ixBrowser. What Mai left waits again: see /inbox."
    assert labels(card) == ["New import"]
    assert await statuses(world, number) == ["waiting"]
    assert labels(kims) == labels(lees) == ["Take", "Later"]


@pytest.mark.parametrize("role", [Role.VIEWER, None])
async def test_what_was_taken_waits_again_where_its_taker_may_not_import_any_more(
    team: Team, role: Role | None
) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    await take(world, team.kim, number)
    assert await statuses(world, number) == ["taken"]
    if role is None:
        await world.say(f"/remove {team.kim.id}")
    else:
        await world.say("/members")
        for label in ("Kim", "Demote", "Yes"):
            await world.tap(label)
    assert await statuses(world, number) == ["waiting"]
    [lees] = notices(world, team.lee)
    assert labels(lees) == ["Take", "Later"]
