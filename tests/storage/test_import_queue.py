"""What the importer is promised of its log: the same by the database, and by the log in memory that its tests use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import pytest
from bot.storage.import_queue import ImportQueue

from bot.domain.draft import ListedGroup
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import Keep, ProxyChoice
from bot.errors import StorageError
from bot.storage import import_queue
from bot.storage.database import Database
from bot.storage.tables import secrets
from bot.storage.work import SignalHandlers, SqlStore
from bot.usecases.import_queue import ImportLog, ImportRow
from bot.usecases.records import Place
from tests.storage.support import (
    ANA,
    CODE,
    CUSTOM,
    EXTRACTION,
    OTHER,
    batch_by_id,
    confirmed,
    draft_of,
    rewrite,
    rows,
)
from tests.support.clock import MovableClock
from tests.support.import_log import MemoryImportLog

DAY = timedelta(days=1)


async def all_rows(store: SqlStore) -> Sequence[ImportRow]:
    return await store.read(import_queue._rows)


class Arranged(Protocol):
    """A log, and how a test gets at what is in it."""

    @property
    def log(self) -> ImportLog: ...

    async def add(self, **fields: Any) -> int:
        """A row, confirmed now, queued unless the fields say otherwise; its id."""

    async def row(self, row_id: int) -> ImportRow: ...

    async def news(self, row_id: int) -> int:
        """How often the person has been told of a change of this row."""


class InMemory:
    def __init__(self, clock: MovableClock) -> None:
        self.log = MemoryImportLog(clock)

    async def add(self, **fields: Any) -> int:
        return self.log.add(f"{len(self.log.rows):08}-00000000", **fields)

    async def row(self, row_id: int) -> ImportRow:
        return self.log.rows[row_id]

    async def news(self, row_id: int) -> int:
        return len(self.log.told(row_id))


class InDatabase:
    """Every row is a batch of its own, so that what its person is told is the batch's revision."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        self.told: list[int] = []
        self.database = database
        self.store = SqlStore(database, SignalHandlers(chat_behind=self.told.append), clock.now)
        self.clock = clock
        self.log = ImportQueue(self.store, is_sqlite=True)
        self._count = 0

    async def add(self, *, proxy: ProxyChoice | None = None, group_id: int | None = None, **fields: Any) -> int:
        self._count += 1
        group = None if group_id is None else ListedGroup(group_id, "Shops")
        draft = draft_of(f"{self._count:08}-00000000", proxy=proxy or Keep(), group=group)
        batch = await confirmed(self.store, draft, Place(self._count, self._count, None, "en"), at=self.clock.now())
        if fields:
            await rewrite(self.database, batch.rows[0].id, **fields)
        return batch.rows[0].id

    async def row(self, row_id: int) -> ImportRow:
        [found] = [row for row in await all_rows(self.store) if row.id == row_id]
        return found

    async def news(self, row_id: int) -> int:
        return (await batch_by_id(self.store, (await self.row(row_id)).batch_id)).card.revision - 1


@pytest.fixture(params=["memory", "database"])
def arranged(request: pytest.FixtureRequest, database: Database, clock: MovableClock) -> Arranged:
    return InMemory(clock) if request.param == "memory" else InDatabase(database, clock)


def ids(found: Sequence[ImportRow]) -> list[int]:
    return [row.id for row in found]


# --- claiming ---------------------------------------------------------------------------------------------------------


async def test_queued_rows_are_claimed_oldest_first_up_to_the_limit(arranged: Arranged) -> None:
    added = [await arranged.add() for _ in range(3)]
    assert ids(await arranged.log.claim(2)) == added[:2]
    assert ids(await arranged.log.claim(2)) == added[2:]
    assert ids(await arranged.log.claim(2)) == []


async def test_a_claimed_row_is_sending_from_now_with_one_more_attempt(arranged: Arranged, clock: MovableClock) -> None:
    row_id = await arranged.add(attempts=2)
    await clock.advance(7)
    [claimed] = await arranged.log.claim(1)
    assert (claimed.status, claimed.sent_at, claimed.attempts) == (Status.SENDING, clock.now(), 3)
    assert await arranged.row(row_id) == claimed
    assert await arranged.news(row_id) == 0


async def test_a_claimed_row_has_all_that_is_sent(arranged: Arranged) -> None:
    await arranged.add(proxy=EXTRACTION, group_id=5)
    await arranged.add(proxy=CUSTOM)
    await arranged.add()
    first, second, third = await arranged.log.claim(9)
    assert (first.proxy, first.group_id, first.bypass) == (EXTRACTION, 5, ())
    assert (second.proxy, second.group_id) == (CUSTOM, None)
    assert third.proxy == Keep()


