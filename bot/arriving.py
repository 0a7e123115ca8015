"""``transfer-bot restore`` with a file of ``transfer-bot move``: database, settings and key on another computer."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL

from bot.domain.passphrase import read_passphrase
from bot.errors import Refused
from bot.moved_settings import added_settings, is_bound, taken_over, write_settings
from bot.moving import POSTGRESQL, SQLITE, Head, digest_of, read_head
from bot.opened_database import database_of
from bot.process_lock import hold
from bot.settings import ENV_FILE, Settings, load_settings
from bot.storage.backup_files import UNFINISHED
from bot.storage.holding import Holding
from bot.storage.key import key_file, put_key
from bot.storage.marker import fit_nothing, is_to_begin, marker_file
from bot.storage.migrate import is_up_to_date
from bot.storage.restoring import Found, drop, read_backup, replace_database
from bot.storage.retirement import refuse_retired
from bot.storage.sealed import unseal, write_out
from bot.storage.server_lock import lock_once_free
from bot.storage.server_restoring import holds, is_empty, look_into, replace_tables
from bot.storage.url import engine_url
from bot.usecases.rebinding import other_bot
from bot.usecases.recovery_rows import Misfit

Say = Callable[[str], None]


def arrive(file: Path, passphrase: str, say: Say, found: Callable[[Settings], None] = lambda _: None) -> None:
    """Restore what was moved, where no bot has been. ``found`` is told the settings, once they are known.

    Raises ``Refused``, ``SettingError``, ``OtherBot``, ``Retired``, ``AlreadyRunning``, ``SchemaTooNew`` and
    ``StorageError``; nothing is changed then.
    """
    with unseal(file, read_passphrase(passphrase)) as opened:
        head = read_head(opened.head)
        settings = load_settings(moved=taken_over(head.settings))
        found(settings)
        with hold(settings):
            _check(settings, head, file)
            if not _is_there(settings, head):
                _put_all(settings, head, file, opened.content)
    _say_arrived(settings, head, say)


def _is_there(settings: Settings, head: Head) -> bool:
    """Whether all of it has arrived before, by a process that was ended before it had said so; no bot has served since.

    The database is put there last.
    """
    file = settings.database_file
    return file is not None and file.exists() and digest_of(file) == head.digest


def _put_all(settings: Settings, head: Head, moved: Path, content: Iterable[bytes]) -> None:
    text = added_settings(ENV_FILE, head.settings)
    part = marker_file(settings.database_file, _url(settings)).with_suffix(f".arrived{UNFINISHED}")
    try:
        if write_out(content, part) != head.digest:
            raise Refused(f"{moved} is damaged: nothing was changed.")
        with contextlib.ExitStack() as undone:
            _put_beside(settings, head, text, undone)
            asyncio.run(_put_database(settings, head, part))
            undone.pop_all()
    finally:
        drop(part)


def _url(settings: Settings) -> URL:
    return engine_url(settings.database_url.get_secret_value())


def _check(settings: Settings, head: Head, moved: Path) -> None:
    file = settings.database_file
    refuse_retired(file, _url(settings))
    if head.kind != (POSTGRESQL if file is None else SQLITE):
        wanted = "a PostgreSQL database" if head.kind == POSTGRESQL else "an SQLite file"
        raise Refused(f"{moved} holds {wanted}: set DATABASE_URL to the URL of one. Nothing was changed.")
    is_up_to_date(head.revision)
    if head.bot_id != settings.bot_id:
        raise other_bot(head.bot_id, settings.bot_id)
    if file is not None and file.exists() and not _is_there(settings, head):
        raise Refused(f"There is a database already, {file}: nothing was changed. Move it elsewhere first.")
    given = settings.encryption_key
    if given is not None and given.get_secret_value().lower() != head.key:
        raise Refused("ENCRYPTION_KEY is set here to another key than the database has: nothing was changed.")


def _put_beside(settings: Settings, head: Head, text: str, undone: contextlib.ExitStack) -> None:
    """Write key and settings; what was written is taken back by ``undone``."""
    at = key_file(settings.database_file)
    if settings.encryption_key is None and put_key(at, head.key):
        undone.callback(at.unlink, missing_ok=True)
    before = ENV_FILE.read_bytes() if ENV_FILE.exists() else None
    if text.encode() == (before or b""):
        return
    write_settings(ENV_FILE, text)
    if before is None:
        undone.callback(ENV_FILE.unlink, missing_ok=True)
    else:
        undone.callback(ENV_FILE.write_bytes, before)


async def _put_database(settings: Settings, head: Head, part: Path) -> None:
    """Last of all: where this is broken off, it can be called once more."""
    file, url = settings.database_file, _url(settings)
    if file is not None:
        try:
            found = read_backup(part, part)
        except sqlite3.Error as error:
            raise Refused(f"The database in the file is damaged ({error}): nothing was changed.") from None
        _compare(found, head)
        fit_nothing(file, url, Misfit.MOVED)
        replace_database(part, file, datetime.now(UTC))
        return
    _compare(look_into(part), head)
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    try:
        await lock_once_free(lambda: holding.lock(of_any_bot=True))
        await holding.close()
        if is_to_begin(file, url) and holds(database.engine, part):
            return  # by a process that was ended before it had said so
        if not is_empty(database.engine):
            raise Refused("There are tables already in the database of DATABASE_URL: nothing was changed.")
        fit_nothing(file, url, Misfit.MOVED)
        replace_tables(database.engine, part)
    finally:
        await holding.close()
        await database.close()


def _compare(found: Found, head: Head) -> None:
    # No bot may have served from it yet.
    if (found.revision, found.bot_id or head.bot_id, found.rows) != (head.revision, head.bot_id, head.rows):
        raise Refused("The database in the file is not the one that was moved: nothing was changed.")


def _say_arrived(settings: Settings, head: Head, say: Say) -> None:
    place = settings.database_file or "the database of DATABASE_URL"
    say(f"The database is restored to {place}, with {head.rows} rows; the settings are in {ENV_FILE.absolute()}.")
    if settings.encryption_key is None:
        say(f"The key is in {key_file(settings.database_file)}.")
    bound = [name for name, value in head.settings.items() if is_bound(name, value)]
    if bound:
        say(f"Not taken over, since they name the other computer: {', '.join(bound)}. They stand there as a note.")
    say(f"ixBrowser is looked for at {settings.ixbrowser_url}; transfer-bot check says whether it is there.")
    say("Delete the file once the bot runs. Whoever has it and the passphrase has everything.")
    say("Start the bot now. It sends nothing to ixBrowser until an admin, or transfer-bot recover, says so.")
