"""Presses that no button of the bot makes: nothing changes, nothing is sent to ixBrowser, nothing fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import callbacks
from bot.demo.ixbrowser_actions import IMPORT
from bot.demo.ixbrowser_faults import refusal
from bot.demo.telegram_state import Button, Chat, Message, Person
from bot.transfer.draft import Step
from bot.transfer.proxy import KINDS, ProxyType
from tests.support.chatting import GROUP, imported, ready_to_import, snapshot
from tests.support.world import World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

#: How a card is shown may move: a press on an old one has the current one shown again.
_SHOWN = frozenset({"revision", "shown_revision", "message_id", "below"})

_ACTIONS = [
    "import", "cancel", "default", "new_group", "all", "no_bypass", "back", "group", "page", "pick", "reading",
    "new_ip", "format", "method", "proxy", "type", "change", "go_on", "look", "leave", "again", "same", "another",
    "mine", "everyone", "new", "drop",
]  # fmt: skip
_NUMBERS = st.one_of(st.integers(0, 12), st.integers(), st.sampled_from([10**18 - 1, 2**63 - 1, 2**63, 10**23]))
_ARGUMENTS = st.one_of(
    st.just(""),
    _NUMBERS.map(str),
    st.sampled_from([*KINDS, *ProxyType, *Step, "a1", "b1", "b0", f"b{10**22}", "1_0", "٣", "NaN"]),
    st.text(max_size=24),
)
_FORMED = st.builds(
    lambda kind, number, revision, action, argument: ":".join([kind, number, revision, action, *argument]),
    st.sampled_from("dbhnx"),
    _NUMBERS.map(str),
    _NUMBERS.map(str),
    st.one_of(st.sampled_from(_ACTIONS), st.text(max_size=16)),
    _ARGUMENTS.map(lambda argument: [argument] if argument else []),
)
_DATA = st.one_of(
    _FORMED,
    st.text(max_size=64),
    st.binary(max_size=32).map(lambda some: some.decode("latin-1")),
).filter(lambda data: len(data.encode()) <= 64)


def substance(rows: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    return {
        name: [{key: value for key, value in row.items() if key not in _SHOWN} for row in table]
        for name, table in rows.items()
    }


class Scene:
    """Ana and Mai with drafts, imports that wait, failed and went through, in private and in a group; and Sam."""

    def __init__(self, world: World, group: Chat) -> None:
        self.world = world
        self.group = group

    @classmethod
    async def set_up(cls, world: World) -> Scene:
        await world.let_in(world.mai)
        group = world.telegram.add_group(GROUP, "Team")
        await imported(world)
        world.browser.fail(IMPORT, refusal(1014))
        await imported(world, person=world.mai)
        for person in (world.ana, world.mai):
            await ready_to_import(world, world.browser.offer(), person=person)
        world.telegram.say(world.ana, world.browser.offer(), group)
        await world.rest()
        return cls(world, group)

    def messages(self) -> Sequence[Message]:
        """Everything of the bot that can be pressed on."""
        chats = [self.world.telegram.chat(person.id) for person in (self.world.ana, self.world.mai)] + [self.group]
        return [message for chat in chats for message in chat.messages if message.from_bot and not message.deleted]

    async def is_own(self, person: Person, data: str) -> bool:
        """Whether a button of this person's may carry this, so that it is no forgery."""
        press = callbacks.read(data)
        if press is None or person is self.world.sam:
            return False
        if press.kind == callbacks.ANYWHERE:
            return press.action == "new"
        async with self.world.app.store.read() as work:
            if press.kind == callbacks.DRAFT:
                draft = await work.drafts.find(press.id)
                own = draft is not None and draft.where.user_id == person.id
                return own and draft is not None and draft.card.revision == press.revision
            batch = await work.batches.find(press.id)
        return press.kind == callbacks.BATCH and batch is not None and batch.where.user_id == person.id

    async def attack(self, forged: Sequence[tuple[int, int, str, bool]]) -> None:
        people = (self.world.ana, self.world.mai, self.world.sam)
        before = substance(await snapshot(self.world))
        messages = self.messages()
        for who, where, data, inaccessible in forged:
            person, message = people[who], messages[where % len(messages)]
            if not await self.is_own(person, data):
                self.world.telegram.press(person, message, Button("?", data), inaccessible=inaccessible)
        await self.world.rest()
        assert substance(await snapshot(self.world)) == before


def test_a_thousand_forged_presses_change_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        world = runner.run(stack.enter_async_context(running(settings_for(tmp_path))))
        try:
            scene = runner.run(Scene.set_up(world))
            requests = len(world.browser.imports)

            @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
            @given(
                st.lists(
                    st.tuples(st.integers(0, 2), st.integers(0, 9), _DATA, st.booleans()), min_size=40, max_size=40
                )
            )
            def attack(forged: list[tuple[int, int, str, bool]]) -> None:
                runner.run(scene.attack(forged))
                assert not [record for record in caplog.records if record.exc_info]

            attack()
            assert len(world.browser.imports) == requests
        finally:
            runner.run(stack.aclose())


async def test_a_forged_press_of_somebody_elses_is_told_so_in_a_group(world: World) -> None:
    scene = await Scene.set_up(world)
    card = scene.group.card
    for button in card.all_buttons:
        world.telegram.press(world.mai, card, button)
    await world.rest()
    assert world.popups()[-len(card.all_buttons) :] == ["This card belongs to somebody else."] * len(card.all_buttons)


async def test_somebody_elses_import_can_be_neither_cancelled_nor_repeated(world: World) -> None:
    scene = await Scene.set_up(world)
    before = substance(await snapshot(world))
    for chat in (world.telegram.chat(world.mai.id), scene.group):
        for action in ("cancel", "go_on", "look", "proxy", "leave", "again", "same", "another"):
            world.telegram.press(world.mai, chat.card, Button("?", f"b:1:1:{action}"))
    await world.rest()
    assert substance(await snapshot(world)) == before
