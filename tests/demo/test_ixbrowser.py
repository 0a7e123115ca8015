"""The demo's pretend ixBrowser, asked by the bot's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.demo import ixbrowser
from bot.demo.ixbrowser import SAMPLE_CODE, DemoIxBrowser
from bot.demonstration import saying
from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.outcome import Imported, NotSent, Refused
from bot.domain.proxy import Extraction, ExtractionMethod, Keep, ProxyChoice, ProxyType, Saved, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserRefusal
from bot.ixbrowser.client import LocalApi


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> DemoIxBrowser:
    monkeypatch.setattr(ixbrowser, "IMPORT_TAKES", 0)
    return DemoIxBrowser()


@pytest.fixture
async def api(browser: DemoIxBrowser) -> AsyncIterator[LocalApi]:
    api = LocalApi("http://127.0.0.1:53200", transport=browser.transport())
    yield api
    await api.close()


def request(code: str, proxy: ProxyChoice | None = None, group_id: int | None = None) -> ImportRequest:
    return ImportRequest(TransferCode(code), group_id, proxy or Keep(), ())


def code_for(browser: DemoIxBrowser, what: str) -> str:
    return next(code for code, told in browser.codes(saying("en")) if what in told)


async def test_there_is_something_to_choose_from(api: LocalApi) -> None:
    assert "Shops EU" in [group.title for group in await api.groups()]
    assert [proxy.id for proxy in await api.saved_proxies()] == [301, 302]
    assert [proxy.id for proxy in await api.static_proxies()] == [303]
    assert [package.id for package in await api.traffic_packages()] == [71]


async def test_a_fresh_code_makes_a_profile_and_a_record(browser: DemoIxBrowser, api: LocalApi) -> None:
    code = code_for(browser, "Shop Berlin")
    address = await api.saved_address(Saved(301))
    assert isinstance(address, Address)
    outcome = await api.import_profile(replace(request(code, Saved(301), group_id=2), address=address))
    assert isinstance(outcome, Imported)
    profile = await api.profile(outcome.profile_id)
    assert profile is not None
    assert (profile.name, profile.group_title) == ("Shop Berlin", "Shops EU")
    assert await api.profiles_named("Shop Berlin") == [profile]
    assert [record.code for record in await api.received_records()] == [TransferCode(code)]
    assert await api.import_profile(request(code)) == Refused(110002, "The transfer code is wrong")


async def test_the_codes_that_are_offered_can_be_imported_whatever_was_before(
    browser: DemoIxBrowser, api: LocalApi
) -> None:
    assert browser.fresh_codes[0] == SAMPLE_CODE
    for _ in range(5):
        code = browser.fresh_codes[0]
        assert isinstance(await api.import_profile(request(code)), Imported)
        assert code not in [offered for offered, _what in browser.codes(saying("en"))]
        assert len(browser.fresh_codes) == 3


@pytest.mark.parametrize(("what", "number"), [("a wrong one", 110002), ("your own", 110003)])
async def test_other_codes_are_refused(browser: DemoIxBrowser, api: LocalApi, what: str, number: int) -> None:
    outcome = await api.import_profile(request(code_for(browser, what)))
    assert isinstance(outcome, Refused)
    assert outcome.code == number


async def test_a_group_can_be_made_once(api: LocalApi) -> None:
    number = await api.create_group("Mine")
    assert number in [group.id for group in await api.groups()]
    with pytest.raises(BrowserRefusal, match="already exists"):
        await api.create_group("Mine")


async def test_an_extraction_link_is_taken_with_the_import(browser: DemoIxBrowser, api: LocalApi) -> None:
    link = Extraction("https://example.com/proxies", ProxyType.HTTP, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)
    outcome = await api.import_profile(request(code_for(browser, "Shop Hanoi"), link))
    assert isinstance(outcome, Imported)
    profile = await api.profile(outcome.profile_id)
    assert profile is not None
    assert profile.proxy_mode == 4


async def test_nothing_is_sent_to_one_that_is_closed(browser: DemoIxBrowser, api: LocalApi) -> None:
    browser.running = False
    assert isinstance(await api.import_profile(request(code_for(browser, "Shop Berlin"))), NotSent)
    browser.running = True
    assert isinstance(await api.import_profile(request(code_for(browser, "Shop Berlin"))), Imported)
