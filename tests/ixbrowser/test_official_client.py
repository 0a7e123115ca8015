"""ixBrowser's own Python client beside ours: it works against the stand-in, and sends nothing that we do not."""

# The official client ships a py.typed marker, but no annotations.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from ixbrowser_local_api import Consts, IXBrowserClient, Proxy

from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.outcome import Imported
from bot.domain.proxy import (
    Custom,
    Direct,
    Extraction,
    ExtractionMethod,
    Keep,
    ProxyChoice,
    ProxyType,
    Residential,
    Saved,
    Static,
    TextFormat,
)
from bot.domain.transfer_code import TransferCode
from bot.ixbrowser.client import LocalApi
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.http_ixbrowser import ServedIxBrowser, served

#: The fields of ``proxy_config`` that the reference of the import documents.
DOCUMENTED = {
    "proxy_mode",
    "proxy_id",
    "proxy_type",
    "proxy_ip",
    "proxy_port",
    "proxy_user",
    "proxy_password",
    "traffic_package_ip_policy",
    "enable_bypass",
    "bypass_list",
}
DOMAINS = ("*.example1.com", "www.example2.com")
URL = "https://proxies.example/next"


@pytest.fixture
async def server() -> AsyncIterator[ServedIxBrowser]:
    browser = FakeIxBrowser()
    async with served(browser) as server:
        yield server


async def official(server: ServedIxBrowser, call: Callable[[IXBrowserClient], Any]) -> Any:
    """The result of a call of the official client, which knows no asyncio."""

    def run() -> Any:
        with IXBrowserClient(port=server.port) as client:
            result = call(client)
            assert client.code is None, client.message
            return result

    return await asyncio.to_thread(run)


async def test_it_lists_groups_and_makes_one(server: ServedIxBrowser) -> None:
    server.browser.add_group("店铺")
    assert [row["title"] for row in await official(server, lambda c: c.get_group_list())] == ["Default group", "店铺"]
    group_id = await official(server, lambda c: c.create_group("Shops"))
    assert server.browser.groups[group_id] == "Shops"


async def test_it_lists_proxies_and_traffic_packages(server: ServedIxBrowser) -> None:
    saved, static = server.browser.add_saved_proxy(), server.browser.add_static_proxy()
    package = server.browser.add_traffic_package()
    rows = await official(server, lambda c: c.get_proxy_list(mode=0))
    assert [row["id"] for row in rows] == [saved, static]
    assert [row["id"] for row in await official(server, lambda c: c.get_proxy_list(mode=2))] == [static]
    assert [row["id"] for row in await official(server, lambda c: c.get_traffic_package_list())] == [package]


async def test_it_imports_a_profile_and_finds_it_in_records_and_profiles(server: ServedIxBrowser) -> None:
    code = server.browser.offer("Etsy")
    data = await official(server, lambda c: c.import_profile_via_transfer_code(code))
    records = await official(server, lambda c: c.get_profile_transfer_record_list(record_type=2))
    assert [(row["transfer_code"], row["name"]) for row in records] == [(code, "Etsy")]
    profiles = await official(server, lambda c: c.get_profile_list(profile_id=data["profile_id"]))
    assert [row["name"] for row in profiles] == ["Etsy"]
    assert await official(server, lambda c: c.get_profile_list(keyword="ets")) == profiles


async def test_it_moves_profiles_sets_their_proxies_and_transfers_them(server: ServedIxBrowser) -> None:
    browser = server.browser
    group, profile = browser.add_group("Shops"), browser.add_profile("Etsy")
    assert await official(server, lambda c: c.update_profile_groups_in_batches(profile, group)) == "success"
    assert browser.profiles[profile]["group_id"] == group
    await official(
        server, lambda c: c.update_profile_to_custom_proxy_mode(profile, "http", "192.0.2.1", "80", "ana", "pw")
    )
    assert browser.profiles[profile]["proxy_ip"] == "192.0.2.1"
    await official(server, lambda c: c.update_profile_to_api_extraction_proxy_mode(profile, URL))
    assert browser.profiles[profile]["proxy_url"] == URL
    code = await official(server, lambda c: c.create_profile_transfer_code(profile, browser.login_password))
    assert code in browser.offers
    await official(server, lambda c: c.cancel_profile_transfer_code(profile))
    assert code not in browser.offers


async def test_it_sees_the_status_of_a_refused_import_instead_of_its_code(server: ServedIxBrowser) -> None:
    def refused(client: IXBrowserClient) -> int | None:
        assert client.import_profile_via_transfer_code("00000000-00000000") is None
        code: int | None = client.code
        client.code = client.message = None
        return code

    assert await official(server, refused) == 404


def typed(proxy: Proxy) -> None:
    proxy.change_to_custom_mode(Consts.PROXY_TYPE_SOCKS5, "203.0.113.7", "1080", "ana", "p:w@d")


