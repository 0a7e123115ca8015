"""Secrets that have served are nowhere in the database's files, while the program goes on running."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.import_events import Answered, CancelWanted, Event, ProxySet, RecordsUnreadable, Recovered
from bot.domain.import_state import Status
from bot.domain.import_transitions import PROOF_WITHIN, TRIED_FOR
from bot.domain.outcome import Imported, NotSent, Refused
from bot.domain.proxy import Keep, ProxyChoice
from bot.storage.database import Database
from bot.storage.housekeeping import DRAFT_LIFE, Housekeeping
from bot.storage.tables import draft_codes, secrets
from bot.storage.traces import wipe_traces
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from bot.usecases.records import DraftState, Place
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    LINK,
    MAI,
    NOW,
    OTHER,
    PASSWORD,
    batch_by_id,
    confirmed,
    draft_by_id,
    draft_of,
    opened,
    rows,
)
from tests.support.clock import MovableClock

SECRETS: dict[ProxyChoice, str] = {CUSTOM: PASSWORD, EXTRACTION: LINK}
BOTH = pytest.mark.parametrize("proxy", SECRETS, ids=["password", "link"])
#: What leads from an attempt to each end.
ENDS: Mapping[Status, Sequence[Event]] = {
    Status.IMPORTED: [Answered(1, Imported(5), NOW)],
    Status.FAILED: [Answered(1, Refused(110002, "no such code"), NOW)],
    Status.CANCELLED: [CancelWanted(NOW), Answered(1, NotSent(1010, "too fast"), NOW)],
    Status.UNKNOWN: [Recovered(), RecordsUnreadable(TRIED_FOR, NOW + PROOF_WITHIN)],
}


def on_disk(file: Path) -> bytes:
    """Every byte of the database, its write-ahead log and its shared memory."""
    sides = [file, *(file.with_name(file.name + side) for side in ("-wal", "-shm"))]
    return b"".join(side.read_bytes() for side in sides if side.exists())


def found(file: Path, texts: Iterable[str]) -> dict[str, int]:
    """How often each text is on the disk, apart from those that are not."""
    content = on_disk(file)
    return {text: count for text in texts if (count := content.count(text.encode()))}


def alive(file: Path, text: str) -> int:
    """How often a text is in what the database holds, apart from anything that is left over in its file."""
    copy = file.with_name("rebuilt.db")
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    return copy.read_bytes().count(text.encode())


@BOTH
async def test_what_is_planted_can_be_found_at_first(store: SqlStore, file: Path, proxy: ProxyChoice) -> None:
    await opened(store, draft_of(CODE, proxy=proxy))
    assert set(found(file, [CODE, SECRETS[proxy]])) == {CODE, SECRETS[proxy]}


@BOTH
@pytest.mark.parametrize("reached_the_file", [True, False])
async def test_a_cancelled_draft_leaves_neither_code_nor_secret(
    database: Database, store: SqlStore, file: Path, proxy: ProxyChoice, reached_the_file: bool
) -> None:
    stored = await opened(store, draft_of(CODE, OTHER, proxy=proxy))
    if reached_the_file:
        assert await database.truncate_wal()
        assert found(file, [SECRETS[proxy]])
    await store.write(lambda work: work.drafts.close(stored.id, DraftState.CANCELLED, NOW))
    assert await wipe_traces(database)
    assert found(file, [CODE, OTHER, SECRETS[proxy]]) == {}


@BOTH
async def test_an_expired_draft_leaves_neither_code_nor_secret(
    database: Database, store: SqlStore, file: Path, clock: MovableClock, proxy: ProxyChoice
) -> None:
    await opened(store, draft_of(CODE, proxy=proxy), at=clock.now() - DRAFT_LIFE - timedelta(seconds=1))
    await Housekeeping(database, SqlStore(database, now=clock.now), clock).tidy()
    assert database.secrets_deleted.is_set()
    assert await wipe_traces(database)
    assert found(file, [CODE, SECRETS[proxy]]) == {}


async def test_a_secret_that_was_typed_anew_leaves_nothing_of_the_first(
    database: Database, store: SqlStore, file: Path
) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM))
    await store.write(lambda work: work.drafts.change(stored, draft_of(CODE, proxy=EXTRACTION), NOW, repost=False))
    stored = await draft_by_id(store, stored.id)
    await store.write(lambda work: work.drafts.change(stored, draft_of(OTHER, proxy=Keep()), NOW, repost=False))
    assert await wipe_traces(database)
    assert found(file, [CODE, LINK, PASSWORD]) == {}


@BOTH
@pytest.mark.parametrize("status", ENDS)
async def test_an_import_that_has_ended_leaves_the_spent_code_in_its_own_row_alone(
    database: Database, file: Path, clock: MovableClock, proxy: ProxyChoice, status: Status
) -> None:
    store = SqlStore(database, now=clock.now)
    batch = await confirmed(store, draft_of(CODE, proxy=proxy))
    row = await store.write(import_queue.claim, batch.rows[0].id)
    assert row is not None
    assert row.proxy == proxy
    for event in ENDS[status]:
        assert SECRETS[proxy] in found(file, [SECRETS[proxy]])
        after = await store.write(import_queue.record, row.id, event)
    assert after is not None
    assert after.state.status is status
    if after.state.proxy_status is not None:
        assert LINK in found(file, [LINK])
        await store.write(import_queue.record, row.id, ProxySet())
    assert database.secrets_deleted.is_set()
    assert await wipe_traces(database)

    # The row, and while nobody else may have the code also the entry by which that is known.
    own = 1 if status in {Status.FAILED, Status.CANCELLED} else 2
    assert alive(file, CODE) == own
    assert found(file, [CODE, SECRETS[proxy]]) == {CODE: own}
    assert (await batch_by_id(store, batch.id)).rows[0].code.text == CODE


async def test_what_is_still_needed_is_kept(database: Database, store: SqlStore) -> None:
    waiting = await opened(store, draft_of(CODE, OTHER, proxy=CUSTOM))
    await confirmed(store, draft_of("00000000-00000001", proxy=EXTRACTION), MAI)
    before = [await rows(database, table) for table in (secrets, draft_codes)]
    assert await wipe_traces(database)
    assert await wipe_traces(database)
    assert [await rows(database, table) for table in (secrets, draft_codes)] == before
    assert await draft_by_id(store, waiting.id) == waiting


async def test_what_sqlite_has_left_in_the_gap_of_a_page_goes_too(store: SqlStore, file: Path) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM))
    planted = plant_in_gaps(file, ("secrets", "draft_codes"))
    assert found(file, [planted]) == {planted: 5}

    database = Database(f"sqlite:///{file}", "office")
    assert await wipe_traces(database)
    assert found(file, [planted]) == {}
    assert await draft_by_id(SqlStore(database), stored.id) == stored
    await database.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def plant_in_gaps(file: Path, tables: tuple[str, str]) -> str:
    """Write a text into the first pages of tables and their indexes where SQLite has nothing: in the middle."""
    planted = "plum-Tarn-4417-moved"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(size,)] = connection.execute("PRAGMA page_size")
        roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name IN (?, ?)", tables).fetchall()
    with file.open("r+b") as pages:
        for (root,) in roots:
            pages.seek((root - 1) * size + size // 2)
            pages.write(planted.encode())
    return planted


async def test_many_drafts_that_come_and_go_leave_nothing(database: Database, store: SqlStore, file: Path) -> None:
    # An order in which SQLite is known to leave a code behind, in a page from which it moved it to another.
    order = random.Random(3)
    codes_of: dict[int, set[bytes]] = {}

    def change(work: SqlWork) -> Any:
        for number in range(40):
            codes = [f"{number:08}-{index:08}" for index in range(300)]
            password = f"{number:04}-{PASSWORD}"
            draft = draft_of(*codes, proxy=replace(CUSTOM, password=password))
            draft_id = work.drafts.open_new(Place(number, number, None, "en"), draft, NOW)
            codes_of[draft_id] = {code.encode() for code in codes}
        return draft_id

    await store.write(change)
    ids = list(codes_of)
    order.shuffle(ids)
    kept, ended = ids[:3], ids[3:]

    def change_2(work: SqlWork) -> Any:
        for draft_id in ended:
            work.drafts.close(draft_id, DraftState.CANCELLED, NOW)
        return draft_id

    await store.write(change_2)

    assert await wipe_traces(database)
    left = on_disk(file)
    assert set(re.findall(rb"\d{8}-\d{8}", left)) == set.union(*(codes_of[draft_id] for draft_id in kept))
    assert left.count(PASSWORD.encode()) == len(kept)


async def test_on_a_server_there_are_no_files_to_wipe() -> None:
    database = Database("postgresql://ana:plum@127.0.0.1:1/bot", "office")
    assert await wipe_traces(database)
    assert await database.truncate_wal()
    await database.close()


async def test_an_update_that_is_undone_wipes_nothing(database: Database, store: SqlStore) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM), ANA)

    async def close_and_fail() -> None:
        def change(work: SqlWork) -> None:
            work.drafts.close(stored.id, DraftState.CANCELLED, NOW)
            raise ValueError("enough")

        await store.write(change)

    with pytest.raises(ValueError, match="enough"):
        await close_and_fail()
    assert not database.secrets_deleted.is_set()
    assert await draft_by_id(store, stored.id) == stored
