"""What ends by itself: drafts that nobody answers, old updates, proxies given up, and codes that nobody tries again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.draft import LastChoices
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Direct
from bot.domain.transfer_code import TransferCode
from bot.storage.database import Database
from bot.storage.deletion_offers import deletion_offers
from bot.storage.housekeeping import AGAIN, CODE_LIFE, DRAFT_LIFE, ROUND, UPDATE_LIFE, Housekeeping
from bot.storage.signals import SignalHandlers
from bot.storage.tables import draft_codes, handled_updates, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import DraftState, Place
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    MAI,
    OTHER,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rewrite,
    rows,
)
from tests.support.clock import MovableClock

PATIENCE = 10.0
SECOND = timedelta(seconds=1)


class Kept:
    """Housekeeping, and the chats that it has told."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.told: list[int] = []
        store = SqlStore(database, SignalHandlers(chat_behind=self.told.append), clock.now)
        self.housekeeping = Housekeeping(store, clock)


@pytest.fixture
def kept(database: Database, clock: MovableClock) -> Kept:
    return Kept(database, clock)


async def test_a_draft_that_nobody_answers_for_a_day_expires_and_its_secrets_are_deleted(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    now = clock.now()
    old = await opened(store, draft_of(CODE, proxy=CUSTOM), ANA, at=now - DRAFT_LIFE - SECOND)
    young = await opened(store, draft_of(OTHER, proxy=EXTRACTION), MAI, at=now - DRAFT_LIFE)
    await kept.housekeeping.tidy()

    expired = await draft_by_id(store, old.id)
    assert (expired.state, expired.draft.codes) == (DraftState.EXPIRED, ())
    assert expired.card.revision == old.card.revision + 1
    assert await draft_by_id(store, young.id) == young
    assert [row["draft_id"] for row in await rows(database, draft_codes)] == [young.id]
    assert [row["draft_id"] for row in await rows(database, secrets)] == [young.id]
    assert kept.told == [ANA.chat_id]


async def test_an_answer_keeps_a_draft_alive_for_another_day(store: SqlStore, clock: MovableClock, kept: Kept) -> None:
    now = clock.now()
    old = await opened(store, draft_of(CODE), at=now - 2 * DRAFT_LIFE)
    await store.write(lambda work: work.drafts.change(old, replace(old.draft, page=1), now - DRAFT_LIFE, repost=False))
    await kept.housekeeping.tidy()
    assert (await draft_by_id(store, old.id)).state is DraftState.OPEN
    assert kept.told == []


async def test_updates_that_cannot_come_again_are_forgotten(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    def change(work: SqlWork) -> None:
        work.updates.is_new(1, clock.now() - UPDATE_LIFE - SECOND)
        work.updates.is_new(2, clock.now() - UPDATE_LIFE)

    await store.write(change)
    await kept.housekeeping.tidy()
    assert [row["update_id"] for row in await rows(database, handled_updates)] == [2]


async def test_a_proxy_that_is_missing_for_a_day_is_given_up_and_its_link_deleted(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    now = clock.now()
    batches = []
    for number, finished_at in enumerate((now - DRAFT_LIFE - SECOND, now - DRAFT_LIFE)):
        where = Place(number, number, None, "en")
        batch = await confirmed(store, draft_of(f"{number:08}-00000000", proxy=EXTRACTION), where)
        batches.append(batch)
        missing = {"status": Status.IMPORTED, "proxy_status": ProxyStatus.MISSING, "finished_at": finished_at}
        await rewrite(database, batch.rows[0].id, **missing)
    await kept.housekeeping.tidy()

    assert [row["proxy_status"] for row in await rows(database, imports)] == ["given_up", "missing"]
    assert [row["import_id"] for row in await rows(database, secrets)] == [batches[1].rows[0].id]
    assert kept.told == [0]
    assert (await batch_by_id(store, batches[0].id)).card.revision == batches[0].card.revision + 1


async def test_with_nothing_to_tidy_nobody_is_told(kept: Kept) -> None:
    await kept.housekeeping.tidy()
    assert kept.told == []


# --- while the program runs -------------------------------------------------------------------------------------------


@asynccontextmanager
async def running(kept: Kept) -> AsyncIterator[None]:
    task = asyncio.create_task(kept.housekeeping.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object], clock: MovableClock) -> None:
    """Let time pass until something is so, and the database's threads, unknown to the clock, do their work."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await clock.advance(AGAIN)
            await asyncio.to_thread(lambda: None)


async def test_a_database_that_is_locked_is_tidied_when_it_no_longer_is(
    database: Database, store: SqlStore, file: Path, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    kept = Kept(database, clock)
    old = await opened(store, draft_of(CODE, proxy=CUSTOM), at=clock.now() - DRAFT_LIFE - SECOND)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        async with running(kept):
            await until(lambda: "tidying the database has to wait: another program is using" in caplog.text, clock)
            other.execute("ROLLBACK")
            await until(lambda: kept.told, clock)
    assert (await draft_by_id(store, old.id)).state is DraftState.EXPIRED


async def test_rounds_go_on_for_as_long_as_the_program_runs(store: SqlStore, clock: MovableClock, kept: Kept) -> None:
    async with running(kept):
        first = await opened(store, draft_of(OTHER), MAI, at=clock.now() - DRAFT_LIFE - SECOND)
        await until(lambda: kept.told, clock)
        assert (await draft_by_id(store, first.id)).state is DraftState.EXPIRED
        old = await opened(store, draft_of(CODE), at=clock.now() - DRAFT_LIFE)
        await clock.advance(ROUND)
        await until(lambda: len(kept.told) > 1, clock)
    assert (await draft_by_id(store, old.id)).state is DraftState.EXPIRED


# --- codes that nobody tries again ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
async def test_codes_of_imports_that_have_not_arrived_are_kept_for_thirty_days(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept, status: Status
) -> None:
    now = clock.now()
    ended = {"status": status, "profile_name": "Shop"}
    old = (await confirmed(store, draft_of(CODE))).rows[0].id
    young = (await confirmed(store, draft_of(OTHER))).rows[0].id
    await rewrite(database, old, **ended, finished_at=now - CODE_LIFE - SECOND)
    await rewrite(database, young, **ended, finished_at=now - CODE_LIFE)
    before = await rows(database, imports)
    await kept.housekeeping.tidy()

    gone = status in {Status.FAILED, Status.CANCELLED, Status.UNKNOWN}
    after = await rows(database, imports)
    assert after[1] == before[1]
    forgotten = {"code_encrypted": None, "version": 1} if gone else {}
    assert after[0] == {**before[0], **forgotten}
    first, second = await store.write(lambda work: work.imports.lock_batch(before[0]["batch_id"])), after[1]["id"]
    assert [row.state.code_kept for row in first] == [not gone]
    assert second == young
    # It is still known that somebody may have it.
    taken = await store.read(lambda work: work.log.living([TransferCode(CODE)]))
    assert [row.id for row in taken] == ([] if status in {Status.FAILED, Status.CANCELLED} else [old])
    await kept.housekeeping.tidy()
    assert await rows(database, imports) == after


async def test_codes_whose_message_was_deleted_are_kept_for_a_day_after_their_draft_has_ended(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    now = clock.now()
    ended = []
    for number, (deleted, at) in enumerate([(True, now - DRAFT_LIFE - SECOND), (True, now - DRAFT_LIFE), (False, now)]):
        draft = replace(draft_of(f"{number:08}-00000000"), codes_deleted=deleted)
        stored = await opened(store, draft, Place(number, number, None, "en"), at=at)
        await store.write(lambda work, stored=stored, at=at: work.drafts.close(stored.id, DraftState.CANCELLED, at))  # type: ignore[misc]
        ended.append(stored.id)
    assert [row["draft_id"] for row in await rows(database, draft_codes)] == ended[:2]
    await kept.housekeeping.tidy()
    assert [row["draft_id"] for row in await rows(database, draft_codes)] == ended[1:2]


async def test_after_a_proxy_that_nobody_sent_a_code_for_the_choices_of_last_time_are_back(
    store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    waiting = replace(draft_of(), codes=(), proxy=CUSTOM, proxy_until=clock.now() - SECOND)
    stored = await opened(store, waiting, ANA, at=clock.now())

    def used_before(work: SqlWork) -> None:
        work.users.keep(ANA.user_id, "Ana", "en", clock.now())
        work.users.remember(ANA.user_id, LastChoices(proxy=Direct()))

    await store.write(used_before)
    await kept.housekeeping.tidy()
    draft = (await draft_by_id(store, stored.id)).draft
    assert (draft.proxy, draft.proxy_until) == (Direct(), None)
    assert draft.notice is not None
    assert draft.notice.reason == "proxy_expired"
    assert ANA.chat_id in kept.told


async def test_offers_to_delete_a_message_end_when_nobody_can_press_them_any_more(
    database: Database, store: SqlStore, clock: MovableClock, kept: Kept
) -> None:
    def change(work: SqlWork) -> None:
        work.deletion_offers.add(ANA, [5], clock.now() - UPDATE_LIFE - SECOND)
        work.deletion_offers.add(ANA, [6], clock.now() - UPDATE_LIFE)

    await store.write(change)
    await kept.housekeeping.tidy()
    assert [row["message_id"] for row in await rows(database, deletion_offers)] == [6]
