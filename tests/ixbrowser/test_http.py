"""The client over real HTTP: connections that are made, kept, cut and refused."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ixbrowser_objects import ImportRequest
from bot.domain.outcome import Imported, NotSent, Refused, Unknown
from bot.domain.proxy import Keep
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning
from bot.ixbrowser.client import LocalApi
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import Reply, cut_after, cut_before, refusal, slow, spoiled
from tests.support.http_ixbrowser import served
from tests.support.manual_sleep import ManualSleep

IMPORT = "profile-transfer-code-import"


def request(code: str) -> ImportRequest:
    return ImportRequest(TransferCode(code), None, Keep())


async def test_lists_and_imports_work_over_http_with_names_of_any_script() -> None:
    browser = FakeIxBrowser()
    title = "店铺 <b>&</b> 🛒"
    group = browser.add_group(title)
    async with served(browser) as server:
        api = LocalApi(server.url)
        assert (group, title) in [(found.id, found.title) for found in await api.groups()]
        assert isinstance(await api.import_profile(request(browser.offer())), Imported)
        assert await api.import_profile(request("00000000-00000000")) == Refused(110002, "The transfer code is wrong")
        await api.close()


async def test_lists_share_a_connection_and_every_import_has_its_own() -> None:
    browser = FakeIxBrowser()
    async with served(browser) as server:
        api = LocalApi(server.url + "/")
        for _ in range(3):
            await api.ping()
        assert server.connections == 1
        for _ in range(3):
            await api.import_profile(request(browser.offer()))
        await api.create_group("Shops")
        assert server.connections == 5
        await api.close()


async def test_cut_connections_say_nothing_about_what_was_done() -> None:
    browser = FakeIxBrowser()
    browser.fail(IMPORT, cut_before(), cut_after())
    browser.fail("group-list", cut_after(), spoiled(Reply.BAD_GATEWAY))
    async with served(browser) as server:
        api = LocalApi(server.url)
        codes = [browser.offer(), browser.offer()]
        assert [type(await api.import_profile(request(code))) for code in codes] == [Unknown, Unknown]
        assert [browser.made[code] for code in codes] == [0, 1]
        with pytest.raises(BrowserNoAnswer):
            await api.groups()
        with pytest.raises(BrowserInvalidAnswer):
            await api.groups()
        assert len(await api.groups()) == 1
        await api.close()


async def test_a_closed_ixbrowser_is_away_and_the_same_client_finds_it_again() -> None:
    browser = FakeIxBrowser()
    async with served(browser) as server:
        api = LocalApi(server.url)
        assert await api.ping() == 1
        await server.stop()
        with pytest.raises(BrowserNotRunning):
            await api.ping()
        code = browser.offer()
        assert isinstance(await api.import_profile(request(code)), NotSent)
        await server.start()
        assert isinstance(await api.import_profile(request(code)), Imported)
        await api.close()


async def test_closing_ixbrowser_cuts_the_import_that_is_under_way() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.fail(IMPORT, slow(before=20))
    code = browser.offer()
    async with served(browser) as server:
        api = LocalApi(server.url)
        importing = asyncio.create_task(api.import_profile(request(code)))
        await sleep.until_asleep()
        await server.stop()
        assert isinstance(await importing, Unknown)
        sleep.advance(20)
        await browser.settled()
        assert browser.made[code] == 1
        await api.close()


async def test_an_import_goes_on_after_the_time_out_and_its_second_sending_is_noticed() -> None:
    sleep = ManualSleep()
    browser = FakeIxBrowser(sleep=sleep)
    browser.fail(IMPORT, slow(before=20), refusal(1010))
    code = browser.offer()
    async with served(browser) as server:
        api = LocalApi(server.url, timeout=0.5)
        assert isinstance(await api.import_profile(request(code)), Unknown)
        sleep.advance(20)
        await browser.settled()
        assert browser.made[code] == 1
        assert browser.violations() == []
        await api.import_profile(request(code))
        assert browser.violations() == [f"{code} was sent again with no look at the records"]
        await api.close()


async def test_an_ixbrowser_that_is_not_running_cuts_whoever_still_has_a_connection() -> None:
    browser = FakeIxBrowser()
    async with served(browser) as server:
        api = LocalApi(server.url)
        browser.running = False
        with pytest.raises(BrowserNoAnswer):
            await api.ping()
        await api.close()
