"""What is forgotten by setting: only what has ended, in pieces, and never that a code was used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.transfer_code import TransferCode
from bot.storage import housekeeping
from bot.storage.database import Database
from bot.storage.encryption import KEY_SIZE, Cipher
from bot.storage.held_codes import held_codes
from bot.storage.housekeeping import WALK_ANEW, Housekeeping
from bot.storage.lost_key import replace_key
from bot.storage.retention import NO_CHAT, Forgets, Piece, forgotten_imports
from bot.storage.tables import batches, drafts, imports, secrets
from bot.storage.work import SqlStore
from bot.usecases.records import DraftState
from tests.storage.support import CODE, CUSTOM, GROUP_CHAT, MAI, NOW, OTHER, confirmed, draft_of, opened, rewrite, rows
from tests.support.clock import MovableClock

DAYS_40 = timedelta(days=40)
LATER = NOW + DAYS_40
NEW = Cipher(b"n" * KEY_SIZE)

#: What has not ended, or not in all its parts.
UNFINISHED: tuple[dict[str, object], ...] = (
    {"status": Status.QUEUED},
    {"status": Status.QUEUED, "held": True, "waiting_for": "away"},
    {"status": Status.SENDING, "sent_at": NOW},
    {"status": Status.CHECKING, "sent_at": NOW},
    {"status": Status.IMPORTED, "finished_at": NOW, "proxy_status": ProxyStatus.PENDING, "profile_id": 7},
    {"status": Status.IMPORTED, "finished_at": NOW, "proxy_status": ProxyStatus.SETTING, "profile_id": 7},
    {"status": Status.IMPORTED, "finished_at": NOW, "proxy_status": ProxyStatus.MISSING, "profile_id": 7},
    # It has ended since.
    {"status": Status.IMPORTED, "finished_at": LATER - timedelta(hours=1), "profile_id": 7},
)
IMPORTED: Mapping[str, Any] = {"status": Status.IMPORTED, "finished_at": NOW, "code_encrypted": None, "attempts": 1}


def codes_of(number: int, first: int = 0) -> list[str]:
    return [f"{first + each:08}-00000000" for each in range(number)]


async def ended(database: Database, store: SqlStore, code: str, **values: object) -> int:
    """An import of Mai's in a group that has ended, imported unless it is said otherwise; its row."""
    batch = await confirmed(store, draft_of(code), type(MAI)(MAI.user_id, GROUP_CHAT, 7, "vi"))
    await rewrite(database, batch.rows[0].id, **{**IMPORTED, "transfer_code": code, "profile_id": 4711} | values)
    return batch.rows[0].id


async def tidy(database: Database, *what: Forgets, now: Any = LATER) -> None:
    """A round of housekeeping, 40 days later, by which this is kept for 35 days."""
    clock = MovableClock()
    clock.computer_sleeps((now - clock.now()).total_seconds())
    store = SqlStore(database, now=clock.now)
    await Housekeeping(store, clock, retention=dict.fromkeys(what, timedelta(days=35))).tidy()


async def test_without_a_setting_everything_stays(database: Database, store: SqlStore) -> None:
    await ended(database, store, CODE)
    before = [await rows(database, table) for table in (drafts, batches, imports)]
    await tidy(database)
    assert [await rows(database, table) for table in (drafts, batches, imports)] == before


async def test_a_spent_code_goes_and_its_mask_and_hash_stay(database: Database, store: SqlStore) -> None:
    await ended(database, store, CODE)
    [before] = await rows(database, imports)
    await tidy(database, Forgets.CODES)
    [after] = await rows(database, imports)
    assert after == {**before, "transfer_code": None, "version": before["version"] + 1}
    assert (after["code_mask"], after["code_hash"] is None) == (TransferCode(CODE).masked, False)
    [known] = await store.read(lambda work: work.log.living([TransferCode(CODE)]))
    assert (known.user_id, known.profile_id, known.forgotten) == (MAI.user_id, 4711, False)


