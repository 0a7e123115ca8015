"""A team that leaves codes for one another, on either database, and what is done with them beside the buttons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.storage.handoff_tables import handoffs
from bot.usecases.actor import Actor
from bot.usecases.ports import UnitOfWork
from bot.usecases.receiving import HandoffButton, HandoffResult, decline_handoff, take_handoff
from bot.usecases.records import Place, Role
from tests.standins.telegram_state import Message, Person
from tests.support.chatting import ready_to_import
from tests.support.world import World, running, settings_for


@asynccontextmanager
async def a_team(folder: Path, **changes: Any) -> AsyncIterator[World]:
    """Ana is an admin by the settings, Mai and Sam are members who have been here."""
    async with running(settings_for(folder, **changes)) as world:
        for person in (world.mai, world.sam):
            await world.let_in(person)
            await world.say("/start", person)
        yield world


async def leave(world: World, *codes: str, to: str = "Mai", giver: Person | None = None) -> Message:
    """Have Ana leave codes, new ones where none are given, in her private chat; the receipt."""
    await ready_to_import(world, *(codes or (world.browser.offer(),)), person=giver)
    await world.tap("Hand over", giver)
    await world.tap(to, giver)
    return await world.tap("✅ Hand over", giver)


async def newest_handoff(world: World) -> int:
    return int((await world.rows(handoffs))[-1]["id"])


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.first_name, Role.MEMBER, "en")


def _button(person: Person, handoff_id: int) -> HandoffButton:
    return HandoffButton(Place(person.id, person.id, None, "en"), handoff_id)


def _press(
    work: UnitOfWork,
    use_case: Callable[[UnitOfWork, Actor, HandoffButton], HandoffResult],
    actor: Actor,
    button: HandoffButton,
) -> HandoffResult:
    """What a press does: its chat is shown whatever comes of it."""
    work.signals.chat_behind(button.where.chat_id)
    return use_case(work, actor, button)


async def take(world: World, person: Person, handoff_id: int | None = None) -> Message:
    """Have somebody take the newest handoff; the card of their draft."""
    command = _button(person, handoff_id or await newest_handoff(world))
    result = await world.app.store.write(_press, take_handoff, _actor(person), command)
    assert result.problem is None
    await world.rest()
    return world.card(person)


async def decline(world: World, person: Person, handoff_id: int | None = None) -> None:
    """Have somebody decline the newest handoff."""
    command = _button(person, handoff_id or await newest_handoff(world))
    result = await world.app.store.write(_press, decline_handoff, _actor(person), command)
    assert result.problem is None
    await world.rest()
