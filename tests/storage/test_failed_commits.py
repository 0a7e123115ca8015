"""A commit that fails: what is known, and what is told of it then."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.domain.import_events import Answered
from bot.domain.import_state import Status
from bot.domain.outcome import Imported
from bot.errors import StorageError, Superseded
from bot.storage import sqlite
from bot.storage.database import Database
from bot.storage.signals import SignalHandlers
from bot.storage.tables import imports
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from bot.usecases.import_rows import ImportRow
from tests.storage.failing_commits import fail_on_postgresql, fail_on_sqlite
from tests.storage.support import ANA, CODE, NOW, confirmed, draft_of, rows, unlocked
from tests.storage.waiting import PATIENCE, Queue
from tests.support.clock import settle


async def test_an_end_whose_commit_failed_is_not_told_and_whoever_is_to_look_is_woken(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "TOGETHER", PATIENCE)
    database = await unlocked(f"sqlite:///{file}")
    ended: list[ImportRow] = []
    woken: list[int] = []
    store = SqlStore(database, SignalHandlers(chat_behind=woken.append, import_ended=ended.append))
    await confirmed(store, draft_of(CODE))
    [row] = await rows(database, imports)
    assert await store.write(import_queue.claim, row["id"])
    woken.clear()

    def note(work: SqlWork) -> ImportRow | None:
        work.signals.chat_behind(ANA.chat_id)
        return import_queue.record(work, row["id"], Answered(1, Imported(5), NOW))

    queue = Queue(database)
    await queue.stand_still()
    noting = asyncio.create_task(store.write(note))
    await settle()
    failing = asyncio.create_task(store.write(lambda work: fail_on_sqlite(work.connection)))
    await settle()
    await queue.go_on()
    results = await asyncio.gather(noting, failing, return_exceptions=True)

    assert [type(result) for result in results] == [StorageError, StorageError]
    assert queue.commits() == 1
    assert [each["status"] for each in await rows(database, imports)] == [Status.SENDING]
    assert (ended, woken) == ([], [ANA.chat_id])
    await store.write(note)
    assert [each.id for each in ended] == [row["id"]]
    await database.close()


@pytest.mark.parametrize(
    ("code", "maybe"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, True),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_FULL, False),
        (sqlite3.SQLITE_BUSY, False),
    ],
    ids=["not synced", "not written", "full", "busy"],
)
async def test_a_commit_that_sqlite_has_written_and_fails_to_sync_is_done_perhaps(
    file: Path, code: int, maybe: bool
) -> None:
    """What was written and could not be synced may be on the disk, where it is found after a crash."""
    database = await unlocked(f"sqlite:///{file}")

    def fail(_: Connection) -> None:
        error = sqlite3.OperationalError("of the disk")
        error.sqlite_errorcode = code
        raise error

    event.listen(database.engine, "commit", fail)
    with pytest.raises(StorageError) as caught:
        await database.write(lambda _: None)
    event.remove(database.engine, "commit", fail)
    assert caught.value.maybe_committed is maybe
    await database.close()


async def test_what_sqlite_refuses_before_or_at_the_commit_is_undone_for_certain(file: Path) -> None:
    database = await unlocked(f"sqlite:///{file}")
    for refused in (fail_on_sqlite, lambda connection: connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")):
        with pytest.raises(StorageError) as caught:
            await database.write(refused)
        assert not caught.value.maybe_committed
    await database.close()


async def test_what_a_server_has_undone_and_may_not_be_done_again_tells_nobody(postgresql_url: str) -> None:
    database = Database(postgresql_url, "office")
    tries: list[int] = []
    told: list[bool] = []

    def let_in_once(_: Connection) -> None:
        if tries:
            raise Superseded("another process has taken it over")

    def change(connection: Connection) -> None:
        tries.append(1)
        fail_on_postgresql(connection)

    with pytest.raises(Superseded):
        await database.write(change, guard=let_in_once, after=told.append)
    assert (tries, told) == ([1], [])
    await database.close()