async def test_rows_tried_in_vain_are_claimed_after_all_others(arranged: Arranged) -> None:
    added = [await arranged.add() for _ in range(4)]
    assert ids(await arranged.log.claim(2, last=added[:2])) == added[2:]
    assert ids(await arranged.log.claim(1, last=[added[0]])) == [added[1]]
    assert ids(await arranged.log.claim(9, last=added)) == [added[0]]


async def test_rows_that_are_held_wanted_cancelled_or_not_queued_are_not_claimed(arranged: Arranged) -> None:
    await arranged.add(held=True)
    await arranged.add(cancel_wanted=True)
    for status in set(Status) - {Status.QUEUED}:
        await arranged.add(status=status)
    free = await arranged.add()
    assert ids(await arranged.log.claim(9)) == [free]


async def test_with_nothing_queued_nothing_is_claimed(arranged: Arranged) -> None:
    assert await arranged.log.claim(3, last=[1, 2]) == []


# --- recovering -------------------------------------------------------------------------------------------------------


async def test_rows_found_sending_are_checked_with_one_more_unanswered(arranged: Arranged) -> None:
    sending = [await arranged.add(status=Status.SENDING, unanswered=number) for number in range(2)]
    others = [await arranged.add(status=status) for status in set(Status) - {Status.SENDING}]
    recovered = await arranged.log.recover()
    assert [(row.id, row.status, row.unanswered) for row in recovered] == [
        (sending[0], Status.CHECKING, 1),
        (sending[1], Status.CHECKING, 2),
    ]
    assert [await arranged.news(row_id) for row_id in sending] == [1, 1]
    assert [await arranged.news(row_id) for row_id in others] == [0] * len(others)
    assert await arranged.log.recover() == []


async def test_rows_that_are_truly_being_sent_are_not_recovered(arranged: Arranged) -> None:
    flying, lost = await arranged.add(status=Status.SENDING), await arranged.add(status=Status.SENDING)
    assert ids(await arranged.log.recover([flying])) == [lost]
    assert (await arranged.row(flying)).status is Status.SENDING


# --- changing ---------------------------------------------------------------------------------------------------------


async def test_a_change_writes_the_fields_and_tells(arranged: Arranged, clock: MovableClock) -> None:
    row_id = await arranged.add(status=Status.SENDING)
    fields: dict[str, Any] = {
        "status": Status.IMPORTED,
        "profile_id": 5,
        "profile_name": "Shop",
        "record_id": 9,
        "proxy_status": ProxyStatus.PENDING,
        "error_code": None,
        "error_message": "",
        "unanswered": 2,
        "restricted": 1,
        "without_proxy": True,
        "verdict": Status.FAILED,
        "finished_at": clock.now(),
    }
    before = await arranged.row(row_id)
    assert await arranged.log.change(row_id, expect=Status.SENDING, **fields)
    assert await arranged.row(row_id) == replace(before, **fields)
    assert await arranged.news(row_id) == 1


async def test_a_quiet_change_tells_nobody(arranged: Arranged) -> None:
    row_id = await arranged.add()
    assert await arranged.log.change(row_id, expect=Status.QUEUED, quiet=True, restricted=1)
    assert (await arranged.row(row_id)).restricted == 1
    assert await arranged.news(row_id) == 0


async def test_a_change_of_nothing_has_the_row_shown_as_it_is(arranged: Arranged) -> None:
    row_id = await arranged.add(status=Status.IMPORTED)
    before = await arranged.row(row_id)
    assert await arranged.log.change(row_id, expect=Status.IMPORTED)
    assert await arranged.row(row_id) == before
    assert await arranged.news(row_id) == 1
    assert not await arranged.log.change(row_id, expect=Status.SENDING)


@pytest.mark.parametrize("quiet", [True, False])
async def test_a_row_that_is_no_longer_as_believed_is_left_alone(arranged: Arranged, quiet: bool) -> None:
    row_id = await arranged.add(status=Status.CANCELLED)
    before = await arranged.row(row_id)
    assert not await arranged.log.change(row_id, expect=Status.QUEUED, quiet=quiet, status=Status.SENDING)
    assert await arranged.row(row_id) == before
    assert await arranged.news(row_id) == 0


# --- looking ----------------------------------------------------------------------------------------------------------


async def test_rows_in_checking_are_found(arranged: Arranged) -> None:
    added = {status: await arranged.add(status=status) for status in Status}
    assert ids(await arranged.log.checking()) == [added[Status.CHECKING]]