async def test_chats_go_and_their_cards_are_shown_no_more(database: Database, store: SqlStore) -> None:
    row_id = await ended(database, store, CODE)
    await store.write(lambda work: work.batches.bump(row_id))
    await tidy(database, Forgets.CHATS)
    for table in (drafts, batches, imports):
        [row] = await rows(database, table)
        assert (row["chat_id"], row["thread_id"], row["message_id"]) == (NO_CHAT, None, None)
        assert row["user_id"] == MAI.user_id
    assert await store.read(lambda work: work.cards.chats_behind()) == []
    [row] = await rows(database, imports)
    assert (row["transfer_code"], row["status"]) == (CODE, Status.IMPORTED)


async def test_rows_go_with_all_that_is_theirs_and_that_the_code_was_used_stays_known(
    database: Database, store: SqlStore
) -> None:
    await ended(database, store, CODE)
    failed = await confirmed(store, draft_of(OTHER, proxy=CUSTOM), MAI)
    await rewrite(database, failed.rows[0].id, status=Status.FAILED, finished_at=NOW)
    # Somebody has tried it again, which has not ended.
    again = await confirmed(store, draft_of("99999999-00000000"), MAI)
    await rewrite(database, again.rows[0].id, retry_of=failed.rows[0].id)
    await tidy(database, Forgets.ROWS)

    assert [row["id"] for row in await rows(database, imports)] == [again.rows[0].id]
    assert [row["retry_of"] for row in await rows(database, imports)] == [None]
    assert [row["id"] for row in await rows(database, batches)] == [again.id]
    assert len(await rows(database, drafts)) == 1
    assert await rows(database, secrets) == []
    [gone] = await rows(database, forgotten_imports)
    assert gone["code_mask"] == TransferCode(CODE).masked

    # It can't be confirmed again, and who tries is told.
    stored = await opened(store, draft_of(CODE), MAI)
    refused = await store.write(lambda work: work.batches.confirm(stored, "Mai", LATER))
    assert refused.batch_id is None
    [known] = refused.taken
    assert (known.forgotten, known.status, known.profile_id, known.user_id) == (True, Status.IMPORTED, 4711, 0)
    # Nor is its profile taken for another's.
    assert await store.read(lambda work: work.imports.claimed_profiles([4711, 4712])) == {4711}
    # What has failed was nobody's before, and can be tried.
    stored = await opened(store, draft_of(OTHER), MAI)
    assert (await store.write(lambda work: work.batches.confirm(stored, "Mai", LATER))).batch_id is not None


async def test_what_may_have_been_imported_is_not_sent_again_either(database: Database, store: SqlStore) -> None:
    await ended(database, store, CODE, status=Status.UNKNOWN, transfer_code=None, profile_id=None)
    await tidy(database, Forgets.ROWS)
    assert await rows(database, imports) == []
    stored = await opened(store, draft_of(CODE), MAI)
    refused = await store.write(lambda work: work.batches.confirm(stored, "Mai", LATER))
    assert [(row.status, row.forgotten) for row in refused.taken] == [(Status.UNKNOWN, True)]


@pytest.mark.parametrize("what", [Forgets.CODES, Forgets.ROWS])
async def test_with_a_lost_key_a_code_that_was_forgotten_is_looked_for_before_it_is_sent(
    what: Forgets, database: Database, store: SqlStore
) -> None:
    await ended(database, store, CODE)
    await tidy(database, what)
    await replace_key(database, NEW, LATER, [])
    assert await rows(database, held_codes) == []
    batch = await confirmed(SqlStore(database, now=lambda: LATER), draft_of(CODE), MAI)
    assert [row.status for row in batch.rows] == [Status.CHECKING]


@pytest.mark.parametrize("what", list(Forgets))
async def test_what_has_not_ended_in_all_its_parts_is_not_touched(
    what: Forgets, database: Database, store: SqlStore
) -> None:
    for number, values in enumerate(UNFINISHED):
        # Beside it is one that has ended, in the same batch.
        codes = codes_of(2, first=10 * number)
        batch = await confirmed(store, draft_of(*codes), MAI)
        await rewrite(database, batch.rows[0].id, **values)
        await rewrite(database, batch.rows[1].id, **IMPORTED, transfer_code=codes[1], profile_id=100 + number)
    await opened(store, draft_of(CODE), MAI)
    before = [await rows(database, table) for table in (drafts, batches, imports)]
    clock = MovableClock()
    clock.computer_sleeps((LATER - clock.now()).total_seconds())

    def forget(work: Any) -> None:
        assert work.retention.forget(what, LATER - timedelta(days=35), after=0, limit=99).over

    await SqlStore(database, now=clock.now).write(forget)
    assert [await rows(database, table) for table in (drafts, batches, imports)] == before


