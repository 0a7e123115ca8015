"""A PostgreSQL server: a small pool of threads, each transaction on a pooled connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from bot.errors import Overtaken, SettingError, StorageError
from bot.storage.faults import fault_of, translated
from bot.storage.threads import Job, Threads

T = TypeVar("T")

#: Transactions side by side.
THREADS = 4
#: Tables in which an earlier version kept secrets in plain text.
_REWRITTEN = ("imports", "draft_codes", "secrets", "drafts", "batches")
#: Whether somebody in the database sees a state of it from before.
_READERS: Final = """
    SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL))
"""
#: The number that the next transaction will have, and that of the oldest which has not ended, in whatever database.
_NEXT: Final = "SELECT txid_snapshot_xmax(txid_current_snapshot())"
_OLDEST: Final = "SELECT txid_snapshot_xmin(txid_current_snapshot())"
#: Seconds that transactions which have begun before may take to end, and of a rest in between.
_MAY_TAKE, _REST = 5.0, 0.05
#: In which file the planner's statistics are: another one after they were written anew.
_STATISTICS_FILE: Final = "SELECT pg_relation_filenode('pg_catalog.pg_statistic')"
#: How often a transaction is begun anew that the server ended for the sake of another, or that another overtook.
REPEATS = 3
#: SQLSTATEs of such an end: a serialization failure, a deadlock.
_REPEATABLE = frozenset({"40001", "40P01"})

#: libpq's parameters; those in DATABASE_URL go before these. A server that is gone without a word is noticed, since a
#: thread that waits for it can't be cancelled: in seconds, the last in milliseconds.
_PARAMETERS: Final[Mapping[str, Any]] = {
    "client_encoding": "utf8", "fallback_application_name": "transfer-bot",
    "connect_timeout": 5, "keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}  # fmt: skip
#: How long, for the same reason, a statement may take and wait for another's lock; and how long the server keeps what
#: a transaction has locked whose process has been stopped, or can't be reached any more.
_LIMITS = (
    "SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '10s'"
)  # fmt: skip


class PostgresqlBackend:
    def __init__(self, url: URL) -> None:
        self.engine = _make_engine(url)
        self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._threads = Threads("database", THREADS)

    @property
    def under_way(self) -> int:
        return self._threads.under_way

    def stop_waiting(self) -> None:
        """Nothing is waited for here for longer than its limits."""

    async def close(self) -> None:
        await self._threads.close()
        self.engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        def job(_: Job[T]) -> T:
            # Ended by the connection's return: there is nothing to commit.
            with translated(), self._reading.connect() as connection:
                return work(connection)

        return await self._threads.run(job)

    async def write(
        self, work: Callable[[Connection], T], guard: Callable[[Connection], None], after: Callable[[bool], None]
    ) -> T:
        def once(this: Job[T]) -> T:
            # What an earlier attempt has come to was undone.
            this.undo()
            try:
                with self.engine.begin() as connection:
                    guard(connection)
                    result = work(connection)
                    this.afterwards = after
            except DBAPIError as error:
                if this.afterwards is not None and error.connection_invalidated:
                    # At the commit: a server that answers has undone it, one that does not may have done it.
                    raise fault_of(error, maybe_committed=True) from None
                raise
            return result

        def job(this: Job[T]) -> T:
            with translated():
                for _ in range(REPEATS):
                    try:
                        return once(this)
                    except Overtaken:
                        if this.abandoned:
                            raise
                    except DBAPIError as error:
                        if getattr(error.orig, "sqlstate", None) not in _REPEATABLE or this.abandoned:
                            raise
                return once(this)

        return await self._threads.run(job)

    async def write_unchecked(self, work: Callable[[Connection], T]) -> T:
        """A transaction that may take as long as it needs; tables can be changed in any."""
        return await self.write(work, _lift_limits, lambda _: None)

    async def rewrite(self) -> bool:
        """Write the tables anew that have held secrets in plain text; False while somebody reads."""

        def work(connection: Connection) -> bool:
            if not _is_alone(connection):
                return False
            for table in _REWRITTEN:
                connection.exec_driver_sql(f"VACUUM FULL {table}")
            return True

        return await self._outside_transactions(work)

    async def renew_statistics(self) -> bool:
        """Leave no value of before in the planner's statistics; False where this role may not rewrite their table.

        Raises ``StorageError`` while somebody reads.
        """

        def work(connection: Connection) -> bool:
            for table in _REWRITTEN:
                connection.exec_driver_sql(f"ANALYZE {table}")
            if not _is_alone(connection):
                raise StorageError("somebody reads the database")
            # For a role that may not, unlike the database's owner, the server only warns, and leaves the file as it is.
            before = connection.exec_driver_sql(_STATISTICS_FILE).scalar()
            connection.exec_driver_sql("VACUUM FULL pg_catalog.pg_statistic")
            return bool(connection.exec_driver_sql(_STATISTICS_FILE).scalar() != before)

        return await self._outside_transactions(work)

    async def _outside_transactions(self, work: Callable[[Connection], T]) -> T:
        """Do what VACUUM is needed for, which no transaction may be around, for as long as that takes."""

        def job(_: Job[T]) -> T:
            with translated(), self.engine.connect() as found:
                connection = found.execution_options(isolation_level="AUTOCOMMIT")
                try:
                    connection.exec_driver_sql("SET statement_timeout = 0")
                    return work(connection)
                finally:
                    # Its limit is not the others'.
                    found.invalidate()

        return await self._threads.run(job)


def connect_parameters(url: URL) -> Mapping[str, Any]:
    """libpq's parameters that are not in the URL."""
    return {name: value for name, value in _PARAMETERS.items() if name not in url.query}


def connect_apart(engine: Engine, purpose: str, **more: Any) -> Any:
    """A connection of the driver's, outside of the pool; the server lists it by the program's name and its purpose."""
    dbapi: Any = engine.dialect.dbapi
    arguments, parameters = engine.dialect.create_connect_args(engine.url)
    parameters = {**connect_parameters(engine.url), **parameters}
    name = parameters.get("application_name", parameters["fallback_application_name"])
    with translated(dbapi.Error):
        return dbapi.connect(*arguments, **parameters | {"application_name": f"{name} {purpose}"} | more)


def _is_alone(connection: Connection) -> bool:
    """Whether VACUUM would keep no row for others that has been deleted by now.

    It keeps them for whoever reads this database, and for every transaction that has begun before, those of other
    databases too: its own snapshot counts them.
    """
    if connection.exec_driver_sql(_READERS).scalar():
        return False
    now: int = connection.exec_driver_sql(_NEXT).scalar_one()
    until = time.monotonic() + _MAY_TAKE
    while connection.exec_driver_sql(_OLDEST).scalar_one() < now:
        if time.monotonic() > until:
            return False
        time.sleep(_REST)
    return True


def _lift_limits(connection: Connection) -> None:
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


def _make_engine(url: URL) -> Engine:
    parameters = dict(connect_parameters(url))
    try:
        engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=THREADS, max_overflow=0, connect_args=parameters
        )
    except ImportError:
        # Of the driver, or of libpq where the driver was installed without it.
        raise SettingError(
            "DATABASE_URL names a PostgreSQL database, for which a part is missing: in this program's folder, run"
            " .venv/bin/python -m pip install -c constraints.txt '.[postgresql]'."
        ) from None
    event.listen(engine, "connect", _set_limits)
    return engine


def _set_limits(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)
    connection.commit()
