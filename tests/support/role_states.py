"""What somebody may have on their screen, whatever their role is by then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.domain.draft import Step
from bot.domain.import_state import ProxyStatus, Status
from bot.storage.tables import batches, imports
from bot.usecases.records import Role
from tests.standins.telegram_state import Message, Person
from tests.support.groups import say
from tests.support.invitations import follow, invite
from tests.support.journeys import WAYS, asked
from tests.support.left_codes import leave as leave_codes
from tests.support.world import World

State = Callable[[World, Person], Awaitable[Message]]


async def somebody(world: World, role: Role | None) -> Person:
    """Somebody new with this role, who has written before."""
    user_id = 3001
    while world.telegram.find(user_id) is not None:
        user_id += 1
    person = world.telegram.add_person(user_id, f"P{user_id}")
    await world.app.store.write(lambda work: work.users.keep(user_id, person.first_name, "en", work.now))
    await world.app.store.write(lambda work: work.users.note_seen(user_id, work.now))
    await give(world, person, role)
    return person


async def give(world: World, person: Person, role: Role | None) -> None:
    """Change a role and nothing else: what is on the screen and in the database stays as it was."""
    await world.app.store.write(lambda work: work.users.set_role(person.id, role, 1, work.now))


# --- states -----------------------------------------------------------------------------------------------------------


def _step(step: Step) -> State:
    async def reach(world: World, person: Person) -> Message:
        card, _ = await asked(world, step, person)
        return card

    return reach


def _batch(**fields: object) -> State:
    """An import that stands like this; at another station, so that nothing goes on with it."""

    async def reach(world: World, person: Person) -> Message:
        card = await ready_to_draft(world, person)
        await world.tap("✅ Import", person, card)

        def change(connection: Connection) -> Any:
            last = select(func.max(imports.c.id)).scalar_subquery()
            row = update(imports).where(imports.c.id == last).values(station="another", **fields)
            return connection.scalar(row.returning(imports.c.batch_id))

        batch_id = await world.app.database.write(change)
        assert batch_id is not None
        await world.app.store.write(lambda work: work.batches.bump(batch_id))
        world.app.presenter.tell(person.id)
        await world.rest()
        return world.card(person)

    return reach


async def end_imports(world: World, person: Person) -> None:
    """Whatever the person's imports that are at another station wait for."""

    def change(connection: Connection) -> None:
        theirs = update(imports).where(imports.c.user_id == person.id, imports.c.station == "another")
        connection.execute(theirs.values(status=Status.IMPORTED, proxy_status=None))
        connection.execute(update(batches).where(batches.c.user_id == person.id).values(announced=True))

    await world.app.database.write(change)


async def ready_to_draft(world: World, person: Person) -> Message:
    """A draft that can be confirmed."""
    card = await world.say(world.browser.offer(), person)
    if "Which group?" in card.text:
        card = await world.tap("Default", person)
    return await world.tap("Keep", person) if "Which proxy?" in card.text else card


def _said(text: str) -> State:
    async def reach(world: World, person: Person) -> Message:
        return await world.say(text, person)

    return reach


async def _to_cancel(world: World, person: Person) -> Message:
    await _batch(status=Status.QUEUED, profile_id=None, record_id=None)(world, person)
    await ready_to_draft(world, person)
    return await world.say("/cancel", person)


async def _admins(world: World, person: Person, *ways: str) -> Message:
    await give(world, person, Role.ADMIN)
    page = await world.say("/members", person)
    for way in ways:
        await world.tap(way, person, page)
    return page


async def _codes(world: World, person: Person) -> Message:
    """The codes of somebody whom they have removed."""
    other = await somebody(world, Role.MEMBER)
    await _batch(status=Status.QUEUED, profile_id=None, record_id=None, held=True)(world, other)
    await give(world, person, Role.ADMIN)
    await world.say(f"/remove {other.id}", person)
    return world.card(person)


async def _as_admin(world: World, person: Person, text: str, *ways: str) -> Message:
    """What an admin has on their screen behind this command, and taps then."""
    await give(world, person, Role.ADMIN)
    card = await world.say(text, person)
    for way in ways:
        await world.tap(way, person, card)
    return world.card(person)


