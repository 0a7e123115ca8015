"""Updates as Telegram delivers them, recorded and delivered once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram import Update

from tests.support.world import World


def record_updates(world: World) -> list[dict[str, Any]]:
    """A list in which every update is put from now on as Telegram delivers it."""
    recorded: list[dict[str, Any]] = []
    queue = world.telegram.updates
    add_raw = queue.add_raw

    def add_and_record(update: dict[str, Any]) -> int:
        update_id = add_raw(update)
        recorded.append({"update_id": update_id, **update})
        return update_id

    queue.add_raw = add_and_record  # type: ignore[method-assign]  # a wrapper around the one that is there
    return recorded


async def deliver(world: World, update: Mapping[str, Any]) -> None:
    """Hand an update to the application as PTB does when Telegram has delivered it (once more)."""
    application = world.app.telegram
    parsed = Update.de_json(dict(update), application.bot)
    await application.update_queue.put(parsed)
    await application.update_queue.join()
    await world.rest()
