"""The marker beside the installation: what it has seen of its database, by which an older one or a copy is recognised.

It is a file and not in the database, so that it does not go back in time with that.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, func, select, update

from bot.data_folder import data_folder
from bot.errors import StorageError
from bot.storage.audit import audit
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder
from bot.storage.machine import machine_id
from bot.storage.tables import holders, imports, installation
from bot.usecases.heartbeats import rest, watched
from bot.usecases.ports import Clock
from bot.usecases.recovery_rows import Misfit

_LOG = logging.getLogger(__name__)

#: Seconds between two looks at what is newest.
EVERY: Final = 15.0
#: Of a marker by which no database fits.
NONE_FITS: Final = "none"
#: Buttons have room for six digits: for more than a thousand recoveries with the largest steps.
LAST_GENERATION: Final = 999_999
LARGEST_STEP: Final = 900


@dataclass(frozen=True, slots=True)
class Marker:
    """What was seen of a database: which one, which of its lives, and its newest rows.

    ``place`` is where it was: on which computer, and in which file there; ``NONE_FITS`` while it is not known whether
    the recovery of one that has moved was begun. ``starts`` is the epoch of the hub, and
    ``mark`` goes up in both whenever something is noted here.
    """

    database: str
    generation: int
    place: str
    starts: int
    newest_import: int
    newest_audit: int
    mark: int

    def misfit(self, found: Marker) -> Misfit | None:
        """Why the database that is ``found`` is not the one that was seen here; None where it is."""
        if found.database != self.database:
            # One from before databases were told from one another has a new id.
            return Misfit.OLDER if self.place == found.place else Misfit.MOVED
        why = Misfit.OLDER if self.place == found.place else Misfit.MOVED
        if self.place not in {found.place, NONE_FITS}:
            return why
        newest = (found.newest_import, found.newest_audit, found.mark)
        seen = (self.newest_import, self.newest_audit, self.mark)
        older = any(is_there < was for is_there, was in zip(newest, seen, strict=True))
        # To take the hub raises the epoch.
        fits = found.generation == self.generation and found.starts > self.starts and not older
        return None if fits else why


def marker_file(file: Path | None, url: URL) -> Path:
    """Where the marker of a database is: beside an SQLite file; for a server's database, in the data folder."""
    if file is not None:
        return file.with_name(f"{file.name}.marker")
    return data_folder() / f"transfer-bot-{_digest(_address(None, url))[:16]}.marker"


def read_marker(file: Path) -> Marker | None:
    """The marker in a file; None where there is none, and one that fits nothing where it can't be read."""
    try:
        return _checked(Marker(**json.loads(file.read_text("utf-8"))))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        _LOG.warning("%s can't be read: %s", file, type(error).__name__)
        return Marker(NONE_FITS, 0, "", 0, 0, 0, 0)


def _checked(marker: Marker) -> Marker:
    """The marker, where each of its values can be compared. Raises ``TypeError`` where one can't."""
    numbers = (marker.generation, marker.starts, marker.newest_import, marker.newest_audit, marker.mark)
    if not all(type(number) is int and 0 <= number < 1 << 63 for number in numbers):
        raise TypeError
    texts = (marker.database, marker.place)
    if marker.generation > LAST_GENERATION or not all(isinstance(text, str) for text in texts):
        raise TypeError
    return marker


def write_marker(file: Path, marker: Marker) -> None:
    """Have the marker on the disk when this returns. Raises ``StorageError``."""
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as written:
            written.write(json.dumps(asdict(marker)))
            written.flush()
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        advice = "free some space on the disk" if full else "look at the folder's rights"
        raise StorageError(
            f"the file {file} can't be written ({error.strerror}): {advice}", "disk_full" if full else ""
        ) from error


