"""ixBrowser's lists as they are now, read once for all who look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.domain.ixbrowser_objects import Group, ListedProxy, TrafficPackage
from bot.domain.remote_lists import Failed, Listing, Row
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.list_reader import ListReader
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle

GROUPS = frozenset({Listing.GROUPS})
PATIENCE = 5.0


@dataclass(slots=True)
class Shelf(ScriptedBrowser):
    """An ixBrowser whose lists come when ``open`` is set."""

    open: asyncio.Event = field(default_factory=asyncio.Event)
    readings: int = 0

    async def groups(self) -> Sequence[Group]:
        self.readings += 1
        await self.open.wait()
        return await ScriptedBrowser.groups(self)

    async def saved_proxies(self) -> Sequence[ListedProxy]:
        return [ListedProxy(301, "socks5", "203.0.113.7", "1080", "", "", purchased=False)]

    async def static_proxies(self) -> Sequence[ListedProxy]:
        return [ListedProxy(302, "http", "203.0.113.8", "80", "", "", purchased=True)]

    async def traffic_packages(self) -> Sequence[TrafficPackage]:
        return [TrafficPackage(71, "A", "1", "2")]


@asynccontextmanager
async def shelf(*, slow: bool = False) -> AsyncIterator[tuple[ListReader, Shelf, MovableClock]]:
    clock = MovableClock()
    browser = Shelf(clock)
    if not slow:
        browser.open.set()
    catalogue = ListReader(browser, clock)
    try:
        yield catalogue, browser, clock
    finally:
        await catalogue.close()


async def test_every_list_is_read_by_its_own_call() -> None:
    async with shelf() as (catalogue, _, _):
        lists = await catalogue.look(frozenset(Listing), PATIENCE)
        assert lists.missing(frozenset(Listing)) == frozenset()
        assert lists.labels(Listing.GROUPS) == {1: "Default group"}
        assert lists.labels(Listing.SAVED) == {301: "socks5 203.0.113.7:1080"}
        assert lists.labels(Listing.STATIC) == {302: "http 203.0.113.8:80"}
        assert lists.labels(Listing.PACKAGES) == {71: "A · 71"}


async def test_only_what_is_wanted_is_read() -> None:
    async with shelf() as (catalogue, browser, _):
        lists = await catalogue.look(frozenset({Listing.SAVED}), PATIENCE)
        assert list(lists.known) == [Listing.SAVED]
        assert browser.readings == 0
        assert (await catalogue.look(frozenset(), PATIENCE)).known == {}


async def test_a_list_is_read_anew_when_it_is_no_longer_the_list_as_it_is_now() -> None:
    async with shelf() as (catalogue, browser, clock):
        await catalogue.look(GROUPS, PATIENCE)
        await clock.advance(4.9)
        await catalogue.look(GROUPS, PATIENCE)
        assert browser.readings == 1
        browser.known_groups.append(Group(7, "Shops"))
        await clock.advance(0.1)
        assert (await catalogue.look(GROUPS, PATIENCE)).labels(Listing.GROUPS) == {1: "Default group", 7: "Shops"}


async def test_many_who_look_at_once_share_one_reading() -> None:
    async with shelf(slow=True) as (catalogue, browser, _):
        looks = [asyncio.create_task(catalogue.look(GROUPS, PATIENCE)) for _ in range(20)]
        await settle()
        browser.open.set()
        assert all(lists.labels(Listing.GROUPS) for lists in await asyncio.gather(*looks))
        assert browser.readings == 1


async def test_who_looks_is_not_kept_waiting_by_a_slow_list() -> None:
    async with shelf(slow=True) as (catalogue, _, _):
        lists = await catalogue.look(frozenset({Listing.GROUPS, Listing.SAVED}), 0.01)
        assert lists.missing(frozenset({Listing.GROUPS, Listing.SAVED})) == GROUPS


async def test_who_waits_is_told_once_when_a_list_has_come() -> None:
    async with shelf(slow=True) as (catalogue, browser, _):
        told: list[str] = []
        await catalogue.look(GROUPS, 0.01)
        catalogue.when_read(frozenset(Listing), lambda: told.append("read"))
        await settle()
        assert told == ["read"]  # the other lists have come at once
        catalogue.when_read(GROUPS, lambda: told.append("groups"))
        await settle()
        assert told == ["read"]
        browser.open.set()
        await settle()
        assert told == ["read", "groups"]


async def test_who_waits_for_what_has_come_meanwhile_is_told_at_once() -> None:
    async with shelf() as (catalogue, _, _):
        told: list[str] = []
        await catalogue.look(frozenset(Listing), PATIENCE)
        catalogue.when_read(frozenset(Listing), lambda: told.append("read"))
        await settle()
        assert told == ["read"]


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
    async with shelf() as (catalogue, browser, clock):
        browser.faults["groups"] = error
        assert (await catalogue.look(GROUPS, PATIENCE)).failure(GROUPS) == Failed(reason)
        await clock.advance(0.9)
        assert (await catalogue.look(GROUPS, PATIENCE)).failure(GROUPS) == Failed(reason)
        assert browser.readings == 1
        browser.faults.clear()
        await clock.advance(0.1)
        assert (await catalogue.look(GROUPS, PATIENCE)).failure(GROUPS) is None


async def test_what_is_forgotten_is_read_anew() -> None:
    async with shelf() as (catalogue, browser, _):
        catalogue.forget(Listing.GROUPS)
        await catalogue.look(GROUPS, PATIENCE)
        catalogue.forget(Listing.GROUPS)
        await catalogue.look(GROUPS, PATIENCE)
        assert browser.readings == 2


async def test_a_reading_that_began_before_it_was_forgotten_does_not_count() -> None:
    async with shelf(slow=True) as (catalogue, browser, _):
        early = asyncio.create_task(catalogue.look(GROUPS, PATIENCE))
        await settle()
        catalogue.forget(Listing.GROUPS)
        late = asyncio.create_task(catalogue.look(GROUPS, PATIENCE))
        await settle()
        browser.known_groups.append(Group(7, "Shops"))
        browser.open.set()
        assert (await early).missing(GROUPS) == GROUPS
        assert (await late).labels(Listing.GROUPS) == {1: "Default group", 7: "Shops"}
        assert browser.readings == 2


async def test_closing_gives_up_what_is_being_read() -> None:
    async with shelf(slow=True) as (catalogue, _, _):
        looking = asyncio.create_task(catalogue.look(GROUPS, PATIENCE))
        await settle()
        await catalogue.close()
        assert (await looking).missing(GROUPS) == GROUPS


async def test_what_a_list_means_is_seen_to_before_anybody_has_the_list() -> None:
    clock = MovableClock()
    browser = Shelf(clock)
    browser.open.set()
    told: list[tuple[Listing, Sequence[Row]]] = []
    seen_to = asyncio.Event()

    async def see_to(listing: Listing, rows: Sequence[Row]) -> None:
        told.append((listing, rows))
        await seen_to.wait()

    catalogue = ListReader(browser, clock, see_to)
    looking = asyncio.create_task(catalogue.look(GROUPS, PATIENCE))
    await settle()
    assert told == [(Listing.GROUPS, [Group(1, "Default group")])]
    assert not looking.done()
    assert catalogue.now(GROUPS).missing(GROUPS) == GROUPS
    seen_to.set()
    assert (await looking).labels(Listing.GROUPS) == {1: "Default group"}
    await catalogue.close()


async def test_a_list_that_could_not_be_read_means_nothing() -> None:
    clock = MovableClock()
    browser = Shelf(clock)
    browser.open.set()
    told: list[Listing] = []

    async def see_to(listing: Listing, _rows: Sequence[Row]) -> None:
        told.append(listing)

    catalogue = ListReader(browser, clock, see_to)
    browser.faults["groups"] = BrowserNotRunning()
    assert (await catalogue.look(GROUPS, PATIENCE)).failure(GROUPS) == Failed("away")
    assert told == []
    await catalogue.close()
