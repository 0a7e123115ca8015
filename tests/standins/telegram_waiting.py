"""Waiting until something is true of the pretend Telegram: looked at again at each change, and at no other time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Predicate = Callable[[], object]


def _holds(predicate: Predicate) -> bool:
    """A predicate that finds no such message yet is one that does not hold yet."""
    try:
        return bool(predicate())
    except LookupError:
        return False


class Watchers:
    """Who waits for what, by the chat that it is about; None is about anything."""

    def __init__(self) -> None:
        self._waiting: dict[int | None, dict[asyncio.Future[None], Predicate]] = {}

    def changed(self, chat_id: int | None) -> None:
        """Look again at what was waited for in this chat, and at what is about anything."""
        for about in {chat_id, None} & self._waiting.keys():
            for future, predicate in list(self._waiting[about].items()):
                self._look(future, predicate)

    @staticmethod
    def _look(future: asyncio.Future[None], predicate: Predicate) -> None:
        if future.done():
            return
        try:
            if _holds(predicate):
                future.set_result(None)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits, not to whoever made the change
            future.set_exception(error)

    async def wait(self, predicate: Predicate, seconds: float | None, chat_id: int | None) -> bool:
        """Whether it came true within the seconds. What the predicate raises, LookupError aside, is raised here."""
        if _holds(predicate):
            return True
        future = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(chat_id, {})
        waiting[future] = predicate
        try:
            async with asyncio.timeout(seconds):
                await future
        except TimeoutError:
            return False
        finally:
            del waiting[future]
            if not waiting:
                self._waiting.pop(chat_id, None)
        return True
