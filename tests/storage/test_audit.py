"""The audit: added to, read in pages, and changed by nobody but where a person is erased, whoever tries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from operator import add
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.storage.audit import audit, audit_erasures
from bot.storage.database import Database
from bot.storage.work import SqlStore
from bot.usecases.audit import AuditEntry, AuditKind
from tests.storage.support import NOW, rows
from tests.support.postgresql_databases import Databases

ANA, MAI, SAM, GROUP = 1001, 1002, 1003, -100
PSEUDONYM = 123456789012345678
REFUSED = "the audit can only be added to"

#: What somebody may try who has the database before them, where Ana has let Mai in.
TRIED = [
    *(f"UPDATE audit SET {column} = 5" for column in ("id", "actor_id", "subject_id", "chat_id", "object_id")),
    "UPDATE audit SET at = '2020-01-01 00:00:00'",
    "UPDATE audit SET kind = 'removed'",
    "UPDATE audit SET detail = ''",
    "UPDATE audit SET detail = detail",
    f"UPDATE audit SET actor_id = {PSEUDONYM} WHERE actor_id = {ANA}",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = 1",
    "INSERT INTO audit (id, at, kind, actor_id, detail) VALUES (1, '2020-01-01 00:00:00', 'allowed', 5, '')"
    " ON CONFLICT (id) DO UPDATE SET actor_id = 5",
]
TRIED_ON_SQLITE = [
    "REPLACE INTO audit (id, at, kind, actor_id, detail) VALUES (1, '2020-01-01 00:00:00', 'allowed', 5, '')",
    "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
]
TRIED_ON_POSTGRESQL = [
    "TRUNCATE audit",
    "TRUNCATE audit, audit_erasures CASCADE",
    "MERGE INTO audit USING (SELECT 1 AS one) AS s ON id = s.one WHEN MATCHED THEN DELETE",
    f"CREATE TEMP TABLE audit_erasures AS SELECT {ANA}::bigint AS user_id, {PSEUDONYM}::bigint AS pseudonym;"
    f" UPDATE audit SET actor_id = {PSEUDONYM} WHERE actor_id = {ANA}",
]

Run = Callable[[str], None]


async def note(store: SqlStore, actor_id: int, kind: AuditKind = AuditKind.ALLOWED, **given: Any) -> None:
    await store.write(lambda work: work.audit.note(kind, actor_id, **given))


@pytest.fixture
def run_outside(database_url: str, database: Database, request: pytest.FixtureRequest) -> Run:
    """Runs plain SQL over a connection that is not the bot's."""

    def run(statement: str) -> None:
        if database.file is not None:
            with closing(sqlite3.connect(database.file)) as connection, connection:
                connection.execute(statement)
        else:
            databases: Databases = request.getfixturevalue("postgresql")
            with databases.connection(database_url) as connection:
                connection.execute(statement)

    return run


async def test_no_entry_is_changed_or_deleted_by_anybody(database: Database, store: SqlStore, run_outside: Run) -> None:
    await note(store, ANA, subject_id=MAI, chat_id=ANA, object_id=7, detail="member")
    await note(store, MAI, AuditKind.CONFIRMED, chat_id=GROUP, object_id=8)
    before = await rows(database, audit)
    assert len(before) == 2

    for statement in [*TRIED, *(TRIED_ON_SQLITE if database.is_sqlite else TRIED_ON_POSTGRESQL)]:
        with pytest.raises(Exception, match=REFUSED):
            run_outside(statement)
        assert await rows(database, audit) == before, statement
    for statement in TRIED:
        with pytest.raises(StorageError):
            await database.write(partial(execute, statement))
    assert await rows(database, audit) == before


def execute(statement: str, connection: Connection) -> None:
    connection.execute(text(statement))


async def test_entries_come_after_those_that_could_not_be_changed(store: SqlStore, run_outside: Run) -> None:
    await note(store, ANA)
    with pytest.raises(Exception, match=REFUSED):
        run_outside("DELETE FROM audit")
    await note(store, MAI)
    assert await ids(store) == [2, 1]


@pytest.mark.parametrize("pseudonym", [5, -5, 2**52, 10**18])
async def test_a_pseudonym_is_none_of_telegrams_ids(
    database: Database, store: SqlStore, run_outside: Run, pseudonym: int
) -> None:
    await note(store, ANA)
    before = await rows(database, audit)
    with pytest.raises(Exception, match="ck_audit_erasures_pseudonym"):
        run_outside(f"INSERT INTO audit_erasures VALUES ({ANA}, {pseudonym})")
    assert await rows(database, audit) == before


async def test_who_is_erased_is_replaced_wherever_they_occur_and_nothing_else_is_changed(
    database: Database, store: SqlStore
) -> None:
    await note(store, ANA, subject_id=MAI, chat_id=ANA, object_id=MAI, detail="member")
    await note(store, MAI, AuditKind.CONFIRMED, chat_id=MAI, object_id=8)
    await note(store, MAI, AuditKind.CONFIRMED, chat_id=GROUP, object_id=9)
    await note(store, SAM, AuditKind.DENIED)
    before = await rows(database, audit)

    await store.write(lambda work: work.erasing.erase(MAI, PSEUDONYM))
    expected = [
        dict(row) | {name: PSEUDONYM for name in ("actor_id", "subject_id", "chat_id") if row[name] == MAI}
        for row in before
    ]
    assert await rows(database, audit) == expected
    # That the numbers of rows are people's is chance.
    assert expected[0]["object_id"] == MAI
    assert await rows(database, audit_erasures) == []