async def _request(world: World, person: Person) -> Message:
    """Somebody asks to be let in."""
    await give(world, person, Role.ADMIN)
    other = await somebody(world, None)
    await world.say("/start", other)
    await world.tap("Ask for access", other)
    return world.card(person)


async def _joined(world: World, person: Person) -> Message:
    """Somebody has come by a link of theirs."""
    await give(world, person, Role.ADMIN)
    await follow(world, await invite(world, admin=person), await somebody(world, None))
    return world.card(person)


async def _asked_about_joined(world: World, person: Person) -> Message:
    card = await _joined(world, person)
    await world.tap("Remove", person, card)
    return card


async def _group_chat(world: World, person: Person) -> Message:
    """A stranger has added the bot to a group chat."""
    await give(world, person, Role.ADMIN)
    world.telegram.add_group(-person.id, "Shop", added_by=await somebody(world, None))
    await world.rest()
    return world.card(person)


async def _left(world: World, person: Person, *ways: str) -> Message:
    """What somebody else has left for the team, and they have been told."""
    await leave_codes(world, await somebody(world, Role.MEMBER), None)
    card = await world.say("/inbox", person) if ways else world.card(person)
    for way in ways:
        await world.tap(way, person, card)
    return card


async def _given(world: World, person: Person, *ways: str) -> Message:
    """What they have left for the team themselves."""
    await leave_codes(world, person, None, world.browser.offer(), world.browser.offer())
    card = await world.say("/given", person)
    for way in ways:
        await world.tap(way, person, card)
    return card


async def _feed(world: World, person: Person) -> Message:
    """They have made a group chat of theirs the team's feed, or are asked whether it is to be moved there."""
    await give(world, person, Role.ADMIN)
    team = world.telegram.add_group(-2 * person.id, "Team", added_by=person)
    await world.rest()
    await say(world, team, "/feed", person)
    return team.card


_UNSENT: Mapping[str, object] = {"profile_id": None, "record_id": None}

STATES: Mapping[str, State] = {
    "start": _said("/start"),
    **{f"asked {step}": _step(step) for step in WAYS},
    "no code yet": _said("/import"),
    "queued": _batch(status=Status.QUEUED, **_UNSENT),
    "held": _batch(status=Status.QUEUED, held=True, **_UNSENT),
    "sending": _batch(status=Status.SENDING, **_UNSENT),
    "checking": _batch(status=Status.CHECKING, **_UNSENT),
    "imported": _batch(),
    "failed": _batch(status=Status.FAILED, error_code=1014, **_UNSENT),
    "cancelled": _batch(status=Status.CANCELLED, **_UNSENT),
    "unknown": _batch(status=Status.UNKNOWN, **_UNSENT),
    "without its proxy": _batch(proxy_status=ProxyStatus.MISSING),
    "history": _said("/history"),
    "help": _said("/help"),
    "language": _said("/language"),
    "time zone": _said("/timezone Berlin"),
    "offer to delete": _said("the password is hunter2-Tarn"),
    "what to cancel": _to_cancel,
    "members": _admins,
    "a member": lambda world, person: _admins(world, person, "P"),
    "a question about a member": lambda world, person: _admins(world, person, "P", "Remove"),
    "codes of somebody removed": _codes,
    "a request": _request,
    "an invitation": lambda world, person: _as_admin(world, person, "/invite"),
    "open invitations": lambda world, person: _as_admin(world, person, "/invite", "Make link", "Open invitations"),
    "somebody who has joined": _joined,
    "a question about who has joined": _asked_about_joined,
    "a group chat": _group_chat,
    "codes left for the team": _left,
    "the inbox": lambda world, person: _left(world, person, "1."),
    "codes left by them": _given,
    "one of these": lambda world, person: _given(world, person, "1."),
    "the feed": _feed,
    "the audit": lambda world, person: _as_admin(world, person, "/audit"),
    "the status": lambda world, person: _as_admin(world, person, "/status"),
}
