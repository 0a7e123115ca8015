"""The stand-in of ixBrowser imports, and refuses to, as the reference says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_calls import BYPASS, CUSTOM, EXTRACTION, IMPORT, call, code_of
from tests.standins.ixbrowser_world import TakesExtraction

JSON_FORMAT = {"proxy_data_format_type": "json", "proxy_data_txt_format": None}


async def test_an_import_makes_one_profile_in_the_group_and_uses_the_code_up() -> None:
    browser = FakeIxBrowser()
    code, group = browser.offer("Etsy"), browser.add_group("Shops")
    body = {"transfer_code": code, "group_id": group, "proxy_config": CUSTOM}
    status, answered, data = await call(browser, IMPORT, body)
    assert (status, answered) == (200, 0)
    profile = browser.profiles[data["profile_id"]]
    assert (profile["name"], profile["group_id"], profile["proxy_ip"]) == ("Etsy", group, "192.0.2.1")
    assert await call(browser, IMPORT, body) == (404, 110002, [])
    assert browser.made == {code: 1}
    assert browser.imports == [body, body]


async def test_an_import_without_a_group_goes_to_the_default_one_even_if_no_group_is_listed() -> None:
    browser = FakeIxBrowser()
    browser.groups.clear()
    _, _, data = await call(browser, IMPORT, {"transfer_code": browser.offer()})
    assert browser.profiles[data["profile_id"]]["group_id"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"transfer_code": None}, 1000),
        ({"transfer_code": ""}, 110001),
        ({"transfer_code": "00000000-00000000"}, 110002),
        ({"transfer_code": 7}, 110002),
        ({"group_id": 99}, 110004),
        ({"group_id": "1"}, 110004),
        ({"group_id": None}, 110004),
        ({"proxy_config": "direct"}, 1000),
        ({"proxy_config": {"proxy_type": "direct"}}, 1000),
        ({"proxy_config": {"enable_bypass": "2", "bypass_list": ""}}, 1000),
        ({"proxy_config": {"enable_bypass": "1"}}, 1000),
        ({"proxy_config": CUSTOM | {"proxy_mode": None}}, 2009),
        ({"proxy_config": CUSTOM | {"proxy_mode": "2"}}, 2010),
        ({"proxy_config": CUSTOM | {"proxy_mode": 5}}, 2010),
        ({"proxy_config": CUSTOM | {"proxy_mode": True}}, 2010),
        ({"proxy_config": CUSTOM | {"proxy_type": ""}}, 101009),
        ({"proxy_config": CUSTOM | {"proxy_type": "socks4"}}, 101008),
        ({"proxy_config": CUSTOM | {"proxy_type": ["http"]}}, 101008),
        ({"proxy_config": CUSTOM | {"proxy_ip": ""}}, 101006),
        ({"proxy_config": CUSTOM | {"proxy_port": ""}}, 101007),
        ({"proxy_config": CUSTOM | {"proxy_port": 80}}, 101007),
        ({"proxy_config": CUSTOM | {"proxy_port": "99999"}}, 101007),
        ({"proxy_config": CUSTOM | {"proxy_user": None}}, 1000),
        ({"proxy_config": {"proxy_mode": 1} | BYPASS}, 101005),
        ({"proxy_config": {"proxy_mode": 1, "proxy_id": ""} | BYPASS}, 101005),
        ({"proxy_config": {"proxy_mode": 1, "proxy_id": 99} | BYPASS}, 2003),
        ({"proxy_config": {"proxy_mode": 1, "proxy_id": 71, "traffic_package_ip_policy": "no"} | BYPASS}, 1000),
        ({"proxy_config": {"proxy_mode": 3, "proxy_id": 99} | BYPASS}, 2002),
        ({"proxy_config": {"proxy_mode": 3, "proxy_id": 301} | BYPASS}, 2002),
        ({"proxy_config": {"proxy_mode": 3, "proxy_id": [302]} | BYPASS}, 2002),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_type": "socks4"}}, 101008),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_service": "other"}}, 101043),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_data_format_type": "xml"}}, 101044),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_extraction_method": "never"}}, 101045),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_url": ""}}, 101046),
        ({"proxy_config": EXTRACTION | BYPASS | {"proxy_data_txt_format": "port:ip"}}, 101049),
        ({"proxy_config": EXTRACTION | BYPASS | JSON_FORMAT | {"proxy_data_json_format": {}}}, 101051),
        ({"proxy_config": EXTRACTION | BYPASS | JSON_FORMAT | {"proxy_data_json_format": {"ip": "ip"}}}, 101052),
    ],
)
async def test_a_wrong_import_is_refused_with_its_own_code_and_changes_nothing(
    change: dict[str, Any], code: int
) -> None:
    browser = FakeIxBrowser()
    browser.add_saved_proxy()
    browser.add_static_proxy()
    browser.add_traffic_package()
    body = {"transfer_code": browser.offer()} | change
    assert await call(browser, IMPORT, body) == (404, code, [])
    assert not browser.profiles
    assert not browser.records


@pytest.mark.parametrize(
    ("config", "mode"),
    [
        (BYPASS, 2),
        (CUSTOM | {"enable_bypass": True, "bypass_list": "example.com"}, 2),
        ({"proxy_mode": 1, "proxy_id": "71", "traffic_package_ip_policy": True} | BYPASS, 1),
        ({"proxy_mode": 3, "proxy_id": 302} | BYPASS, 3),
        (EXTRACTION | BYPASS, 4),
        (EXTRACTION | BYPASS | JSON_FORMAT | {"proxy_data_json_format": {"ip": "ip", "port": "port"}}, 4),
    ],
)
async def test_a_right_proxy_is_the_profiles_afterwards(config: dict[str, Any], mode: int) -> None:
    browser = FakeIxBrowser()
    browser.add_saved_proxy()
    browser.add_static_proxy()
    browser.add_traffic_package()
    _, code, data = await call(browser, IMPORT, {"transfer_code": browser.offer(), "proxy_config": config})
    assert code == 0
    assert browser.profiles[data["profile_id"]]["proxy_mode"] == mode


async def test_ones_own_code_cannot_be_imported_and_a_cancelled_one_is_wrong() -> None:
    browser = FakeIxBrowser()
    code = browser.offer_own()
    assert await call(browser, IMPORT, {"transfer_code": code}) == (404, 110003, [])
    profile = next(iter(browser.profiles))
    assert await call(browser, "profile-transfer-cancel", {"profile_id": profile}) == (200, 0, [])
    assert await code_of(browser, IMPORT, {"transfer_code": code}) == 110002


async def test_an_extraction_link_in_an_import_is_taken_ignored_or_refused() -> None:
    browser = FakeIxBrowser()
    own = {"proxy_mode": 2, "proxy_type": "http", "proxy_ip": "192.0.2.1", "proxy_port": "80"}
    modes = []
    for browser.takes_extraction in TakesExtraction:
        body = {"transfer_code": browser.offer(proxy=own), "proxy_config": EXTRACTION | BYPASS}
        _, code, data = await call(browser, IMPORT, body)
        modes.append(browser.profiles[data["profile_id"]]["proxy_mode"] if code == 0 else code)
    assert modes == [4, 2, 101005]
