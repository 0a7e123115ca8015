"""A key that is lost: what becomes of each row, and of processes that still have it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.import_events import KeyLost
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.import_transitions import apply
from bot.domain.transfer_code import TransferCode
from bot.errors import Superseded
from bot.storage.database import Database
from bot.storage.encryption import KEY_SIZE, Cipher
from bot.storage.holders import HUB, Holder, of_station
from bot.storage.lost_key import replace_key
from bot.storage.tables import draft_codes, drafts, handled_updates, imports, secrets
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.records import DraftState
from tests.storage.support import CODE, CUSTOM, EXTRACTION, NOW, confirmed, draft_of, opened, rewrite, rows

LATER = NOW + timedelta(hours=1)
NEW = Cipher(b"n" * KEY_SIZE)

ONE_OF_EACH: tuple[dict[str, object], ...] = (
    {},
    {"waiting_for": "away", "held": True},
    {"unanswered": 1},
    {"status": Status.SENDING, "sent_at": NOW},
    {"status": Status.CHECKING, "sent_at": NOW},
    {"status": Status.UNKNOWN, "finished_at": NOW},
    {"status": Status.FAILED, "finished_at": NOW},
    {"status": Status.CANCELLED, "finished_at": NOW},
    # Its code has been forgotten before.
    {"status": Status.FAILED, "finished_at": NOW, "code_encrypted": None},
    {"status": Status.IMPORTED, "finished_at": NOW, "proxy_status": ProxyStatus.MISSING, "profile_id": 7},
    {"status": Status.IMPORTED, "finished_at": NOW, "proxy_status": ProxyStatus.SET, "profile_id": 8},
)


async def held(database: Database, name: str) -> Holder:
    """What a process holds that has just taken it."""
    holder = Holder(name)
    holder.epoch = await database.write(holder.take)
    return holder


def note(work: SqlWork, update_id: int) -> bool:
    return work.updates.is_new(update_id, NOW)


async def test_each_row_becomes_what_its_state_says_and_is_a_newer_one(database: Database, store: SqlStore) -> None:
    codes = [f"{number:08}-00000000" for number in range(len(ONE_OF_EACH))]
    batch = await confirmed(store, draft_of(*codes, proxy=EXTRACTION))
    for row, code, values in zip(batch.rows, codes, ONE_OF_EACH, strict=True):
        spent = {"transfer_code": code, "code_encrypted": None} if values.get("status") is Status.IMPORTED else {}
        await rewrite(database, row.id, version=3, **values, **spent)
    before = await rows(database, imports)
    states = [row.state for row in await store.write(lambda work: work.imports.lock_batch(batch.id))]

    await replace_key(database, NEW, LATER, [])

    after = await rows(database, imports)
    assert all(now["version"] > then["version"] for then, now in zip(before, after, strict=True))
    expected = [apply(state, KeyLost(LATER)) for state in states]
    found = [row.state for row in await store.write(lambda work: work.imports.lock_batch(batch.id))]
    assert found == [replace(state, code_kept=state.status is Status.IMPORTED) for state in expected]
    living = await store.read(lambda work: work.log.living([TransferCode(code) for code in codes]))
    assert [row.code and row.code.text for row in living] == codes[-2:]
    assert [row["code_hash"] for row in after[:-2]] == [None] * len(after[:-2])
    assert await rows(database, secrets) == []


async def test_open_drafts_are_closed_and_hold_nothing_any_more(database: Database, store: SqlStore) -> None:
    await opened(store, draft_of(CODE, proxy=CUSTOM))
    await replace_key(database, NEW, LATER, [])
    assert [row["state"] for row in await rows(database, drafts)] == [DraftState.KEY_LOST]
    assert await rows(database, draft_codes) == await rows(database, secrets) == []


@pytest.mark.parametrize("lost", [HUB, of_station("office")])
async def test_a_process_that_was_succeeded_replaces_no_key(database: Database, store: SqlStore, lost: str) -> None:
    await opened(store, draft_of(CODE))
    holders = [await held(database, name) for name in (HUB, of_station("office"))]
    await held(database, lost)
    cipher = database.cipher
    with pytest.raises(Superseded):
        await replace_key(database, NEW, LATER, holders)
    assert database.cipher is cipher
    assert [row["state"] for row in await rows(database, drafts)] == [DraftState.OPEN]
    assert len(await rows(database, draft_codes)) == 1


async def test_a_process_of_another_station_that_was_only_stopped_writes_nothing_with_the_old_key(
    database: Database,
) -> None:
    other = await held(database, of_station("attic"))
    holders = [await held(database, name) for name in (HUB, of_station("office"))]
    await replace_key(database, NEW, LATER, holders)
    with pytest.raises(Superseded):
        await SqlStore(database, holder=other).write(note, 1)
    for number, holder in enumerate(holders):
        assert await SqlStore(database, holder=holder).write(note, number)
    assert len(await rows(database, handled_updates)) == len(holders)
