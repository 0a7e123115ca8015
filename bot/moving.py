"""``transfer-bot move``: everything into one encrypted file, after which this installation does not run any more."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot import __version__
from bot.domain.passphrase import new_passphrase
from bot.errors import Refused, StorageError
from bot.moved_settings import moving_settings
from bot.opened_database import database_of
from bot.settings import Settings
from bot.storage.backup_files import UNFINISHED
from bot.storage.backup_folder import back_up
from bot.storage.database import Database
from bot.storage.holding import Holding
from bot.storage.key import key_hex
from bot.storage.marker import fit_nothing, marker_file
from bot.storage.migrate import current, newest
from bot.storage.retirement import bring_back, is_retired, retire
from bot.storage.sealed import seal, unseal
from bot.storage.server_lock import lock_once_free
from bot.storage.unlocking import look_for_key
from bot.storage.url import engine_url

Say = Callable[[str], None]

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_NAME: Final = "transfer-bot-%Y%m%dT%H%M%SZ.move"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands first in the file. ``settings`` by the names of their variables, ``key`` in hexadecimal digits.

    ``digest`` is SHA-256 of the backup of the database that follows, of the ``kind`` of database that it is for.
    """

    version: str
    kind: str
    revision: str
    bot_id: int
    rows: int
    digest: str
    key: str
    settings: dict[str, str]

    def written(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def read_head(text: bytes) -> Head:
    """Raises ``Refused`` for what this version does not know."""
    try:
        return Head(**json.loads(text))
    except (ValueError, TypeError):
        raise Refused("The file was made by another version of this program: install that version.") from None


async def move(settings: Settings, to: Path, say: Say) -> None:
    """Put database, settings and key into a file, read it back, and retire, while no bot serves.

    Raises ``Refused``, ``AlreadyRunning``, ``SettingError`` where the key is missing, and ``StorageError``; the bot
    runs on here then.
    """
    now = datetime.now(UTC)
    file = settings.database_file
    to = await asyncio.to_thread(_new_file, file, to, now)
    passphrase = new_passphrase()
    async with _locked(settings) as database:
        url = database.url
        # Beside the database, which is as secret.
        content = marker_file(file, url).with_suffix(f".moving{UNFINISHED}")
        try:
            head = await _gather(settings, database, content)
            await asyncio.to_thread(seal, to, passphrase, head.written(), content)
            await asyncio.to_thread(_read_back, to, passphrase, head)
            say(f"Everything is in {to}: the database with {head.rows} rows, the settings, and the key.")
            say("Its passphrase is shown once, here. Write it down, and keep it apart from the file:")
            say(f"\n    {passphrase}\n")
            await asyncio.to_thread(retire, file, url, to, now)
        except BaseException:
            if not is_retired(file, url):
                to.unlink(missing_ok=True)
            raise
        finally:
            content.unlink(missing_ok=True)
    say(
        "This installation does not run any more. On the other computer install this program, go to the folder in which"
    )
    say(f"the settings are to be, and call:  transfer-bot restore {to.name}")
    if head.kind == POSTGRESQL:
        say("Set DATABASE_URL to an empty PostgreSQL database before: which server there is does not move.")
    say("To go on here after all, call:  transfer-bot move --undo")


async def undo_move(settings: Settings, say: Say) -> None:
    """Have this installation run again. Raises ``Refused`` where it was not moved, and ``StorageError``."""
    file, url = settings.database_file, engine_url(settings.database_url.get_secret_value())
    if not is_retired(file, url):
        raise Refused("Nothing was changed: this installation was not moved.")
    # What was done on the other computer meanwhile is not known here.
    await asyncio.to_thread(fit_nothing, file, url)
    await asyncio.to_thread(bring_back, file, url)
    say("This installation may run again. Before you start it, see that the bot is stopped on the other computer.")
    say("It sends nothing to ixBrowser until an admin, or transfer-bot recover, says so.")


def _new_file(database: Path | None, to: Path, now: datetime) -> Path:
    """Where it is to be made. Raises ``Refused`` where something is already, or there is nothing to move."""
    if database is not None and not database.exists():
        raise Refused(f"There is nothing to move yet: {database} is made when the bot starts.")
    made = (to / now.strftime(_NAME) if to.is_dir() else to).resolve()
    if made.exists():
        raise Refused(f"Nothing was moved: {made} is there already.")
    return made


@contextlib.asynccontextmanager
async def _locked(settings: Settings) -> AsyncIterator[Database]:
    """The database, which nobody serves meanwhile."""
    database = database_of(settings)
    holding = Holding(database, settings.bot_id)
    try:
        await lock_once_free(holding.lock)
        yield database
    finally:
        await holding.close()
        await database.close()


async def _gather(settings: Settings, database: Database, content: Path) -> Head:
    """A backup, and what belongs to it."""
    revision = await current(database)
    if revision != newest():
        raise StorageError("the database is not up to date: start the bot once before")
    await look_for_key(database)
    rows = await back_up(database, content)
    return Head(
        version=__version__,
        kind=SQLITE if database.is_sqlite else POSTGRESQL,
        revision=revision,
        bot_id=settings.bot_id,
        rows=rows,
        digest=await asyncio.to_thread(digest_of, content),
        key=await asyncio.to_thread(key_hex, database.key),
        settings=moving_settings(settings),
    )


def _read_back(file: Path, passphrase: str, head: Head) -> None:
    """See that the file holds what was put into it. The backup was opened and counted when it was made."""
    digest = hashlib.sha256()
    with unseal(file, passphrase) as found:
        for piece in found.content:
            digest.update(piece)
        same = read_head(found.head) == head and digest.hexdigest() == head.digest
    if not same:
        raise StorageError(f"{file} does not hold what was put into it: nothing was kept of it")


def digest_of(file: Path) -> str:
    """SHA-256 of the file, in hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