async def test_drafts_from_which_nothing_came_go_too(database: Database, store: SqlStore) -> None:
    stored = await opened(store, draft_of(CODE, proxy=CUSTOM), MAI)
    await store.write(lambda work: work.drafts.close(stored.id, DraftState.CANCELLED, NOW))
    await tidy(database, Forgets.CHATS)
    assert [row["chat_id"] for row in await rows(database, drafts)] == [NO_CHAT]
    await tidy(database, Forgets.ROWS)
    assert await rows(database, drafts) == []


async def test_what_is_younger_stays(database: Database, store: SqlStore) -> None:
    await ended(database, store, CODE)
    await tidy(database, *Forgets, now=NOW + timedelta(days=34))
    [row] = await rows(database, imports)
    assert (row["transfer_code"], row["chat_id"]) == (CODE, GROUP_CHAT)


async def test_a_long_log_is_walked_through_in_pieces_over_several_rounds(
    database: Database, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PIECE", 3)
    monkeypatch.setattr(housekeeping, "PIECES", 2)
    for code in codes_of(14):
        await ended(database, store, code)
    open_row = (await rows(database, imports))[1]["id"]
    queued = {"status": Status.QUEUED, "finished_at": None, "transfer_code": None}
    await rewrite(database, open_row, **queued)
    clock = MovableClock()
    clock.computer_sleeps((LATER - clock.now()).total_seconds())
    keeper = Housekeeping(SqlStore(database, now=clock.now), clock, retention={Forgets.ROWS: timedelta(days=35)})
    left = []
    for _ in range(4):
        await keeper.tidy()
        left.append(len(await rows(database, imports)))
    # Each round looks at six; the one that has not ended is passed over.
    assert left == [9, 3, 1, 1]
    await rewrite(database, open_row, **IMPORTED)
    await keeper.tidy()
    assert len(await rows(database, imports)) == 1
    clock.computer_sleeps(WALK_ANEW.total_seconds())
    await keeper.tidy()
    assert await rows(database, imports) == []


@pytest.mark.parametrize("what", Forgets)
async def test_drafts_of_many_codes_are_few_in_a_piece(database: Database, store: SqlStore, what: Forgets) -> None:
    for number in range(3):
        batch = await confirmed(store, draft_of(*codes_of(2, first=10 * number)), MAI)
        for row in batch.rows:
            await rewrite(database, row.id, **IMPORTED)
    ids = [row["id"] for row in await rows(database, drafts)]

    async def forget(after: int, most: int) -> Piece:
        return await store.write(lambda work: work.retention.forget(what, LATER, after=after, limit=99, rows=most))

    # One at least, however many rows it has.
    assert await forget(0, 1) == Piece(ids[0], over=False)
    assert await forget(ids[0], 3) == Piece(ids[1], over=False)
    assert await forget(ids[1], 3) == Piece(ids[2], over=True)
    assert len(await rows(database, imports)) == (0 if what is Forgets.ROWS else 6)


async def test_indexes_serve_the_deleting_of_rows(database: Database, store: SqlStore) -> None:
    """Without them the database reads the whole log for every row that goes."""
    await ended(database, store, CODE)
    if not database.is_sqlite:
        pytest.skip("the plans of a server depend on how much is in it")

    def plan(connection: Any) -> str:
        queries = (
            select(imports.c.id).where(imports.c.retry_of == 1),
            select(imports.c.id).where(imports.c.draft_id == 1),
            update(imports).where(imports.c.retry_of.in_([1, 2])).values(retry_of=None),
        )
        said = []
        for query in queries:
            sql = query.compile(connection, compile_kwargs={"literal_binds": True})
            said += [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
        return "\n".join(said)

    found = await database.read(plan)
    assert "SCAN imports" not in found
    assert "ix_imports_retry_of" in found
    assert "ix_imports_draft_id" in found
