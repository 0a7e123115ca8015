"""``transfer-bot rebind``, ``station take`` and ``backup``: what is moved or copied by a command, never by accident."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.errors import Refused, SettingError, StorageError
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.backup_folder import BackupFolder, back_up
from bot.storage.holders import Holder, of_station
from bot.storage.holding import Holding, refuse_other_bot, stations_at_rest
from bot.storage.migrate import bring_up_to_date, current, newest
from bot.storage.server_lock import ServerLock, lock_once_free
from bot.storage.unlocking import look_for_key
from bot.storage.work import SqlStore
from bot.usecases.import_queue import adopt, waiting_elsewhere
from bot.usecases.rebinding import rebind

_LOG = logging.getLogger(__name__)

Say = Callable[[str], None]


async def move_to_this_bot(settings: Settings, say: Say) -> None:
    """Move the database to the bot of the present token, while no bot serves."""
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    try:
        await lock_once_free(lambda: holding.lock(of_any_bot=True))
        await bring_up_to_date(database, BackupFolder(database, settings.backups_kept))
        await holding.take()
        before = await SqlStore(database, holder=holding.hub).write(rebind, settings.bot_id)
    finally:
        await holding.close()
        await database.close()
    if before == settings.bot_id:
        say(f"The database belongs to the bot {settings.bot_id} already: nothing was changed.")
    else:
        say(f"The database belongs to the bot {settings.bot_id} from now on.")


async def take_station(settings: Settings, name: str, say: Say) -> None:
    """Take over what waits under another station's name, while no bot serves either."""
    if settings.database_file is not None:
        say("Nothing was changed: on SQLite the bot itself takes over what waits under another name when it starts.")
        return
    if name == settings.station:
        raise SettingError(f"{name} is the name of this station: set STATION to the name under which it is to go on.")
    database = database_of(settings)
    here = Holder(of_station(settings.station), strict=True)
    # The other one's epoch is raised as well: a process that has served it and is only stopped writes nothing more.
    lock = ServerLock(database.engine, [here, Holder(of_station(name))])
    try:
        await refuse_other_bot(database, settings.bot_id)
        if await current(database) != newest():
            raise StorageError("the database is not up to date: start the bot once before")
        await look_for_key(database)
        await lock_once_free(lock.take)
        await lock.raise_epochs()
        count = await SqlStore(database, holder=here).write(adopt, name)
    finally:
        await lock.close()
        await database.close()
    say(f"Taken over from the station {name} by the station {settings.station}: {_imports(count)}.")


async def back_up_by_hand(settings: Settings, to: Path | None, say: Say) -> None:
    """Back the database up, whether a bot serves it or not: into a file, or into a folder, or where all others are.

    Raises ``Refused`` where the file is there already, and ``StorageError``.
    """
    file = settings.database_file
    if file is not None and not file.exists():
        raise Refused(f"There is no database yet: {file} is made when the bot starts.")
    database = database_of(settings)
    folder = BackupFolder(database, settings.backups_kept)
    try:
        made = _new_file(folder.named(datetime.now(UTC)), to)
        rows = await back_up(database, made)
    finally:
        await database.close()
    say(f"Backed up as {made}, with {rows} row{'' if rows == 1 else 's'}. Keep a copy of it on another disk.")
    if database.key.given is None:
        say(f"The key is not in it. Keep a copy of {database.key.file} too, and apart from the backup.")
    else:
        say("The key is not in it: keep ENCRYPTION_KEY too, and apart from the backup.")


def _new_file(usual: Path, to: Path | None) -> Path:
    """Where a backup is to be made. Raises ``Refused`` where something is already."""
    made = usual if to is None else to / usual.name if to.is_dir() else to.absolute()
    if made.exists():
        raise Refused(f"Nothing was changed: {made} is there already.")
    return made


async def say_what_waits_elsewhere(app: App, say: Say) -> None:
    """Say, on a server, which imports wait for stations that no process serves, and how to take them over."""
    if app.database.is_sqlite:
        return
    try:
        waiting = await app.store.read(waiting_elsewhere)
        at_rest = await app.database.read(lambda connection: stations_at_rest(connection, waiting.keys()))
    except StorageError as error:
        _LOG.warning("whether imports wait under other stations' names can't be read: %s", error)
        return
    for name in at_rest:
        said = (
            f"Waiting for the station {name}, which is not running: {_imports(waiting[name])}. If this computer is to"
            f" go on with that, stop the bot and call: transfer-bot station take {_quoted(name)}"
        )
        _LOG.warning("%s", said)
        say(said)


def _imports(count: int) -> str:
    return f"{count} import{'' if count == 1 else 's'}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
