"""Who holds the hub and a station: whoever has been superseded writes nothing any more."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import Connection, text

from bot.errors import StorageError, Superseded
from bot.storage.database import Database
from bot.storage.holders import HUB, Holder, of_station
from bot.storage.tables import handled_updates
from bot.storage.unlocking import unlock
from bot.storage.work import SqlStore, SqlWork
from tests.storage.support import NOW, rows

PATIENCE = 30.0


def note(work: SqlWork, update_id: int) -> bool:
    return work.updates.is_new(update_id, NOW)


async def taken(database: Database, name: str = HUB, *, strict: bool = False) -> tuple[Holder, SqlStore]:
    """A process that has just taken it, and its store."""
    holder = Holder(name, strict=strict)
    holder.epoch = await database.write(holder.take)
    return holder, SqlStore(database, holder=holder)


async def test_each_that_takes_it_has_a_higher_epoch(database: Database) -> None:
    epochs = [(await taken(database, name))[0].epoch for name in (HUB, HUB, of_station("a"), HUB, of_station("a"))]
    assert epochs == [1, 2, 1, 3, 2]


async def test_whoever_is_superseded_writes_nothing_and_learns_of_it(database: Database) -> None:
    old, before = await taken(database)
    assert await before.write(note, 1)
    new, after = await taken(database)
    with pytest.raises(Superseded):
        await before.write(note, 2)
    assert old.superseded.is_set()
    assert not new.superseded.is_set()
    assert await after.write(note, 3)
    assert [row["update_id"] for row in await rows(database, handled_updates)] == [1, 3]


async def test_a_station_is_not_superseded_by_another_or_by_the_hub(database: Database) -> None:
    _, store = await taken(database, of_station("a"))
    for name in (of_station("b"), HUB):
        await taken(database, name)
    assert await store.write(note, 1)


async def test_while_the_lock_s_connection_is_lost_the_station_waits_and_the_hub_goes_on(database: Database) -> None:
    hub, hub_store = await taken(database)
    station, station_store = await taken(database, of_station("a"), strict=True)
    hub.paused = station.paused = True
    assert await hub_store.write(note, 1)
    with pytest.raises(StorageError, match="is being taken again") as waits:
        await station_store.write(note, 2)
    assert not isinstance(waits.value, Superseded)
    station.paused = False
    assert await station_store.write(note, 2)


async def test_a_transaction_under_way_is_ended_before_another_process_takes_over(postgresql_url: str) -> None:
    database = Database(postgresql_url, "office")
    await unlock(database)
    _, store = await taken(database)
    under_way, may_end = threading.Event(), threading.Event()
    order: list[str] = []

    def hang(work: SqlWork) -> None:
        under_way.set()
        assert may_end.wait(PATIENCE)
        order.append("written")
        note(work, 1)

    def take(connection: Connection) -> None:
        connection.execute(text("SELECT FROM holders WHERE name = 'hub' FOR UPDATE"))
        order.append("taken")

    writing = asyncio.create_task(store.write(hang))
    assert await asyncio.to_thread(under_way.wait, PATIENCE)
    # A heartbeat, and others that write, wait for nobody.
    beat = text("UPDATE holders SET heartbeat_at = clock_timestamp() WHERE name = 'hub'")
    await asyncio.wait_for(database.write(lambda connection: connection.execute(beat)), PATIENCE / 10)
    assert await asyncio.wait_for(store.write(note, 2), PATIENCE / 10)
    taking = asyncio.create_task(database.write(take))
    await asyncio.wait({taking}, timeout=0.2)
    assert not taking.done()
    may_end.set()
    await asyncio.gather(writing, taking)
    assert order == ["written", "taken"]
    await database.close()
