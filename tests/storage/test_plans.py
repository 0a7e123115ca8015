"""With a hundred thousand imports in the log every statement of the program still goes by an index."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.domain.draft import Draft, LastChoices, NewGroup, OwnChoices, Step
from bot.domain.import_events import (
    Answered,
    CancelWanted,
    ProvenAbsent,
    ProxyMissing,
    ProxyRetried,
    WaitChanged,
)
from bot.domain.outcome import Imported, Unknown
from bot.domain.proxy import Keep
from bot.domain.remote_lists import Listing
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.housekeeping import Housekeeping
from bot.storage.migrate import current
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import group_requests, import_queue, remote_lists
from bot.usecases.feed_rows import Ended
from bot.usecases.feed_telling import next_message
from bot.usecases.group_chat_rows import GroupChatState
from bot.usecases.health import status_since
from bot.usecases.records import CardKind, DraftState, Prompt, Role
from bot.usecases.shared_card_rows import OF_ADMINS
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    GROUP_CHAT,
    MAI,
    NOW,
    OTHER,
    STATION,
    draft_by_id,
    draft_of,
    opened,
    unlocked,
)
from tests.support.clock import MovableClock
from tests.support.migrated import put_database

COUNT = 100_000
MIDDLE = COUNT // 2

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

Statements = dict[str, Any]


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


@contextmanager
def captured(database: Database) -> Iterator[Statements]:
    """Every statement that is run meanwhile, with the values of one of its runs."""
    seen: Statements = {}

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        seen[statement] = values[0] if values and isinstance(values, list) else values

    engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def plans(file: Path, statements: Statements) -> Mapping[str, list[str]]:
    """How SQLite goes about each statement that looks for rows."""
    found = {}
    with closing(sqlite3.connect(file)) as connection:
        for statement, values in statements.items():
            if statement.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT", "WITH"}:
                rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
                found[statement] = [row[3] for row in rows]
    return found


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


async def converse(store: SqlStore) -> None:
    """Everything that handlers and the presenter do, from the first message to the last page of the history."""

    def change(work: SqlWork) -> None:
        work.users.keep(MAI.user_id, "Mai", "vi", NOW)
        work.users.keep(MAI.user_id, "Mai Anh", "vi", NOW)
        work.users.set_role(MAI.user_id, Role.MEMBER, ANA.user_id, NOW)
        work.users.remember(MAI.user_id, LastChoices(proxy=Keep()))
        work.updates.is_new(COUNT + 1, NOW)
        work.log.living([TransferCode(CODE), TransferCode(OTHER)])
        work.users.lock(MAI.user_id)
        work.users.lock_admins()
        work.log.counts([MAI.user_id, ANA.user_id])
        work.log.waiting(MAI.user_id)
        status_since(work, NOW)
        work.imports.lock_under_way_of(MAI.user_id)
        work.outbox.hide_codes(MAI.chat_id, NOW)
        work.private_links.forget_of(MAI.user_id)
        work.shared_cards.take_away(MAI.chat_id, OF_ADMINS)

    await store.write(change)
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM), MAI)

    def change_2(work: SqlWork) -> None:
        assert work.drafts.find_open(MAI) == stored
        assert stored in work.drafts.all_open()
        work.drafts.change(stored, draft_of(OTHER, proxy=EXTRACTION), NOW, repost=True)
        for proxy in (CUSTOM, Keep(), EXTRACTION):
            other = work.drafts.find(stored.id)
            assert other is not None
            own = {TransferCode(OTHER): OwnChoices(proxy=proxy)}
            work.drafts.change(other, replace(other.draft, own=own), NOW, repost=True)
        work.cards.show_again(CardKind.DRAFT, stored.id)
        work.cards.reply_to(MAI, 7)
        work.prompts.want(stored.id, Step.GROUP)
        work.prompts.sent(stored.id, Step.GROUP, 8)
        work.prompts.forget(stored.id, Prompt(Step.GROUP, 8))
        work.users.names([MAI.user_id, ANA.user_id])

    await store.write(change_2)

    def read_it(work: SqlWork) -> None:
        work.cards.chats_behind()
        work.outbox.waiting([MAI.chat_id, ANA.chat_id])
        assert len(work.drafts.behind([MAI.chat_id, ANA.chat_id])) == 1
        work.batches.behind([MAI.chat_id, ANA.chat_id])

    await store.read(read_it)
    changed = await draft_by_id(store, stored.id)

    def confirm(work: SqlWork) -> None:
        work.cards.note_shown(CardKind.DRAFT, stored.id, message_id=1, rendered=5, complete=True)
        work.outbox.say(MAI, "Hello", NOW)
        work.outbox.done(1)
        result = work.batches.confirm(changed, "Mai", NOW)
        assert result.batch_id is not None
        assert import_queue.change_batch(work, result.batch_id, CancelWanted(NOW))
        work.batches.bump(result.batch_id, repost=True)
        work.batches.note_announced(result.batch_id)
        batch = work.batches.of_draft(stored.id)
        assert batch is not None
        work.log.of_kept(work.kept_codes.add(MAI.user_id, ANA.user_id, [row.id for row in batch.rows], NOW))
        work.cards.note_shown(CardKind.BATCH, result.batch_id, message_id=1, rendered=1, complete=False)
        work.cards.move_chat(MAI.chat_id, GROUP_CHAT)
        work.batches.mark_behind([result.batch_id], repost=False, waited=False, announce_again=True)
        assert work.cards.leave_chat(GROUP_CHAT) == {MAI.user_id}
        work.drafts.open_in(GROUP_CHAT)
        for user in (None, ANA.user_id, MAI.user_id):
            work.log.page(user_id=user, size=6)
            work.log.page(user_id=user, size=6, before=MIDDLE)
            work.log.page(user_id=user, size=6, after=MIDDLE)

    await store.write(confirm)


async def work_off(database: Database, clock: MovableClock) -> None:
    """Everything that the station and the housekeeping do."""
    store = SqlStore(database, now=clock.now)
    await store.write(begin_feed)
    stored = await opened(store, draft_of("99999999-00000000", "99999999-00000001", proxy=EXTRACTION), MAI)
    batch = (await store.write(lambda work: work.batches.confirm(stored, "Mai", NOW))).batch_id
    assert batch is not None
    await store.write(import_queue.adopt)
    await store.read(import_queue.waiting_elsewhere)
    await store.write(import_queue.recover, [])
    await store.write(import_queue.recover, [1, 2])

    async def send_round(wait: str | None, **given: Any) -> import_queue.Round:
        options: dict[str, Any] = {"limit": 1, "last": [], "besides": [], "hold": True} | given
        return await store.write(import_queue.send_round, wait=WaitChanged(wait), **options)

    await send_round("away", limit=0)
    [first] = (await send_round(None)).claimed
    [second] = (await send_round(None, last=[1], besides=[first.id])).claimed
    for row, happened in (
        (first, Answered(1, Unknown(None, "no answer"), NOW)),
        (first, ProvenAbsent(1, NOW)),
        (first, CancelWanted(NOW)),
        (second, Answered(1, Imported(COUNT + 1), NOW)),
        (second, ProxyMissing(2002, "no proxy")),
    ):
        after = await store.write(import_queue.record, row.id, happened)
        assert after is not None
        assert after.state != row.state
    await store.write(import_queue.show, second.id)
    await store.write(import_queue.change_batch, batch, ProxyRetried())
    for look in (import_queue.checking, import_queue.links_to_set, import_queue.unnamed):
        assert len(await store.read(look)) == 1
    await store.read(import_queue.claimed_records, [7, COUNT + 7])
    await store.read(import_queue.claimed_profiles, [7, COUNT + 7])
    await store.write(import_queue.give_up_missing_proxies)

    waiting = await opened(store, draft_of(CODE, group=NewGroup("Shops")), replace(ANA, chat_id=5))
    assert len(await store.read(group_requests.wanted)) == 1
    assert await store.write(group_requests.intend, waiting.id, "Shops")
    assert await store.write(group_requests.made, waiting.id, "Shops", 5)
    await store.write(lambda work: work.drafts.close(waiting.id, DraftState.CANCELLED, NOW))
    asking = await opened(store, Draft((TransferCode("99999999-00000002"),)), replace(ANA, chat_id=6))
    await store.write(remote_lists.request_anew, frozenset(Listing))
    for request in await store.read(remote_lists.requested):
        await store.write(remote_lists.publish, request, [])
        await store.write(remote_lists.publish_failure, request, "away")
    await store.write(remote_lists.answer_draft, asking.id)
    await store.write(lambda work: work.lists.versions(frozenset(Listing)))
    await store.write(lambda work: work.cards.mark_outdated([asking.id]))
    await Housekeeping(store, clock).tidy()
    await store.write(tell_feed, batch)
    assert await current(database) is not None


def begin_feed(work: SqlWork) -> None:
    work.group_chats.add(GROUP_CHAT, "Team", GroupChatState.ALLOWED)
    work.feed.begin(replace(ANA, chat_id=GROUP_CHAT), NOW)


def tell_feed(work: SqlWork, batch_id: int) -> None:
    """Two batches have ended, one of them just now: both are told together."""
    for each in (batch_id, MIDDLE):
        work.feed.add(each, Ended(imported=(MIDDLE,)), work.now)
    assert work.feed.told(MIDDLE) == Ended(imported=(MIDDLE,))
    work.feed.ended([batch_id, MIDDLE], NOW)
    assert next_message(work) is not None
    work.feed.people([batch_id, MIDDLE])


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
