"""``/inbox`` and ``/given``: what is listed for whom, what opens, and what can be done there."""

from __future__ import annotations

import pytest

from bot.usecases.handoff_lists import PAGE_SIZE
from tests.chat.handoffs.conftest import Team
from tests.standins.telegram_state import Message
from tests.support.chatting import GROUP, labels, said
from tests.support.groups import say, tap
from tests.support.left_codes import leave, notices, statuses, take, withdraw

pytestmark = pytest.mark.usefixtures("calm_log")


def entries(page: Message) -> list[str]:
    """The first lines of what a page lists."""
    return [part.splitlines()[0] for part in page.text.split("\n\n")[1:] if "Page " not in part]


async def test_an_empty_list_says_what_to_do(team: Team) -> None:
    page = await team.world.say("/inbox", team.kim)
    assert page.text.startswith("Nothing is waiting for you. When somebody leaves you a code, I'll tell you")
    assert labels(page) == []
    page = await team.world.say("/given", team.kim)
    assert page.text.endswith("To leave one, send it to me, and tap Hand over.")
    assert labels(page) == []


async def test_the_inbox_has_what_waits_for_oneself_and_the_team_newest_first(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim, note="shop 7")
    await leave(world, team.ana, None, world.browser.offer(), world.browser.offer())
    await leave(world, team.mai, team.lee)
    await leave(world, team.kim, None)
    page = await world.say("/inbox", team.kim)
    assert page.text.startswith("Codes that wait for you, newest first")
    assert entries(page) == ["1. Ana has left 2 codes for the team", "2. Mai has left 1 code for you"]
    assert "Note: shop 7" in page.text
    assert [label[:6] for label in labels(page)] == ["1. Ana", "2. Mai"]


async def test_an_entry_opens_in_the_same_message_and_leads_back(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, team.kim, choices=("Shops EU", "Keep"))
    page = await world.say("/inbox", team.kim)
    count = len(said(world, team.kim))
    await world.tap("1. Mai", team.kim, page)
    assert "Group: Shops EU" in page.text
    assert labels(page) == ["Take", "Decline", "Later", "Back"]
    await world.tap("Later", team.kim, page)
    assert "I'll tell you again: " in page.text
    assert labels(page) == ["Take", "Decline", "Back"]
    await world.tap("Back", team.kim, page)
    assert entries(page) == ["1. Mai has left 1 code for you"]
    await world.tap("1. Mai", team.kim, page)
    await world.tap("Take", team.kim, page)
    assert "Taken by you. Go on with the card below." in page.text
    assert labels(page) == ["Back"]
    assert len(said(world, team.kim)) == count + 1
    await world.tap("✅ Import", team.kim)
    assert await statuses(world, number) == ["imported"]
    await world.tap("Back", team.kim, page)
    assert page.text.startswith("Nothing is waiting for you.")


async def test_what_is_declined_in_the_list_says_so_there(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim)
    page = await world.say("/inbox", team.kim)
    await world.tap("1. Mai", team.kim, page)
    await world.tap("Decline", team.kim, page)
    assert "Declined by you. Back with Mai." in page.text
    assert labels(page) == ["Back"]


async def test_pages_are_turned(team: Team) -> None:
    world = team.world
    for number in range(PAGE_SIZE + 1):
        await leave(world, team.mai, team.kim, note=f"number {number}")
    page = await world.say("/inbox", team.kim)
    assert f"Note: number {PAGE_SIZE}" in page.text
    assert "Page 1 of 2" in page.text
    await world.tap("Next ›", team.kim, page)
    assert entries(page) == [f"{PAGE_SIZE + 1}. Mai has left 1 code for you"]
    assert "Note: number 0" in page.text
    await world.tap(f"{PAGE_SIZE + 1}. Mai", team.kim, page)
    await world.tap("Back", team.kim, page)
    assert "Page 2 of 2" in page.text
    await world.tap("‹ Previous", team.kim, page)
    assert len(entries(page)) == PAGE_SIZE


async def test_what_one_has_left_shows_how_it_stands_with_what_can_be_done(team: Team) -> None:
    world = team.world
    first = await leave(world, team.mai, team.kim)
    second = await leave(world, team.mai, None, *(world.browser.offer() for _ in range(2)))
    third = await leave(world, team.mai, team.lee, choices=("Shops EU", "Keep"))
    await withdraw(world, team.mai, first)
    await world.tap("Take", team.lee, notices(world, team.lee)[-1])
    page = await world.say("/given", team.mai)
    assert [part.splitlines()[-1] for part in page.text.split("\n\n")[1:]] == [
        "Taken by Lee.",
        "Not taken yet.",
        "Taken back by you.",
    ]
    assert [label.split()[1] for label in labels(page)] == ["Lee", "The", "Kim"]
    shown = {}
    for label in ("1. Lee", "2. The team", "3. Kim"):
        await world.tap(label, team.mai, page)
        shown[label] = [(button.text, button.callback_data) for button in page.all_buttons[:-1]]
        await world.tap("Back", team.mai, page)
    versions = {number: (await _version(team, number)) for number in (first, second, third)}
    assert shown == {
        "1. Lee": [(label, f"f:{third}:{versions[third]}:{label.lower()}:g") for label in ("Withdraw", "Reassign")],
        "2. The team": [
            (label, f"f:{second}:{versions[second]}:{label.lower()}:g") for label in ("Withdraw", "Reassign", "Split")
        ],
        "3. Kim": [
            ("Import", f"f:{first}:{versions[first]}:import:g"),
            ("Show code", f"f:{first}:{versions[first]}:codes:g"),
            ("Reassign", f"f:{first}:{versions[first]}:reassign:g"),
        ],
    }


