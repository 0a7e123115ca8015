"""Who may use the bot, for parts that see an update before anything is done for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from bot.errors import StorageError
from bot.usecases.members import are_allowed
from bot.usecases.ports import Store

_LOG = logging.getLogger(__name__)

#: Seconds in which the database has to answer: nobody's updates are fetched meanwhile.
ANSWER_WITHIN = 2.0

#: Those of some people who may use the bot.
Known = Callable[[Collection[int]], Awaitable[Collection[int]]]


def known_people(store: Store, admins: Collection[int]) -> Known:
    """Ask the database; while it can't tell, everybody is taken for known."""

    async def known(user_ids: Collection[int]) -> Collection[int]:
        asked = [user_id for user_id in user_ids if user_id not in admins]
        if not asked:
            return user_ids
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                allowed = await store.read(are_allowed, asked)
        except (StorageError, TimeoutError) as error:
            _LOG.debug("who may use the bot can't be read: %s", error)
            return user_ids
        strangers = {user_id for user_id, may in zip(asked, allowed, strict=True) if not may}
        return [user_id for user_id in user_ids if user_id not in strangers]

    return known
