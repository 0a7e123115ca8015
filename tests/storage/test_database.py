"""The rules under which the database is opened, and what a transaction promises."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert, inspect, text

from bot.errors import SettingError, StorageError
from bot.storage.database import Database
from bot.storage.sqlite import READERS
from bot.storage.tables import handled_updates, secrets
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import NOW, PASSWORD, STATION, rows, unlocked
from tests.support.clock import settle

PATIENCE = 10.0

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes: the user's own folder protects it")


@contextmanager
def another_process(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection to the same file, who waits for nothing."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)) as connection:
        yield connection


async def note_update(store: SqlStore, update_id: int) -> bool:
    return await store.write(lambda work: work.updates.is_new(update_id, NOW))


def modes_in(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


# --- what it is called ------------------------------------------------------------------------------------------------


async def test_the_file_that_was_named_is_the_one_that_is_used(tmp_path: Path) -> None:
    named = tmp_path / "日本 100% #1?" / "bot.db"
    database = Database(f"sqlite:///{str(named).replace('%', '%25').replace('?', '%3F')}", STATION)
    await database.write(lambda connection: connection.execute(text("CREATE TABLE mine (id INTEGER)")))
    await database.close()

    with closing(sqlite3.connect(named)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


async def test_connections_close_one_by_one_so_that_the_file_alone_has_everything(tmp_path: Path) -> None:
    # Of two that close at once SQLite takes neither for the last, which alone empties the write-ahead log.
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}", STATION)
    reading, ending = threading.Barrier(READERS), threading.Barrier(READERS)
    at_once: list[str] = []

    def meet(_: Connection) -> None:
        reading.wait(PATIENCE)

    def on_close(*_: object) -> None:
        if (name := threading.current_thread().name).startswith("database-reader"):
            with suppress(threading.BrokenBarrierError):
                ending.wait(0.2)
                at_once.append(name)

    await database.write(lambda connection: connection.execute(text("CREATE TABLE mine (id INTEGER)")))
    await asyncio.gather(*[database.read(meet) for _ in range(READERS)])
    event.listen(database.engine, "close", on_close)
    await database.close()
    assert at_once == []
    alone = (tmp_path / "bot.db").rename(tmp_path / "alone.db")
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_postgresql_without_its_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: object, **_options: object) -> None:
        raise ModuleNotFoundError("No module named 'psycopg'")

    monkeypatch.setattr("bot.storage.postgresql.create_engine", missing)
    with pytest.raises(SettingError, match=r"pip install -c constraints.txt '\.\[postgresql\]'"):
        Database("postgresql://ana:plum@host/bot", STATION)


# --- how it is opened -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("file")
async def test_every_connection_has_the_rules(database: Database) -> None:
    def rules(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
        together.wait(PATIENCE)
        return {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}

    together = threading.Barrier(READERS + 1)
    reads = [database.read(rules) for _ in range(READERS)]
    for found in await asyncio.gather(*reads, database.write(rules)):
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 50,
            "temp_store": 2,
        }


async def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(StorageError, match=r"(?i)foreign key constraint"):
        await database.write(
            lambda connection: connection.execute(insert(secrets).values(draft_id=7, name="password", value=b"?"))
        )
    assert await rows(database, secrets) == []


@posix
async def test_database_and_side_files_are_their_owner_s_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        database = Database(f"sqlite:///{tmp_path / 'new' / 'bot.db'}", STATION)
        await database.write(lambda connection: connection.execute(text("CREATE TABLE mine (id INTEGER)")))
        modes = modes_in(tmp_path / "new")
        await database.close()
    finally:
        os.umask(before)

    assert modes == {"bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize(("mode", "kept"), [(0o644, 0o600), (0o777, 0o700), (0o600, 0o600), (0o440, 0o400)])
def test_a_file_that_was_open_to_others_is_closed_to_them(file: Path, mode: int, kept: int) -> None:
    wal = file.with_name("bot.db-wal")
    wal.touch()
    for each in (file, wal):
        each.chmod(mode)
    Database(f"sqlite:///{file}", STATION)
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, wal)] == [kept, kept]


# --- what a transaction promises --------------------------------------------------------------------------------------


async def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: Database, store: SqlStore) -> None:
    count = text("SELECT count(*) FROM handled_updates")
    began, written = threading.Event(), threading.Event()

    def look(reader: Connection) -> tuple[int, int]:
        before = reader.scalar(count)
        began.set()
        assert written.wait(PATIENCE)
        return before, reader.scalar(count)

    reading = asyncio.create_task(database.read(look))
    assert await asyncio.to_thread(began.wait, PATIENCE)
    assert await note_update(store, 7)
    written.set()
    assert await reading == (0, 0)
    assert await database.read(lambda reader: reader.scalar(count)) == 1


async def test_what_a_reader_writes_by_mistake_is_not_kept(database: Database) -> None:
    await database.read(
        lambda connection: connection.execute(insert(handled_updates).values(update_id=7, handled_at=NOW))
    )
    assert await rows(database, handled_updates) == []


async def test_a_writer_holds_the_database_from_its_beginning(database: Database, file: Path) -> None:
    with another_process(file) as other:

        def take_and_let_go(_: Connection) -> None:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")

        def be_refused(_: Connection) -> None:
            with pytest.raises(sqlite3.OperationalError, match="database is locked"):
                other.execute("BEGIN IMMEDIATE")

        await database.read(take_and_let_go)
        await database.write(be_refused)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
async def test_whatever_ends_a_writer_undoes_what_it_wrote(
    database: Database, store: SqlStore, error: type[BaseException]
) -> None:
    async def write_and_fail() -> None:
        def change(work: SqlWork) -> None:
            work.updates.is_new(7, NOW)
            raise error

        await store.write(change)

    with pytest.raises(error):
        await write_and_fail()
    assert await rows(database, handled_updates) == []
    assert await note_update(store, 7)


async def test_tables_made_by_a_writer_that_fails_are_undone_too(database: Database) -> None:
    async def change_and_fail() -> None:
        def write_it(connection: Connection) -> None:
            connection.execute(text("CREATE TABLE mine (id INTEGER)"))
            connection.execute(text("DROP TABLE secrets"))
            raise ValueError("enough")

        await database.write(write_it)

    with pytest.raises(ValueError, match="enough"):
        await change_and_fail()
    assert await rows(database, secrets) == []
    assert not await database.read(lambda connection: inspect(connection).has_table("mine"))


@pytest.mark.usefixtures("file")
async def test_writers_have_their_turn_in_the_order_in_which_they_came(database: Database, store: SqlStore) -> None:
    served: list[int] = []

    async def write(number: int) -> None:
        def change(work: SqlWork) -> None:
            work.updates.is_new(number, NOW)
            served.append(number)

        await store.write(change)

    await asyncio.gather(*(write(number) for number in range(40)))
    assert served == list(range(40))
    assert len(await rows(database, handled_updates)) == 40


async def test_a_writer_cancelled_while_it_waits_for_another_process_leaves_nothing_open(
    file: Path, store: SqlStore
) -> None:
    patient = await unlocked(f"sqlite:///{file}", lock_timeout=PATIENCE)
    # With its connection open, the first thing that it waits for is the other's lock.
    assert await note_update(SqlStore(patient), 6)
    began = asyncio.Event()

    async def write() -> None:
        began.set()
        await SqlStore(patient).write(lambda work: work.updates.is_new(7, NOW))

    with another_process(file) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(write())
        await began.wait()
        waiting.cancel()
        await settle()
        # SQLite itself may wait to the end of a piece, during which everybody else goes on.
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(waiting, PATIENCE / 2)
        other.execute("ROLLBACK")

    # Neither is anything left of it, nor does it hold the database.
    assert await note_update(store, 7)
    assert await note_update(SqlStore(patient), 8)
    await patient.close()


async def test_no_value_is_in_an_error_or_its_traceback(database: Database) -> None:
    row = {"draft_id": 7, "name": "password", "value": PASSWORD.encode()}
    with pytest.raises(StorageError) as caught:
        await database.write(lambda connection: connection.execute(insert(secrets), [row, row]))
    told = "".join(traceback.format_exception(caught.value))
    assert "constraint" in told
    assert PASSWORD not in told


async def test_an_error_of_the_block_s_own_stays_what_it_is(database: Database) -> None:
    def fail(_: Connection) -> None:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        await database.read(fail)
    with pytest.raises(FileNotFoundError):
        await database.write(fail)
