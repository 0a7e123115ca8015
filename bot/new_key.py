"""``transfer-bot new-key``: go on with a new key where the old one is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bot.errors import KeyMissing, SettingError, StorageError, WrongKey
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.holding import Holding
from bot.storage.lost_key import replace_key
from bot.storage.migrate import current, newest
from bot.storage.server_lock import lock_once_free
from bot.storage.unlocking import look_for_key

WARNING = """\
Nothing was changed yet.
The codes and passwords that are kept in the database were encrypted with a key
that is not here. If you find it, put it back, and all goes on as before. With
another key none of them can be read again: open drafts are closed, what was not
sent has to be sent to the bot once more, and of what was being sent it is not
known how it ended.
To go on all the same:  transfer-bot new-key --yes"""


async def new_key(settings: Settings, say: Callable[[str], None], *, sure: bool) -> None:
    """Let the database go on with another key, while no bot serves.

    It is the one that is in the settings or in the file of the key by now, which may be another database's too, and
    where there is none a new one.

    Raises ``StorageError``, ``AlreadyRunning``, and ``SettingError`` with what is lost unless one is ``sure``.
    """
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    try:
        if await current(database) != newest():
            raise StorageError("the database is not up to date: start the bot once before")
        if sure:
            await lock_once_free(holding.lock)
        if await _key_is_here(database):
            say("The database's key is here and fits: nothing was changed.")
            return
        if not sure:
            raise SettingError(WARNING)
        await holding.take()
        cipher = await asyncio.to_thread(database.key.cipher, None)
        unfinished = await replace_key(database, cipher, datetime.now(UTC), holding.holders)
    finally:
        await holding.close()
        await database.close()
    say(
        f"The database goes on with another key, that of {database.key.place}. Not finished for it: {unfinished}."
        " Whoever wanted these imports is told so."
    )


async def _key_is_here(database: Database) -> bool:
    try:
        await look_for_key(database)
    except (KeyMissing, WrongKey):
        return False
    return True
