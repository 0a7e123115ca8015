"""The stand-in of ixBrowser behind httpx, with no network."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import cut_before, slow
from tests.standins.ixbrowser_transport import InProcess
from tests.support.manual_sleep import ManualSleep


def post(action: str, **timeout: float) -> httpx.Request:
    extensions = {"timeout": timeout} if timeout else {}
    return httpx.Request("POST", f"http://127.0.0.1:53200/api/v2/{action}", json={}, extensions=extensions)


async def test_a_request_through_httpx_is_answered_with_status_and_body() -> None:
    browser = FakeIxBrowser()
    for request in (post("nonsense"), post("nonsense", read=5.0)):
        response = await InProcess(browser).handle_async_request(request)
        assert response.status_code == 404
        assert response.json()["error"]["code"] == 1001
    assert browser.requests == [("nonsense", {}), ("nonsense", {})]


async def test_faults_are_those_of_a_network_behind_httpx() -> None:
    browser = FakeIxBrowser()
    browser.fail("group-list", cut_before())
    with pytest.raises(httpx.ReadError):
        await InProcess(browser).handle_async_request(post("group-list", read=5.0))
    browser.running = False
    with pytest.raises(httpx.ConnectError):
        await InProcess(browser).handle_async_request(post("group-list"))


async def test_the_time_limit_of_a_request_counts_by_the_stand_ins_time() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.always("group-list", slow(before=30))
    waiting = asyncio.create_task(InProcess(browser).handle_async_request(post("group-list", read=20.0)))
    await sleep.until_asleep(2)
    sleep.advance(20)
    with pytest.raises(httpx.ReadTimeout):
        await waiting
    patient = asyncio.create_task(InProcess(browser).handle_async_request(post("group-list", read=40.0)))
    await sleep.until_asleep(3)
    sleep.advance(30)
    assert (await patient).status_code == 200
    await browser.settled()
