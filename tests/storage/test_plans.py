"""With a hundred thousand imports in the log every statement of the program still goes by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.work import SqlStore
from tests.storage.every_statement import COUNT, converse, work_off
from tests.storage.query_plans import captured, plans
from tests.storage.support import ANA, STATION, unlocked
from tests.support.clock import MovableClock
from tests.support.migrated import put_database

#: Tables that grow with what people do.
GROWING = {"imports", "batches", "drafts", "draft_codes", "secrets", "handled_updates", "feed_events"}
#: Partial indexes that hold only what is still to be done: going through one whole is no way through the table.
SHORT = {
    "ix_drafts_open",
    "uq_drafts_takes_text",
    "ix_imports_key_lost",
    "ix_drafts_behind",
    "ix_batches_behind",
    "ix_imports_queue",
    "ix_imports_unsettled",
    "ix_imports_unnamed",
    "ix_feed_events_waiting",
}


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A database with many imports that have ended, all of one person."""
    file = tmp_path / "bot.db"
    put_database(file)
    of_card = "user_id, chat_id, thread_id, language, message_id, below, revision, shown_revision"
    card = f"{ANA.user_id}, {ANA.chat_id}, NULL, 'en', i, 0, 3, 3"
    noon = "'2026-03-01 12:00:00.000000'"
    with closing(sqlite3.connect(file)) as connection:
        many = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})"
        for table, columns, values in (
            (
                "drafts",
                f"(id, {of_card}, state, takes_text, answers, created_at, updated_at)",
                f"i, {card}, 'confirmed', 0, '{{}}', {noon}, {noon}",
            ),
            (
                "batches",
                f"(id, {of_card}, draft_id, confirmed_at, waited, announced)",
                f"i, {card}, i, {noon}, 0, 1",
            ),
            ("handled_updates", "", f"i, {noon}"),
            (
                "imports",
                "(user_id, user_name, chat_id, transfer_code, code_mask, code_hash, key_lost, proxy, proxy_choice,"
                " bypass, note, status, draft_id, batch_id, station, profile_id,"
                " profile_name, record_id, error_message, waiting_since, held, cancel_wanted, without_proxy, attempts,"
                " unanswered, restricted, created_at, finished_at)",
                f"{ANA.user_id}, 'Ana', {ANA.chat_id}, printf('%08d-00000000', i), printf('%04d••••-••••0000', i / 9),"
                f" randomblob(16), 0, 'keep', '{{\"kind\": \"keep\"}}', '[]', '', 'imported', i, i,"
                f" '{STATION}', i, 'Shop', i, '', {noon}, 0, 0, 0, 1, 0, 0, {noon}, {noon}",
            ),
        ):
            connection.execute(f"{many} INSERT INTO {table} {columns} SELECT {values} FROM n")
        connection.commit()
    return file


@pytest.fixture
async def database(full: Path) -> AsyncIterator[Database]:
    database = await unlocked(f"sqlite:///{full}")
    yield database
    await database.close()


def scans(statement: str, plan: list[str]) -> list[str]:
    """The steps of a plan that go through a whole table that grows."""
    if plan == ["SCAN imports"] and "LIMIT" in statement:
        # The log's first page, in the order of its key: it ends after a few rows.
        return []
    if statement.startswith("DELETE FROM draft_codes WHERE draft_codes.draft_id IN (SELECT"):
        # Once a round, through the codes of open drafts and of those that have ended within a day.
        return []
    whole = [step.split() for step in plan if step.startswith("SCAN")]
    return [" ".join(words) for words in whole if words[1] in GROWING and words[-1] not in SHORT]


#: What is still to be done is found by the index that was made for it: of which table, by which statements, by which.
USED = [
    ("drafts", "SELECT drafts.id", "uq_drafts_takes_text"),
    ("drafts", "UPDATE drafts", "uq_drafts_takes_text"),
    ("drafts", "UPDATE drafts", "INTEGER PRIMARY KEY"),
    ("other", "UPDATE drafts", "ix_drafts_open"),
    ("drafts", "SELECT drafts.id", "ix_drafts_behind"),
    ("batches", "SELECT batches.id", "ix_batches_behind"),
    ("imports", "SELECT imports.id", "ix_imports_queue"),
    ("imports", "SELECT imports.id", "uq_imports_living"),
    ("imports", "SELECT imports.id", "ix_imports_user"),
    ("imports", "SELECT imports.id", "ix_imports_unsettled"),
    ("imports", "SELECT imports.id", "ix_imports_unnamed"),
    ("imports", "UPDATE imports", "INTEGER PRIMARY KEY"),
    ("imports", "UPDATE imports", "ix_imports_kept"),
    ("imports", "SELECT imports.code_mask", "ix_imports_key_lost"),
    ("secrets", "SELECT secrets.name", "ix_secrets_draft_id"),
    ("secrets", "SELECT secrets.draft_code_id", "ix_secrets_draft_code_id"),
    ("secrets", "SELECT secrets.import_id", "ix_secrets_import_id"),
    ("secrets", "DELETE FROM secrets", "ix_secrets_draft_id"),
    ("secrets", "DELETE FROM secrets", "ix_secrets_draft_code_id"),
    ("secrets", "DELETE FROM secrets", "ix_secrets_import_id"),
    ("feed_events", "SELECT", "ix_feed_events_told_at"),
    ("feed_events", "DELETE FROM feed_events", "ix_feed_events_told_at"),
    ("feed_events", "SELECT feed_events.said", "ix_feed_events_subject"),
]


async def test_no_statement_goes_through_a_whole_table_and_every_index_has_its_use(
    database: Database, clock: MovableClock
) -> None:
    assert database.file is not None
    store = SqlStore(database)
    with captured(database) as statements:
        await converse(store)
        await work_off(database, clock)

    found = plans(database.file, statements)
    assert len(found) > 60
    assert {statement: bad for statement, plan in found.items() if (bad := scans(statement, plan))} == {}

    def is_used(table: str, beginning: str, index: str) -> bool:
        steps = [step for statement, plan in found.items() for step in plan if statement.startswith(beginning)]
        return any(step.startswith(f"SEARCH {table} USING") and index in step for step in steps)

    assert [use for use in USED if not is_used(*use)] == []
