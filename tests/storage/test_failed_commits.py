"""A commit that fails: what is told of it then."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection

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
from tests.storage.support import ANA, CODE, NOW, confirmed, draft_of, rows, unlocked
from tests.storage.waiting import PATIENCE, Queue
from tests.support.clock import settle

#: Have PostgreSQL end a transaction at its commit, for the sake of another.
SERIALIZATION_FAILURE = (
    "CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$",
    "CREATE TEMPORARY TABLE committed (id INTEGER)",
    "CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON committed DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION pg_temp.fail()",
    "INSERT INTO committed VALUES (1)",
)


def fail_on_sqlite(connection: Connection) -> None:
    """Write what SQLite refuses at the commit: a code of a draft that is not there."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    connection.exec_driver_sql(
        "INSERT INTO draft_codes (draft_id, code_hash, code_encrypted, own) VALUES (7, x'00', x'00', '{}')"
    )


def fail_on_postgresql(connection: Connection) -> None:
    for statement in SERIALIZATION_FAILURE:
        connection.exec_driver_sql(statement)


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
