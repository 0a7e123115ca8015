"""Updates waiting for the bot, and getUpdates: offsets confirm, a long poll waits, a second poller ends the first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.standins.telegram_checks import Params, Refusal, integer, structure

#: Updates that nobody has fetched are forgotten after a day.
KEPT_SECONDS = 24 * 60 * 60

#: What a bot that never named its ``allowed_updates`` is not told.
_LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LONGEST_POLL = 50


class UpdateQueue:
    """The updates of one bot. ``changed`` is called whenever an update comes in or is confirmed."""

    def __init__(self, now: Callable[[], float], changed: Callable[[], None]) -> None:
        self.next_id = 1001
        self._now = now
        self._changed = changed
        self._waiting: deque[tuple[int, float, dict[str, Any]]] = deque()
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[Exception | None] | None = None

    def add(self, kind: str, content: dict[str, Any]) -> int:
        """Queue an update; its id. One of a kind that the bot has not asked for is dropped, as Telegram drops it."""
        wanted = kind not in _LEFT_OUT if self._allowed is None else kind in self._allowed
        if not wanted:
            self.next_id += 1
            return self.next_id - 1
        return self.add_raw({kind: content})

    def add_raw(self, update: dict[str, Any]) -> int:
        """Queue this update, whatever it holds, under the next id."""
        update_id = self.next_id
        self.next_id += 1
        self._waiting.append((update_id, self._now(), {"update_id": update_id, **update}))
        self._wake(None)
        self._changed()
        return update_id

    @property
    def pending(self) -> list[int]:
        """The ids of the updates that the bot has not confirmed."""
        return [update_id for update_id, _, _ in self._waiting]

    def interrupt(self, error: Exception) -> None:
        """End the long poll that is waiting, if any, with this error."""
        self._wake(error)

    def clear(self) -> None:
        self._waiting.clear()
        self._changed()

    async def get(self, params: Params) -> list[dict[str, Any]]:
        """getUpdates. Raises ``Refusal`` 409 when another long poll takes this one's place."""
        offset = integer(params, "offset")
        limit = min(max(integer(params, "limit", 100), 1), 100)
        timeout = min(max(integer(params, "timeout"), 0), _LONGEST_POLL)
        self._learn_allowed(params)
        self._confirm(offset)
        if not self._waiting and timeout:
            await self._wait(timeout)
        return [update for (_, _, update), _ in zip(self._waiting, range(limit), strict=False)]

    async def _wait(self, seconds: int) -> None:
        self._wake(
            Refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        )
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                error = await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
        if error is not None:
            raise error

    def _wake(self, error: Exception | None) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(error)

    def _learn_allowed(self, params: Params) -> None:
        """An empty list means the default; a list that is left out, the one of last time."""
        allowed = structure(params, "allowed_updates", "allowed_updates")
        if isinstance(allowed, list):
            self._allowed = frozenset(map(str, allowed)) or None

    def _confirm(self, offset: int) -> None:
        """Forget the updates below the offset; a negative one keeps that many of the newest.

        An offset far beyond the newest update belongs to another sequence of ids: Telegram confirms nothing by it.
        """
        before = len(self._waiting)
        oldest = self._now() - KEPT_SECONDS
        while self._waiting and self._waiting[0][1] < oldest:
            self._waiting.popleft()
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif offset <= self.next_id + 10:
            while self._waiting and self._waiting[0][0] < offset:
                self._waiting.popleft()
        if len(self._waiting) != before:
            self._changed()
