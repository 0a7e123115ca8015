"""Every role, on every screen, with every button and command: what happens is what the table of roles says."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import groupby, product
from operator import itemgetter
from pathlib import Path
from random import Random

import pytest

from bot.chat.handlers import _BUTTONS
from bot.chat.help.texts import commands_of
from bot.chat.translator import translator
from bot.usecases.permissions import PERMISSIONS, UseCase, is_for_admins
from bot.usecases.records import Role
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import said, snapshot
from tests.support.journeys import furnish
from tests.support.role_states import (
    BUTTONS,
    STATES,
    WRITTEN,
    Act,
    do,
    end_imports,
    forged,
    give,
    real,
    somebody,
    written,
)
from tests.support.world import PATIENCE, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

SEED = 20261126
#: How much of the product a run without ``-m long`` has, dealt round: of what is denied one in so many pairs of screen
#: and role, with one in so many acts; of what is allowed so many acts.
PAIRS, ACTS, ALLOWED = 5, 3, 15
LOOK_ONLY = "You can look at the team's imports with /history. To import, ask an admin."
ADMINS_ONLY = "Only an admin can do this."

long = pytest.mark.long


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[World]:
    async with running(settings_for(tmp_path)) as world:
        furnish(world.browser)
        yield world


def allows(role: Role | None, act: Act) -> bool:
    if act.use_case is None:
        return role is not None
    return act.use_case in PERMISSIONS[role]


def refusal(act: Act) -> str:
    return ADMINS_ONLY if is_for_admins(act.use_case or "") else LOOK_ONLY


def test_every_kind_of_button_and_every_command_is_tried() -> None:
    assert BUTTONS.keys() == _BUTTONS.keys()
    commands = {text.split()[0] for text in WRITTEN if text.startswith("/")}
    assert {f"/{name}" for name, _ in commands_of(translator("en"), Role.ADMIN)} <= commands
    tried = {use_case for actions in BUTTONS.values() for use_case in actions.values()} | set(WRITTEN.values())
    # What is left is asked for by none by itself.
    assert set(UseCase) - tried == {
        UseCase.TAKE_EDIT,
        UseCase.LOOK_THROUGH,
        UseCase.SHOW_CARD,
        UseCase.SET_CODE_CHOICES,
    }


@pytest.mark.parametrize(("pairs", "acts"), [(PAIRS, ACTS), pytest.param(1, 1, marks=long)])
async def test_what_a_role_does_not_allow_changes_nothing_and_is_answered(
    office: World, pairs: int, acts: int, record_property: Callable[[str, object], None]
) -> None:
    dealt = list(product(STATES, (None, Role.VIEWER, Role.MEMBER)))[::pairs]
    done: Counter[str] = Counter()
    for number, (name, some) in enumerate(groupby(dealt, itemgetter(0))):
        person = await somebody(office, Role.MEMBER)
        card = await STATES[name](office, person)
        everything = [*forged(person, card), *written()]
        for _, role in some:
            await give(office, person, role)
            denied = [act for act in everything if not allows(role, act)][number % acts :: acts]
            await refused(office, person, card, role, denied, name)
            done[str(role or "stranger")] += len(denied)
    record_property("summary", f"Denied, dealt round {pairs} by {acts}: {dict(done)}, on {len(STATES)} screens")


async def refused(  # noqa: PLR0917 - all that sets one round apart from another
    world: World, person: Person, card: Message, role: Role | None, denied: Sequence[Act], name: str
) -> None:
    """Do all of it at once: nothing but the answers may come of it."""
    before, told, popups = await snapshot(world), len(said(world, person)), len(world.popups())
    for act in denied:
        do(world, person, card, act)
    await world.rest()
    assert await snapshot(world) == before, (name, role)
    assert world.telegram.unanswered == {}, (name, role)
    pressed, typed = [act for act in denied if act.pressed], [act for act in denied if not act.pressed]
    if role is None:
        # They are told who they are, once an hour.
        assert len(said(world, person)) - told <= 1, (name, role)
        assert len(world.popups()) == popups
    else:
        assert world.popups()[popups:] == [refusal(act) for act in pressed], (name, role)
        assert said(world, person)[told:] == [refusal(act) for act in typed], (name, role)
    assert not world.browser.imports or {row["status"] for row in await world.log()}


@pytest.mark.parametrize("most", [ALLOWED, pytest.param(None, marks=long)])
async def test_what_a_role_allows_is_never_an_error(
    office: World, most: int | None, record_property: Callable[[str, object], None]
) -> None:
    """Each on a screen of its own, since it may change it."""
    whole = list(product(Role, STATES, range(60)))
    Random(SEED).shuffle(whole)
    done: Counter[str] = Counter()
    known: dict[tuple[Role, str], int] = {}  # how many acts there are
    for role, name, number in whole:
        if most is not None and done.total() >= most:
            break
        if most is None and number >= known.get((role, name), number + 1):
            continue
        person = await somebody(office, Role.MEMBER)
        card = await STATES[name](office, person)
        acts = [act for act in [*real(card), *written()] if allows(role, act)]
        known[role, name] = len(acts)
        if most is None and number >= len(acts):
            continue
        act = acts[number % len(acts)]
        await give(office, person, role)
        popups, told = len(office.popups()), len(said(office, person))
        do(office, person, card, act)
        await office.telegram.handled(PATIENCE)
        await office.app.presenter.idle()
        # What it has let go on is at a station that is not there, and would never end.
        await end_imports(office, person)
        await office.rest()
        assert office.telegram.unanswered == {}, (role, name, act)
        answers = [*office.popups()[popups:], *said(office, person)[told:]]
        assert not {LOOK_ONLY, ADMINS_ONLY} & set(answers), (role, name, act)
        assert not any("went wrong" in answer for answer in answers), (role, name, act)
        done[str(role)] += 1
    record_property("summary", f"Allowed, with seed {SEED}: {dict(done)}, on {len(STATES)} screens")
