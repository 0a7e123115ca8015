"""How a database and its key find each other, and how an earlier version's plain text goes."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, insert, inspect, select, update

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.tables import installation

_LOG = logging.getLogger(__name__)


async def unlock(database: Database, *, writing: bool = True) -> None:
    """Give the database its cipher. ``writing``: a database that has no key yet notes this one.

    Raises ``KeyMissing``, ``WrongKey`` and ``StorageError``.
    """
    check = await database.read(_key_check)
    # Before the first ciphertext the key is on the disk.
    database.cipher = database.key.cipher(check)
    if writing and check is None:
        await database.write(lambda connection: _note_key(connection, database.cipher.check))


async def look_for_key(database: Database) -> None:
    """The same for who changes nothing: see whether the key of what is encrypted is there."""
    check = await database.read(_key_check)
    if check is not None:
        database.cipher = database.key.cipher(check)


def _key_check(connection: Connection) -> bytes | None:
    """What the database recognises its key by; None where it holds nothing encrypted."""
    if not inspect(connection).has_table(installation.name):
        return None
    check = connection.scalar(select(installation.c.key_check))
    return None if check is None else bytes(check)


def _note_key(connection: Connection, check: bytes) -> None:
    if not connection.execute(update(installation).values(key_check=check)).rowcount:
        connection.execute(insert(installation).values(id=1, key_check=check, plain_text_left=False))


async def wipe_plain_text(database: Database) -> None:
    """Leave nothing of what an earlier version wrote in plain text; where that fails the next start does it."""
    if not await database.read(lambda connection: connection.scalar(select(installation.c.plain_text_left))):
        return
    try:
        if await database.rewrite():
            gone = update(installation).values(plain_text_left=False)
            await database.write(lambda connection: connection.execute(gone))
            _LOG.info("what an earlier version kept in plain text is gone from the database's files")
        else:
            _LOG.warning("what an earlier version kept in plain text stays until nobody else reads the database")
    except StorageError as error:
        _LOG.warning("what an earlier version kept in plain text is still in the database's files: %s", error)
