"""Which rows of the import log are found: of one's own station, and the same in memory and in the database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.import_events import (
    CancelWanted,
    WaitChanged,
)
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.storage.database import Database
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from bot.usecases.import_rows import ImportRow, Imports
from tests.storage.arranged import Arranged, Card, InDatabase
from tests.storage.import_log import (
    DAY,
    ELSEWHERE,
    ENDED,
    EVENTS,
    NOTHING,
    SECOND,
    ids,
    send_round,
)
from tests.storage.support import EXTRACTION, NOW, STATION, confirmed, draft_of
from tests.support.clock import MovableClock
from tests.support.memory_imports import MemoryImports

# --- other stations ---------------------------------------------------------------------------------------------------


async def one_of_every_sort(arranged: Arranged, clock: MovableClock) -> list[int]:
    """Rows of another station that would be found if they were one's own."""
    now = clock.now()
    common: dict[str, Any] = {
        "station": ELSEWHERE,
        "finished_at": now,
        "waiting_since": now - 2 * DAY,
        "sent_at": now - 2 * DAY,
    }
    added = [await arranged.add(status=status, profile_id=5, record_id=5, **common) for status in Status]
    added.append(await arranged.add(**common, cancel_wanted=True))
    imported: dict[str, Any] = common | {"status": Status.IMPORTED, "proxy": EXTRACTION}
    added += [await arranged.add(**imported, proxy_status=link) for link in ProxyStatus]
    added.append(await arranged.add(**imported | {"finished_at": now - 2 * DAY}, proxy_status=ProxyStatus.MISSING))
    return added


async def test_rows_of_another_station_are_never_seen_and_never_changed(
    arranged: Arranged, clock: MovableClock
) -> None:
    added = await one_of_every_sort(arranged, clock)
    before = [await arranged.row(row_id) for row_id in added]

    assert await arranged.run(import_queue.recover, []) == []
    assert await send_round(arranged, 99, hold=True, wait=WaitChanged("away")) == NOTHING
    for look in (import_queue.checking, import_queue.links_to_set, import_queue.unnamed):
        assert await arranged.run(look) == []
    assert await arranged.run(import_queue.claimed_records, [5]) == frozenset()
    assert await arranged.run(import_queue.claimed_profiles, [5]) == frozenset()
    assert await arranged.run(import_queue.give_up_missing_proxies) == 0
    for row_id in added:
        assert await arranged.run(import_queue.claim, row_id) is None
        await arranged.run(import_queue.show, row_id)
        for event in EVENTS:
            assert await arranged.run(import_queue.record, row_id, event) is None

    assert [await arranged.row(row_id) for row_id in added] == before
    assert {await arranged.version(row_id) for row_id in added} == {0}
    assert {await arranged.card(row_id) for row_id in added} == {Card()}


async def test_what_is_left_to_do_for_other_stations_is_taken_over_and_nothing_else(
    arranged: Arranged, clock: MovableClock
) -> None:
    now = clock.now()
    ended: dict[str, Any] = {"status": Status.IMPORTED, "profile_name": "Shop", "finished_at": now}
    left = [await arranged.add(station=ELSEWHERE, status=status) for status in Status if status not in ENDED]
    unset = (ProxyStatus.PENDING, ProxyStatus.SETTING, ProxyStatus.MISSING)
    left += [await arranged.add(station=ELSEWHERE, proxy=EXTRACTION, proxy_status=link, **ended) for link in unset]
    left.append(await arranged.add(station="cellar", **ended | {"profile_name": ""}))
    done = [await arranged.add(station=ELSEWHERE, status=status, profile_name="Shop") for status in ENDED]
    done.append(await arranged.add(station=ELSEWHERE, proxy=EXTRACTION, proxy_status=ProxyStatus.SET, **ended))
    mine = await arranged.add()

    before = [await arranged.row(row_id) for row_id in left]
    assert ids(await arranged.run(lambda work: work.imports.lock_of_other_stations())) == left
    assert await arranged.run(import_queue.adopt) == len(left)
    assert await arranged.run(import_queue.adopt) == 0
    assert [await arranged.row(row_id) for row_id in left] == [
        replace(row, state=replace(row.state, station=STATION)) for row in before
    ]
    assert {(await arranged.row(row_id)).state.station for row_id in done} == {ELSEWHERE}
    assert [await arranged.version(row_id) for row_id in (left[0], done[0], mine)] == [1, 0, 0]
    assert {await arranged.card(row_id) for row_id in (*left, *done)} == {Card()}


