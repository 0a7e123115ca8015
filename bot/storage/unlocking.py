"""How a database and its key find each other, and how an earlier version's plain text goes."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from sqlalchemy import Connection, inspect, select, update

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.tables import installation

_LOG = logging.getLogger(__name__)

STATISTICS_LEFT: Final = (
    "what an earlier version kept in plain text is gone from the database's tables and statistics; deleted statistics"
    " may stay in the server's files, which this role may not rewrite: have the database's owner or a superuser run"
    " VACUUM FULL pg_catalog.pg_statistic there"
)


async def unlock(database: Database) -> None:
    """Give the database its cipher; one that holds nothing encrypted yet may have a new key, which its migration notes.

    Raises ``KeyMissing``, ``WrongKey`` and ``StorageError``.
    """
    check = await database.read(_key_check)
    # Before the first ciphertext the key is on the disk.
    database.cipher = await asyncio.to_thread(database.key.cipher, check)


async def look_for_key(database: Database) -> None:
    """The same for who changes nothing: see whether the key of what is encrypted is there."""
    check = await database.read(_key_check)
    if check is not None:
        database.cipher = await asyncio.to_thread(database.key.cipher, check)


def _key_check(connection: Connection) -> bytes | None:
    """What the database recognises its key by; None where it holds nothing encrypted.

    The migration that makes the table notes it.
    """
    if not inspect(connection).has_table(installation.name):
        return None
    return bytes(connection.execute(select(installation.c.key_check)).scalar_one())


async def wipe_plain_text(database: Database) -> None:
    """Leave nothing of what an earlier version wrote in plain text; where that fails the next start does it."""
    if not await database.read(lambda connection: connection.scalar(select(installation.c.plain_text_left))):
        return
    try:
        if await database.rewrite():
            # Statistics that this role may not wipe now it may not wipe at the next start either: that is told once.
            everywhere = await database.renew_statistics()
            await database.write(_note_wiped)
            if everywhere:
                _LOG.info("what an earlier version kept in plain text is gone from the database's files")
            else:
                _LOG.warning(STATISTICS_LEFT)
            return
        why = "somebody reads the database"
    except StorageError as error:
        why = str(error)
    _LOG.warning("what an earlier version kept in plain text is still in the database's files: %s", why)


def _note_wiped(connection: Connection) -> None:
    connection.execute(update(installation).values(plain_text_left=False))
