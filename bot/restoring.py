"""``transfer-bot restore``: put a backup in the place of the database, and have the next start be a recovery."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import KeyMissing, Refused, StorageError, WrongKey
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.backup_folder import BackupFolder
from bot.storage.holding import Holding
from bot.storage.key import KeySource, key_file
from bot.storage.marker import fit_nothing
from bot.storage.migrate import is_up_to_date
from bot.storage.restoring import Found, drop, replace_database, take_in
from bot.storage.server_backup import back_up_server
from bot.storage.server_lock import lock_once_free
from bot.storage.server_restoring import is_empty, look_into, replace_tables
from bot.storage.url import engine_url
from bot.usecases.rebinding import other_bot

Say = Callable[[str], None]


async def restore(settings: Settings, backup: Path, say: Say) -> None:
    """Restore a backup while no bot serves.

    Raises ``Refused``, ``OtherBot``, ``SchemaTooNew`` and ``StorageError``; the database is as it was then.
    """
    file = settings.database_file
    if not await asyncio.to_thread(backup.is_file):
        raise Refused(f"There is no file {backup}: nothing was changed.")
    if file is not None:
        kept = await asyncio.to_thread(_restore_file, settings, backup, file, say)
    else:
        kept = await _restore_server(settings, backup, say)
    if kept is not None:
        say(f"What was there is kept as {kept}.")
    say("Start the bot now. It sends nothing to ixBrowser until an admin, or transfer-bot recover, says so.")


def _restore_file(settings: Settings, backup: Path, file: Path, say: Say) -> Path | None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, found = take_in(backup, file)
    try:
        _check(settings, found)
    except BaseException:
        drop(part)
        raise
    # Should this be broken off from here on, the next start is a recovery all the same.
    fit_nothing(file, engine_url(settings.database_url.get_secret_value()))
    kept = replace_database(part, file, datetime.now(UTC))
    _say_restored(settings, found, say)
    return kept


async def _restore_server(settings: Settings, backup: Path, say: Say) -> Path | None:
    found = await asyncio.to_thread(look_into, backup)
    _check(settings, found)
    database = database_of(settings)
    kept = None
    try:
        # Whoever serves is noticed; the lock itself would be in the way of the tables being replaced.
        holding = Holding(database, settings.bot_id)
        await lock_once_free(lambda: holding.lock(of_any_bot=True))
        await holding.close()
        if not await asyncio.to_thread(is_empty, database.engine):
            folder = BackupFolder(database, settings.backups_kept)
            kept = folder.named(datetime.now(UTC)).with_suffix(".replaced.dump")
            await asyncio.to_thread(back_up_server, database.engine, kept)
        await asyncio.to_thread(fit_nothing, None, database.url)
        await asyncio.to_thread(_replace_tables, database.engine, backup, kept)
    finally:
        await database.close()
    _say_restored(settings, found, say)
    return kept


def _replace_tables(engine: Engine, backup: Path, kept: Path | None) -> None:
    try:
        replace_tables(engine, backup)
    except StorageError:
        if kept is not None:
            # Tables that are newer than the backup are gone by then.
            replace_tables(engine, kept)
        raise


def _check(settings: Settings, found: Found) -> None:
    is_up_to_date(found.revision)
    if found.bot_id is not None and found.bot_id != settings.bot_id:
        raise other_bot(found.bot_id, settings.bot_id)


def _say_restored(settings: Settings, found: Found, say: Say) -> None:
    say(f"The backup is restored, with {found.rows} rows.")
    key = settings.encryption_key
    source = KeySource(key_file(settings.database_file), None if key is None else key.get_secret_value())
    try:
        source.cipher(found.key_check)
    except (KeyMissing, WrongKey) as error:
        say(f"Before you start the bot: {error}")