async def test_what_waits_for_each_other_station_is_counted_and_taken_over_from_one_alone(arranged: Arranged) -> None:
    ended: dict[str, Any] = {"status": Status.IMPORTED, "finished_at": NOW}
    theirs = [await arranged.add(station=ELSEWHERE) for _ in range(2)]
    theirs.append(await arranged.add(station=ELSEWHERE, profile_name="", **ended))
    other = await arranged.add(station="cellar", proxy_status=ProxyStatus.MISSING, proxy=EXTRACTION, **ended)
    await arranged.add(station="attic", profile_name="Shop", **ended)
    await arranged.add()

    assert await arranged.run(import_queue.waiting_elsewhere) == {ELSEWHERE: 2, "cellar": 1}
    assert await arranged.run(import_queue.adopt, ELSEWHERE) == len(theirs)
    assert {(await arranged.row(row_id)).state.station for row_id in theirs} == {STATION}
    assert (await arranged.row(other)).state.station == "cellar"
    assert await arranged.run(import_queue.waiting_elsewhere) == {"cellar": 1}


async def test_a_person_changes_a_batch_whichever_station_sees_to_it(arranged: Arranged) -> None:
    row_id = await arranged.add(station=ELSEWHERE)
    batch_id = (await arranged.row(row_id)).batch_id
    assert await arranged.run(import_queue.change_batch, batch_id, CancelWanted(NOW))
    assert not await arranged.run(import_queue.change_batch, batch_id, CancelWanted(NOW))
    assert (await arranged.row(row_id)).state.status is Status.CANCELLED


@pytest.fixture
def mine(database: Database, clock: MovableClock) -> InDatabase:
    return InDatabase(database, clock)


async def test_another_station_s_rows_are_its_own(mine: InDatabase, clock: MovableClock) -> None:
    added = await one_of_every_sort(mine, clock)
    with mine.at(ELSEWHERE):
        assert ids(await mine.run(import_queue.checking)) == [added[list(Status).index(Status.CHECKING)]]
        assert await mine.run(import_queue.adopt) == 0


# --- the same in memory and in the database ---------------------------------------------------------------------------

COUNT = 300


def any_state(chance: random.Random, before: ImportState) -> ImportState:
    return replace(
        before,
        status=chance.choice(list(Status)),
        station=chance.choice([STATION, STATION, ELSEWHERE]),
        held=chance.random() < 0.3,
        cancel_wanted=chance.random() < 0.3,
        waiting_for=chance.choice([None, "away", "1010"]),
        waiting_since=NOW + chance.randrange(-3, 4) * SECOND,
        finished_at=chance.choice([None, *(NOW + number * SECOND for number in range(-2, 3))]),
        proxy_status=chance.choice([None, *ProxyStatus]),
        profile_id=chance.choice([None, *range(1, 9)]),
        profile_name=chance.choice(["", "Shop"]),
        record_id=chance.choice([None, *range(1, 9)]),
    )


def selections(work: Imports, some: Sequence[int]) -> list[object]:
    """Everything that can be asked of the log."""
    return [
        [work.lock(row_id) for row_id in (*some, 0)],
        work.lock_sending([]),
        work.lock_sending(some),
        *(work.lock_queued(limit, last=last, besides=rest) for limit in (1, 9, 999) for last in ([], some)
          for rest in ([], some[::3])),
        *(work.lock_waiting_since_before(NOW + number * SECOND) for number in range(-4, 5)),
        *(work.lock_waiting_for_other(reason) for reason in (None, "away", "1002")),
        *(work.lock_proxies_missing_since_before(NOW + number * SECOND) for number in range(-3, 4)),
        work.lock_of_other_stations(),
        work.checking(),
        work.links_to_set(),
        *(work.unnamed(NOW + number * SECOND) for number in range(-3, 4)),
        *(look(wanted) for look in (work.claimed_records, work.claimed_profiles) for wanted in ([], [1, 99], range(9))),
    ]  # fmt: skip


async def test_whatever_is_in_the_log_the_same_rows_are_found_in_memory(store: SqlStore) -> None:
    chance = random.Random(7)
    batch = await confirmed(store, draft_of(*(f"{number:08}-00000000" for number in range(COUNT)), proxy=EXTRACTION))

    def change(work: SqlWork) -> list[ImportRow]:
        changed = [replace(row, state=any_state(chance, row.state)) for row in work.imports.lock_batch(batch.id)]
        work.imports.save(changed)
        return changed

    written = await store.write(change)
    memory = MemoryImports(STATION)
    memory.rows = {row.id: row for row in written}
    some = chance.sample([row.id for row in written], COUNT // 3)

    assert await store.write(lambda work: work.imports.lock_batch(batch.id)) == memory.lock_batch(batch.id) == written
    found, expected = await store.write(lambda work: selections(work.imports, some)), selections(memory, some)
    assert found == expected
    assert sum(1 for each in expected if each) > 30
