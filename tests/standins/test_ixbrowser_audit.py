"""The stand-in of ixBrowser notices who imports twice, or sends a code again without a look at the records."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_audit import COMPLETE_READING
from tests.standins.ixbrowser_calls import IMPORT, RECORDS, send
from tests.standins.ixbrowser_faults import ConnectionCut, Reply, cut_before, refusal, spoiled
from tests.support.manual_sleep import ManualSleep


def body(code: str) -> bytes:
    return json.dumps({"transfer_code": code}).encode()


async def read_records(browser: FakeIxBrowser, page: int = 1, limit: int = 100, **query: object) -> None:
    await browser.handle(RECORDS, json.dumps({"type": 2, "page": page, "limit": limit} | query).encode())


async def test_a_code_sent_again_without_a_look_is_a_violation() -> None:
    browser = FakeIxBrowser()
    browser.always(IMPORT, cut_before())
    code = browser.offer()
    for _ in range(2):
        with pytest.raises(ConnectionCut):
            await browser.handle(IMPORT, body(code))
    assert browser.violations() == [f"{code} was sent again with no look at the records"]
    assert browser.events == [(IMPORT, code), (IMPORT, code)]


@pytest.mark.parametrize("code", [1010, 1002, 1008, 110002, 2002])
async def test_a_certain_refusal_allows_to_send_again_at_once(code: int) -> None:
    browser = FakeIxBrowser()
    browser.fail(IMPORT, refusal(code))
    offered = browser.offer()
    assert await send(browser, offered) == code
    assert await send(browser, offered) == 0
    assert browser.violations() == []


@pytest.mark.parametrize("code", [1004, 1011, 1016, 4711])
async def test_an_uncertain_refusal_does_not(code: int) -> None:
    browser = FakeIxBrowser()
    browser.fail(IMPORT, refusal(code))
    offered = browser.offer()
    await send(browser, offered)
    await send(browser, offered)
    assert len(browser.violations()) == 1


async def test_a_refusal_that_nobody_waited_for_is_no_answer() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.fail(IMPORT, refusal(1010, before=1))
    code = browser.offer()
    call = asyncio.create_task(browser.handle(IMPORT, body(code)))
    await sleep.until_asleep()
    call.cancel()
    await asyncio.wait({call})
    sleep.advance(1)
    await browser.settled()
    await send(browser, code)
    assert len(browser.violations()) == 1


async def test_a_complete_reading_in_between_allows_to_send_again() -> None:
    browser = FakeIxBrowser()
    for _ in range(25):
        await send(browser, browser.offer())
    code = browser.offer()
    browser.fail(IMPORT, cut_before())
    with pytest.raises(ConnectionCut):
        await browser.handle(IMPORT, body(code))
    for page in (1, 2, 3):
        assert browser.events[-1] != (COMPLETE_READING, "")
        await read_records(browser, page, limit=10)
    assert browser.events[-1] == (COMPLETE_READING, "")
    await send(browser, code)
    assert browser.violations() == []


@pytest.mark.parametrize("reading", ["first page", "filtered", "spoiled", "refused", "sent", "begun before"])
async def test_a_reading_that_proves_nothing_does_not_allow_it(reading: str) -> None:
    browser = FakeIxBrowser()
    for _ in range(15):
        await send(browser, browser.offer())
    code = browser.offer()
    if reading == "begun before":
        await read_records(browser, 1, limit=10)
    browser.fail(IMPORT, cut_before())
    with pytest.raises(ConnectionCut):
        await browser.handle(IMPORT, body(code))
    match reading:
        case "first page":
            await read_records(browser, 1, limit=10)
        case "filtered":
            await read_records(browser, title="Shop")
        case "spoiled":
            browser.fail(RECORDS, spoiled(Reply.TRUNCATED))
            await read_records(browser)
        case "refused":
            browser.fail(RECORDS, refusal(1010))
            await read_records(browser)
        case "sent":
            await read_records(browser, type=1)
        case _:
            await read_records(browser, 2, limit=10)
    await send(browser, code)
    assert len(browser.violations()) == 1


async def test_a_code_that_made_two_profiles_is_a_violation() -> None:
    browser = FakeIxBrowser()
    code = browser.offer()
    for _ in range(2):
        await send(browser, code)
        browser.offer(code=code)
    assert f"{code} was imported 2 times" in browser.violations()
