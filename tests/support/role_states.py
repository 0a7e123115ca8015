"""What somebody may have on their screen, and all that they can press and write there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update

from bot.chat.callbacks import read
from bot.domain.draft import Step
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import KINDS
from bot.storage.tables import batches, imports
from bot.usecases.permissions import UseCase
from bot.usecases.records import Role
from tests.standins.telegram_state import Button, Message, Person
from tests.support.journeys import WAYS, asked
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
}


# --- acts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """A press or a message, and what it asks for; None for what everybody with a role may do."""

    what: str
    use_case: UseCase | None
    pressed: bool


_OF_DRAFTS: Mapping[str, UseCase] = {
    "import": UseCase.CONFIRM,
    "cancel": UseCase.CANCEL_DRAFT,
    "codes": UseCase.SHOW_CODES,
    "search": UseCase.ASK_SEARCH,
    "private": UseCase.MAKE_PRIVATE_LINK,
    **dict.fromkeys(
        [
            *("default", "new_group", "all", "no_bypass", "back", "group:1", "page:0", "pick:301", "reading:0"),
            *("new_ip:1", "format:0", "method:0", "type:http", *(f"proxy:{kind}" for kind in KINDS)),
            *("change:group", "change:proxy", "change:bypass", "yes", "no", "rubbish"),
        ],
        UseCase.ANSWER,
    ),
}
_OF_BATCHES: Mapping[str, UseCase] = {
    "cancel": UseCase.CANCEL_IMPORTS,
    "go_on": UseCase.KEEP_WAITING,
    "look": UseCase.LOOK_AGAIN,
    "proxy": UseCase.RETRY_PROXY,
    "leave": UseCase.LEAVE_PROXY,
    "codes": UseCase.SHOW_CODES,
    "again": UseCase.TRY_AGAIN,
    "another": UseCase.ANOTHER_CODE,
}
_OF_MEMBERS: Mapping[str, UseCase] = {
    "page": UseCase.LIST_MEMBERS,
    **dict.fromkeys(["person", "role:member_admin", "remove:member"], UseCase.SHOW_MEMBER),
    **dict.fromkeys(["role_yes:member_admin", "role_yes:admin_member"], UseCase.CHANGE_ROLE),
    "remove_yes:member": UseCase.REMOVE_MEMBER,
    "codes": UseCase.SHOW_KEPT_CODES,
}
#: What each kind of button asks for, by its action and argument.
BUTTONS: Mapping[str, Mapping[str, UseCase | None]] = {
    "d": _OF_DRAFTS,
    "b": _OF_BATCHES,
    "h": {"mine": UseCase.READ_OWN_LOG, "all": UseCase.READ_WHOLE_LOG, "all:b7": UseCase.READ_WHOLE_LOG},
    "o": {"delete": UseCase.DELETE_OFFERED, "delete_code": UseCase.DELETE_OFFERED},
    "c": {"draft": UseCase.CANCEL_CHOSEN_DRAFT, "batch": UseCase.CANCEL_CHOSEN_BATCH, "nothing": None},
    "i": dict.fromkeys(["first", "proxies", "trouble", "groups", "admins"]),
    "p": {"lang:vi": UseCase.CHOOSE_LANGUAGE, "zone:Asia/Tokyo": UseCase.CHOOSE_TIME_ZONE, "rubbish": None},
    "n": {"new": UseCase.BEGIN_IMPORT, "rubbish": None},
    "m": _OF_MEMBERS,
}
CODE = "11112222-33334444"
WRITTEN: Mapping[str, UseCase | None] = {
    **dict.fromkeys(["/start", "/start from_website", "/help", "/language", "/timezone", "/timezone x"]),
    **dict.fromkeys([f"/start {CODE}", "/import", f"/import {CODE}"], UseCase.BEGIN_IMPORT),
    **dict.fromkeys(
        [CODE, "good morning", "socks5://ana:hunter2@203.0.113.7:1080", "Direct", "yes"], UseCase.TAKE_TEXT
    ),
    "/nothing": UseCase.TAKE_COMMAND,
    f"/start private_{'t' * 32}": UseCase.GO_ON_IN_PRIVATE,
    "/cancel": UseCase.CANCEL_OPEN,
    "/history": UseCase.READ_OWN_LOG,
    "/timezone Tokyo": UseCase.CHOOSE_TIME_ZONE,
    **dict.fromkeys(["/members", "/allow"], UseCase.LIST_MEMBERS),
    **dict.fromkeys(["/allow 4711", "/allow x"], UseCase.CHANGE_ROLE),
    **dict.fromkeys(["/remove 4711", "/remove"], UseCase.REMOVE_MEMBER),
}


def forged(person: Person, card: Message) -> Sequence[Act]:
    """Every button of every kind, with the numbers that stand on the card, and the person's own."""
    there = [press for button in card.all_buttons if (press := read(button.callback_data)) is not None]
    numbers = {press.kind: (press.id, press.revision) for press in there}
    acts = []
    for kind, actions in BUTTONS.items():
        number, revision = numbers.get(kind, (person.id, 0))
        acts += [Act(f"{kind}:{number}:{revision}:{action}", use_case, True) for action, use_case in actions.items()]
    return acts


def real(card: Message) -> Sequence[Act]:
    """The buttons that stand on the card."""
    found = []
    for button in card.all_buttons:
        press = read(button.callback_data)
        if press is not None:
            by_action = {key.partition(":")[0]: use_case for key, use_case in BUTTONS[press.kind].items()}
            found.append(Act(str(press), by_action[press.action], True))
    return found


def written() -> Sequence[Act]:
    return [Act(text, use_case, False) for text, use_case in WRITTEN.items()]


def do(world: World, person: Person, card: Message, act: Act) -> None:
    if act.pressed:
        world.telegram.press(person, card, Button("?", act.what))
    else:
        world.telegram.say(person, act.what)
