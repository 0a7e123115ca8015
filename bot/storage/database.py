"""The one database: transactions in threads, whichever kind it is.

No SQLAlchemy exception leaves this room: each becomes a ``StorageError`` that holds no value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.errors import StorageError
from bot.storage.encryption import Cipher
from bot.storage.key import KeySource, key_file
from bot.storage.postgresql import PostgresqlBackend
from bot.storage.sqlite import SqliteBackend
from bot.storage.url import engine_url, sqlite_file

T = TypeVar("T")

#: Seconds after which it is given up to wait for another process's lock.
LOCK_TIMEOUT = 5.0


def _nothing(_: bool) -> None:
    pass


def _anybody(_: Connection) -> None:
    pass


class Database:
    """Transactions on the one database.

    Work that is handed over runs in a thread and may block there. It may be run a second time, where the server ends it
    for the sake of another transaction or where what was to be committed with it fails, so it touches nothing but its
    connection. A caller that is cancelled takes back what has not begun, and awaits the end of what has.
    """

    def __init__(
        self, url: str, station: str, *, lock_timeout: float = LOCK_TIMEOUT, key: KeySource | None = None
    ) -> None:
        """``lock_timeout``: the seconds that is waited for another process's lock. ``key``: by default a file."""
        self.url = engine_url(url)
        self.station = station
        self.file = sqlite_file(self.url)
        self.is_sqlite = self.file is not None
        self._backend = SqliteBackend(self.file, lock_timeout) if self.file is not None else PostgresqlBackend(self.url)
        self.engine = self._backend.engine
        self.key = key or KeySource(key_file(self.file))
        self._cipher: Cipher | None = None

    @property
    def cipher(self) -> Cipher:
        """What encrypts the secrets; known from ``unlock`` on."""
        if self._cipher is None:
            raise StorageError("the database's key has not been looked for yet")
        return self._cipher

    @cipher.setter
    def cipher(self, cipher: Cipher) -> None:
        self._cipher = cipher

    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of a transaction that sees one state of the database and changes nothing."""
        return await self._backend.read(work)

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        guard: Callable[[Connection], None] = _anybody,
        after: Callable[[bool], None] = _nothing,
    ) -> T:
        """The result of a transaction that is committed when ``work`` returns, and rolled back when it raises.

        ``guard`` raises at the beginning of a transaction that is not to be. ``after`` is called in the event loop
        once the commit was tried, with whether it is known to be done. Whoever is only to look may be told either way.
        """
        return await self._backend.write(work, guard, after)

    async def write_unchecked(self, work: Callable[[Connection], T]) -> T:
        """A transaction that may rebuild tables, and take as long as it needs."""
        return await self._backend.write_unchecked(work)

    async def rewrite(self) -> bool:
        """Write every page anew, so that nothing of what was deleted before is left; False while somebody reads.

        On PostgreSQL the server's write-ahead log keeps it until it is recycled.
        """
        return await self._backend.rewrite()

    async def renew_statistics(self) -> bool:
        """Leave nothing of what was deleted before in the planner's statistics; False where that is not permitted.

        Raises ``StorageError`` while somebody reads.
        """
        return await self._backend.renew_statistics()

    @property
    def under_way(self) -> int:
        """Transactions that were asked for and have not ended."""
        return self._backend.under_way

    def stop_waiting(self) -> None:
        """From now on nobody waits for another process's lock, since the program is about to end."""
        self._backend.stop_waiting()

    async def close(self) -> None:
        """Let everything end that has been asked for, and close every connection."""
        await self._backend.close()
