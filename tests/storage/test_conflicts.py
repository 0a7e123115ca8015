"""Another process polls with the bot's token: what hub and stations know of it by the database."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from bot.domain.import_state import Status
from bot.storage.database import Database
from bot.storage.signals import SignalHandlers
from bot.storage.work import SqlStore
from bot.usecases import import_queue
from bot.usecases.conflicts import HOLDS_FOR, note_alone, note_shared, token_shared
from tests.storage.support import CODE, MAI, NOW, confirmed, draft_of

ROUND: dict[str, Any] = {"limit": 9, "last": [], "besides": [], "hold": False, "wait": None}


async def test_a_station_claims_nothing_while_the_hub_sees_it(database: Database) -> None:
    woken: list[int] = []
    hub = SqlStore(database, SignalHandlers(imports_queued=lambda: woken.append(1)), now=lambda: NOW)
    station = SqlStore(database, now=lambda: NOW)
    batch = await confirmed(hub, draft_of(CODE), MAI)
    [row] = batch.rows
    woken.clear()
    assert not await hub.write(note_shared, lasts=False)
    # What is queued waits for something else now; that it does so still is no news.
    assert not await hub.write(note_shared, lasts=False)
    assert len(woken) == 1
    done = await station.write(import_queue.send_round, **ROUND)
    assert (list(done.claimed), done.kept_back) == ([], True)
    assert await station.write(import_queue.claim, row.id) is None
    [waiting] = await station.read(import_queue.queued)
    assert (waiting.state.status, waiting.state.waiting_for) == (Status.QUEUED, "shared")

    assert not await hub.write(note_alone, calm=False)
    assert len(woken) == 2
    done = await station.write(import_queue.send_round, **ROUND)
    assert [each.id for each in done.claimed] == [row.id]


async def test_what_the_hub_noted_long_ago_holds_nothing(database: Database) -> None:
    await SqlStore(database, now=lambda: NOW).write(note_shared, lasts=True)
    held = [
        await SqlStore(database, now=partial(NOW.__add__, passed)).read(token_shared)
        for passed in (HOLDS_FOR - timedelta(seconds=1), HOLDS_FOR, -HOLDS_FOR)
    ]
    assert held == [True, False, False]


async def test_each_change_is_told_once(database: Database) -> None:
    store = SqlStore(database, now=lambda: NOW)
    assert not await store.write(note_alone, calm=True)
    told = [await store.write(note_shared, lasts=lasts) for lasts in (False, True, True, False)]
    assert told == [False, True, False, False]
    told = [await store.write(note_alone, calm=calm) for calm in (False, True, True)]
    assert told == [False, True, False]