async def test_queued_rows_that_are_wanted_cancelled_are_found(arranged: Arranged) -> None:
    wanted = await arranged.add(cancel_wanted=True, held=True)
    await arranged.add()
    await arranged.add(cancel_wanted=True, status=Status.SENDING)
    assert ids(await arranged.log.cancelled_while_queued()) == [wanted]


async def test_proxies_that_are_still_to_be_set_are_found(arranged: Arranged) -> None:
    added = [
        await arranged.add(status=Status.IMPORTED, proxy_status=status, proxy=EXTRACTION) for status in ProxyStatus
    ]
    found = await arranged.log.proxies_to_set()
    assert [row.proxy_status for row in found] == [ProxyStatus.PENDING, ProxyStatus.SETTING]
    assert ids(found) == added[:2]
    assert {row.proxy for row in found} == {EXTRACTION}


async def test_imported_rows_without_a_name_are_found_for_a_day(arranged: Arranged, clock: MovableClock) -> None:
    now = clock.now()
    nameless = await arranged.add(status=Status.IMPORTED, profile_id=5, finished_at=now)
    old = await arranged.add(status=Status.IMPORTED, profile_id=6, finished_at=now - DAY)
    await arranged.add(status=Status.IMPORTED, profile_id=7, finished_at=now - DAY - timedelta(seconds=1))
    await arranged.add(status=Status.IMPORTED, finished_at=now)
    await arranged.add(status=Status.IMPORTED, profile_id=8, profile_name="Shop", finished_at=now)
    await arranged.add(status=Status.FAILED, profile_id=9, finished_at=now)
    assert ids(await arranged.log.unnamed()) == [nameless, old]


async def test_records_and_profiles_that_a_row_has_are_claimed(arranged: Arranged) -> None:
    await arranged.add(status=Status.IMPORTED, record_id=1, profile_id=11)
    await arranged.add(status=Status.IMPORTED, record_id=2, profile_id=12)
    await arranged.add(status=Status.IMPORTED)
    assert await arranged.log.claimed_records([1, 3]) == {1}
    assert await arranged.log.claimed_profiles([12, 1, 11]) == {11, 12}
    assert await arranged.log.claimed_records([]) == frozenset()


# --- waiting ----------------------------------------------------------------------------------------------------------


async def test_only_the_cards_of_rows_that_did_not_wait_for_it_already_move_on(arranged: Arranged) -> None:
    first = await arranged.add()
    sending = await arranged.add(status=Status.SENDING)
    await arranged.log.wait("away")
    second = await arranged.add()
    await arranged.log.wait("away")
    assert [await arranged.news(row_id) for row_id in (first, second, sending)] == [1, 1, 0]

    await arranged.log.wait("1002")
    await arranged.log.wait("1002")
    assert [await arranged.news(row_id) for row_id in (first, second, sending)] == [2, 2, 0]


async def test_when_the_waiting_is_over_those_who_waited_are_told(arranged: Arranged) -> None:
    waiting = await arranged.add()
    await arranged.log.wait("1010")
    fresh = await arranged.add()
    await arranged.log.wait(None)
    await arranged.log.wait(None)
    assert [await arranged.news(row_id) for row_id in (waiting, fresh)] == [2, 0]


async def test_a_row_that_waits_is_claimed_quietly_and_waits_on_in_the_eyes_of_its_person(arranged: Arranged) -> None:
    row_id = await arranged.add()
    await arranged.log.wait("away")
    await arranged.log.claim(1)
    assert await arranged.log.change(row_id, expect=Status.SENDING, quiet=True, status=Status.QUEUED)
    await arranged.log.wait("away")
    assert await arranged.news(row_id) == 1


async def test_rows_that_have_waited_too_long_are_held_and_told_once(arranged: Arranged, clock: MovableClock) -> None:
    now = clock.now()
    old = await arranged.add(waiting_since=now - DAY - timedelta(seconds=1))
    young = await arranged.add(waiting_since=now - DAY)
    others = [
        await arranged.add(waiting_since=now - 2 * DAY, held=True),
        await arranged.add(waiting_since=now - 2 * DAY, status=Status.SENDING),
        await arranged.add(waiting_since=now - 2 * DAY, cancel_wanted=True),
    ]
    assert await arranged.log.hold_older_than(now - DAY) == 1
    assert await arranged.log.hold_older_than(now - DAY) == 0
    assert (await arranged.row(old)).held
    assert not (await arranged.row(young)).held
    assert await arranged.news(old) == 1
    assert [await arranged.news(row_id) for row_id in (young, *others)] == [0, 0, 0, 0]