CHOICES: list[tuple[ProxyChoice, Callable[[Proxy], object]]] = [
    (Direct(), lambda proxy: proxy.change_to_custom_mode()),
    (Custom("203.0.113.7", 1080, ProxyType.SOCKS5, "ana", "p:w@d"), typed),
    (
        Custom("192.0.2.1", 22, ProxyType.SSH),
        lambda proxy: proxy.change_to_custom_mode(Consts.PROXY_TYPE_SSH, "192.0.2.1", "22"),
    ),
    (Saved(301), typed),
    (Static(302), lambda proxy: proxy.change_to_purchased_mode(302)),
    (Residential(71, new_ip=True), lambda proxy: proxy.change_to_traffic_package_mode(71, ip_policy=True)),
    (Residential(71, new_ip=False), lambda proxy: proxy.change_to_traffic_package_mode(71, ip_policy=False)),
    (
        Extraction(URL, ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID),
        lambda proxy: proxy.change_to_url_extraction_mode(URL),
    ),
    (
        Extraction(URL, ProxyType.HTTPS, TextFormat.USER_PASSWORD_IP_PORT, ExtractionMethod.EVERY_OPENING),
        lambda proxy: proxy.change_to_url_extraction_mode(
            URL, "txt", "https", "every_type", "username:password:ip:port"
        ),
    ),
]


@pytest.mark.parametrize("domains", [(), DOMAINS], ids=["no bypass", "bypass"])
@pytest.mark.parametrize(("choice", "configure"), CHOICES, ids=lambda value: getattr(value, "kind", ""))
async def test_every_documented_field_that_it_sends_is_in_ours_with_the_same_value(
    server: ServedIxBrowser, choice: ProxyChoice, configure: Callable[[Proxy], object], domains: tuple[str, ...]
) -> None:
    browser = server.browser
    browser.add_saved_proxy("socks5", "203.0.113.7", port="1080", user="ana", password="p:w@d")
    browser.add_static_proxy()
    browser.add_traffic_package()
    proxy = Proxy()
    configure(proxy)
    proxy.set_bypass_list(list(domains))
    code = browser.offer()
    await official(server, lambda c: c.import_profile_via_transfer_code(code, proxy))
    api = LocalApi(server.url)
    address = await api.saved_address(choice) if isinstance(choice, Saved) else None
    assert address is None or isinstance(address, Address)
    request = ImportRequest(TransferCode(browser.offer()), 1, choice, domains, address)
    assert isinstance(await api.import_profile(request), Imported)
    await api.close()

    theirs, ours = (body["proxy_config"] for body in browser.imports)
    expected = {name: value for name, value in theirs.items() if name in DOCUMENTED or theirs["proxy_mode"] == 4}
    expected["enable_bypass"] = "1" if theirs["enable_bypass"] else "0"
    assert {name: ours.get(name) for name in expected} == expected
    assert [type(ours[name]) for name in expected] == [type(value) for value in expected.values()]
    assert browser.imports[1]["group_id"] == 1
    first, second = browser.profiles.values()
    assert {name: second[name] for name in second if name.startswith("proxy_")}.items() >= {
        name: first[name] for name in first if name.startswith("proxy_") and name != "proxy_check_line"
    }.items()


async def test_it_may_leave_the_bypass_list_out_only_where_the_stand_in_is_lenient(server: ServedIxBrowser) -> None:
    proxy = Proxy()
    proxy.change_to_custom_mode()

    def outcome(client: IXBrowserClient) -> int | None:
        client.import_profile_via_transfer_code(server.browser.offer(), proxy)
        code: int | None = client.code
        client.code = client.message = None
        return code

    assert await official(server, outcome) == 404
    server.browser.strict_bypass = False
    assert await official(server, outcome) is None


async def test_keep_is_the_same_request_in_both(server: ServedIxBrowser) -> None:
    codes = [server.browser.offer(), server.browser.offer()]
    await official(server, lambda c: c.import_profile_via_transfer_code(codes[0]))
    api = LocalApi(server.url)
    await api.import_profile(ImportRequest(TransferCode(codes[1]), None, Keep()))
    await api.close()
    assert server.browser.imports == [{"transfer_code": code} for code in codes]


async def test_setting_a_link_afterwards_is_the_same_request_in_both(server: ServedIxBrowser) -> None:
    profile = server.browser.add_profile("Etsy")
    await official(server, lambda c: c.update_profile_to_api_extraction_proxy_mode(profile, URL))
    api = LocalApi(server.url)
    link = Extraction(URL, ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)
    await api.set_extraction(profile, link, ())
    await api.close()
    theirs, ours = (body for _action, body in server.browser.requests)
    assert ours == theirs
