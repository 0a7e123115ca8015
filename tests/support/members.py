"""Roles, and the pages of people that Ana opens in her chat."""

from __future__ import annotations

from bot.storage.tables import users
from tests.standins.telegram_state import Message
from tests.support.world import MEMBER, World


async def role_of(world: World, user_id: int = MEMBER) -> str | None:
    return {row["id"]: row["role"] for row in await world.rows(users)}.get(user_id)


async def opened(world: World, name: str = "Mai") -> Message:
    """The page of a person, in Ana's chat."""
    await world.say("/members")
    return await world.tap(name)
