"""For whom codes are left: people are found by what is typed, and told apart where they are called alike."""

from __future__ import annotations

import pytest

from bot.chat.callbacks import Press
from bot.chat.cards import in_rows
from tests.chat.handoffs.conftest import Team
from tests.support.chatting import labels
from tests.support.left_codes import leave, teammate

pytestmark = pytest.mark.usefixtures("calm_log")


async def test_people_are_found_without_the_marks_of_their_letters(team: Team) -> None:
    world = team.world
    await teammate(world, "Nguyễn Thị Đào", 3001)
    await world.say(world.browser.offer(), team.mai)
    await world.tap("Hand over", team.mai)
    for typed in ("nguyen", "dao nguyễn", "đào"):
        card = await world.say(typed, team.mai)
        assert labels(card)[0] == "Nguyễn Thị Đào"
        assert "Kim" not in labels(card)


async def test_who_are_called_alike_are_told_apart_wherever_one_is_chosen(team: Team) -> None:
    world = team.world
    other = await teammate(world, "Kim", 3001)
    other.username = "kim_of_sales"
    await world.say("/start", other)
    await world.say(world.browser.offer(), team.mai)
    card = await world.tap("Hand over", team.mai)
    assert [label for label in labels(card) if "Kim" in label] == ["Kim (2001)", "Kim (@kim_of_sales)"]
    await world.tap("Kim (@kim_of_sales)", team.mai)
    assert card.text.startswith("Hand this code over to Kim (@kim_of_sales)?")
    await world.tap("✅ Hand over", team.mai)
    await world.tap("Reassign", team.mai)
    assert "Kim (2001)" in labels(world.card(team.mai))


async def test_an_entry_of_somebody_with_a_long_name_shows_its_code(team: Team) -> None:
    world = team.world
    long = await teammate(world, "Александра Константиновна Преображенская", 3001)
    code = world.browser.offer()
    await leave(world, team.mai, long, code)
    page = await world.say("/given", team.mai)
    assert labels(page) == [f"1. Александра Конс… {code[:4]}••••-••••{code[-4:]}"]


def test_labels_stand_side_by_side_where_a_phone_has_room_for_both() -> None:
    made = [
        (label, str(Press("f", 1, 1, "assign"))) for label in ("Kim", "Lee", "Преображенская Анна", "Mai", "李娜" * 5)
    ]
    assert [[label for label, _ in row] for row in in_rows(made)] == [
        ["Kim", "Lee"],
        ["Преображенская Анна"],
        ["Mai"],
        ["李娜" * 5],
    ]
