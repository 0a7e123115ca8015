"""Presses that no button of the bot makes: nothing changes, nothing is sent to ixBrowser, nothing fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from bot.chat.callbacks import ANYWHERE, BATCH, DRAFT, HISTORY, Press
from bot.domain.draft import Step
from bot.domain.import_state import Status
from bot.domain.proxy import KINDS, ProxyType
from bot.storage.tables import batches, drafts, imports
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram_state import Button, Chat, Message, Person
from tests.support.chatting import GROUP, imported, ready_to_import, snapshot, substance, timed, until_shown
from tests.support.world import World, button_of

pytestmark = pytest.mark.usefixtures("calm_log")

PRESSES = 1000
#: Presses before it is looked whether anything has changed.
ROUND = 100
SEED = 20260301
BYTES = 64

_OF_DRAFTS = [
    "import", "cancel", "default", "new_group", "all", "no_bypass", "back", "group:1", "page:0", "pick:301",
    "reading:0", "new_ip:1", "format:0", "method:0", *(f"proxy:{kind}" for kind in KINDS),
    *(f"type:{proxy_type}" for proxy_type in ProxyType), *(f"change:{step}" for step in Step),
    "hand", "team", "receiver:1002", "no_note", "expiry:4", "hand_over",
]  # fmt: skip
_OPENING = ["again", "same", "another"]
_OF_BATCHES = ["cancel", "go_on", "look", "proxy", "leave", *_OPENING]
_ACTIONS = [*_OF_DRAFTS, *_OF_BATCHES, "new", "drop", "mine", "everyone", "IMPORT", "import_", ""]
_NUMBERS = [0, 1, 7, 10**9, 10**18 - 1, 2**63 - 1, 2**63, 10**23, -1]
_LETTERS = "ab:0\u0661\u0663\u202e\u200d\0 \n\u0416\U0001f642"


@dataclass(frozen=True, slots=True)
class Row:
    """A draft or a batch with a card; ``others`` are people whose it is not."""

    kind: str
    id: int
    revision: int
    open: bool
    owner: Person
    others: Sequence[Person]

    @property
    def actions(self) -> Sequence[str]:
        return _OF_DRAFTS if self.kind == DRAFT else _OF_BATCHES


@dataclass(frozen=True, slots=True)
class Scene:
    """Ana and Mai with drafts and imports at every stage, in private and in a group; and Sam, a stranger.

    Of what Ana has confirmed, one waits to be told to go on in each chat, and of one nobody knows how it ended: there
    is something that a forged press could set off.
    """

    world: World
    group: Chat

    @classmethod
    async def set_up(cls, world: World) -> Scene:
        await world.let_in(world.mai)
        scene = cls(world, world.telegram.add_group(GROUP, "Team"))
        await imported(world)
        world.browser.fail(IMPORT, refusal(1014))
        await imported(world, person=world.mai)
        await scene._put_back(None, status=Status.QUEUED, held=True)
        await scene._put_back(None, status=Status.UNKNOWN)
        await scene._put_back(scene.group, status=Status.QUEUED, held=True)
        for person in (world.ana, world.mai):
            await ready_to_import(world, world.browser.offer(), person=person)
        await world.say(world.browser.offer(), chat=scene.group)
        return scene

    async def _put_back(self, chat: Chat | None, **fields: object) -> None:
        """An import of Ana's that is put back to where it would have stood a day after it was confirmed."""
        card = await self.world.say(self.world.browser.offer(), chat=chat)
        await self.world.tap("✅ Import", message=card)

        def change(connection: Connection) -> Any:
            last = select(func.max(imports.c.id)).scalar_subquery()
            row = update(imports).where(imports.c.id == last).values(profile_id=None, record_id=None, **fields)
            return connection.scalar(row.returning(imports.c.batch_id))

        batch_id = await self.world.app.database.write(change)
        await self.world.app.store.write(lambda work: work.batches.bump(batch_id))
        self.world.app.presenter.tell(card.chat.id)
        await self.world.rest()

    def messages(self) -> Sequence[Message]:
        """Everything of the bot that can be pressed on."""
        chats = [self.world.telegram.chat(person.id) for person in (self.world.ana, self.world.mai)] + [self.group]
        return [message for chat in chats for message in chat.messages if message.from_bot and not message.deleted]

    async def rows(self) -> Sequence[Row]:
        people = {person.id: person for person in (self.world.ana, self.world.mai, self.world.sam)}
        return [
            Row(
                kind,
                row["id"],
                row["revision"],
                row.get("state") == "open",
                people[row["user_id"]],
                [person for user_id, person in people.items() if user_id != row["user_id"]],
            )
            for kind, table in ((DRAFT, drafts), (BATCH, batches))
            for row in await self.world.rows(table)
        ]


# --- forgeries: who presses, and what the press carries ---------------------------------------------------------------

Forged = tuple[Person, str]


def anothers_draft(random: Random, rows: Sequence[Row]) -> Forged:
    """One that there is not, or that has ended."""
    gone = [row for row in rows if row.kind == DRAFT and not row.open]
    row = random.choice(gone)
    number = random.choice([row.id, len(rows) + 1, *filter(len(rows).__lt__, _NUMBERS)])
    return row.owner, f"{DRAFT}:{number}:{row.revision}:{random.choice(_OF_DRAFTS)}"


def somebody_elses(random: Random, rows: Sequence[Row]) -> Forged:
    row = random.choice(rows)
    return random.choice(row.others), f"{row.kind}:{row.id}:{row.revision}:{random.choice(row.actions)}"


