"""With a hundred thousand imports queued the next is found by an index, in few statements, and nothing is sorted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import event

from bot.domain.import_events import WaitChanged
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from tests.storage.arranged import InDatabase
from tests.storage.query_plans import captured, plans
from tests.storage.support import STATION, unlocked
from tests.support.clock import MovableClock
from tests.support.migrated import put_database

COUNT, PEOPLE = 100_000, 20


def put_queue(file: Path) -> None:
    put_database(file)
    noon = "'2026-03-01 12:00:00.000000'"
    card = "1001, 1001, 'en', 0, 1, 1"
    of_card = "user_id, chat_id, language, below, revision, shown_revision"
    many = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            f"INSERT INTO drafts (id, {of_card}, state, takes_text, answers, created_at, updated_at)"
            f" VALUES (1, {card}, 'confirmed', 0, '{{}}', {noon}, {noon})"
        )
        connection.execute(
            f"INSERT INTO batches (id, {of_card}, draft_id, confirmed_at, waited, announced)"
            f" VALUES (1, {card}, 1, {noon}, 0, 0)"
        )
        connection.execute(
            f"{many} INSERT INTO imports (user_id, user_name, chat_id, code_mask, code_hash, key_lost, proxy,"
            " proxy_choice, bypass, note, status, draft_id, batch_id, station, profile_name, error_message,"
            " waiting_since, held, cancel_wanted, without_proxy, attempts, unanswered, restricted, created_at)"
            f" SELECT 1001 + i % {PEOPLE}, 'Ana', 1001, '1111', randomblob(16), 0, 'keep', '{{\"kind\": \"keep\"}}',"
            f" '[]', '', 'queued', 1, 1, '{STATION}', '', '', {noon}, 0, 0, 0, 0, 0, 0, {noon} FROM n"
        )


async def test_the_next_imports_are_found_by_an_index(tmp_path: Path) -> None:
    put_queue(tmp_path / "bot.db")
    database = await unlocked(f"sqlite:///{tmp_path / 'bot.db'}")
    store = SqlStore(database)

    def take(work: SqlWork) -> None:
        first = work.imports.lock_queued(3, last=[], besides=[])
        assert [row.id for row in first] == [1, 2, 3]
        work.imports.lock_queued(PEOPLE + 1, last=[7, 8], besides=[row.id for row in first])
        assert work.wrong_codes.count(1001, work.now) == 0

    with captured(database) as statements:
        await store.write(take)
        await store.write(import_queue.send_round, limit=3, last=[], besides=[], hold=False, wait=WaitChanged(None))
    found = plans(tmp_path / "bot.db", statements)
    await database.close()
    steps = [step for plan in found.values() for step in plan]
    assert any("USING INDEX ix_imports_ready (station=? AND user_id>?)" in step for step in steps)
    assert any("USING INDEX ix_imports_ready (station=? AND user_id=?)" in step for step in steps)
    assert any("ix_imports_wrong_code" in step for step in steps)
    whole = [step for step in steps if step.startswith(("SCAN imports", "USE TEMP B-TREE FOR ORDER BY"))]
    assert whole == []


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Every statement that is run meanwhile, as often as it is run."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


async def test_taking_costs_few_statements_however_many_wait(database: Database, clock: MovableClock) -> None:
    arranged = InDatabase(database, clock)

    async def take(limit: int, *, last: Sequence[int] = (), besides: Sequence[int] = ()) -> tuple[list[int], int]:
        """What is taken, and in how many statements."""
        with counted(database) as statements:
            rows = await arranged.run(lambda work: work.imports.lock_queued(limit, last=last, besides=besides))
        return [row.id for row in rows], len(statements)

    assert await take(3) == ([], 1)
    assert await take(3, last=[1, 2]) == ([], 1)
    anas = await arranged.add(person=1)
    # Who waits, their rows, and their turns.
    assert await take(3) == ([anas], 3)
    assert await take(3, besides=[anas]) == ([], 1)
    first, second = [await arranged.add(person=2) for _ in range(2)]
    assert await take(1) == ([first], 3)
    # And those behind the first of each.
    assert await take(9) == ([anas, first, second], 4)
    assert await take(9, last=[anas]) == ([first, second, anas], 7)
