"""``/history``: what was imported, newest first, in pages; one's own, or everyone's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.domain.transfer_code import mask
from bot.storage.tables import batches, drafts, imports
from tests.standins.telegram_state import Button, Message, Person
from tests.support.chatting import GROUP, imported, labels, said, snapshot
from tests.support.world import ADMIN, World

pytestmark = pytest.mark.usefixtures("calm_log")

_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


async def log_imports(world: World, count: int, person: Person, **fields: Any) -> Sequence[str]:
    """Put finished imports into the log as if they had happened; their codes, oldest first."""
    codes = [f"{person.id}0000-0000{number:04}" for number in range(count)]
    place = {"user_id": person.id, "chat_id": person.id, "language": "en", "repost": False}
    card = {**place, "revision": 1, "shown_revision": 1}
    row = {
        "user_id": person.id, "user_name": person.first_name, "chat_id": person.id, "group_title": "Shops",
        "proxy": "keep", "proxy_choice": {"kind": "keep"}, "bypass": [], "note": "", "key_lost": False,
        "status": "imported", "station": "office", "profile_name": "Shop", "error_message": "",
        "waiting_since": _BEGAN, "held": False, "cancel_wanted": False, "without_proxy": False, "attempts": 1,
        "unanswered": 0, "restricted": 0,
    }  # fmt: skip

    def change(connection: Connection) -> None:
        draft = {
            **card,
            "state": "confirmed",
            "takes_text": False,
            "answers": {},
            "created_at": _BEGAN,
            "updated_at": _BEGAN,
        }
        connection.execute(insert(drafts).values(id=person.id, **draft))
        batch = {**card, "draft_id": person.id, "confirmed_at": _BEGAN}
        batch |= {"waited": False, "announced": True}
        connection.execute(insert(batches).values(id=person.id, **batch))
        rows = [
            row | {"transfer_code": code, "code_mask": mask(code), "profile_id": number + 1}
            | {"created_at": _BEGAN + timedelta(minutes=number), "draft_id": person.id, "batch_id": person.id}
            | fields
            for number, code in enumerate(codes)
        ]  # fmt: skip
        connection.execute(insert(imports), rows)

    await world.app.database.write(change)
    return codes


def shown(page: Message, codes: Sequence[str]) -> list[str]:
    """Those of the codes that a page shows, from its top."""
    there = [code for code in codes if mask(code) in page.text]
    return sorted(there, key=lambda code: page.text.index(mask(code)))


async def test_without_an_import_it_says_so(world: World) -> None:
    assert "not imported anything yet" in (await world.say("/history")).text
    await world.tap("Everyone's")
    assert "no imports yet" in world.newest(ADMIN).text


async def test_an_import_is_shown_with_its_time_profile_group_and_masked_code(world: World) -> None:
    group = world.browser.add_group("Shops <b>& co")
    code = world.browser.offer("Berlin <i>")
    await world.say(code)
    await world.tap("Shops")
    await world.tap("Keep")
    await world.tap("Import")
    page = (await world.say("/history")).text
    assert mask(code) in page
    assert code not in page
    assert "“Berlin <i>”" in page
    assert "Shops <b>& co" in page
    assert "✅" in page
    assert world.browser.imports[0]["group_id"] == group


async def test_a_refused_import_says_why(world: World) -> None:
    await imported(world, world.browser.unused_code())
    page = (await world.say("/history")).text
    assert "❌" in page
    assert "this code is wrong" in page


async def test_more_than_a_hundred_imports_are_paged_through_to_the_end_and_back(world: World) -> None:
    codes = await log_imports(world, 103, world.ana)
    page = await world.say("/history")
    seen = shown(page, codes)
    pages = 1
    while "Next ›" in labels(page):
        page = await world.tap("Next ›")
        seen += shown(page, codes)
        pages += 1
    assert seen == list(reversed(codes))
    assert pages == 18
    assert labels(page) == ["‹ Previous", "Everyone's", "Find"]

    back = shown(page, codes)
    while "‹ Previous" in labels(page):
        page = await world.tap("‹ Previous")
        back = shown(page, codes) + back
    assert back == list(reversed(codes))
    assert labels(page) == ["Next ›", "Everyone's", "Find"]
    assert len(said(world)) == 1


async def test_a_page_stands_still_while_imports_come(world: World) -> None:
    codes = await log_imports(world, 12, world.ana)
    page = await world.say("/history")
    newer = await log_imports(world, 3, world.mai, user_id=ADMIN)
    page = await world.tap("Next ›", message=page)
    assert shown(page, codes) == list(reversed(codes[:6]))
    page = await world.tap("‹ Previous", message=page)
    assert shown(page, codes) == list(reversed(codes[6:]))
    page = await world.tap("‹ Previous", message=page)
    assert shown(page, newer) == list(reversed(newer))


async def test_an_edit_that_changes_nothing_does_no_harm(world: World) -> None:
    await log_imports(world, 7, world.ana)
    page = await world.say("/history")
    twice = page.button("Next ›")
    world.telegram.press(world.ana, page, twice)
    world.telegram.press(world.ana, page, twice)
    await world.rest()
    assert len(said(world)) == 1
    assert labels(page) == ["‹ Previous", "Everyone's", "Find"]


async def test_a_page_that_is_gone_comes_as_a_new_message(world: World) -> None:
    codes = await log_imports(world, 7, world.ana)
    page = await world.say("/history")
    world.telegram.fail("editMessageText", 400, "Bad Request: message to edit not found")
    anew = await world.tap("Next ›", message=page)
    assert anew is not page
    assert shown(anew, codes) == [codes[0]]


async def test_a_member_sees_their_own_first(world: World) -> None:
    await world.let_in(world.mai)
    own = await log_imports(world, 2, world.mai)
    others = await log_imports(world, 2, world.ana)
    page = await world.say("/history", world.mai)
    assert shown(page, own) == list(reversed(own))
    assert not any(mask(code) in page.text for code in others)
    assert labels(page) == ["Everyone's", "Find"]


async def test_everyones_are_shown_with_their_names_and_one_goes_back_to_ones_own(world: World) -> None:
    own = await log_imports(world, 4, world.ana)
    others = await log_imports(world, 4, world.mai, user_name="Mai <b>")
    page = await world.say("/history")
    assert shown(page, own) == list(reversed(own))
    page = await world.tap("Everyone's")
    assert page.text.count("Mai <b>") == 4
    assert page.text.count("· Ana") == 2
    page = await world.tap("Next ›")
    assert page.text.count("· Ana") == 2
    page = await world.tap("Mine")
    assert not any(mask(code) in page.text for code in others)


async def test_nobody_turns_the_pages_of_another(world: World) -> None:
    await world.let_in(world.mai)
    await log_imports(world, 8, world.ana)
    page = await world.say("/history", world.mai)
    before = await snapshot(world)
    forged = [f"h:{ADMIN}:0:mine", f"h:{ADMIN}:0:all:b9", f"h:{ADMIN}:1:all:a0", f"h:{ADMIN}:0:all", "h:0:0:all"]
    for data in forged:
        world.telegram.press(world.mai, page, Button("?", data))
        await world.rest()
        assert "not imported anything yet" in page.text
    assert await snapshot(world) == before
    assert len(world.popups()) == len(forged)


async def test_a_forged_place_in_the_log_shows_nothing_wrong(world: World) -> None:
    codes = await log_imports(world, 8, world.ana)
    page = await world.say("/history")
    for place in (
        "b1",
        "a999999",
        "b0",
        "a",
        "b",
        "x7",
        "7",
        "bb",
        "ba",
        "b1_0",
        f"b{'9' * 17}",
        f"a{'9' * 23}",
        "new",
    ):
        world.telegram.press(world.ana, page, Button("?", f"h:{ADMIN}:0:mine:{place}"))
        await world.rest()
        assert shown(page, codes) == list(reversed(codes[2:]))


async def test_the_longest_names_and_messages_fit_and_no_import_is_left_out(world: World) -> None:
    long = {
        "user_name": "🛒" * 129,
        "group_title": "店🛒" * 100,
        "error_message": "<&>" * 99,
        "profile_name": "🛒" * 200,
    }
    missing = {"status": "imported", "proxy_status": "missing", "error_code": 4711}
    codes = await log_imports(world, 14, world.ana, **long, **missing)
    await world.say("/history")
    page = await world.tap("Everyone's")
    seen = shown(page, codes)
    while "Next ›" in labels(page):
        page = await world.tap("Next ›")
        seen += shown(page, codes)
    assert seen == list(reversed(codes))
    back = shown(page, codes)
    while "‹ Previous" in labels(page):
        page = await world.tap("‹ Previous")
        back = shown(page, codes) + back
    assert back == list(reversed(codes))


async def test_in_a_group_a_page_belongs_to_who_asked_for_it(world: World) -> None:
    await world.let_in(world.mai)
    codes = await log_imports(world, 7, world.ana)
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, "/history", group)
    await world.rest()
    page = group.answer
    assert shown(page, codes) == list(reversed(codes[1:]))

    world.telegram.press(world.mai, page, "Next ›")
    await world.rest()
    assert world.popups() == ["This card belongs to somebody else."]
    assert shown(page, codes) == list(reversed(codes[1:]))
    world.telegram.press(world.ana, page, "Next ›")
    await world.rest()
    assert shown(page, codes) == [codes[0]]


async def test_everyones_imports_are_not_shown_to_a_group(world: World) -> None:
    await log_imports(world, 2, world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, "/history", group)
    await world.rest()
    page = group.answer
    assert labels(page) == []
    world.telegram.press(world.ana, page, Button("?", f"h:{ADMIN}:0:all"))
    await world.rest()
    assert page.text == "You have not imported anything yet."
