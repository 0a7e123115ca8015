"""One hub a database and one process a station on a PostgreSQL server: locks that are held while the process lives.

A lock ends with its session, and the session of a process that is killed ends at once. One that is stopped, or can't
be reached any more, leaves a session that the server keeps: whoever wants its locks ends it once its heartbeat is old.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sqlalchemy import Engine

from bot.errors import AlreadyRunning, DatabaseUnreachable, LockTaken, SettingError, StorageError, Superseded
from bot.storage.holders import HUB, Holder
from bot.storage.lock_session import PATIENCE, LockHolder, LockSession
from bot.storage.threads import Threads

_LOG = logging.getLogger(__name__)

T = TypeVar("T")

#: How often another process's heartbeat is seen to be new until it counts as one that stays: once may be the last sign
#: of a process that has just died.
BEATS: Final = 2


@dataclass(frozen=True, slots=True)
class LockTimes:
    """Seconds: between two heartbeats, for each answer of the server, until a heartbeat is old, between two tries."""

    beat_every: float = 5.0
    patience: float = PATIENCE
    old_after: float = 20.0
    again: float = 1.0


#: Those of a running program.
TIMES: Final = LockTimes()


@dataclass(slots=True)
class _Watched:
    """Another session that holds a lock: since when it is watched, and how often it has shown that it lives."""

    pid: int
    since: float
    seen: set[str] = field(default_factory=set)


class ServerLock:
    """The locks of what this process is to hold, over one session, in a thread of its own."""

    def __init__(self, engine: Engine, holders: Sequence[Holder], times: LockTimes | None = None) -> None:
        self._engine = engine
        self._holders = holders
        self._times = times or TIMES
        self._thread = Threads("lock", 1)
        self._session: LockSession | None = None
        self._locked: set[str] = set()
        self._watched: dict[str, _Watched] = {}
        # The sessions that this process has had: one that was lost may still be there.
        self._own: set[int] = set()
        self._keeping: asyncio.Task[None] | None = None

    async def take(self) -> None:
        """Take every lock that is not held yet, and keep them.

        Raises ``LockTaken`` while it is not known whether the process that has one lives, to be called again then;
        ``AlreadyRunning`` when it does; ``DatabaseUnreachable``; ``SettingError`` where a pooler is in between.
        """
        if self._keeping is not None and not self._keeping.done():
            return
        if self._keeping is not None:
            await self._begin_anew(self._keeping)
        now = asyncio.get_running_loop().time()
        await self._do(lambda: self._take(now))
        self._keeping = asyncio.create_task(self._keep(), name="lock")

    async def _begin_anew(self, lost: asyncio.Task[None]) -> None:
        """What was held is another's by now, or can't be held this way: none of it counts any more."""
        self._keeping = None
        _LOG.warning("the lock on the database was lost and has to be taken anew: %s", lost.exception())
        await self._do(self._release)
        for holder in self._holders:
            holder.epoch = None
            holder.paused = False

    async def raise_epochs(self) -> None:
        """From here on nobody else writes what the holders of these locks write."""
        await self._do(self._raise_epochs)

    async def kept(self) -> None:
        """Until a lock is lost for good. Raises ``Superseded``, or ``SettingError`` when a pooler has come between."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)

    async def close(self) -> None:
        """Let go of the locks."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        await self._do(self._release)
        await self._thread.close()

    # --- while they are held ----------------------------------------------------------------------------------------

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._times.beat_every)
            try:
                await self._do(lambda: self._locking().beat(self._holders))
            except Superseded:
                raise
            except StorageError as error:
                _LOG.warning("the connection that holds the lock on the database is lost: %s", error)
                await self._take_again()

    async def _take_again(self) -> None:
        """While nobody else takes the locks everything stays as it is: what was lost is the connection alone.

        Nobody can while the server is away, however long that is. So this is tried for as long as it takes, and ends
        where another process is found to have one.
        """
        for holder in self._holders:
            holder.paused = True
        said = ""
        while True:
            try:
                await self._do(self._retake)
            except Superseded:
                raise
            except StorageError as error:
                if str(error) != said:
                    said = str(error)
                    _LOG.warning("the lock on the database can't be taken again yet: %s", error)
                await asyncio.sleep(self._times.again)
            else:
                break
        for holder in self._holders:
            holder.paused = False
        _LOG.info("the lock on the database is held again")

    # --- in the thread ----------------------------------------------------------------------------------------------

    async def _do(self, work: Callable[[], T]) -> T:
        return await self._thread.run(lambda _: work())

    def _opened(self) -> LockSession:
        if self._session is None:
            self._session = LockSession(self._engine, self._times.patience)
            self._own.add(self._session.pid)
        return self._session

    def _locking(self) -> LockSession:
        """The session that has the locks."""
        if self._session is None:
            raise DatabaseUnreachable("the connection that held the lock on the database is lost")
        return self._session

    def _release(self) -> None:
        # Said, since the server notices only in a moment that a connection was closed, and somebody may be waiting.
        with contextlib.suppress(StorageError):
            if self._session is not None:
                self._session.unlock()
        self._close()

    def _close(self) -> None:
        session, self._session = self._session, None
        self._locked.clear()
        if session is not None:
            session.close()

    @contextlib.contextmanager
    def _closed_if_it_fails(self) -> Iterator[LockSession]:
        try:
            yield self._opened()
        except (LockTaken, AlreadyRunning):
            raise
        except (StorageError, SettingError):
            # Whatever is still under way there is nobody's any more, and its locks end with it.
            self._close()
            raise

    def _take(self, now: float) -> None:
        with self._closed_if_it_fails() as session:
            for holder in self._holders:
                if holder.name not in self._locked:
                    self._take_one(session, holder.name, now)

    def _take_one(self, session: LockSession, name: str, now: float) -> None:
        if not session.try_lock(name):
            other = session.holder_of(name)
            if other is not None:
                self._judge(session, name, other, now)
            if not session.try_lock(name):
                raise LockTaken(f"another transfer-bot has {_what(name)}; whether it still lives will be known soon")
        self._locked.add(name)

    def _judge(self, session: LockSession, name: str, other: LockHolder, now: float) -> None:
        """End the session of a process that gives no sign of life. Raises where it is not certain that it does not."""
        watched = self._watched.get(name)
        if watched is None or watched.pid != other.pid:
            watched = self._watched[name] = _Watched(other.pid, now)
        watched.seen.add(other.seen)
        if len(watched.seen) > BEATS:
            # Whoever tries once more begins anew: the session may be about to end.
            del self._watched[name]
            raise AlreadyRunning(
                f"Another transfer-bot, maybe on another computer, already serves {_what(name)} of the database in"
                " DATABASE_URL: stop it first, or give this one its own."
            )
        if (now - watched.since if other.age is None else other.age) > self._times.old_after:
            _LOG.warning("the process that has %s gives no sign of life; its session is ended", _what(name))
            session.end(other.pid)

    def _raise_epochs(self) -> None:
        session = self._locking()
        with self._closed_if_it_fails():
            for holder in self._holders:
                session.take(holder)

    def _retake(self) -> None:
        """Take the locks over a new session, if nobody else has had them meanwhile."""
        self._close()
        with self._closed_if_it_fails() as session:
            for holder in self._holders:
                if not session.try_lock(holder.name):
                    other = session.holder_of(holder.name)
                    if other is not None and other.pid not in self._own:
                        raise Superseded("another process has taken over what this one held")
                    if other is not None:
                        # The server has not noticed yet that the connection is gone.
                        session.end(other.pid)
                    if not session.try_lock(holder.name):
                        raise LockTaken("the server still holds it for the connection that was lost")
                self._locked.add(holder.name)
            session.beat(self._holders)


async def lock_once_free(take: Callable[[], Awaitable[None]]) -> None:
    """Take a lock, waiting while it is not known whether the process that has it lives."""
    while True:
        try:
            await take()
        except LockTaken:
            await asyncio.sleep(TIMES.again)
        else:
            return


def _what(name: str) -> str:
    return "the hub" if name == HUB else f"the {name}"