async def test_an_erasure_leaves_no_way_to_change_more(database: Database, store: SqlStore, run_outside: Run) -> None:
    await note(store, MAI)
    await store.write(lambda work: work.erasing.erase(MAI, PSEUDONYM))
    await note(store, MAI)
    before = await rows(database, audit)
    with pytest.raises(Exception, match=REFUSED):
        run_outside(f"UPDATE audit SET actor_id = {PSEUDONYM} WHERE actor_id = {MAI}")
    assert await rows(database, audit) == before


async def test_while_somebody_is_erased_nothing_but_their_ids_can_be_changed(
    database: Database, store: SqlStore
) -> None:
    class RolledBack(Exception):
        """The database is as it was."""

    def change(connection: Connection) -> None:
        # As if the database were in the middle of it.
        connection.execute(text(f"DROP TRIGGER audit_erased{'' if database.is_sqlite else ' ON audit_erasures'}"))
        connection.execute(text(f"INSERT INTO audit_erasures VALUES ({MAI}, {PSEUDONYM})"))
        erased = f"UPDATE audit SET subject_id = {PSEUDONYM}"
        for more in ("actor_id = 5", f"actor_id = {PSEUDONYM}", "kind = 'removed'", "detail = 'x'", "object_id = 5"):
            with pytest.raises(DBAPIError, match=REFUSED), connection.begin_nested():
                connection.execute(text(f"{erased}, {more}"))
        connection.execute(text(erased))
        raise RolledBack

    await note(store, ANA, subject_id=MAI, detail="member")
    with pytest.raises(RolledBack):
        await database.write(change)


# --- reading ----------------------------------------------------------------------------------------------------------


async def find(store: SqlStore, **given: Any) -> Sequence[AuditEntry]:
    wanted: dict[str, Any] = {"person_id": None, "kind": None, "size": 3} | given
    return await store.read(lambda work: work.audit.find(**wanted))


async def ids(store: SqlStore, **given: Any) -> list[int]:
    return [entry.id for entry in await find(store, **given)]


async def test_pages_are_newest_first_and_turned_by_the_ids_at_their_ends(store: SqlStore) -> None:
    for _ in range(8):
        await note(store, ANA)
    assert await ids(store) == [8, 7, 6]
    assert await ids(store, before=6) == [5, 4, 3]
    assert await ids(store, before=2) == [1]
    assert await ids(store, after=2) == [5, 4, 3]
    assert await ids(store, after=7) == [8]
    assert await ids(store, before=1) == await ids(store, after=8) == []


async def test_a_person_is_found_as_who_did_it_and_as_to_whom_it_was_done(store: SqlStore) -> None:
    await note(store, ANA, subject_id=MAI)
    await note(store, MAI, AuditKind.CONFIRMED)
    await note(store, ANA, AuditKind.CONFIRMED)
    await note(store, MAI, subject_id=MAI)
    await note(store, ANA, AuditKind.REMOVED, subject_id=SAM)
    assert await ids(store, person_id=MAI) == [4, 2, 1]
    assert await ids(store, person_id=MAI, before=4) == [2, 1]
    assert await ids(store, person_id=MAI, after=1, size=1) == [2]
    assert await ids(store, person_id=ANA, kind="confirmed") == [3]
    assert await ids(store, kind="confirmed") == [3, 2]
    assert await ids(store, person_id=7) == []


async def test_everybody_who_occurs_is_listed_once_the_newest_first(store: SqlStore) -> None:
    assert await store.read(lambda work: work.audit.people()) == []
    for actor_id, subject_id in ((ANA, SAM), (MAI, None), (ANA, MAI), (SAM, None), (PSEUDONYM, ANA)):
        await note(store, actor_id, subject_id=subject_id)
    found = await store.read(lambda work: work.audit.people())
    assert set(found[:2]) == {PSEUDONYM, ANA}
    assert found[2:] == [SAM, MAI]


async def test_denials_are_counted_within_a_time_and_up_to_a_number(database: Database) -> None:
    for minutes in range(5):
        store = SqlStore(database, now=partial(add, NOW, timedelta(minutes=minutes)))
        await note(store, SAM, AuditKind.DENIED)
        await note(store, SAM, AuditKind.CONFIRMED)
    count = SqlStore(database).read
    assert await count(lambda work: work.audit.count_denied(NOW, 9)) == 5
    assert await count(lambda work: work.audit.count_denied(NOW, 4)) == 4
    assert await count(lambda work: work.audit.count_denied(NOW + timedelta(minutes=3), 9)) == 2
    assert await count(lambda work: work.audit.last_denied(SAM)) == NOW + timedelta(minutes=4)
    assert await count(lambda work: work.audit.last_denied(ANA)) is None
