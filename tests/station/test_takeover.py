"""A process that takes over from one that may still be about to send; and one that others may have taken over from."""

from __future__ import annotations

import pytest

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.ixbrowser_objects import Profile
from bot.domain.proxy import Extraction, ProxyType, TextFormat
from bot.station.send_window import SEND_WITHIN
from tests.support.group_requests import TITLE, making
from tests.support.station import CODE, GRACE, TIMEOUT, station

LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT)
#: Seconds after its takeover from when on nothing of an earlier process is under way.
OVER = SEND_WITHIN + TIMEOUT


@pytest.mark.parametrize("status", [Status.SENDING, Status.CHECKING])
async def test_an_import_of_the_process_before_is_sent_again_no_sooner_than_that_one_could_have_sent_it(
    status: Status,
) -> None:
    async with station(started=False) as s:
        row_id = s.store.add(CODE, status=status, attempts=1, unanswered=1, sent_at=s.clock.now())
        await s.start(others_send_for=SEND_WITHIN)
        await s.clock.advance(OVER + GRACE - 0.1)
        assert s.browser.sent == []
        await s.clock.advance(GRACE)
        assert (s.store.status(row_id), len(s.browser.sent)) == (Status.IMPORTED, 1)


async def test_a_link_of_the_process_before_is_set_again_no_sooner_than_that_one_could_have_set_it() -> None:
    async with station(started=False) as s:
        s.browser.profiles[7] = Profile(7, "Shop", 1, "", 2)
        given = {"profile_id": 7, "profile_name": "Shop", "proxy_status": ProxyStatus.SETTING}
        row_id = s.store.add(CODE, status=Status.IMPORTED, proxy=LINK, **given)
        await s.start(others_send_for=SEND_WITHIN)
        await s.clock.advance(OVER + GRACE - 0.1)
        assert s.browser.links_set == []
        await s.clock.advance(GRACE)
        assert (s.store.state(row_id).proxy_status, len(s.browser.links_set)) == (ProxyStatus.SET, 1)


async def test_a_group_of_the_process_before_is_made_again_no_sooner_than_that_one_could_have_made_it() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE, sent=True)
        await m.start(others_send_for=SEND_WITHIN)
        await m.clock.advance(OVER + GRACE - 0.1)
        assert m.browser.created == []
        await m.clock.advance(GRACE)
        assert m.browser.created == [TITLE]


async def test_an_import_is_not_sent_after_the_computer_has_slept_since_its_claim() -> None:
    async with station(started=False) as s:
        row_id = s.store.add(CODE)
        s.store.latency = 2.0
        await s.start()
        await s.clock.advance_until(lambda: s.store.status(row_id) is Status.SENDING)
        s.clock.computer_sleeps(3600)
        await s.clock.advance(1)
        assert s.browser.sent == []
        s.store.latency = 0.0
        await s.clock.advance(10)
        assert (s.store.status(row_id), s.store.state(row_id).attempts, len(s.browser.sent)) == (Status.IMPORTED, 2, 1)


async def test_a_link_is_not_set_later_than_five_seconds_after_its_intent() -> None:
    async with station(started=False) as s:
        s.browser.profiles[7] = Profile(7, "Shop", 1, "", 2)
        given = {"profile_id": 7, "profile_name": "Shop", "proxy_status": ProxyStatus.PENDING}
        row_id = s.store.add(CODE, status=Status.IMPORTED, proxy=LINK, **given)
        s.store.latency = SEND_WITHIN + 1
        await s.start()
        await s.clock.advance_until(lambda: s.store.state(row_id).proxy_status is ProxyStatus.SETTING)
        await s.clock.advance(SEND_WITHIN)
        assert s.browser.links_set == []
        s.store.latency = 0.0
        await s.clock.advance(2 * (TIMEOUT + GRACE))
        assert (s.store.state(row_id).proxy_status, len(s.browser.links_set)) == (ProxyStatus.SET, 1)


async def test_a_group_is_not_made_later_than_five_seconds_after_its_intent() -> None:
    async with making(started=False) as m:
        m.add(1, TITLE)
        m.store.latency = SEND_WITHIN + 1
        await m.start()
        await m.clock.advance_until(lambda: m.sent(1))
        await m.clock.advance(SEND_WITHIN)
        assert m.browser.created == []
        m.store.latency = 0.0
        await m.clock.advance(2 * (TIMEOUT + GRACE))
        assert m.browser.created == [TITLE]