def ahead(random: Random, rows: Sequence[Row]) -> Forged:
    """Far ahead: the revisions next to the card's are reached by showing it again."""
    row = random.choice(rows)
    revision = random.choice([row.revision + 2 * PRESSES, 10**9 - 1, 10**9, 2**63, 10**23])
    return row.owner, f"{row.kind}:{row.id}:{revision}:{random.choice(row.actions)}"


def behind(random: Random, rows: Sequence[Row]) -> Forged:
    """Of a batch what acts on it may be behind, as far as there has ever been such a button."""
    row = random.choice(rows)
    revision = random.randrange(row.revision)
    actions = row.actions if row.kind == DRAFT or revision == 0 else _OPENING
    return row.owner, f"{row.kind}:{row.id}:{revision}:{random.choice(actions)}"


def garbage(random: Random, rows: Sequence[Row]) -> Forged:
    """Anything at all, and what nearly is a button."""
    form = ":".join(
        [
            random.choice([DRAFT, BATCH, HISTORY, ANYWHERE, "x", ""]),
            str(random.choice(_NUMBERS)),
            str(random.choice([*_NUMBERS[3:], "", "1_0", "٣", "NaN"])),
            random.choice(_ACTIONS),
        ]
    )
    text = "".join(random.choices(_LETTERS, k=random.randrange(20)))
    binary = random.randbytes(random.randrange(1, 32)).decode("latin-1")
    return random.choice(random.choice(rows).others), random.choice([form[:BYTES], text, binary])


def sixty_four_bytes(random: Random, rows: Sequence[Row]) -> Forged:
    """As long as Telegram takes it, some of it behind what is on a real button."""
    row = random.choice(rows)
    real = f"{row.kind}:{row.id}:{row.revision}:{random.choice(row.actions)}"
    start = random.choice([real, f"{real}:", f"{row.kind}:{row.id}:", ""])
    letter = random.choice(["0", "9", "a", "_", ":", " ", "é", "漢"])
    room = BYTES - len(start.encode())
    count, left = divmod(room, len(letter.encode()))
    return row.owner, start + letter * count + "a" * left


CLASSES: Sequence[Callable[[Random, Sequence[Row]], Forged]] = (
    anothers_draft,
    somebody_elses,
    ahead,
    behind,
    garbage,
    sixty_four_bytes,
)


@pytest.mark.not_followed
async def test_a_thousand_forged_presses_change_nothing_and_are_answered(world: World) -> None:
    scene, random = await Scene.set_up(world), Random(SEED)
    before, requests = substance(await snapshot(world)), len(world.browser.imports)
    cards = {person.id: world.card(person).text for person in (world.ana, world.mai)}
    pressed: Counter[str] = Counter()
    while pressed.total() < PRESSES:
        rows, messages = await scene.rows(), scene.messages()
        for _ in range(ROUND):
            forge = random.choice(CLASSES)
            person, data = forge(random, rows)
            assert len(data.encode()) <= BYTES
            world.telegram.press(person, random.choice(messages), Button("?", data), inaccessible=random.random() < 0.3)
            pressed[forge.__name__] += 1
        await world.rest()
        assert substance(await snapshot(world)) == before
    assert min(pressed[forge.__name__] for forge in CLASSES) >= 100, pressed
    assert len(world.browser.imports) == requests
    assert {person.id: world.card(person).text for person in (world.ana, world.mai)} == cards
    assert world.telegram.unanswered == {}


async def test_a_press_from_one_revision_ahead_changes_no_batch(world: World) -> None:
    scene = await Scene.set_up(world)
    before = substance(await snapshot(world))
    for row in [row for row in await scene.rows() if row.kind == BATCH]:
        for action in _OF_BATCHES:
            forged = Press(row.kind, row.id, row.revision + 1, action)
            world.telegram.press(row.owner, world.card(row.owner), Button("?", str(forged)))
    await world.rest()
    assert substance(await snapshot(world)) == before


async def test_what_is_offered_under_a_result_opens_nothing_before_there_is_one(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        card = await ready_to_import(world, world.browser.offer())
        world.browser.running = False
        world.telegram.press(world.ana, card, "✅ Import")
        await until_shown(world, clock, "not running")
        cancel = button_of(card, "Cancel")
        for action in _OPENING:
            early = Button("?", str(cancel.callback_data).replace("cancel", action))
            world.telegram.press(world.ana, card, early)
        await world.rest()
        assert [row["state"] for row in await world.rows(drafts)] == ["confirmed"]


async def test_a_forged_press_of_somebody_elses_is_told_so_in_a_group(world: World) -> None:
    scene = await Scene.set_up(world)
    card = scene.group.card
    for button in card.all_buttons:
        world.telegram.press(world.mai, card, button)
    await world.rest()
    assert world.popups()[-len(card.all_buttons) :] == ["This card belongs to Ana."] * len(card.all_buttons)


async def test_somebody_elses_import_can_be_neither_cancelled_nor_repeated(world: World) -> None:
    scene = await Scene.set_up(world)
    before = substance(await snapshot(world))
    for row in await scene.rows():
        if row.kind == BATCH and row.owner is world.ana:
            for chat in (world.telegram.chat(world.mai.id), scene.group):
                for action in _OF_BATCHES:
                    press = Press(BATCH, row.id, row.revision, action)
                    world.telegram.press(world.mai, chat.card, Button("?", str(press)))
    await world.rest()
    assert substance(await snapshot(world)) == before
