"""One connection of its own to a PostgreSQL server, which holds locks for as long as it lasts.

It is not pooled, and waited for below psycopg's own ways: those can't be broken off when the server, or something on
the way there, falls silent.
"""

from __future__ import annotations

import hashlib
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from bot.errors import DatabaseUnreachable, SettingError, Superseded
from bot.storage.faults import translated
from bot.storage.holders import Holder
from bot.storage.postgresql import connect_apart

POOLER: Final = (
    "DATABASE_URL leads to a connection pooler, through which no lock can be held: write the address of the PostgreSQL"
    " server itself, or have the pooler give each client a session of its own."
)
#: Seconds for each answer of the server.
PATIENCE: Final = 5.0
#: How often it has to be seen that another connection keeps this one waiting.
_TRIES: Final = 2
#: What is added to the name under which the server lists this connection.
APPLICATION: Final = "lock"

_SCHEMA: Final = "SELECT current_schema()"
_HELD_BY: Final = """
    SELECT l.pid, a.state_change, extract(epoch FROM clock_timestamp() - a.state_change)
    FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = {key}
"""
_HEARTBEAT: Final = """
    SELECT heartbeat_at, extract(epoch FROM clock_timestamp() - heartbeat_at) FROM holders
    WHERE name = $1 AND backend_pid = $2::int AND heartbeat_at IS NOT NULL
"""
_TAKE: Final = """
    INSERT INTO holders (name, epoch, backend_pid, heartbeat_at) VALUES ($1, 1, pg_backend_pid(), clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET epoch = holders.epoch + 1, backend_pid = excluded.backend_pid,
    heartbeat_at = excluded.heartbeat_at RETURNING epoch
"""
_BEAT: Final = """
    UPDATE holders SET heartbeat_at = clock_timestamp(), backend_pid = pg_backend_pid()
    WHERE name = $1 AND epoch = $2::bigint RETURNING pg_backend_pid()
"""

Rows = Sequence[Sequence[str | None]]


class NoAnswer(DatabaseUnreachable):
    """The server, or what is between, has not answered in time."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The session that holds a lock. ``seen`` changes with every sign of life, the last of which is ``age`` s old.

    Of a session about which this user may know nothing ``age`` is None.
    """

    pid: int
    seen: str
    age: float | None