class MarkerKeeper:
    """Compares the marker at the start, and keeps it up to date while the bot serves.

    ``holder`` is what the process must hold: one that has been superseded notes nothing any more.
    """

    def __init__(self, database: Database, holder: Holder, clock: Clock) -> None:
        self._database = database
        self._holder = holder
        self._clock = clock
        self._file = marker_file(database.file, database.url)
        self._place = ""
        self._written: Marker | None = None

    async def begin(self, recover: Callable[[int, Misfit], Awaitable[None]]) -> int:
        """The generation of the database, which is taken over; where that does not fit, ``recover`` begins another.

        Raises ``StorageError``.
        """
        # By now there is a file.
        self._place = await asyncio.to_thread(place_of, self._database.file, self._database.url)
        found, marked = await self._database.read(self._look)
        seen = await asyncio.to_thread(read_marker, self._file)
        # A database of which nobody has ever noted anything has begun here.
        unseen = Misfit.MOVED if marked else None
        why = unseen if seen is None else seen.misfit(found)
        if why is not None:
            found = replace(found, generation=_next(max(found.generation, seen.generation if seen else 0)))
        # First the marker: should the process die here, the next start does this once more, for the same reason.
        first = replace(found, place=NONE_FITS) if why is Misfit.MOVED else found
        await asyncio.to_thread(write_marker, self._file, first)
        self._written = found
        if why is not None:
            _LOG.warning(
                "this is not the database that was served here last (%s): a recovery begins, and nothing is sent to"
                " ixBrowser until an admin of ADMIN_IDS, or transfer-bot recover, says so",
                "it is older" if why is Misfit.OLDER else "it comes from elsewhere",
            )
            await recover(found.generation, why)
            if first != found:
                await asyncio.to_thread(write_marker, self._file, found)
        elif not marked:
            await self._database.write(_note_marked, guard=self._holder.check)
        return found.generation

    async def run(self) -> None:
        """Until cancelled, and once more then."""
        try:
            with watched("marker"):
                while True:
                    await rest(self._clock, asyncio.Event(), EVERY)
                    await self._try_to_keep(at_end=False)
        finally:
            await self._try_to_keep(at_end=True)

    async def _try_to_keep(self, *, at_end: bool) -> None:
        try:
            await self.keep(at_end=at_end)
        except StorageError as error:
            _LOG.warning("what is newest in the database can't be noted beside it: %s", error)

    async def keep(self, *, at_end: bool = False) -> None:
        """Note what is newest, if that is something else than before, or the bot ends. Raises ``StorageError``."""
        found, _ = await self._database.read(self._look)
        if at_end or found != self._written:
            # First in the database: that may be ahead of what is noted, and not the other way round.
            await self._database.write(_raise_mark, guard=self._holder.check)
            newest = replace(found, mark=found.mark + 1)
            await asyncio.to_thread(write_marker, self._file, newest)
            self._written = newest

    def _look(self, connection: Connection) -> tuple[Marker, bool]:
        return look_at(connection, self._place)


def _next(newest: int) -> int:
    """Another generation than any that is known, and than those that copies elsewhere have begun, as far as can be.

    Two that begin in the same one on two computers would take each other's buttons for their own.
    """
    step = 1 + secrets.randbelow(LARGEST_STEP)
    return newest + (step if newest + step <= LAST_GENERATION else 1)


def look_at(connection: Connection, place: str) -> tuple[Marker, bool]:
    """What there is of a database in this place, and whether anybody has ever noted that beside it."""
    row = connection.execute(select(installation)).one()
    starts = connection.scalar(select(holders.c.epoch).where(holders.c.name == HUB)) or 0
    newest = [connection.scalar(select(func.max(column))) or 0 for column in (imports.c.id, audit.c.id)]
    return Marker(row.database_id or "", row.generation, place, starts, newest[0], newest[1], row.mark), row.marked


def fit_nothing(file: Path | None, url: URL, why: Misfit = Misfit.OLDER) -> None:
    """Have the next start begin a recovery, whatever is by then in the file, or on the server. Raises ``StorageError``.

    Nothing is opened for that.
    """
    at = marker_file(file, url)
    seen = read_marker(at)
    generation = 0 if seen is None else seen.generation
    place = NONE_FITS if why is Misfit.MOVED else place_of(file, url)
    write_marker(at, Marker(NONE_FITS, generation, place, 0, 0, 0, 0))


def is_to_begin(file: Path | None, url: URL) -> bool:
    """Whether the marker says that what was moved here was to be there at the next start, which has not been yet."""
    seen = read_marker(marker_file(file, url))
    return seen is not None and seen.place == NONE_FITS


def place_of(file: Path | None, url: URL) -> str:
    """Where a database is; nothing of that can be read from it."""
    return _digest(f"{machine_id() or _number_of(file)}\n{_address(file, url)}")[:32]


def _number_of(file: Path | None) -> str:
    """The file's number in its file system, which a copy has not: for where the system does not say which one it is."""
    try:
        return "" if file is None else f"file {file.stat().st_ino}"
    except OSError:
        return ""


def _address(file: Path | None, url: URL) -> str:
    if file is not None:
        return str(file.resolve())
    return f"{url.host}:{url.port}/{url.database}?{url.query.get('host', '')}&{url.query.get('port', '')}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()


def _raise_mark(connection: Connection) -> None:
    connection.execute(update(installation).values(mark=installation.c.mark + 1))


def _note_marked(connection: Connection) -> None:
    connection.execute(update(installation).values(marked=True))
