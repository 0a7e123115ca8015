"""One hub a database and one process a station on a PostgreSQL server, whatever becomes of a process or its way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from bot.errors import AlreadyRunning, DatabaseUnreachable, OtherBot, PartEnded, SettingError, StorageError
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder, of_station
from bot.storage.holding import is_served, stations_at_rest
from bot.storage.lock_session import POOLER, LockSession
from bot.storage.server_lock import LockTimes, ServerLock
from bot.storage.tables import handled_updates
from bot.storage.work import SqlStore
from bot.usecases.rebinding import serve_as
from tests.storage.serving import (
    BOT,
    FAST,
    PATIENCE,
    Process,
    busy,
    has_another_session,
    is_paused,
    patiently,
    sessions,
    until,
)
from tests.storage.support import NOW, rows
from tests.support.postgresql import PostgresqlServer, own_server
from tests.support.postgresql_databases import Databases
from tests.support.postgresql_proxy import Pooler, SilentWay, opened

LOCK = b"transfer-bot lock"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with own_server(tcp=True, durable=True) as server:
        yield server


@pytest.fixture
def url(server: PostgresqlServer) -> Iterator[str]:
    """An empty database over TCP."""
    databases = Databases(server.url(""), "lock")
    url = databases.make()
    yield url
    databases.drop(url)


@pytest.fixture
async def new(url: str) -> AsyncIterator[Callable[..., Process]]:
    """Makes processes, which are gone at the end."""
    async with AsyncExitStack() as stack:

        def make(where: str = url, station: str = "office", bot_id: int = BOT) -> Process:
            process = Process(where, station, bot_id)
            stack.push_async_callback(process.close)
            return process

        yield make


New = Callable[..., Process]


# --- two processes ----------------------------------------------------------------------------------------------------


async def test_while_the_first_lives_a_second_is_refused_by_whichever_name_it_finds_the_server(
    new: New, url: str
) -> None:
    first, second = new(), new(url.replace("127.0.0.1", "localhost"))
    await first.start()
    with pytest.raises(AlreadyRunning, match="already serves the hub of the database in DATABASE_URL"):
        await second.start()
    await first.writes(1)
    await first.close()
    await second.start()
    await second.writes(2)


async def test_of_two_first_starts_one_serves(new: New) -> None:
    both = [new(), new()]
    results = await asyncio.gather(*(process.start() for process in both), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [AlreadyRunning]


async def test_a_station_has_one_process(new: New, url: str) -> None:
    first = new()
    await first.start()
    database = Database(url, "office")
    lock = ServerLock(database.engine, [Holder(of_station("office"))], FAST)
    with pytest.raises(AlreadyRunning, match="already serves the station office"):
        await patiently(lock.take)
    await lock.close()
    await database.close()


async def test_another_bot_is_refused_at_once(new: New) -> None:
    first, second = new(), new(bot_id=2222)
    await first.start()
    await SqlStore(first.database).write(serve_as, BOT)
    with pytest.raises(OtherBot, match="belongs to the bot 1111"):
        await second.start()


async def test_what_is_served_can_be_told_from_what_is_not(new: New) -> None:
    process = new()
    await process.start()
    assert await process.database.read(is_served)
    found = await process.database.read(lambda connection: stations_at_rest(connection, ["office", "attic"]))
    assert found == ["attic"]
    await process.holding.close()
    assert not await process.database.read(is_served)


async def test_the_holders_rows_say_who_holds_them_and_that_they_live(new: New) -> None:
    process = new()
    await process.start()
    told = text("SELECT name, epoch, backend_pid, heartbeat_at FROM holders ORDER BY name")
    before = await process.database.read(lambda connection: connection.execute(told).all())
    assert [(row.name, row.epoch) for row in before] == [(HUB, 1), (of_station("office"), 1)]
    assert [row.backend_pid for row in before] == await sessions(process) * 2

    async def beaten() -> bool:
        after = await process.database.read(lambda connection: connection.execute(told).all())
        return all(now.heartbeat_at > then.heartbeat_at for then, now in zip(before, after, strict=True))

    await until(beaten)


# --- a process, or the way to it, that is gone without a word ---------------------------------------------------------


async def test_a_session_that_gives_no_sign_of_life_is_ended_even_before_there_is_a_table(new: New, url: str) -> None:
    dead = Database(url, "office")
    session = await asyncio.to_thread(LockSession, dead.engine, FAST.patience)
    assert await asyncio.to_thread(session.try_lock, HUB)
    process = new()
    began = time.monotonic()
    await process.start()
    assert FAST.old_after / 2 < time.monotonic() - began < PATIENCE / 2
    with pytest.raises(StorageError):
        await asyncio.to_thread(session.try_lock, HUB)
    await asyncio.to_thread(session.close)
    await dead.close()


async def test_a_process_that_cannot_be_reached_is_succeeded_and_ends_once_it_is_back(new: New, url: str) -> None:
    async with opened(SilentWay(url)) as way:
        lost, successor = new(way.url), new()
        await lost.start()
        await lost.writes(1)
        way.closed = True
        assert way.fall_silent(LOCK) == 1
        await successor.start()
        await successor.writes(2)
        way.closed = False
        with pytest.raises(PartEnded, match="another process has taken the database over"):
            await lost.ends()
        with pytest.raises(StorageError):
            await lost.store.write(lambda work: work.updates.is_new(3, NOW))
        assert [row["update_id"] for row in await rows(successor.database, handled_updates)] == [1, 2]
        await lost.close()


async def test_a_lock_whose_connection_has_fallen_silent_is_taken_again_over_a_new_one(new: New, url: str) -> None:
    async with opened(SilentWay(url)) as way:
        process = new(way.url)
        await process.start()
        [before] = await sessions(process)
        assert way.fall_silent(LOCK) == 1
        await until(lambda: has_another_session(process, before))
        await process.writes(1)
        assert process.holding.station.epoch == 1
        with pytest.raises(AlreadyRunning):
            await new().start()
        await process.close()


async def test_a_lock_whose_session_was_ended_is_taken_again(new: New) -> None:
    process = new()
    await process.start()
    [before] = await sessions(process)
    end = text(f"SELECT pg_terminate_backend({before}, 5000)")
    await process.database.write(lambda connection: connection.execute(end))
    await process.writes(1)
    await until(lambda: has_another_session(process, before))
    await process.writes(2)
    assert process.kept is not None
    assert not process.kept.done()
    assert process.holding.hub.epoch == 1


async def test_a_server_that_is_killed_and_back_is_gone_on_with(new: New, server: PostgresqlServer) -> None:
    process = new()
    await process.start()
    await process.writes(1)
    server.kill()
    await until(lambda: is_paused(process))
    await asyncio.to_thread(server.start)
    await process.writes(2)
    with pytest.raises(AlreadyRunning):
        await new().start()


async def test_what_was_lost_to_another_before_the_start_was_done_is_taken_anew(new: New, url: str) -> None:
    async with opened(SilentWay(url)) as way:
        lost, successor = new(way.url), new()
        await lost.holding.lock()
        way.closed = True
        assert way.fall_silent(LOCK) == 1
        await successor.start()
        way.closed = False
        with pytest.raises(AlreadyRunning):
            await lost.start()
        await successor.close()
        await lost.start()
        await lost.writes(1)
        assert lost.holding.station.epoch == 2
        await lost.close()


# --- a pooler ---------------------------------------------------------------------------------------------------------


async def test_a_way_that_falls_silent_just_then_is_not_taken_for_a_pooler(new: New, url: str) -> None:
    async with opened(SilentWay(url)) as way:
        process = new(way.url)
        lock = ServerLock(process.database.engine, [process.holding.hub], FAST)
        # What is asked while it is looked for a pooler.
        way.last_words = b"BEGIN"
        with pytest.raises(DatabaseUnreachable):
            await lock.take()
        assert way.fallen_silent.is_set()
        await lock.take()
        await lock.close()


async def test_nor_is_one_that_is_silent_for_a_moment(new: New, url: str) -> None:
    times = LockTimes(patience=1.0)
    async with opened(SilentWay(url)) as way:
        process = new(way.url)
        lock = ServerLock(process.database.engine, [process.holding.hub], times)
        way.last_words = b"BEGIN"
        taking = asyncio.create_task(lock.take())
        await way.fallen_silent.wait()
        # So late that no answer is waited for any more, and so early that the next one comes.
        asyncio.get_running_loop().call_later(times.patience * 1.5, way.speak_again)
        await taking
        await lock.close()


@pytest.mark.parametrize("size", [1, 10])
async def test_a_pooler_in_between_is_refused(new: New, url: str, size: int) -> None:
    async with opened(Pooler(url, size)) as pooler:
        database = Database(pooler.url, "office")
        # Of itself everything goes well through it.
        assert await database.read(lambda connection: connection.scalar(text("SELECT 1"))) == 1
        await database.close()
        lock = ServerLock(database.engine, [new().holding.hub], FAST)
        with pytest.raises(SettingError) as refused:
            await lock.take()
        assert str(refused.value) == POOLER
        await lock.close()


async def test_a_pooler_that_gives_whole_sessions_is_taken_and_ends_the_process_when_it_no_longer_does(
    new: New, url: str
) -> None:
    async with opened(Pooler(url, whole_sessions=True)) as pooler:
        process = new(pooler.url)
        await process.start()
        await process.writes(1)
        pooler.whole_sessions = False
        async with busy(pooler.url):
            with pytest.raises((SettingError, PartEnded)) as ended:
                await process.ends()
        assert str(ended.value) == POOLER
        await process.close()
