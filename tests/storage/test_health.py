"""What is noted of hub and stations, errors by their references, and the queue in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, select

from bot.domain.alert import AlertKind
from bot.domain.import_state import Status
from bot.domain.loudness import Loudness
from bot.storage.database import Database
from bot.storage.housekeeping import FAILURE_LIFE, STATION_LIFE, Housekeeping
from bot.storage.tables import imports
from bot.storage.work import SqlStore, SqlWork
from bot.usecases import import_queue
from bot.usecases.alerts import alert_choices
from bot.usecases.health import note_browser, note_failure
from bot.usecases.health_rows import BrowserHealth, BrowserState, Disk, HubHealth, Queue
from tests.storage.support import CODE, NOW, OTHER, confirmed, draft_of
from tests.support.clock import MovableClock

MINUTE = timedelta(minutes=1)


def fixed(moment: datetime) -> datetime:
    return moment


def note_hub(work: SqlWork, hub: HubHealth) -> None:
    work.health.note_hub(hub)


def choose(work: SqlWork, loudness: Loudness) -> None:
    work.alerts.choose(1, AlertKind.DISK, loudness)


def numbered(work: SqlWork) -> Sequence[Row[Any]]:
    return work.connection.execute(select(imports).order_by(imports.c.id)).all()


async def test_the_hub_s_last_note_is_the_one_that_counts(store: SqlStore) -> None:
    assert await store.read(lambda work: work.health.hub()) is None
    hub = HubHealth("1.0", NOW, NOW + MINUTE, telegram_at=NOW, disk=Disk(2**40, 2**41))
    for each in (HubHealth("0.9", NOW, NOW), hub):
        await store.write(note_hub, each)
    assert await store.read(lambda work: work.health.hub()) == hub


async def test_a_browser_is_in_its_state_since_that_began(database: Database) -> None:
    for minutes, state in enumerate([BrowserState.AWAY, BrowserState.AWAY, BrowserState.READY]):
        store = SqlStore(database, now=partial(fixed, NOW + minutes * MINUTE))
        await store.write(note_browser, state, 7 if state is BrowserState.READY else None)
        [known] = await store.read(lambda work: work.health.browsers())
        since = NOW if state is BrowserState.AWAY else NOW + minutes * MINUTE
        latency = 7 if state is BrowserState.READY else None
        assert known == BrowserHealth(database.station, state, since, NOW + minutes * MINUTE, latency)


async def test_the_queue_is_counted_by_state_with_its_oldest(store: SqlStore) -> None:
    assert await store.read(lambda work: work.health.queue()) == Queue({})
    await confirmed(store, draft_of(CODE))
    await confirmed(store, draft_of(OTHER))
    [first, _] = await store.read(numbered)
    await store.write(import_queue.claim, first.id)
    queue = await store.read(lambda work: work.health.queue())
    assert queue.counts == {Status.SENDING: 1, Status.QUEUED: 1}
    assert (queue.held, queue.oldest) == (0, first.created_at)


async def test_the_database_has_a_size(store: SqlStore) -> None:
    assert await store.read(lambda work: work.health.database_bytes()) > 100_000


async def test_errors_are_counted_and_the_newest_named(database: Database) -> None:
    for minutes in range(4):
        store = SqlStore(database, now=partial(fixed, NOW + minutes * MINUTE))
        await store.write(note_failure, f"00000{minutes}")
    count, newest = await store.read(lambda work: work.health.failures_since(NOW + MINUTE, 2))
    assert count == 3
    assert [failure.reference for failure in newest] == ["000003", "000002"]


async def test_what_is_old_is_forgotten(database: Database) -> None:
    clock = MovableClock()
    for age, reference in ((FAILURE_LIFE, "old000"), (FAILURE_LIFE - MINUTE, "new000")):
        store = SqlStore(database, now=partial(fixed, clock.now() - age - timedelta(seconds=1)))
        await store.write(note_failure, reference)
    await SqlStore(database, now=lambda: clock.now() - STATION_LIFE - MINUTE).write(note_browser, BrowserState.AWAY)
    store = SqlStore(database, now=clock.now)
    await Housekeeping(store, clock).tidy()
    count, left = await store.read(lambda work: work.health.failures_since(NOW - timedelta(days=999), 9))
    assert (count, [failure.reference for failure in left]) == (1, ["new000"])
    assert await store.read(lambda work: work.health.browsers()) == []


async def test_somebody_s_choice_is_theirs_alone(store: SqlStore) -> None:
    before = await store.read(alert_choices, 2)
    for loudness in (Loudness.SILENT, Loudness.OFF):
        await store.write(choose, loudness)
    assert (await store.read(alert_choices, 1))[AlertKind.DISK] is Loudness.OFF
    assert await store.read(alert_choices, 2) == before
