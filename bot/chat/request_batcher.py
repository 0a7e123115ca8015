"""Doing once for many what each asks for: under load one transaction serves whoever has come meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

#: Who ask in one round, from which on more are expected.
MANY = 4

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class RequestBatcher(Generic[Asked, Given]):
    """Rounds of ``do``, one after another: what is asked for while one is under way waits for the next.

    ``do`` gets what was asked for and gives as many answers, in order. A round that raises raises for everybody in it.
    Nobody waits for company that may not come: only after a round of many is the next one held back for ``gather``
    seconds, for those who come one by one after it.
    """

    def __init__(self, do: Callable[[Sequence[Asked]], Awaitable[Sequence[Given]]], *, gather: float = 0.0) -> None:
        self._do = do
        self._gather = gather
        self._asked: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Given:
        """The answer to this, from the next round."""
        future: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._asked.append((asked, future))
        if self._rounds is None:
            self._rounds = asyncio.create_task(self._work(), name="together")
        return await future

    async def rest(self) -> None:
        """Wait until no round is under way."""
        if self._rounds is not None:
            await self._rounds

    async def _work(self) -> None:
        try:
            while self._asked:
                # Somebody who was cancelled while waiting needs no answer any more.
                some = [(asked, future) for asked, future in self._asked if not future.done()]
                self._asked = []
                if some:
                    await self._round(some)
                    if self._gather and len(some) >= MANY:
                        await asyncio.sleep(self._gather)
        finally:
            self._rounds = None

    async def _round(self, some: Sequence[tuple[Asked, asyncio.Future[Given]]]) -> None:
        try:
            answers = await self._do([asked for asked, _ in some])
        except Exception as error:  # noqa: BLE001 - it belongs to those who asked
            for _, future in some:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(some, answers, strict=True):
            if not future.done():
                future.set_result(answer)
