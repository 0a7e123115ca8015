"""A stranger asks to be let in, and the admins answer: told from the screens of all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.chat.callbacks import ACCESS, Press
from bot.storage.access_requests import access_requests
from bot.storage.tables import users
from bot.usecases.records import Role
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Button, Person
from tests.support.chatting import GROUP, imported, labels, said, snapshot, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import ADMIN, STRANGER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

KIM = 1004
TWO_ADMINS: dict[str, Any] = {"admin_ids": frozenset({ADMIN, KIM}), "owner": "Kim's <b>shop</b>"}
WEEK = 7 * 24 * 3600

Scene = tuple[World, JumpingClock]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with timed(tmp_path, **TWO_ADMINS) as (world, clock):
        yield world, clock


async def kim_of(world: World) -> Person:
    """The other admin, who has written to the bot."""
    kim = world.telegram.add_person(KIM, "Kim")
    await world.say("/start", kim)
    return kim


async def asks(world: World, person: Person | None = None) -> None:
    person = person or world.sam
    await world.say("Hello?", person)
    await world.tap("Ask for access", person)


async def test_who_asks_is_let_in_by_one_of_two_admins_and_is_told_so_in_their_language(scene: Scene) -> None:
    world, _ = scene
    kim = await kim_of(world)
    world.sam.username, world.sam.language_code = "sam_the_man", "ru"
    greeting = await world.say("Привет", world.sam)
    assert greeting.text == (
        "Владелец этого закрытого бота – Kim's <b>shop</b>. Чтобы пользоваться им, запросите доступ.\n"
        f"Ваш ID: {STRANGER}"
    )
    assert labels(greeting) == ["Запросить доступ"]
    await world.tap("Запросить доступ", world.sam)
    assert greeting.text == (
        f"Запрос отправлен админам. Как только кто-то из них ответит, я напишу вам здесь.\nВаш ID: {STRANGER}"
    )
    assert labels(greeting) == []
    cards = [world.card(admin) for admin in (world.ana, kim)]
    for card in cards:
        assert card.text == f"🔔 Sam asks for access.\n@sam_the_man · ID {STRANGER}"
        assert card.mentions(world.sam)
        assert labels(card) == ["Allow", "Refuse"]
        assert not card.silent

    # Both tap before either is shown what the other has done.
    world.telegram.press(kim, cards[1], "Allow")
    world.telegram.press(world.ana, cards[0], "Refuse")
    await world.rest()
    for card in cards:
        assert card.text.splitlines()[-1] == "✅ Allowed by Kim."
        assert labels(card) == []
    assert world.popups()[-1] == "✅ Allowed by Kim."
    told = [text for text in said(world, world.sam) if "Админ" in text]
    assert told == [
        "Админ дал вам доступ.\n\nОтправьте мне код передачи, например 76686828-89727101. Потом выберите группу и "
        "прокси и нажмите «Импортировать»."
    ]
    assert not world.newest(STRANGER).silent
    assert "Какой прокси?" in (await world.say(world.browser.offer(), world.sam)).text


async def test_who_is_refused_is_told_kindly_and_asks_again_after_a_week(scene: Scene) -> None:
    world, clock = scene
    await asks(world)
    card = await world.tap("Refuse")
    assert "🚫 Refused by Ana. A new request is possible after" in card.text
    assert "I'm sorry, an admin has not given you access" in world.newest(STRANGER).text

    clock.jump(3601)
    answer = await world.say("Hello?", world.sam)
    assert "An admin has not given you access. You can ask again after" in answer.text
    assert str(STRANGER) in answer.text
    assert labels(answer) == []
    # With a button of a week ago it is no different.
    world.telegram.press(world.sam, answer, Button("Ask for access", str(Press(ACCESS, 0, 0, "ask"))))
    await world.rest()
    assert "You can ask again after" in world.popups()[-1]

    clock.jump(WEEK)
    await asks(world)
    card = world.card()
    assert labels(card) == ["Allow", "Refuse"]
    await world.tap("Allow")
    assert "An admin has given you access" in world.newest(STRANGER).text
    assert "Which proxy?" in (await world.say(world.browser.offer(), world.sam)).text


async def test_who_waits_is_told_so_and_makes_no_second_card(scene: Scene) -> None:
    world, clock = scene
    await asks(world)
    greeting = world.newest(STRANGER)
    world.telegram.press(world.sam, greeting, Button("Ask for access", str(Press(ACCESS, 0, 0, "ask"))))
    await world.rest()
    assert "The admins have been asked" in world.popups()[-1]
    clock.jump(3601)
    answer = await world.say("Hello?", world.sam)
    assert "The admins have been asked" in answer.text
    assert labels(answer) == []
    assert len(await world.rows(access_requests)) == 1
    assert len([text for text in said(world) if "asks for access" in text]) == 1


async def test_who_is_allowed_by_command_has_no_request_left(scene: Scene) -> None:
    world, _ = scene
    await asks(world)
    card = world.card()
    await world.let_in(world.sam)
    assert card.text.splitlines()[-1] == "✅ Allowed by Ana."
    assert labels(card) == []
    assert "You can import profiles" in world.newest(STRANGER).text
    await world.say(f"/remove {STRANGER}")
    assert "An admin has removed you" in world.newest(STRANGER).text


async def test_an_admin_who_comes_later_sees_what_waits_and_not_what_is_over(scene: Scene) -> None:
    world, _ = scene
    kim = world.telegram.add_person(KIM, "Kim", started=False)
    zoe = world.telegram.add_person(1005, "Zoe")
    await asks(world)
    await asks(world, zoe)
    await world.tap("Allow", message=world.card())
    assert said(world, kim) == []
    await world.say("/start", kim)
    assert [text for text in said(world, kim) if "asks for access" in text] == [
        f"🔔 Sam asks for access.\nID {STRANGER}"
    ]
    await world.tap("Allow", kim, next(m for m in world.telegram.chat(KIM).messages if "Sam" in m.text))
    assert "Which proxy?" in (await world.say(world.browser.offer(), world.sam)).text


async def test_a_request_is_answered_after_a_restart_also_by_who_has_become_an_admin(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        await asks(world)
        old = world.card()
    # Kim is an admin now, and Ana is none any more.
    settings = settings_for(tmp_path, admin_ids=frozenset({KIM}))
    kim = telegram.add_person(KIM, "Kim")
    async with running(settings, telegram=telegram) as world:
        await world.rest()
        await world.tap("Allow", kim)
        assert "An admin has given you access" in world.newest(STRANGER).text
        before = old.text
        world.telegram.press(world.ana, old, "Refuse")
        await world.rest()
        # Ana's copy shows her nothing more.
        assert old.text == before
        assert "Which proxy?" in (await world.say(world.browser.offer(), world.sam)).text


async def test_silent_means_that_strangers_are_told_nothing(tmp_path: Path) -> None:
    telegram = FakeTelegram()
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        greeting = await world.say("Hello?", world.sam)
    async with running(settings_for(tmp_path, strangers="silent"), telegram=telegram) as world:
        before = await snapshot(world)
        for text in ("Hello?", "/start", "/start inv_nothing", world.browser.offer()):
            telegram.say(world.sam, text)
        telegram.press(world.sam, greeting, "Ask for access")
        await world.rest()
        assert await snapshot(world) == before
        assert len(said(world, world.sam)) == 1
        assert telegram.answers != []
        assert world.popups() == []
        # Members notice nothing of it.
        await world.let_in(world.mai)
        assert "Imported" in (await imported(world, person=world.mai)).text


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.MEMBER])
async def test_a_forged_answer_by_who_is_no_admin_changes_nothing(world: World, role: Role | None) -> None:
    await asks(world)
    [row] = await world.rows(access_requests)
    if role is not None:
        values = {"id": world.mai.id, "name": "Mai", "role": role, "language": "en", "time_zone": ""}
        await world.app.database.write(
            lambda connection: connection.execute(insert(users).values(**values, created_at=world.app.clock.now()))
        )
    answer = await world.say("/help", world.mai)
    group = world.telegram.add_group(GROUP, "Team")
    post = world.telegram.post(group, world.telegram.bot, text="old")
    before, shown = await snapshot(world), world.card().text
    actions = [("allow", ""), ("refuse", ""), ("next", ""), ("refuse_all", "99"), ("sure", "99"), ("keep", "")]
    for message in (answer, post):
        for number in (row["id"], 0, 7, 10**18 - 1):
            for action, argument in (*actions, ("sure", "9" * 30), ("nothing", "")):
                forged = Press(ACCESS, number, 0, action, argument)
                world.telegram.press(world.mai, message, Button("?", str(forged)))
    await world.rest()
    assert await snapshot(world) == before
    assert world.card().text == shown
    assert post.text == "old"


async def test_a_forged_answer_of_an_admin_is_answered_and_lets_nobody_in(world: World) -> None:
    await asks(world)
    card = world.card()
    text, actions = card.text, ("allow", "refuse", "next", "refuse_all", "sure", "nothing")
    for action in actions:
        world.telegram.press(world.ana, card, Button("?", str(Press(ACCESS, 77, 0, action, "5"))))
    await world.rest()
    assert [row["state"] for row in await world.rows(access_requests)] == ["waiting"]
    assert world.telegram.unanswered == {}
    assert ["out of date" in popup for popup in world.popups()[1:]] == [True] * len(actions)
    assert card.text == text
