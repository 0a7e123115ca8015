"""Every call of the client against the stand-in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ixbrowser_objects import Address, Group, ImportRequest, ListedProxy, Profile, TrafficPackage
from bot.domain.outcome import Imported, Refused
from bot.domain.proxy import (
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Saved,
    Static,
    TextFormat,
)
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserRefusal
from bot.ixbrowser.client import LocalApi
from bot.usecases.browser import Browser
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_world import TakesExtraction

WORK = 1.5
IMPORT = "profile-transfer-code-import"
LINK = Extraction("https://proxies.example/next", ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)


def request(code: str, proxy: ProxyChoice | None = None, group_id: int | None = None) -> ImportRequest:
    return ImportRequest(TransferCode(code), group_id, proxy or Keep())


async def test_the_client_is_the_browser_that_the_core_needs(api: LocalApi) -> None:
    core: Browser = api
    assert await core.groups() == [Group(1, "Default group")]


async def test_groups_are_listed_with_whatever_is_in_their_titles(browser: FakeIxBrowser, api: LocalApi) -> None:
    titles = ["店铺 🛒", "<b>Tom & Jerry</b>", "x" * 200]
    ids = [browser.add_group(title) for title in titles]
    assert await api.groups() == [Group(1, "Default group"), *map(Group, ids, titles)]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 1000])
async def test_all_groups_are_listed_however_many(browser: FakeIxBrowser, api: LocalApi, count: int) -> None:
    browser.groups = {number: f"Group {number}" for number in range(1, count + 1)}
    assert [group.id for group in await api.groups()] == list(range(1, count + 1))
    assert await api.ping() == count


async def test_a_group_is_made_and_found_again(api: LocalApi) -> None:
    group_id = await api.create_group("Täglich")
    assert Group(group_id, "Täglich") in await api.groups()
    with pytest.raises(BrowserRefusal) as refused:
        await api.create_group("Täglich")
    assert refused.value.code == 105002


async def test_saved_and_static_proxies_are_told_apart(browser: FakeIxBrowser, api: LocalApi) -> None:
    saved = browser.add_saved_proxy("SOCKS5", "203.0.113.7", port="1080", user="ana", password="pw", note="Office")
    static = browser.add_static_proxy("http", "198.51.100.9", port="8000", note="US")
    assert await api.saved_proxies() == [
        ListedProxy(saved, "SOCKS5", "203.0.113.7", "1080", "ana", "Office", purchased=False)
    ]
    assert await api.static_proxies() == [ListedProxy(static, "http", "198.51.100.9", "8000", "", "US", purchased=True)]


async def test_traffic_packages_are_listed_as_ixbrowser_writes_them(browser: FakeIxBrowser, api: LocalApi) -> None:
    package = browser.add_traffic_package("Supplier B", used_mb="1.5", limit_mb="500")
    assert await api.traffic_packages() == [TrafficPackage(package, "Supplier B", used_mb="1.5", limit_mb="500")]


async def test_a_profile_is_found_by_its_number(browser: FakeIxBrowser, api: LocalApi) -> None:
    group = browser.add_group("Shops")
    number = browser.add_profile("Etsy 1", group, {"proxy_mode": 4})
    browser.add_profile("Etsy 2")
    assert await api.profile(number) == Profile(number, "Etsy 1", group, "Shops", 4)
    assert await api.profile(99) is None


async def test_only_profiles_of_exactly_this_name_are_found(browser: FakeIxBrowser, api: LocalApi) -> None:
    numbers = {browser.add_profile("Etsy"), browser.add_profile("Etsy")}
    browser.add_profile("Etsy 2")
    browser.add_profile("etsy")
    assert {profile.id for profile in await api.profiles_named("Etsy")} == numbers


async def test_received_records_tell_code_and_name_of_every_page(browser: FakeIxBrowser, api: LocalApi) -> None:
    codes = [browser.offer(f"Shop {number}") for number in range(230)]
    for code in codes:
        assert isinstance(await api.import_profile(request(code)), Imported)
    records = await api.received_records()
    assert [record.code for record in records] == [TransferCode(code) for code in reversed(codes)]
    assert records[0].profile_name == "Shop 229"


async def test_an_import_gives_the_profiles_number_and_uses_the_code_up(browser: FakeIxBrowser, api: LocalApi) -> None:
    code, group = browser.offer("Shop"), browser.add_group("Shops")
    outcome = await api.import_profile(request(code, Direct(), group))
    assert isinstance(outcome, Imported)
    assert browser.profiles[outcome.profile_id]["group_id"] == group
    assert await api.import_profile(request(code)) == Refused(110002, "The transfer code is wrong")


async def test_keep_leaves_the_transferred_proxy_as_it_is(browser: FakeIxBrowser, api: LocalApi) -> None:
    own = {"proxy_mode": 2, "proxy_type": "http", "proxy_ip": "192.0.2.1", "proxy_port": "80"}
    await api.import_profile(
        ImportRequest(TransferCode(browser.offer(proxy=own)), None, Keep(), bypass=("example.com",))
    )
    assert "proxy_config" not in browser.imports[0]
    assert next(iter(browser.profiles.values())).items() >= own.items()


async def test_a_saved_proxy_is_sent_with_the_address_that_it_has_when_it_is_looked_up(
    browser: FakeIxBrowser, api: LocalApi
) -> None:
    proxy = browser.add_saved_proxy("SOCKS5", "203.0.113.7", port="1080", user="ana", password="secret")
    browser.proxies[proxy]["proxy_port"] = "2080"
    address = await api.saved_address(Saved(proxy))
    assert isinstance(address, Address)
    saved = replace(request(browser.offer(), Saved(proxy)), address=address)
    assert isinstance(await api.import_profile(saved), Imported)
    sent = browser.imports[0]["proxy_config"]
    assert sent["proxy_type"] == "socks5"
    assert sent["proxy_port"] == "2080"
    assert sent["proxy_password"] == "secret"


async def test_a_saved_proxy_that_is_gone_is_refused(browser: FakeIxBrowser, api: LocalApi) -> None:
    static = browser.add_static_proxy()
    for proxy_id in (999, static):
        assert await api.saved_address(Saved(proxy_id)) == Refused(2002, "Proxy information does not exist")


async def test_a_saved_proxy_of_a_type_that_the_import_does_not_take_is_refused(
    browser: FakeIxBrowser, api: LocalApi
) -> None:
    proxy = browser.add_saved_proxy("socks4")
    assert await api.saved_address(Saved(proxy)) == Refused(101008, "Proxy type not in range")


async def test_a_typed_static_and_extraction_proxy_reach_the_profile(browser: FakeIxBrowser, api: LocalApi) -> None:
    typed = Custom("2001:db8::1", 1080, ProxyType.SOCKS5, "ana", "p:w@d")
    static = browser.add_static_proxy()
    for choice, mode in ((typed, 2), (Static(static), 3), (LINK, 4)):
        outcome = await api.import_profile(request(browser.offer(), choice))
        assert isinstance(outcome, Imported)
        profile = await api.profile(outcome.profile_id)
        assert profile is not None
        assert profile.proxy_mode == mode


async def test_an_extraction_link_that_the_import_ignored_is_set_afterwards(
    browser: FakeIxBrowser, api: LocalApi
) -> None:
    browser.takes_extraction = TakesExtraction.IGNORED
    outcome = await api.import_profile(request(browser.offer(), LINK))
    assert isinstance(outcome, Imported)
    assert browser.profiles[outcome.profile_id]["proxy_mode"] == 2
    await api.set_extraction(outcome.profile_id, LINK, ())
    assert browser.profiles[outcome.profile_id]["proxy_url"] == "https://proxies.example/next"
    with pytest.raises(BrowserRefusal, match="2007"):
        await api.set_extraction(99, LINK, ("example.com",))
