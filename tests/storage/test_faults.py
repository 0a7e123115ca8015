"""What keeps the database from being used: said in a sentence, with nothing half-recorded, and over when it is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.chat import texts
from bot.errors import StorageError
from bot.storage import faults
from bot.storage.database import Database
from bot.storage.faults import explain
from bot.storage.migrate import bring_up_to_date
from bot.storage.sqlite import LOCK_WAIT_SLICE
from bot.storage.tables import draft_codes, drafts, handled_updates, imports
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import Place
from tests.storage.support import (
    CODE,
    CUSTOM,
    NOW,
    PASSWORD,
    STATION,
    confirmed,
    draft_of,
    pragma,
    rows,
    unlocked,
)
from tests.support.clock import settle

NOBODY = 65534
ONE = Place(1, 1, None, "en")


async def begin_draft(store: SqlStore, number: int) -> None:
    """An update that opens a draft of 200 codes."""
    where = Place(number, number, None, "en")

    def change(work: SqlWork) -> None:
        assert work.updates.is_new(number, NOW)
        codes = [f"{number % 10**8:08}-{index:08}" for index in range(200)]
        work.drafts.open_new(where, draft_of(*codes, proxy=CUSTOM), NOW)

    await store.write(change)


async def note_update(store: SqlStore, number: int) -> bool:
    return await store.write(lambda work: work.updates.is_new(number, NOW))


@pytest.mark.usefixtures("file")
async def test_a_full_disk_is_said_and_nothing_is_half_recorded(database: Database, store: SqlStore) -> None:
    await pragma(database, f"max_page_count={await pragma(database, 'page_count')}")

    with pytest.raises(StorageError, match=r"^the disk is full: free some space$") as caught:
        await begin_draft(store, 1)
    assert PASSWORD not in str(caught.value)
    for table in (handled_updates, drafts, draft_codes):
        assert await rows(database, table) == []

    await pragma(database, "max_page_count=100000")
    await begin_draft(store, 1)
    assert len(await rows(database, draft_codes)) == 200


@pytest.mark.usefixtures("file")
async def test_a_confirm_on_a_full_disk_leaves_the_draft_open(database: Database, store: SqlStore) -> None:
    await begin_draft(store, 1)
    stored = await store.read(lambda work: work.drafts.find_open(ONE))
    assert stored is not None
    await pragma(database, f"max_page_count={await pragma(database, 'page_count')}")

    with pytest.raises(StorageError, match="the disk is full"):
        await store.write(lambda work: work.batches.confirm(stored, "Ana", NOW))

    assert await rows(database, imports) == []
    assert await store.read(lambda work: work.drafts.find_open(ONE)) == stored


async def test_a_database_locked_by_another_process_is_said_and_read_all_the_same(store: SqlStore, file: Path) -> None:
    batch = await confirmed(store, draft_of(CODE))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match=r"^another program is using the database: close it$"):
            await begin_draft(store, 1)
        assert await store.read(lambda work: work.batches.find(batch.id)) == batch
        other.execute("ROLLBACK")
    await begin_draft(store, 1)


async def test_who_queues_up_behind_others_waits_for_another_process_no_longer_than_they_do(file: Path) -> None:
    patience = 1.0
    database = await unlocked(f"sqlite:///{file}", lock_timeout=patience)
    store = SqlStore(database)
    await note_update(store, 100)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        results = await asyncio.gather(*(note_update(store, number) for number in range(8)), return_exceptions=True)
        assert time.monotonic() - began < 4 * patience
        assert {type(result) for result in results} == {StorageError}
        other.execute("ROLLBACK")
    assert await pragma(database, "busy_timeout") == int(LOCK_WAIT_SLICE * 1000)
    assert all(await asyncio.gather(*(note_update(store, number) for number in range(8))))
    await database.close()


async def test_when_the_program_is_about_to_end_nobody_waits_for_another_process(file: Path) -> None:
    database = await unlocked(f"sqlite:///{file}", lock_timeout=60.0)
    store = SqlStore(database)
    assert await note_update(store, 100)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.create_task(note_update(store, number)) for number in range(8)]
        await settle()
        database.stop_waiting()
        async with asyncio.timeout(10):
            results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [str(result) for result in results] == ["another program is using the database: close it"] * 8
        other.execute("ROLLBACK")
    assert await note_update(store, 1)
    await database.close()


async def test_a_database_held_by_another_process_at_the_start_is_said(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("PRAGMA journal_mode=WAL")
        columns = "id, name, language, time_zone, created_at, username"
        other.execute(f"INSERT INTO users ({columns}) VALUES (1, '', '', '', '2026-03-01 12:00:00', '')")
        database = Database(f"sqlite:///{file}", STATION, lock_timeout=0.05)
        with pytest.raises(StorageError, match="another program is using the database"):
            await bring_up_to_date(database)
    await bring_up_to_date(database)
    await begin_draft(SqlStore(database), 1)
    await database.close()


@pytest.fixture
def not_mine() -> Iterator[Path]:
    """A folder of its own, in which modes mean something even where root runs the tests."""
    if os.name != "posix":
        pytest.skip("Windows has no such modes")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


async def test_a_read_only_file_is_said_at_the_start_and_works_once_it_may_be_written(not_mine: Path) -> None:
    file = not_mine / "bot.db"
    database = Database(f"sqlite:///{file}", STATION)
    await bring_up_to_date(database)
    await database.close()

    for path, allowed in ((file, 0o400), (not_mine, 0o500)):
        before = path.stat().st_mode
        path.chmod(allowed)
        with pytest.raises(StorageError, match=r"^the database file or its folder is read-only: allow this user to"):
            await bring_up_to_date(database)
        path.chmod(before)
        await begin_draft(SqlStore(database), path.stat().st_ino)
        await database.close()


def test_a_folder_in_which_nothing_may_be_made_is_said(not_mine: Path) -> None:
    not_mine.chmod(0o500)
    with pytest.raises(StorageError, match=r"can't be opened \(Permission denied\): check DATABASE_URL and"):
        Database(f"sqlite:///{not_mine / 'bot.db'}", STATION)


@pytest.mark.parametrize("content", [b"not a database, but longer than a header is: " * 50, b"\x89PNG\r\n" * 200])
async def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(content)
    database = Database(f"sqlite:///{file}", STATION)
    for _ in range(2):
        with pytest.raises(StorageError, match=r"^the file in DATABASE_URL is not a database$"):
            await bring_up_to_date(database)
    with file.open("rb") as left:
        assert left.read() == content

    file.write_bytes(b"")
    await bring_up_to_date(database)
    await database.close()


async def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one' / 'two' / 'bot.db'}", STATION)
    await bring_up_to_date(database)
    await database.close()
    assert (tmp_path / "one" / "two" / "bot.db").is_file()


async def test_a_folder_that_has_gone_while_the_program_runs_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    database = Database(f"sqlite:///{folder / 'bot.db'}", STATION)
    folder.rename(tmp_path / "unplugged")
    with pytest.raises(StorageError, match=r"^the database file can't be opened: check DATABASE_URL and the folder$"):
        await bring_up_to_date(database)

    (tmp_path / "unplugged").rename(folder)
    await bring_up_to_date(database)
    await database.close()


def test_a_path_through_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(StorageError, match=r"^the database file .* can't be opened \("):
        Database(f"sqlite:///{tmp_path / 'file.txt' / 'bot.db'}", STATION)


async def test_a_folder_where_the_file_should_be_is_said(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}", STATION)
    with pytest.raises(StorageError, match=r"^the database file can't be opened: check DATABASE_URL and the folder$"):
        await bring_up_to_date(database)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (sqlite3.OperationalError("disk I/O error"), "the disk can't be written"),
        (sqlite3.DatabaseError("database disk image is malformed"), "the database file is damaged"),
        (OSError("connection failed: connection to server at 127.0.0.1, port 5432 failed"), "server can't be reached"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer)"),
        (sqlite3.IntegrityError("UNIQUE constraint failed: drafts.id\nDETAIL: (7)"), "constraint failed: drafts.id)"),
        (OSError(), "the database can't be used (OSError)"),
    ],
)
def test_every_fault_has_a_sentence_of_one_line(error: Exception, said: str) -> None:
    told = explain(error)
    assert said in told
    assert "\n" not in told


@pytest.mark.usefixtures("file")
async def test_after_a_transaction_whose_end_failed_the_next_one_works(database: Database) -> None:
    def fail(_connection: object) -> None:
        raise RuntimeError("of nobody's making")

    event.listen(database.engine, "commit", fail)
    with pytest.raises(RuntimeError):
        await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE half (done INTEGER)"))
    event.remove(database.engine, "commit", fail)
    await database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE half (done INTEGER)"))


def test_every_reason_why_the_database_cannot_be_used_has_words_in_the_chat() -> None:
    reasons = {reason for reason, _ in faults._ADVICE.values()} | {faults._AWAY}
    assert reasons == texts._STORAGE.keys()
