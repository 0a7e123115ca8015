"""Tells what the team's feed has to tell: a task of the hub that turns events into messages of the outbox."""

from __future__ import annotations

import asyncio
import logging

from bot.chat.feed import texts
from bot.chat.translator import translator
from bot.errors import StorageError
from bot.usecases.feed_telling import feed_due, next_message
from bot.usecases.heartbeats import rest, watched
from bot.usecases.ports import Clock, Store, UnitOfWork

_LOG = logging.getLogger(__name__)

#: Seconds between two looks that nobody has asked for, and before one that failed is tried again.
ROUND = 60.0
AGAIN = 1.0


class FeedTeller:
    """One message in one transaction: a process that dies tells nothing twice, and the next one goes on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._behind = asyncio.Event()

    def feed_behind(self) -> None:
        """Something is to be told."""
        self._behind.set()

    async def run(self) -> None:
        """Until cancelled."""
        with watched("feed"):
            await self._run()

    async def _run(self) -> None:
        while True:
            self._behind.clear()
            try:
                pause = await self._tell()
            except StorageError as error:
                _LOG.warning("the team's feed has to wait: %s", error)
                pause = AGAIN
            except Exception:  # noqa: BLE001 - imports go on, whatever is wrong with what is told of them
                _LOG.exception("the team's feed can't be told")
                pause = ROUND
            await rest(self._clock, self._behind, pause)

    async def _tell(self) -> float:
        """Tell what may be told now; seconds until the next look."""
        while (due := await self._store.read(feed_due)) == 0:
            await self._store.write(tell_next)
        return ROUND if due is None else min(due, ROUND)


def tell_next(work: UnitOfWork) -> None:
    """Put the next message into the outbox, in the feed's language."""
    message = next_message(work)
    if message is not None:
        said = texts.message(translator(message.where.language), message)
        work.outbox.say(message.where, said, work.now, silent=message.silent)
        work.signals.chat_behind(message.where.chat_id)
