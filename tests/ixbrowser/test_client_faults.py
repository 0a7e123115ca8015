"""What the client makes of a stand-in that refuses, hangs, cuts and closes."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ixbrowser_objects import ImportRequest
from bot.domain.outcome import Imported, NotSent, Unknown
from bot.domain.proxy import (
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Saved,
    TextFormat,
)
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.ixbrowser.client import LocalApi
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import ACTIONS
from tests.standins.ixbrowser_faults import Fault, Reply, cut_after, cut_before, refusal, slow, spoiled
from tests.standins.ixbrowser_transport import InProcess
from tests.support.manual_sleep import ManualSleep

WORK = 1.5
IMPORT = "profile-transfer-code-import"
LINK = Extraction("https://proxies.example/next", ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)


def request(code: str, proxy: ProxyChoice | None = None, group_id: int | None = None) -> ImportRequest:
    return ImportRequest(TransferCode(code), group_id, proxy or Keep())


@pytest.mark.parametrize(
    ("fault", "code"),
    [(refusal(1010), 1010), (cut_before(), None), (spoiled(Reply.EMPTY), None), (refusal(1005), 1005)],
)
async def test_an_import_waits_where_its_saved_proxy_cannot_be_looked_up(
    browser: FakeIxBrowser, api: LocalApi, fault: Fault, code: int | None
) -> None:
    proxy = browser.add_saved_proxy()
    browser.fail("proxy-list", fault)
    outcome = await api.saved_address(Saved(proxy))
    assert isinstance(outcome, NotSent)
    assert outcome.code == code


async def test_a_slow_look_up_of_a_saved_proxy_has_its_import_wait() -> None:
    async def never(_seconds: float) -> None:
        await asyncio.Event().wait()

    browser = FakeIxBrowser(sleep=never)
    browser.call_seconds = 1
    api = LocalApi("http://127.0.0.1:53200", transport=InProcess(browser), timeout=0.05)
    outcome = await api.saved_address(Saved(browser.add_saved_proxy()))
    assert isinstance(outcome, NotSent)
    await browser.close()


async def test_faults_of_an_import_become_outcomes(browser: FakeIxBrowser, api: LocalApi) -> None:
    browser.fail(
        IMPORT,
        refusal(1010),
        refusal(1002, 200),
        refusal(1004, done=True),
        cut_before(),
        cut_after(),
        *(spoiled(reply) for reply in (Reply.TRUNCATED, Reply.EMPTY, Reply.NOT_JSON, Reply.BAD_GATEWAY)),
    )
    outcomes = [await api.import_profile(request(browser.offer())) for _ in range(9)]
    assert [type(outcome) for outcome in outcomes] == [NotSent] * 2 + [Unknown] * 7
    assert [outcome.code for outcome in outcomes if not isinstance(outcome, Imported)] == [
        1010,
        1002,
        1004,
        *[None] * 6,
    ]


async def test_an_ixbrowser_that_does_not_run_was_certainly_sent_nothing(browser: FakeIxBrowser, api: LocalApi) -> None:
    browser.running = False
    outcome = await api.import_profile(request(browser.offer()))
    assert isinstance(outcome, NotSent)
    assert outcome.code is None
    with pytest.raises(BrowserNotRunning):
        await api.groups()


async def test_a_time_out_is_unknown_and_the_import_goes_on_without_us() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.import_seconds = 90
    api = LocalApi("http://127.0.0.1:53200", transport=InProcess(browser), timeout=60)
    code = browser.offer()
    importing = asyncio.create_task(api.import_profile(request(code)))
    await sleep.until_asleep(2)
    sleep.advance(60)
    assert isinstance(await importing, Unknown)
    assert browser.made[code] == 0
    sleep.advance(30)
    await browser.settled()
    assert browser.made[code] == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refusal(1002), BrowserRefusal),
        (cut_after(), BrowserNoAnswer),
        (spoiled(Reply.TRUNCATED), BrowserInvalidAnswer),
        (spoiled(Reply.BAD_GATEWAY), BrowserInvalidAnswer),
    ],
)
async def test_faults_of_every_other_call_become_our_errors(
    browser: FakeIxBrowser, api: LocalApi, fault: Fault, error: type[BrowserError]
) -> None:
    for action in ACTIONS:
        browser.always(action, fault)
    for call in (
        api.ping(),
        api.groups(),
        api.create_group("x"),
        api.saved_proxies(),
        api.static_proxies(),
        api.traffic_packages(),
        api.received_records(),
        api.profile(1),
        api.profiles_named("x"),
        api.set_extraction(1, LINK, ()),
    ):
        with pytest.raises(error):
            await call


async def test_an_ixbrowser_that_is_logged_out_says_so(browser: FakeIxBrowser, api: LocalApi) -> None:
    browser.logged_in = False
    with pytest.raises(BrowserRefusal, match="Please log in again"):
        await api.ping()


async def test_lists_and_imports_keep_to_their_own_number_at_a_time() -> None:
    meeting = asyncio.Barrier(4)
    at_work: list[int] = []
    most = 0

    async def meet(seconds: float) -> None:
        nonlocal most
        if seconds == WORK:
            at_work.append(1)
            most = max(most, len(at_work))
            await meeting.wait()
            at_work.pop()
        else:
            await asyncio.Event().wait()

    browser = FakeIxBrowser(sleep=meet)
    browser.import_seconds = browser.call_seconds = WORK
    api = LocalApi("http://127.0.0.1:53200", transport=InProcess(browser), concurrency=2)
    async with asyncio.timeout(5), asyncio.TaskGroup() as calls:
        for _ in range(6):
            calls.create_task(api.groups())
            calls.create_task(api.import_profile(request(browser.offer())))
    assert most == 4
    assert sum(browser.made.values()) == 6


async def test_hanging_up_passes_the_cancellation_on() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.fail(IMPORT, slow(before=5))
    api = LocalApi("http://127.0.0.1:53200", transport=InProcess(browser))
    code = browser.offer()
    importing = asyncio.create_task(api.import_profile(request(code)))
    await sleep.until_asleep(2)
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    sleep.advance(5)
    await browser.settled()
    assert browser.made[code] == 1