async def _version(team: Team, number: int) -> int:
    handoff = await team.world.app.store.read(lambda work: work.handoffs.find(number))
    assert handoff is not None
    return handoff.version


async def test_where_codes_of_one_handoff_stand_differently_they_are_counted(team: Team) -> None:
    world = team.world
    codes = [world.browser.offer(), world.browser.offer(), "11112222-33334444"]
    await leave(world, team.mai, team.kim, *codes, choices=("Shops EU", "Keep"))
    await world.tap("Take", team.kim, notices(world, team.kim)[0])
    await world.tap("✅ Import 3", team.kim)
    page = await world.say("/given", team.mai)
    assert page.text.endswith("2 of 3 imported, 1 failed")
    assert notices(world, team.kim)[0].text.endswith("2 of 3 imported, 1 failed")


async def test_what_alone_waits_is_taken_from_the_list(team: Team) -> None:
    """Without opening it before."""
    world = team.world
    await leave(world, team.mai, team.kim, choices=("Shops EU", "Keep"))
    page = await world.say("/inbox", team.kim)
    assert [label.split()[0] for label in labels(page)] == ["Take", "1."]
    await world.tap("Take", team.kim, page)
    assert page.text.endswith("Taken by you. Go on with the card below.")
    await world.tap("✅ Import", team.kim)
    assert "Imported: profile " in world.newest(team.kim.id).text


async def test_admins_see_what_everybody_has_left_and_may_give_it_to_somebody_else(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim)
    page = await world.say("/given")
    assert labels(page) == ["Left by everybody"]
    await world.tap("Left by everybody", message=page)
    assert page.text.startswith("Codes that everybody has left, newest first")
    assert entries(page) == ["1. Mai has left 1 code for Kim"]
    await world.tap("1. Mai", message=page)
    assert labels(page) == ["Reassign", "Back"]
    await world.tap("Back", message=page)
    await world.tap("Left by me", message=page)
    assert page.text.startswith("You haven't left any codes for others yet.")


async def test_admins_are_told_to_whom_something_came_back(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim)
    await world.tap("Decline", team.kim, notices(world, team.kim)[0])
    page = await world.say("/given")
    await world.tap("Left by everybody", message=page)
    await world.tap("1. Mai", message=page)
    assert page.text.startswith("↩️ Came back to Mai.")
    page = await world.say("/given", team.mai)
    await world.tap("1. Kim", team.mai, page)
    assert page.text.startswith("↩️ Came back to you.")


async def test_what_is_done_on_an_entry_leads_back_to_its_list(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, team.kim, *(world.browser.offer() for _ in range(2)))
    page = await world.say("/given", team.mai)
    await world.tap("1. Kim", team.mai, page)
    for labels_ in (("Reassign", "Back"), ("Reassign", "Lee"), ("Split", "2"), ("Withdraw",)):
        for label in labels_:
            await world.tap(label, team.mai, page)
        assert labels(page)[-1] == "Back"
        assert "For: " in page.text
    await world.tap("Back", team.mai, page)
    assert page.text.startswith("Codes that you have left, newest first")
    await leave(world, team.mai, None)
    page = await world.say("/inbox")
    for label in ("1. Mai", "Reassign", "Lee", "Back"):
        await world.tap(label, message=page)
    assert page.text.startswith("Nothing is waiting for you.")


async def test_admins_may_assign_what_is_for_the_team(team: Team) -> None:
    world = team.world
    await leave(world, team.mai, None)
    for person, shown in ((team.ana, ["Take", "Later", "Reassign", "Back"]), (team.kim, ["Take", "Later", "Back"])):
        page = await world.say("/inbox", person)
        await world.tap("1. Mai", person, page)
        assert labels(page) == shown


async def test_in_a_group_chat_what_is_taken_goes_on_there(team: Team) -> None:
    world = team.world
    group = world.telegram.add_group(GROUP, "Team")
    code = world.browser.offer()
    await leave(world, team.mai, team.kim, code, choices=("Shops EU", "Keep"))
    await leave(world, team.mai, team.lee)
    await say(world, group, "/inbox", team.kim)
    page = group.answer
    assert entries(page) == ["1. Mai has left 1 code for you"]
    assert code not in page.text
    await tap(world, group, "1. Mai", team.lee, message=page)
    assert world.popups()[-1] == "This card belongs to Kim."
    assert entries(page) == ["1. Mai has left 1 code for you"]
    await tap(world, group, "1. Mai", team.kim, message=page)
    await tap(world, group, "Take", team.lee, message=page)
    assert world.popups()[-1] == "This card belongs to Kim."
    card = await tap(world, group, "Take", team.kim, message=page)
    assert card.text.startswith("👤 Kim\nFrom Mai\n\nImport this profile?")
    [notice] = notices(world, team.kim)
    assert notice.text.endswith("Taken by you. The card is in another chat.")
    result = await tap(world, group, "✅ Import", team.kim, message=card)
    assert "Imported: profile " in result.text
    assert not any(code in text for text in said(world, group))


async def test_in_a_group_chat_what_everybody_has_left_is_not_shown(team: Team) -> None:
    world = team.world
    group = world.telegram.add_group(GROUP, "Team")
    await leave(world, team.mai, team.kim)
    await say(world, group, "/given")
    assert labels(group.answer) == []
    await say(world, group, "/given", team.mai)
    page = group.answer
    await tap(world, group, "1. Kim", team.mai, message=page)
    assert labels(page) == ["Back"]


async def test_what_is_gone_meanwhile_is_said(team: Team) -> None:
    world = team.world
    number = await leave(world, team.mai, None)
    page = await world.say("/inbox", team.kim)
    await take(world, team.lee, number)
    await world.tap("1. Mai", team.kim, page)
    assert "Taken by Lee." in page.text
    assert labels(page) == ["Back"]
