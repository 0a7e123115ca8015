"""Extraction links after the import."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Profile
from bot.domain.proxy import Extraction, ProxyType, TextFormat
from bot.errors import (
    BrowserError,
    BrowserInvalidAnswer,
    BrowserNoAnswer,
    BrowserNotRunning,
    BrowserRefusal,
    StorageError,
)
from tests.support.station import CODE, GRACE, OTHER, TIMEOUT, Station, station

LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)


def imported(s: Station, mode: int = 2, code: str = CODE, profile_id: int = 7, **fields: Any) -> int:
    """An imported row whose link is still to be looked up, and its profile with this proxy mode."""
    s.browser.profiles[profile_id] = Profile(profile_id, "Shop", 1, "", mode)
    given = {"proxy": LINK, "profile_id": profile_id, "profile_name": "Shop", "proxy_status": ProxyStatus.PENDING}
    return s.store.add(code, status=Status.IMPORTED, **(given | fields))


def proxy(s: Station, row_id: int) -> ProxyStatus | None:
    return s.store.state(row_id).proxy_status


async def test_a_link_that_the_import_took_is_not_set_again() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(proxy=LINK)
        await s.start()
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.SET, [])


async def test_a_link_that_the_import_left_out_is_set() -> None:
    async with station(started=False) as s:
        row_id = imported(s, bypass=("*.example.com",))
        await s.start()
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.SET, [(7, LINK, ("*.example.com",))])


async def test_the_intent_is_committed_before_the_link_is_set() -> None:
    async with station(started=False) as s:
        s.browser.lasts["set_extraction"] = 5
        row_id = imported(s)
        await s.start()
        assert proxy(s, row_id) is ProxyStatus.SETTING
        await s.clock.advance(5)
        assert proxy(s, row_id) is ProxyStatus.SET


async def test_a_refused_link_is_said_to_be_missing_and_why() -> None:
    async with station(started=False) as s:
        s.browser.faults["set_extraction"] = BrowserRefusal(101049, "The link is wrong")
        row_id = imported(s)
        await s.start()
        row = s.store.state(row_id)
        assert (row.status, row.proxy_status, row.error_code, row.error_message) == (
            Status.IMPORTED,
            ProxyStatus.MISSING,
            101049,
            "The link is wrong",
        )


async def test_a_missing_link_is_set_when_its_person_asks_again() -> None:
    async with station(started=False) as s:
        s.browser.faults_once["set_extraction"].append(BrowserRefusal(101049, "The link is wrong"))
        row_id = imported(s)
        await s.start()
        s.store.set_proxy_again(row_id)
        await s.clock.advance(1)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 2)


@pytest.mark.parametrize(
    "fault",
    [
        BrowserNoAnswer(),
        BrowserInvalidAnswer(),
        BrowserRefusal(1016, "Request timeout"),
        BrowserRefusal(1008, "restricted"),
    ],
    ids=["silent", "unreadable", "1016", "1008"],
)
async def test_an_unanswered_setting_is_repeated_only_when_it_can_no_longer_be_under_way(fault: BrowserError) -> None:
    async with station(started=False) as s:
        s.browser.faults_once["set_extraction"].append(fault)
        row_id = imported(s)
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE - 0.1)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SETTING, 1)
        await s.clock.advance(0.1)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 2)


async def test_a_profile_is_looked_at_every_five_seconds_at_most_however_short_the_grace() -> None:
    async with station(started=False) as s:
        s.browser.faults_once["set_extraction"].append(BrowserNoAnswer())
        imported(s)
        await s.start(grace=1)
        await s.clock.advance(20)
        assert [after - before for before, after in pairwise(s.browser.times_of("profile"))] == [5, 5, 5, 5]


@pytest.mark.parametrize("done_after", [1, TIMEOUT + GRACE - 1], ids=["soon", "at the last moment"])
async def test_an_unanswered_setting_that_was_done_is_found_within_a_grace_and_not_repeated(done_after: float) -> None:
    async with station(started=False) as s:
        s.browser.faults_once["set_extraction"].append(BrowserNoAnswer())
        row_id = imported(s)
        await s.start()
        await s.clock.advance(done_after)
        s.browser.profiles[7] = Profile(7, "Shop", 1, "", 4)
        await s.clock.advance(GRACE)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 1)


async def test_without_a_grace_it_is_looked_no_more_often_than_every_five_seconds() -> None:
    async with station(started=False) as s:
        s.browser.faults_once["set_extraction"].append(BrowserNoAnswer())
        row_id = imported(s)
        await s.start(grace=0)
        await s.clock.advance(TIMEOUT - 1)
        assert len(s.browser.times_of("profile")) <= 2 + TIMEOUT / 5
        await s.clock.advance(1)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 2)


async def test_after_three_settings_without_proof_the_proxy_is_said_to_be_missing() -> None:
    async with station(started=False) as s:
        s.browser.faults["set_extraction"] = BrowserNoAnswer()
        row_id = imported(s)
        await s.start()
        await s.clock.advance(3 * (TIMEOUT + GRACE))
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.MISSING, 3)


async def test_a_setting_that_fails_in_an_unexpected_way_counts_as_unanswered() -> None:
    async with station(started=False) as s:
        s.browser.faults["set_extraction"] = RuntimeError("a bug")
        row_id = imported(s)
        await s.start()
        assert proxy(s, row_id) is ProxyStatus.SETTING
        s.browser.faults.clear()
        await s.clock.advance(TIMEOUT + GRACE)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 2)


@pytest.mark.parametrize(
    "fault", [BrowserNotRunning(), BrowserRefusal(1002, "log in"), BrowserRefusal(1010, "too fast")]
)
async def test_while_ixbrowser_cannot_be_asked_the_link_waits(fault: BrowserError) -> None:
    async with station(started=False) as s:
        s.browser.faults["set_extraction"] = fault
        row_id = imported(s)
        await s.start()
        start = s.clock.awake()
        await s.clock.advance(200)
        looks = [at - start for at in s.browser.times_of("profile")]
        assert looks == [0, 5, 15, 35, 75, 135, 195]
        s.browser.faults.clear()
        await s.clock.advance(60)
        assert proxy(s, row_id) is ProxyStatus.SET


async def test_while_profiles_cannot_be_listed_the_link_waits() -> None:
    async with station(started=False) as s:
        s.browser.faults["profile"] = BrowserNoAnswer()
        row_id = imported(s)
        await s.start()
        await s.clock.advance(100)
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.PENDING, [])
        s.browser.faults.clear()
        await s.clock.advance(60)
        assert proxy(s, row_id) is ProxyStatus.SET


async def test_one_link_that_cannot_be_set_does_not_stand_before_the_others() -> None:
    async with station(started=False) as s:
        s.browser.faults_once["profile"].extend([BrowserNoAnswer(), None, BrowserNoAnswer(), BrowserNoAnswer()])
        blocked = imported(s)
        other = imported(s, code=OTHER, profile_id=8)
        await s.start()
        await s.clock.advance(5)
        assert (proxy(s, blocked), proxy(s, other)) == (ProxyStatus.PENDING, ProxyStatus.SET)


async def test_a_look_that_fails_is_repeated_after_a_pause_that_grows() -> None:
    async with station(started=False) as s:
        s.browser.faults["profile"] = BrowserNoAnswer()
        imported(s)
        await s.start()
        await s.clock.advance(5 + 10 + 20 + 40 + 60)
        looks = s.browser.times_of("profile")
        assert [after - before for before, after in pairwise(looks)] == [5, 10, 20, 40, 60]


async def test_a_setting_that_the_process_did_not_survive_is_looked_up_first() -> None:
    async with station(started=False) as s:
        row_id = imported(s, mode=4, proxy_status=ProxyStatus.SETTING)
        await s.start()
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.SET, [])


async def test_a_setting_that_the_process_did_not_survive_is_repeated_when_it_can_no_longer_be_under_way() -> None:
    async with station(started=False) as s:
        row_id = imported(s, proxy_status=ProxyStatus.SETTING)
        await s.start()
        await s.clock.advance(TIMEOUT + GRACE - 0.1)
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.SETTING, [])
        await s.clock.advance(0.1)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 1)


async def test_a_look_that_began_too_early_and_lasted_does_not_prove_that_a_link_was_not_set() -> None:
    async with station(started=False) as s:
        s.browser.lasts["profile"] = 20
        imported(s, proxy_status=ProxyStatus.SETTING)
        await s.start()
        start = s.clock.awake()
        await s.clock.advance_until(lambda: bool(s.browser.links_set))
        began = [at - start for at in s.browser.times_of("profile")]
        assert began[-2] < TIMEOUT + GRACE < began[-2] + 20
        assert began[-1] >= TIMEOUT + GRACE


@pytest.mark.parametrize("fields", [{"profile_id": None}, {"proxy": Extraction()}], ids=["no number", "link wiped"])
async def test_a_link_that_cannot_be_set_at_all_is_said_to_be_missing(fields: dict[str, Any]) -> None:
    async with station(started=False) as s:
        row_id = imported(s, **fields)
        await s.start()
        assert (proxy(s, row_id), s.browser.links_set) == (ProxyStatus.MISSING, [])


async def test_a_setting_that_could_not_be_noted_is_looked_up_and_not_repeated() -> None:
    async with station(started=False) as s:
        s.browser.lasts["set_extraction"] = 1
        row_id = imported(s)
        await s.start()
        s.store.faults["record"] = StorageError("locked")
        await s.clock.advance(20)
        assert proxy(s, row_id) is ProxyStatus.SETTING
        s.store.faults.clear()
        await s.clock.advance(60)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 1)


async def test_a_row_that_is_gone_meanwhile_is_left_alone() -> None:
    async with station(started=False) as s:
        row_id = imported(s)
        s.browser.lasts["profile"] = 2
        await s.start()
        s.store.put(row_id, status=Status.UNKNOWN)
        await s.clock.advance(10)
        assert s.browser.links_set == []


async def test_stopping_waits_for_a_setting_under_way() -> None:
    async with station(started=False) as s:
        s.browser.lasts["set_extraction"] = 5
        row_id = imported(s)
        imported(s, code=OTHER, profile_id=8)
        await s.start()
        stopping = asyncio.create_task(s.importer.stop())
        await s.clock.advance(5)
        assert (proxy(s, row_id), len(s.browser.links_set)) == (ProxyStatus.SET, 1)
        assert stopping.done()