def _key(schema: str | None, name: str) -> int:
    """The number of the lock. Locks are one database's own; the schema tells apart what shares one."""
    digest = hashlib.sha256(f"transfer-bot\n{schema}\n{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def is_held(connection: Connection, name: str) -> bool:
    """Whether some session holds this lock."""
    key = _key(connection.scalar(text(_SCHEMA)), name)
    return connection.execute(text(_HELD_BY.format(key=key))).first() is not None


def refuse_pooler(engine: Engine) -> None:
    """Raise ``SettingError`` where the way to the server is through a pooler."""
    LockSession(engine, PATIENCE).close()


class LockSession:
    """The connection. Nothing takes longer than ``patience`` seconds, but for its opening, which has libpq's time-out.

    Every method raises ``DatabaseUnreachable`` when the connection, and with it every lock, is lost.
    """

    def __init__(self, engine: Engine, patience: float) -> None:
        """Raises ``SettingError`` where the way to the server is through a pooler."""
        self._engine = engine
        self._patience = patience
        self._dbapi: Any = engine.dialect.dbapi
        self._connection = connect_apart(engine, APPLICATION)
        try:
            self.pid = self._backend_pid()
            self._refuse_pooler()
            limit = f"{int(patience * 1000)}ms"
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                self._ask(f"SET {name} = '{limit}'")
            self._schema = self._ask(_SCHEMA)[0][0]
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the session, and with it its locks."""
        self._connection.close()

    def try_lock(self, name: str) -> bool:
        """Take the lock if nobody has it."""
        return self._ask("SELECT pg_try_advisory_lock($1::bigint)", str(_key(self._schema, name)))[0][0] == "t"

    def unlock(self) -> None:
        """Let go of every lock."""
        self._ask("SELECT pg_advisory_unlock_all()")

    def holder_of(self, name: str) -> LockHolder | None:
        """Who holds the lock; None when nobody does any more."""
        found = self._ask(_HELD_BY.format(key=_key(self._schema, name)))
        if not found or found[0][0] is None:
            return None
        pid, seen, age = found[0]
        if self._ask("SELECT to_regclass('holders')")[0][0] is not None:
            beaten = self._ask(_HEARTBEAT, name, str(pid))
            # From before its first heartbeat its last statement tells whether it lives.
            seen, age = beaten[0] if beaten else (seen, age)
        return LockHolder(int(str(pid)), f"{pid} {seen}", None if age is None else float(age))

    def end(self, pid: int) -> None:
        """End another session, and wait until its locks are free."""
        self._ask("SELECT pg_terminate_backend($1::int, $2::bigint)", str(pid), str(int(self._patience * 500)))

    def take(self, holder: Holder) -> None:
        """Raise the epoch of what this session holds the lock of. Transactions of an earlier holder are waited for."""
        self._ask("BEGIN")
        self._ask("SELECT FROM holders WHERE name = $1 FOR UPDATE", holder.name)
        epoch = self._ask(_TAKE, holder.name)[0][0]
        self._ask("COMMIT")
        holder.epoch = int(str(epoch))

    def beat(self, holders: Sequence[Holder]) -> None:
        """Show that this process lives.

        Raises ``Superseded`` when another process has raised an epoch, and ``SettingError`` when the session is no
        longer the one that was opened.
        """
        pid = self._backend_pid()
        for holder in holders:
            if holder.epoch is not None:
                beaten = self._ask(_BEAT, holder.name, str(holder.epoch))
                if not beaten:
                    raise Superseded("another process has taken over what this one held")
                pid = pid if int(str(beaten[0][0])) == pid else -1
        if pid != self.pid:
            raise SettingError(POOLER)

    def _backend_pid(self) -> int:
        return int(str(self._ask("SELECT pg_backend_pid()")[0][0]))

    def _refuse_pooler(self) -> None:
        """A pooler gives the session to somebody else while nothing is asked of it.

        One that has no other session has this one wait, again and again. A way that falls silent for a moment does so
        once.
        """
        for _ in range(_TRIES):
            if self._is_answered_beside_another():
                return
        raise SettingError(POOLER)

    def _is_answered_beside_another(self) -> bool:
        """Whether an answer comes while another connection is within a transaction.

        Raises ``NoAnswer`` where none comes after it either: then nobody knows yet what is in between.
        """
        other = connect_apart(self._engine, APPLICATION)
        try:
            self._ask("BEGIN", connection=other)
            self._ask("SELECT pg_backend_pid()", connection=other)
            pid, answered = self._backend_pid(), True
        except NoAnswer:
            answered = False
        finally:
            other.close()
        if not answered:
            with translated(self._dbapi.Error):
                self._rest_of_answer(self._connection.pgconn)
            pid = self._backend_pid()
        if pid != self.pid:
            raise SettingError(POOLER)
        return answered

    def _ask(self, statement: str, *values: str, connection: Any = None) -> Rows:
        """The rows of a statement's answer."""
        with translated(self._dbapi.Error):
            return self._answer((connection or self._connection).pgconn, statement, values)

    def _answer(self, libpq: Any, statement: str, values: Sequence[str]) -> Rows:
        libpq.send_query_params(statement.encode(), [value.encode() for value in values])
        return self._rest_of_answer(libpq)

    def _rest_of_answer(self, libpq: Any) -> Rows:
        """What has not come yet of the answer to what was sent; nothing where all of it has."""
        end = time.monotonic() + self._patience
        rows: Rows = []
        with selectors.DefaultSelector() as selector:
            selector.register(libpq.socket, selectors.EVENT_READ | selectors.EVENT_WRITE)

            def wait() -> None:
                if not selector.select(max(end - time.monotonic(), 0)):
                    raise NoAnswer("the database's server does not answer")

            while libpq.flush():
                wait()
            selector.modify(libpq.socket, selectors.EVENT_READ)
            while True:
                while libpq.is_busy():
                    wait()
                    libpq.consume_input()
                result = libpq.get_result()
                if result is None:
                    return rows
                if result.error_message:
                    # Without the severity that stands before it.
                    raise self._dbapi.OperationalError(
                        result.error_message.decode(errors="replace").partition(":  ")[2]
                    )
                rows = [
                    [_decoded(result.get_value(row, column)) for column in range(result.nfields)]
                    for row in range(result.ntuples)
                ]


def _decoded(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
