"""A store that waits a moment for the database's server: whoever writes to the bot notices nothing of its restart."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from bot.errors import DatabaseUnreachable, StorageError
from bot.usecases.ports import Clock, Store, UnitOfWork

_LOG = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds that a server may be away until what is asked for fails. A handler has a little longer than that.
WAITS = 8.0
#: Seconds between two tries.
AGAIN = 0.2


class PatientStore:
    """A ``Store`` for what is handled again where it was begun before: a commit may have come through unheard.

    A server that is away for longer is not waited for by one after the other: once it was, everything fails at once
    until it is back.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # When the first attempt of those began that have failed one after another, and when the newest has failed.
        self._since = self._failed = -math.inf

    async def read(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._patiently(lambda: self._store.read(function, *args, **kwargs))

    async def write(self, function: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._patiently(lambda: self._store.write(function, *args, **kwargs))

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        maybe_committed = False
        while True:
            began = self._clock.awake()
            try:
                result = await attempt()
            except StorageError as error:
                # Whatever the last attempt has failed by, an earlier one may have come through.
                maybe_committed |= error.maybe_committed
                error.maybe_committed = maybe_committed
                if not isinstance(error, DatabaseUnreachable) or not self._is_worth_another(began, error):
                    raise
                await self._clock.wait(asyncio.Event(), AGAIN)
            else:
                self._failed = -math.inf
                return result

    def _is_worth_another(self, began: float, error: DatabaseUnreachable) -> bool:
        now = self._clock.awake()
        if began - self._failed > WAITS:
            self._since = began
            _LOG.warning("what was sent to the bot has to wait: %s", error)
        self._failed = now
        # The next one takes as long as this one, where the server, or the way there, is silent.
        return now - self._since + (now - began) < WAITS
