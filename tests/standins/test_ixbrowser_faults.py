"""Everything that can go wrong with the stand-in of ixBrowser."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_calls import IMPORT, send
from tests.standins.ixbrowser_faults import (
    ConnectionCut,
    NotRunning,
    Reply,
    cut_after,
    cut_before,
    refusal,
    slow,
    spoiled,
)
from tests.support.manual_sleep import ManualSleep


def body(code: str) -> bytes:
    return json.dumps({"transfer_code": code}).encode()


async def test_faults_come_in_the_order_they_were_lined_up_and_then_none() -> None:
    browser = FakeIxBrowser()
    browser.fail("group-list", refusal(1010), refusal(1004, 500, message="later"))
    answers = [await browser.handle("group-list", b"{}") for _ in range(3)]
    assert [(status, json.loads(answer)["error"]["code"]) for status, answer in answers] == [
        (200, 1010),
        (500, 1004),
        (200, 0),
    ]
    assert json.loads(answers[1][1])["error"]["message"] == "later"


async def test_a_lasting_fault_stays_until_it_is_healed_and_touches_no_other_action() -> None:
    browser = FakeIxBrowser()
    browser.always("group-list", cut_before())
    browser.always("proxy-list", cut_before())
    for _ in range(2):
        with pytest.raises(ConnectionCut):
            await browser.handle("group-list", b"{}")
    assert (await browser.handle("profile-list", b"{}"))[0] == 200
    browser.heal("group-list")
    assert (await browser.handle("group-list", b"{}"))[0] == 200
    with pytest.raises(ConnectionCut):
        await browser.handle("proxy-list", b"{}")
    browser.heal()
    assert (await browser.handle("proxy-list", b"{}"))[0] == 200


async def test_a_cut_comes_before_or_after_the_work() -> None:
    browser = FakeIxBrowser()
    browser.fail(IMPORT, cut_before(), cut_after(), refusal(1016, done=True))
    codes = [browser.offer() for _ in range(3)]
    for code in codes[:2]:
        with pytest.raises(ConnectionCut):
            await browser.handle(IMPORT, body(code))
    assert await send(browser, codes[2]) == 1016
    assert [browser.made[code] for code in codes] == [0, 1, 1]


@pytest.mark.parametrize(
    ("reply", "status"),
    [(Reply.TRUNCATED, 200), (Reply.EMPTY, 200), (Reply.NOT_JSON, 200), (Reply.BAD_GATEWAY, 502)],
)
async def test_a_spoiled_answer_is_no_json_although_the_work_was_done(reply: Reply, status: int) -> None:
    browser = FakeIxBrowser()
    browser.fail(IMPORT, spoiled(reply), spoiled(reply, done=False))
    codes = [browser.offer(), browser.offer()]
    for code in codes:
        answered, answer = await browser.handle(IMPORT, body(code))
        assert answered == status
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer)
    assert [browser.made[code] for code in codes] == [1, 0]


async def test_slow_work_goes_on_when_the_caller_hangs_up() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.fail(IMPORT, slow(before=10, after=5), cut_before(before=10))
    codes = [browser.offer(), browser.offer()]
    calls = [asyncio.create_task(browser.handle(IMPORT, body(code))) for code in codes]
    await sleep.until_asleep(2)
    for call in calls:
        call.cancel()
    await asyncio.wait(calls)
    sleep.advance(10)
    await sleep.until_asleep(1)
    sleep.advance(5)
    await browser.settled()
    assert [browser.made[code] for code in codes] == [1, 0]


async def test_a_record_can_show_up_later_than_its_import() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.late_records = 30
    code = browser.offer()
    assert await send(browser, code) == 0
    await sleep.until_asleep()
    assert browser.records == []
    sleep.advance(30)
    await browser.settled()
    assert [row["transfer_code"] for row in browser.records] == [code]


async def test_a_stand_in_that_is_not_running_refuses_connections_and_cuts_those_it_has() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.call_seconds = 1
    call = asyncio.create_task(browser.handle("group-list", b"{}"))
    await sleep.until_asleep()
    browser.running = False
    with pytest.raises(NotRunning):
        await browser.handle("group-list", b"{}")
    assert len(browser.requests) == 1
    sleep.advance(1)
    with pytest.raises(ConnectionCut):
        await call


async def test_closing_drops_what_is_under_way() -> None:
    browser = FakeIxBrowser(sleep=ManualSleep())
    browser.import_seconds = 1
    code = browser.offer()
    call = asyncio.create_task(browser.handle(IMPORT, body(code)))
    while not browser.requests:  # the call has begun as soon as it has been recorded
        await asyncio.wait({call}, timeout=0.01)
    await browser.close()
    await asyncio.wait({call})
    assert call.cancelled()
    assert not browser.made
