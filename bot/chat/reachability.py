"""Who can't be written to is noted, and forgotten once they can be."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping

from telegram.error import Forbidden

from bot.errors import StorageError
from bot.usecases.alerts import forget_unsaid
from bot.usecases.ports import Store
from bot.usecases.reachability import note_reached, note_unreachable, unreachable_people
from bot.usecases.unreachable import Why

_LOG = logging.getLogger(__name__)

#: How Telegram says why. Of somebody who has never written to the bot it may not know the chat.
_WORDS: Mapping[str, Why] = {
    "can't initiate conversation": Why.NEVER_STARTED,
    "chat not found": Why.NEVER_STARTED,
    "blocked by the user": Why.BLOCKED,
}


def why_refused(refusal: Forbidden) -> Why:
    said = str(refusal).lower()
    return next((why for words, why in _WORDS.items() if words in said), Why.OTHER)


class Reachability:
    """Told by the presenter of every private chat in which it could not write, or could.

    What can't be noted now is noted the next time.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # None until it was read.
        self._unreachable: set[int] | None = None

    async def load(self) -> None:
        """Read who was noted, unless that is known."""
        if self._unreachable is None:
            try:
                self._unreachable = set(await self._store.read(unreachable_people))
            except StorageError as error:
                _LOG.warning("who can't be written to can't be read: %s", error)

    async def refused(self, chat_id: int, refusal: Forbidden) -> None:
        if chat_id > 0:
            with _passing(chat_id):
                await self._store.write(forget_unsaid, chat_id)
        known = self._unreachable
        if chat_id > 0 and known is not None and chat_id not in known:
            with _passing(chat_id):
                if await self._store.write(note_unreachable, chat_id, why_refused(refusal)):
                    known.add(chat_id)

    async def reached(self, chat_id: int) -> None:
        known = self._unreachable
        if known is not None and chat_id in known:
            with _passing(chat_id):
                await self._store.write(note_reached, chat_id)
                known.discard(chat_id)


@contextlib.contextmanager
def _passing(chat_id: int) -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        _LOG.warning("whether %s can be written to can't be noted: %s", chat_id, error)
