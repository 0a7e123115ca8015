"""``/history Kim``: imports by who has imported them, who gave the code, their profile, or the ends of their code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.domain.transfer_code import mask
from bot.storage.tables import imports
from bot.usecases import log_search_rows
from tests.chat.test_history import log_imports, shown
from tests.standins.telegram_state import Button, Person
from tests.stories.telling import DATABASES, settings_on
from tests.support.chatting import GROUP, imported, labels, said
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

KIM = 1004
FROM_KIM = {"given_by": KIM, "given_by_name": "Kim", "handoff_id": 1}
FROM_MAI = {"given_by": MEMBER, "given_by_name": "Mai", "handoff_id": 2}


@pytest_asyncio.fixture(params=DATABASES)
async def world(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with running(settings_for(tmp_path, **settings_on(request.param, request))) as world:
        yield world


async def join(world: World, user_id: int, name: str, **about: Any) -> Person:
    """Somebody who has a name for the bot, and is a member."""
    person = world.telegram.add_person(user_id, name, **about)
    await world.let_in(person)
    await world.say("/help", person)
    return person


async def test_who_gave_a_code_is_shown_and_found_by_name_username_and_id(world: World) -> None:
    await join(world, KIM, "Kim Lee", username="kim_l")
    given = await log_imports(world, 2, world.ana, **FROM_KIM)
    await world.let_in(world.mai)
    await log_imports(world, 3, world.mai)
    page = await world.say("/history")
    assert page.text.count("· from Kim") == 2
    assert labels(page) == ["Everyone's", "Find"]
    for search in ("Kim", "kIM l", "@kim_l", "kim_", str(KIM)):
        page = await world.say(f"/history {search}")
        assert page.text.startswith(f"All imports with “{search}”, newest first")
        assert shown(page, given) == list(reversed(given))
        assert page.text.count("· Ana · from Kim") == 2
        assert labels(page) == ["Mine", f"✖ {search}"]
    page = await world.tap("✖ ")
    assert page.text.startswith("All imports, newest first")
    assert "I found no imports with “@kim”." in (await world.say("/history @kim")).text


async def test_a_profile_is_found_by_its_number_and_by_part_of_its_name(world: World) -> None:
    codes = await log_imports(world, 9, world.ana, profile_name="Магазин Берлин")
    page = await world.say("/history 4")
    assert shown(page, codes) == [codes[3]]
    page = await world.say("/history мАГАЗИН б")
    assert shown(page, codes) == list(reversed(codes[3:]))
    page = await world.tap("Next ›")
    assert "with “мАГАЗИН б”" in page.text
    assert shown(page, codes) == list(reversed(codes[:3]))
    page = await world.tap("‹ Previous")
    assert shown(page, codes) == list(reversed(codes[3:]))
    assert shown(await world.tap("Mine"), codes) == list(reversed(codes[3:]))


@pytest.mark.parametrize("search", ["0007", "1001••••-••••0007", "1001…0007", "10010000-00000007", "…0007"])
async def test_a_code_is_found_by_the_ends_that_its_mask_shows(world: World, search: str) -> None:
    codes = await log_imports(world, 9, world.ana, profile_id=None)
    page = await world.say(f"/history {search}")
    assert shown(page, codes) == [codes[7]]
    assert codes[7] not in page.text
    assert "10010000" not in page.text
    assert "I found no imports" in (await world.say("/history 2001…0007")).text


async def test_a_member_finds_what_they_imported_and_what_they_gave(world: World) -> None:
    await join(world, KIM, "Kim")
    await world.let_in(world.mai)
    mine = await log_imports(world, 2, world.mai, **FROM_KIM)
    gave = await log_imports(world, 2, world.ana, **FROM_MAI)
    others = await log_imports(world, 2, Person(KIM, "Kim"))
    page = await world.say("/history", world.mai)
    assert shown(page, [*mine, *gave, *others]) == [*reversed(gave), *reversed(mine)]
    assert page.text.count("· Ana · from you") == 2
    assert page.text.count("· from Kim") == 2
    assert "· Mai" not in page.text
    assert shown(await world.say("/history Ana", world.mai), [*mine, *gave, *others]) == list(reversed(gave))
    assert shown(await world.say(f"/history {MEMBER}", world.mai), [*mine, *gave]) == [*reversed(gave), *reversed(mine)]
    page = await world.say("/history Kim", world.mai)
    assert page.text.startswith("Your imports with “Kim”, newest first")
    assert shown(page, [*mine, *gave, *others]) == list(reversed(mine))
    # By the profile's number, and by the code's end: only theirs.
    assert shown(await world.say("/history 1", world.mai), [*mine, *gave, *others]) == [gave[0], mine[0]]
    assert shown(await world.say("/history 0001", world.mai), [*mine, *gave, *others]) == [gave[1], mine[1]]
    page = await world.tap("Everyone's", world.mai)
    assert shown(page, [*mine, *gave, *others]) == [others[1], gave[1], mine[1]]


async def test_a_viewer_finds_among_everyones(world: World) -> None:
    codes = await log_imports(world, 2, world.ana)
    await world.let_in(world.mai)
    await world.say("/help", world.mai)
    await world.say("/members")
    await world.tap("Mai")
    await world.tap("Demote")
    await world.tap("Yes")
    page = await world.say("/history Ana", world.mai)
    assert page.text.startswith("All imports with “Ana”")
    assert shown(page, codes) == list(reversed(codes))


async def test_in_a_group_chat_ones_own_are_looked_through(world: World) -> None:
    own = await log_imports(world, 2, world.ana)
    await log_imports(world, 2, world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    world.telegram.say(world.ana, "/history Shop", group)
    await world.rest()
    assert group.answer.text.startswith("Your imports with “Shop”")
    assert shown(group.answer, own) == list(reversed(own))
    assert labels(group.answer) == ["✖ Shop"]
    world.telegram.press(world.ana, group.answer, Button("?", f"h:{ADMIN}:0:all~Shop"))
    await world.rest()
    assert shown(group.answer, own) == list(reversed(own))


async def test_find_explains_itself_and_leads_back(world: World) -> None:
    codes = await log_imports(world, 2, world.ana)
    await world.say("/history")
    page = await world.tap("Find")
    assert "/history Kim" in page.text
    assert labels(page) == ["Back"]
    assert shown(await world.tap("Back"), codes) == list(reversed(codes))
    await world.tap("Everyone's")
    await world.tap("Find")
    assert (await world.tap("Back")).text.startswith("All imports")
    assert len(said(world)) == 1


async def test_what_was_searched_in_the_newest_only_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.log_search.LOOKED_THROUGH", 5)
    codes = await log_imports(world, 8, world.ana)
    page = await world.say("/history hop")
    assert shown(page, codes) == list(reversed(codes[3:]))
    assert page.text.endswith(f"I searched the newest {log_search_rows.LOOKED_THROUGH:,} imports only.")
    page = await world.say("/history Ana")
    assert shown(page, codes) == list(reversed(codes[2:]))
    assert "imports only" in page.text
    assert "imports only" not in (await world.say("/history 1001…0001")).text


async def test_a_name_that_many_have_is_to_be_typed_in_full(world: World) -> None:
    await log_imports(world, 1, world.ana)

    def change(work: Any) -> None:
        for number in range(21):
            work.users.keep(5000 + number, f"Minh {number}", "vi", work.now)

    await world.app.store.write(change)
    assert "More than 20 people are called so" in (await world.say("/history minh")).text
    assert "More than 20" not in (await world.say("/history Minh 7")).text


async def test_a_password_is_neither_searched_for_nor_said_again(world: World) -> None:
    await log_imports(world, 1, world.ana)
    await world.say("/history socks5://ana:hunter2@203.0.113.7:1080")
    answers = said(world)
    assert any("may hold a password" in answer for answer in answers)
    assert not any("hunter2" in answer for answer in answers)
    page = world.telegram.chat(ADMIN).newest(lambda message: message.from_bot and "may hold" in message.text)
    assert labels(page) == ["Find"]
    for text in ("7668682889727101x", "socks5://ana:hunter2@203.0.113.7:1080"):
        world.telegram.press(world.ana, page, Button("?", f"h:{ADMIN}:0:mine~{text}"[:64]))
        await world.rest()
    assert not any("hunter2" in answer for answer in said(world))


@pytest.mark.parametrize("search", ["店" * 60, "🛒" * 40, "<b>&amp;", "a~b:c", "%_'\"\\", "x" * 4000, "\u202eKim"])
async def test_whatever_is_searched_for_fits_on_the_buttons(world: World, search: str) -> None:
    codes = await log_imports(world, 8, world.ana, profile_name=search.removeprefix("\u202e") * 3)
    page = await world.say(f"/history {search}")
    assert shown(page, codes) == list(reversed(codes[2:]))
    assert all(len((button.callback_data or "").encode()) <= 64 for button in page.all_buttons)
    assert shown(await world.tap("Next ›"), codes) == list(reversed(codes[:2]))


async def test_the_result_of_an_import_says_who_gave_the_code(world: World) -> None:
    await imported(world, world.browser.offer(), world.browser.offer())
    for given, line in (({1, 2}, "From Kim"), ({2}, "1 of 2 from Kim"), (set(), None)):

        def change(work: Any, given: set[int] = given) -> None:
            nobody = {"given_by": None, "given_by_name": "", "handoff_id": None}
            work.connection.execute(update(imports).values(**nobody))
            work.connection.execute(update(imports).where(imports.c.id.in_(given)).values(**FROM_KIM))
            work.batches.bump(1)

        await world.app.store.write(change)
        await world.say("/language")
        card = world.telegram.chat(ADMIN).newest(lambda message: message.from_bot and "imported" in message.text)
        assert (line in card.text.splitlines()) if line else "Kim" not in card.text


async def test_an_erased_giver_and_an_erased_importer_are_numbers_and_the_rest_stands(world: World) -> None:
    await join(world, KIM, "Kim")
    codes = await log_imports(world, 2, world.ana, **FROM_KIM)
    pseudonym = 123456789012345678

    await world.app.store.write(lambda work: work.erasing.erase(KIM, pseudonym))
    page = await world.say("/history")
    assert page.text.count("· from erased person 345678") == 2
    assert "Kim" not in page.text
    assert "I found no imports" in (await world.say("/history Kim")).text
    assert shown(await world.say(f"/history {pseudonym}"), codes) == list(reversed(codes))
    await world.app.store.write(lambda work: work.erasing.erase(ADMIN, pseudonym + 1))
    page = await world.say("/history erased")
    await world.tap("✖ ")
    assert world.newest(ADMIN).text.count("· erased person 345679 · from erased person 345678") == 2


async def test_it_is_in_the_language_of_who_looks(world: World) -> None:
    lan = await join(world, KIM, "Lan", language_code="vi")
    codes = await log_imports(world, 1, lan, **FROM_MAI)
    page = await world.say("/history lan", lan)
    assert page.text.startswith("Các lần nhập của bạn có “lan”, mới nhất ở trên")
    assert shown(page, codes) == codes
    assert "· từ Mai" in page.text
    await world.say("/history", lan)
    page = await world.tap("Tìm", lan)
    assert "bốn chữ số cuối của mã chuyển" in page.text


async def test_nobody_finds_by_the_button_of_another(world: World) -> None:
    await world.let_in(world.mai)
    await log_imports(world, 2, world.ana)
    page = await world.say("/history Ana", world.mai)
    for data in (f"h:{ADMIN}:0:mine~Ana", f"h:{ADMIN}:0:find:all", f"h:{MEMBER}:0:find", f"h:{MEMBER}:0:find:b7"):
        world.telegram.press(world.mai, page, Button("?", data))
        await world.rest()
        assert page.text == "I found no imports of yours with “Ana”."
    assert len(world.popups()) == 4
    assert mask("10010000-00000000") not in page.text
