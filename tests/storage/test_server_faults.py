"""A PostgreSQL server that is not there, goes away, comes back, or refuses: said, and gone on with by itself."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, text

from bot.errors import DatabaseUnreachable, StorageError
from bot.storage.database import Database
from bot.storage.faults import fault_of
from bot.storage.migrate import bring_up_to_date, current, newest
from bot.storage.tables import handled_updates
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore
from tests.storage.failing_commits import fail_on_postgresql
from tests.storage.support import NOW, STATION, rows
from tests.support.postgresql import PostgresqlServer, own_server
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_proxy import CutWay
from tests.support.postgresql_proxy import opened as serving

PATIENCE = 30.0
AWAY = r"^the database's server can't be reached: check that it runs, and that DATABASE_URL is right$"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with own_server(tcp=True, durable=True) as server:
        yield server


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url, STATION)
    yield database
    await database.close()


async def note(database: Database, update_id: int) -> bool:
    return await SqlStore(database).write(lambda work: work.updates.is_new(update_id, NOW))


async def test_a_server_that_vanishes_is_said_and_found_again_once_it_is_back(server: PostgresqlServer) -> None:
    async with opened(server.url()) as database:
        await bring_up_to_date(database)
        assert await note(database, 1)
        server.kill()
        for _ in range(2):
            with pytest.raises(DatabaseUnreachable, match=AWAY):
                await note(database, 2)
        with pytest.raises(DatabaseUnreachable, match=AWAY):
            await rows(database, handled_updates)
        server.start()
        assert await note(database, 2)
        assert not await note(database, 1)
        assert await current(database) == newest()


async def test_a_server_that_is_stopped_within_a_transaction_undoes_it(server: PostgresqlServer) -> None:
    begun, stopped = threading.Event(), threading.Event()

    def change(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half_made (id BIGINT)"))
        begun.set()
        assert stopped.wait(PATIENCE)

    async with opened(server.url()) as database:
        writing = asyncio.create_task(database.write(change))
        await asyncio.to_thread(begun.wait, PATIENCE)
        await asyncio.to_thread(server.stop)
        stopped.set()
        with pytest.raises(DatabaseUnreachable, match=AWAY):
            await writing
        await asyncio.to_thread(server.start)
        made = text("SELECT count(*) FROM pg_tables WHERE tablename = 'half_made'")
        assert await database.read(lambda connection: connection.scalar(made)) == 0


async def test_a_commit_whose_answer_is_lost_is_said_to_be_done_perhaps(server: PostgresqlServer) -> None:
    async with serving(CutWay(server.url())) as way, opened(way.url) as database:
        await bring_up_to_date(database)
        way.statement = b"INSERT INTO handled_updates"
        with pytest.raises(DatabaseUnreachable, match=AWAY) as lost:
            await note(database, 11)
        assert lost.value.maybe_committed
        with pytest.raises(DatabaseUnreachable, match=AWAY) as away:
            await note(database, 12)
        assert not away.value.maybe_committed
        way.closed = False
        assert not await note(database, 11)
        assert await note(database, 12)


async def test_a_commit_that_the_server_refuses_is_undone_for_certain(postgresql_url: str) -> None:
    async with opened(postgresql_url) as database:
        with pytest.raises(StorageError) as refused:
            await database.write(fail_on_postgresql)
        assert not refused.value.maybe_committed


async def test_connections_that_the_server_has_ended_are_made_anew_and_nobody_notices(
    postgresql: Databases, postgresql_url: str
) -> None:
    async with opened(postgresql_url) as database:
        await unlock(database)
        assert await note(database, 1)
        await rows(database, handled_updates)
        postgresql.end_connections(postgresql_url)
        assert await note(database, 2)
        assert len(await rows(database, handled_updates)) == 2


async def test_of_two_that_wait_for_each_other_one_is_begun_anew(postgresql_url: str) -> None:
    """A deadlock, which the server ends after a second."""
    lock = text("SELECT pg_advisory_xact_lock(:key)")
    both_hold_one = threading.Barrier(2)
    tries: list[int] = []

    def take_both(connection: Connection, first: int, second: int) -> None:
        tries.append(first)
        connection.execute(lock, {"key": first})
        if len(tries) <= 2:
            both_hold_one.wait(PATIENCE)
        connection.execute(lock, {"key": second})

    async with opened(postgresql_url) as database:
        await asyncio.gather(
            database.write(lambda connection: take_both(connection, 1, 2)),
            database.write(lambda connection: take_both(connection, 2, 1)),
        )
    assert len(tries) == 3


async def test_a_row_that_another_program_holds_is_not_waited_for_for_ever(
    postgresql: Databases, postgresql_url: str
) -> None:
    async with opened(postgresql_url) as database:
        await unlock(database)
        assert await note(database, 1)
        with postgresql.connection(postgresql_url) as other, other.transaction():
            other.execute("LOCK TABLE handled_updates")
            began = time.monotonic()
            with pytest.raises(StorageError, match="lock timeout"):
                await note(database, 2)
            assert time.monotonic() - began < PATIENCE / 2
        assert await note(database, 2)


async def test_a_server_that_only_lets_read_is_said(postgresql: Databases, postgresql_url: str) -> None:
    url = f"{postgresql_url}&options=-c%20default_transaction_read_only=on"
    async with opened(url) as database:
        await unlock(database)
        with pytest.raises(StorageError, match="read-only transaction"):
            await note(database, 1)
        assert await rows(database, handled_updates) == []
    with postgresql.connection(postgresql_url) as connection:
        assert connection.execute("SELECT count(*) FROM handled_updates").fetchone() == (0,)


async def test_every_connection_to_a_server_has_its_limits_and_its_name(postgresql_url: str) -> None:
    def settings(connection: Connection) -> list[str]:
        limits = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        names = (*limits, "client_encoding", "application_name", "transaction_isolation")
        return [str(connection.scalar(text(f"SHOW {name}"))) for name in names]

    async with opened(postgresql_url) as database:
        expected = ["30s", "5s", "10s", "UTF8", "transfer-bot"]
        assert await database.write(settings) == [*expected, "read committed"]
        assert await database.read(settings) == [*expected, "repeatable read"]
    async with opened(f"{postgresql_url}&application_name=mine") as database:
        assert (await database.write(settings))[4] == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("postgres@{place}/nothere", 'refuses the connection \\(database "nothere" does not exist\\)'),
        ("nobody@{place}/postgres", 'refuses the connection \\(role "nobody" does not exist\\)'),
        ("postgres@{place}/postgres?sslmode=require", r"refuses the connection \(server does not support SSL, but"),
    ],
)
async def test_what_no_waiting_mends_is_said_as_it_is(server: PostgresqlServer, name: str, said: str) -> None:
    place = server.url("").removesuffix("/").rpartition("@")[2]
    async with opened(f"postgresql://{name.format(place=place)}") as database:
        with pytest.raises(StorageError, match=said) as caught:
            await current(database)
    assert not isinstance(caught.value, DatabaseUnreachable)


@pytest.mark.parametrize(
    "where", ["127.0.0.1:1/bot", "127.0.0.1:1,127.0.0.1:2/bot", "nosuch.invalid/bot", "/bot?host=/nowhere"]
)
async def test_where_no_server_is_it_can_not_be_reached(where: str) -> None:
    pytest.importorskip("psycopg")
    async with opened(f"postgresql://{where}") as database:
        with pytest.raises(DatabaseUnreachable, match=AWAY):
            await current(database)


@pytest.mark.parametrize(
    ("message", "unreachable"),
    [
        ("connection failed: FATAL:  the database system is starting up", True),
        ("connection failed: FATAL:  the database system is shutting down", True),
        ("connection failed: FATAL:  sorry, too many clients already", True),
        ("terminating connection due to administrator command", True),
        ("connection failed: FATAL:  password authentication failed for user", False),
        ("connection failed: FATAL:  no pg_hba.conf entry for host", False),
        ("connection failed: SSL error: certificate verify failed", False),
        ('relation "nothing" does not exist', False),
        ("deadlock detected", False),
    ],
)  # fmt: skip
def test_what_may_pass_is_told_from_what_stays(message: str, unreachable: bool) -> None:
    assert isinstance(fault_of(OSError(message)), DatabaseUnreachable) is unreachable