# --- what only the database promises ----------------------------------------------------------------------------------


@pytest.fixture
def mine(database: Database, clock: MovableClock) -> InDatabase:
    return InDatabase(database, clock)


@pytest.fixture
async def elsewhere(mine: InDatabase) -> Sequence[ImportRow]:
    """Rows of another station, one of every sort."""
    here = mine.database.station
    mine.database.station = "home"
    now = mine.clock.now()
    for status in Status:
        await mine.add(status=status, profile_id=5, record_id=5, finished_at=now, waiting_since=now - 2 * DAY)
    await mine.add(cancel_wanted=True)
    await mine.add(status=Status.IMPORTED, proxy_status=ProxyStatus.PENDING, proxy=EXTRACTION)
    before = await all_rows(mine.store)
    mine.database.station = here
    return before


async def test_rows_of_another_station_are_never_seen_and_never_changed(
    mine: InDatabase, elsewhere: Sequence[ImportRow]
) -> None:
    log, now = mine.log, mine.clock.now()
    before = elsewhere
    assert len(before) == len(Status) + 2

    assert await log.recover() == []
    assert await log.claim(99) == []
    for look in (log.checking, log.cancelled_while_queued, log.proxies_to_set, log.unnamed):
        assert await look() == []
    await log.wait("away")
    assert await log.hold_older_than(now - DAY) == 0
    assert await log.claimed_records([5]) == await log.claimed_profiles([5]) == frozenset()
    for row in before:
        assert not await log.change(row.id, expect=row.status, status=Status.FAILED)

    assert mine.told == []
    mine.database.station = "home"
    assert await all_rows(mine.store) == before
    assert ids(await log.checking()) == [row.id for row in before if row.status is Status.CHECKING]


async def test_the_chat_in_which_the_card_stands_now_is_told(mine: InDatabase) -> None:
    row_id = await mine.add()
    await mine.store.write(lambda work: work.cards.move_chat(1, -100))
    await mine.log.change(row_id, expect=Status.QUEUED, status=Status.FAILED)
    await mine.log.wait("away")
    assert mine.told == [-100]


async def test_who_waits_asks_to_be_told_the_end_in_a_new_message(mine: InDatabase) -> None:
    row_id = await mine.add()
    await mine.log.wait("away")
    batch = await batch_by_id(mine.store, (await mine.row(row_id)).batch_id)
    assert batch.waited
    assert not batch.card.repost
    assert batch.rows[0].waiting_for == "away"


async def test_what_a_row_waited_for_is_over_once_it_is_no_longer_queued(mine: InDatabase) -> None:
    row_id = await mine.add()
    await mine.log.wait("away")
    await mine.log.claim(1)
    batch = await batch_by_id(mine.store, (await mine.row(row_id)).batch_id)
    assert batch.rows[0].waiting_for == "away"

    await mine.log.change(row_id, expect=Status.SENDING, status=Status.CHECKING)
    assert (await batch_by_id(mine.store, batch.id)).rows[0].waiting_for is None


async def test_a_row_that_is_held_asks_below_what_has_been_written_since(mine: InDatabase, clock: MovableClock) -> None:
    row_id = await mine.add(waiting_since=clock.now() - 2 * DAY)
    await mine.log.hold_older_than(clock.now() - DAY)
    assert (await batch_by_id(mine.store, (await mine.row(row_id)).batch_id)).card.repost


@pytest.mark.parametrize("status", [Status.IMPORTED, Status.FAILED, Status.CANCELLED, Status.UNKNOWN])
async def test_the_end_of_a_batch_s_last_row_wipes_its_secrets(mine: InDatabase, status: Status) -> None:
    batch = await confirmed(mine.store, draft_of(CODE, OTHER, proxy=CUSTOM), ANA)
    await mine.log.claim(2)
    mine.database.secrets_deleted.clear()
    first, last = (row.id for row in batch.rows)
    await mine.log.change(first, expect=Status.SENDING, status=status)
    assert len(await rows(mine.database, secrets)) == 1
    assert not mine.database.secrets_deleted.is_set()

    await mine.log.change(last, expect=Status.SENDING, quiet=True, status=status)
    assert await rows(mine.database, secrets) == []
    assert mine.database.secrets_deleted.is_set()


async def test_a_field_that_there_is_not_is_refused_and_nothing_is_written(mine: InDatabase) -> None:
    row_id = await mine.add()
    before = await mine.row(row_id)
    with pytest.raises(StorageError):
        await mine.log.change(row_id, expect=Status.QUEUED, status=Status.FAILED, nonsense=1)
    assert await mine.row(row_id) == before
