"""The station reads the lists that are requested, each once for all who wait for it, and publishes what it finds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Listing
from bot.errors import (
    BrowserError,
    BrowserInvalidAnswer,
    BrowserNoAnswer,
    BrowserNotRunning,
    BrowserRefusal,
    StorageError,
)
from bot.station.background_worker import IDLE
from bot.station.list_publisher import ListPublisher
from bot.usecases.remote_lists import request_anew, request_lists
from bot.usecases.station_lists import FAILURE_FRESH, FRESH, StationList
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle
from tests.support.memory_store import MemoryStore

GROUPS = frozenset({Listing.GROUPS})
DEFAULT, SHOPS = Group(1, "Default group"), Group(7, "Shops")
SAVED = ListedProxy(301, "socks5", "203.0.113.7", "1080", "", "", purchased=False)
STATIC = ListedProxy(302, "http", "203.0.113.8", "80", "", "", purchased=True)
PACKAGE = TrafficPackage(71, "A", "1", "2")


@dataclass(slots=True)
class SlowBrowser(ScriptedBrowser):
    """An ixBrowser whose groups come when ``open`` is set."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    readings: int = 0

    async def groups(self) -> Sequence[Group]:
        self.readings += 1
        await self.open.wait()
        return await ScriptedBrowser.groups(self)

    async def saved_proxies(self) -> Sequence[ListedProxy]:
        return [SAVED]

    async def static_proxies(self) -> Sequence[ListedProxy]:
        return [STATIC]

    async def traffic_packages(self) -> Sequence[TrafficPackage]:
        return [PACKAGE]


@dataclass(slots=True)
class Station:
    """A publisher at work on a database in memory."""

    clock: MovableClock
    store: MemoryStore
    browser: SlowBrowser
    publisher: ListPublisher
    running: asyncio.Task[None]

    async def request(self, *wanted: Listing) -> None:
        """Somebody wants lists that are not too old."""
        self.store.run(request_lists, frozenset(wanted))
        await settle()

    async def request_anew(self, *wanted: Listing) -> None:
        self.store.run(request_anew, frozenset(wanted))
        await settle()

    @property
    def groups(self) -> StationList:
        return self.store.lists.lock(Listing.GROUPS)


@asynccontextmanager
async def station(*, slow: bool = False) -> AsyncIterator[Station]:
    clock = MovableClock()
    store, browser = MemoryStore(clock), SlowBrowser(clock)
    if not slow:
        browser.open.set()
    publisher = ListPublisher(store, browser, clock)
    store.handlers = {"lists_requested": publisher.lists_requested}
    running = asyncio.create_task(publisher.run())
    await settle()
    on = Station(clock, store, browser, publisher, running)
    try:
        yield on
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_every_list_is_read_by_its_own_call() -> None:
    async with station() as on:
        await on.request(*Listing)
        found = on.store.lists.find(frozenset(Listing))
        assert {listing: each.rows for listing, each in found.items()} == {
            Listing.GROUPS: (DEFAULT,),
            Listing.SAVED: (SAVED,),
            Listing.STATIC: (STATIC,),
            Listing.PACKAGES: (PACKAGE,),
        }
        assert {each.read_at for each in found.values()} == {on.clock.now()}
        assert on.store.signals.count("lists_published") == 4


async def test_only_what_is_requested_is_read() -> None:
    async with station() as on:
        await on.request(Listing.SAVED)
        assert on.browser.readings == 0
        assert on.groups == StationList()


async def test_what_was_requested_before_it_started_is_read() -> None:
    async with station() as on:
        on.running.cancel()
        await settle()
        await on.request(*GROUPS)
        assert on.browser.readings == 0
        on.running = asyncio.create_task(ListPublisher(on.store, on.browser, on.clock).run())
        await settle()
        assert on.groups.rows == (DEFAULT,)


