"""``transfer-bot new-key``: go on with a new key where the old one is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import database_of
from bot.errors import KeyMissing, SettingError, StorageError, WrongKey
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.holding import Holding
from bot.storage.key import make_key_file
from bot.storage.lost_key import replace_key
from bot.storage.migrate import current, newest
from bot.storage.unlocking import look_for_key

WARNING = """\
Nothing was changed yet.
The codes and passwords that are kept in the database were encrypted with a key
that is not here. If you find it, put it back, and all goes on as before. With a
new key none of them can be read again: open drafts are closed, what was not
sent has to be sent to the bot once more, and of what was being sent it is not
known how it ended.
To go on all the same:  transfer-bot new-key --yes"""


async def new_key(settings: Settings, say: Callable[[str], None], *, sure: bool) -> None:
    """Let the database go on with a new key, while no bot serves.

    Raises ``StorageError``, ``AlreadyRunning``, and ``SettingError`` with what is lost unless one is ``sure``.
    """
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    try:
        if await current(database) != newest():
            raise StorageError("the database is not up to date: start the bot once before")
        try:
            await look_for_key(database)
        except (KeyMissing, WrongKey):
            if not sure:
                raise SettingError(WARNING) from None
        else:
            say("The database's key is here and fits: nothing was changed.")
            return
        await holding.lock()
        await holding.take()
        unfinished = await replace_key(database, _make(database), datetime.now(UTC))
    finally:
        await holding.close()
        await database.close()
    say(f"The database has a new key. Not finished for it: {unfinished}. Whoever wanted these imports is told so.")


def _make(database: Database) -> Cipher:
    """The new key: the one in the settings, or one in a new file. A file that is there keeps another name."""
    if database.key.given is not None:
        return Cipher(bytes.fromhex(database.key.given))
    file = database.key.file
    if file.exists():
        file.rename(_free_name(file))
    return Cipher(make_key_file(file))


def _free_name(file: Path) -> Path:
    number = 1
    while (name := file.with_name(f"{file.name}.old-{number}")).exists():
        number += 1
    return name
