"""``transfer-bot new-key``: go on with a new key where the old one is lost."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.app import database_of
from bot.errors import KeyMissing, StorageError, WrongKey
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.encryption import Cipher
from bot.storage.key import make_key_file
from bot.storage.lost_key import replace_key
from bot.storage.migrate import current, is_up_to_date
from bot.storage.unlocking import look_for_key

WARNING = """\
The codes and passwords that are kept in the database were encrypted with a key
that is not here. If you find it, put it back, and all goes on as before. With a
new key none of them can be read again: open drafts are closed, what was not
sent has to be sent to the bot once more, and of what was being sent it is not
known how it ended.
To go on all the same:  transfer-bot new-key --yes
"""


async def new_key(settings: Settings, *, sure: bool) -> int:
    """The exit status: 0 well, 1 where nothing was done. Raises ``StorageError``."""
    database = database_of(settings)
    try:
        if not is_up_to_date(await current(database)):
            raise StorageError("the database is of an earlier version, which had no key: start the bot once")
        try:
            await look_for_key(database)
        except (KeyMissing, WrongKey):
            if not sure:
                _say(WARNING)
                return 1
        else:
            _say("The database's key is here and fits: nothing was changed.")
            return 0
        unfinished = await replace_key(database, _make(database), datetime.now(UTC))
    finally:
        await database.close()
    _say(f"The database has a new key. {unfinished} imports could not be finished; whoever wanted them is told so.")
    return 0


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


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - what a person at the terminal reads