async def test_a_list_is_read_anew_when_it_is_no_longer_the_list_as_it_is_now() -> None:
    async with station() as on:
        await on.request(*GROUPS)
        await on.clock.advance(FRESH.total_seconds() - 1)
        await on.request(*GROUPS)
        assert on.browser.readings == 1
        on.browser.known_groups.append(SHOPS)
        await on.clock.advance(2)
        await on.request(*GROUPS)
        assert (on.groups.rows, on.groups.version) == ((DEFAULT, SHOPS), 2)


async def test_many_who_want_a_list_at_once_share_one_reading() -> None:
    async with station(slow=True) as on:
        for _ in range(20):
            await on.request(*GROUPS)
        on.browser.open.set()
        await settle()
        assert on.groups.rows == (DEFAULT,)
        assert on.browser.readings == 1
        await on.clock.advance(3600)
        assert on.browser.readings == 1


async def test_a_slow_list_holds_up_no_other() -> None:
    async with station(slow=True) as on:
        await on.request(*GROUPS)
        await on.request(Listing.SAVED)
        assert on.store.lists.lock(Listing.SAVED).rows == (SAVED,)
        assert on.groups.rows is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BrowserNotRunning(), "away"),
        (BrowserRefusal(1002, "Please log in again"), "1002"),
        (BrowserNoAnswer(), "silent"),
        (BrowserInvalidAnswer(), "unreadable"),
        (RuntimeError("nobody expects this"), "unreadable"),
    ],
)
async def test_why_a_list_could_not_be_read_is_told_and_it_is_soon_tried_again(
    error: BrowserError | RuntimeError, reason: str
) -> None:
    async with station() as on:
        on.browser.faults["groups"] = error
        await on.request(*GROUPS)
        await on.request(*GROUPS)
        assert (on.groups.failure, on.groups.rows, on.browser.readings) == (reason, None, 1)
        on.browser.faults.clear()
        await on.clock.advance(FAILURE_FRESH.total_seconds())
        await on.request(*GROUPS)
        assert (on.groups.failure, on.groups.rows) == (None, (DEFAULT,))


async def test_what_is_requested_anew_is_read_anew() -> None:
    async with station() as on:
        await on.request_anew(*GROUPS)
        await on.request_anew(*GROUPS)
        assert on.browser.readings == 2


async def test_what_is_requested_anew_while_it_is_read_is_read_once_more() -> None:
    async with station(slow=True) as on:
        await on.request(*GROUPS)
        await on.clock.advance(1)
        await on.request_anew(*GROUPS)
        assert on.browser.readings == 1
        on.browser.open.set()
        await settle()
        assert on.browser.readings == 2
        assert on.groups.requested_at is None


async def test_a_request_whose_signal_was_lost_is_found() -> None:
    async with station() as on:
        on.store.handlers.clear()
        await on.request(*GROUPS)
        assert on.browser.readings == 0
        await on.clock.advance(IDLE)
        assert on.groups.rows == (DEFAULT,)


@pytest.mark.parametrize("call", ["requested", "publish"])
async def test_while_the_database_cannot_be_used_it_is_tried_again_now_and_then(call: str) -> None:
    async with station() as on:
        on.store.faults[call] = StorageError("the disk is full")
        await on.request(*GROUPS)
        await on.clock.advance(300)
        assert on.groups.rows is None
        assert 2 < on.store.calls.count(call) < 40
        del on.store.faults[call]
        await on.clock.advance(60)
        assert on.groups.rows == (DEFAULT,)


async def test_what_was_published_without_an_answer_of_the_database_is_not_read_for_ever() -> None:
    async with station() as on:
        on.store.lost.add("publish")
        await on.request(*GROUPS)
        await on.clock.advance(60)
        assert on.groups.rows == (DEFAULT,)
        assert on.browser.readings == 1


async def test_stopping_gives_up_what_is_being_read_and_leaves_it_requested() -> None:
    async with station(slow=True) as on:
        await on.request(*GROUPS)
        await on.publisher.stop()
        await settle()
        assert on.running.done()
        assert (on.groups.rows, on.groups.failure) == (None, None)
        assert on.store.lists.requested().keys() == GROUPS
