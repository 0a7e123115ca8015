"""The stand-in of ixBrowser answers as the reference says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import ACTIONS
from tests.standins.ixbrowser_calls import CUSTOM, EXTRACTION, IMPORT, call, code_of


async def test_lists_come_in_pages_of_ten_unless_asked_otherwise() -> None:
    browser = FakeIxBrowser()
    for number in range(25):
        browser.add_group(f"Shop {number}")
    _, _, first = await call(browser, "group-list", {})
    assert first["total"] == 26
    assert len(first["data"]) == 10
    _, _, last = await call(browser, "group-list", {"page": 3, "limit": 12})
    assert len(last["data"]) == 2
    _, _, found = await call(browser, "group-list", {"title": "SHOP 1"})
    assert found["total"] == 11
    assert await code_of(browser, "group-list", {"page": 0}) == 1000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": "", "sort": 0}, 105001),
        ({"title": "  ", "sort": 0}, 105001),
        ({"sort": 0}, 105001),
        ({"title": "Shops", "sort": 0}, 105002),
        ({"title": "New"}, 105003),
        ({"title": "New", "sort": 0}, 0),
    ],
)
async def test_a_group_is_made_once_with_title_and_order(body: dict[str, Any], code: int) -> None:
    browser = FakeIxBrowser()
    browser.add_group("Shops")
    status, answered, data = await call(browser, "group-create", body)
    assert (status, answered) == (200, code)
    assert (isinstance(data, int) and browser.groups[data] == "New") if code == 0 else data == []


async def test_proxies_are_listed_by_kind_and_address() -> None:
    browser = FakeIxBrowser()
    saved, static = browser.add_saved_proxy(password="pw"), browser.add_static_proxy()
    for body, ids in (
        ({}, [saved, static]),
        ({"type": 1}, [saved]),
        ({"type": 2}, [static]),
        ({"proxy_ip": "203."}, [saved]),
    ):
        _, _, data = await call(browser, "proxy-list", body)
        assert [row["id"] for row in data["data"]] == ids
    assert await code_of(browser, "proxy-list", {"type": 3}) == 1000


async def test_records_are_listed_newest_first_and_apart_from_sent_ones() -> None:
    browser = FakeIxBrowser()
    codes = [browser.offer("Etsy"), browser.offer("Amazon", note="US")]
    for code in codes:
        assert await code_of(browser, IMPORT, {"transfer_code": code}) == 0
    browser.offer_own("Mine")
    _, _, received = await call(browser, "profile-transfer-record-list", {"type": 2})
    assert [row["transfer_code"] for row in received["data"]] == codes[::-1]
    _, _, named = await call(browser, "profile-transfer-record-list", {"type": 2, "title": "etsy"})
    assert [row["name"] for row in named["data"]] == ["Etsy"]
    _, _, sent = await call(browser, "profile-transfer-record-list", {"type": 1})
    assert [row["name"] for row in sent["data"]] == ["Mine"]
    assert await code_of(browser, "profile-transfer-record-list", {}) == 1000
    assert await code_of(browser, "profile-transfer-record-list", {"type": 3}) == 1000


async def test_profiles_are_listed_by_number_name_and_group() -> None:
    browser = FakeIxBrowser()
    group = browser.add_group("Shops")
    etsy, amazon = browser.add_profile("Etsy", group), browser.add_profile("Amazon")
    for body, ids in (
        ({}, [amazon, etsy]),
        ({"profile_id": etsy}, [etsy]),
        ({"name": "ama"}, [amazon]),
        ({"group_id": group}, [etsy]),
    ):
        _, _, data = await call(browser, "profile-list", body)
        assert [row["profile_id"] for row in data["data"]] == ids
    assert data["data"][0]["group_name"] == "Shops"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"password": "open sesame"}, 2001),
        ({"profile_id": 99, "password": "open sesame"}, 2007),
        ({"profile_id": 1001}, 1012),
        ({"profile_id": 1001, "password": "guess"}, 1013),
        ({"profile_id": 1001, "password": "open sesame"}, 0),
    ],
)
async def test_a_transfer_code_is_made_for_ones_own_profile_with_the_password(body: dict[str, Any], code: int) -> None:
    browser = FakeIxBrowser()
    browser.add_profile("Mine")
    _, answered, data = await call(browser, "profile-transfer-code-create", body)
    assert answered == code
    assert list(browser.offers) == ([data["transfer_code"]] if code == 0 else [])


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("profile-update-groups-in-batches", {"profile_id": [1001]}, 1000),
        ("profile-update-groups-in-batches", {"group_id": 9, "profile_id": [1001]}, 102009),
        ("profile-update-groups-in-batches", {"group_id": 1, "profile_id": []}, 2001),
        ("profile-update-groups-in-batches", {"group_id": 1, "profile_id": [1001, 99]}, 2007),
        ("profile-update-groups-in-batches", {"group_id": 1, "profile_id": [1001]}, 0),
        ("profile-update-proxy-for-custom-proxy", {"profile_id": 1001}, 1000),
        ("profile-update-proxy-for-custom-proxy", {"profile_id": 1001, "proxy_info": "http"}, 1000),
        ("profile-update-proxy-for-custom-proxy", {"profile_id": 1001, "proxy_info": {"proxy_mode": 3}}, 2010),
        ("profile-update-proxy-for-custom-proxy", {"profile_id": 99, "proxy_info": CUSTOM}, 2007),
        ("profile-update-proxy-for-custom-proxy", {"profile_id": 1001, "proxy_info": CUSTOM}, 0),
        ("profile-update-proxy-for-api-extraction", {"profile_id": 1001, "proxy_info": CUSTOM}, 2010),
        ("profile-update-proxy-for-api-extraction", {"profile_id": 1001, "proxy_info": EXTRACTION}, 0),
    ],
)
async def test_profiles_are_moved_and_given_proxies(action: str, body: dict[str, Any], code: int) -> None:
    browser = FakeIxBrowser()
    browser.add_profile("Etsy")
    status, answered, data = await call(browser, action, body)
    assert (status, answered) == (200, code)
    assert data == ("success" if code == 0 else [])


async def test_setting_a_proxy_leaves_nothing_of_the_one_before() -> None:
    browser = FakeIxBrowser()
    profile = browser.add_profile("Etsy", proxy=CUSTOM | {"proxy_user": "ana"})
    await call(browser, "profile-update-proxy-for-api-extraction", {"profile_id": profile, "proxy_info": EXTRACTION})
    assert "proxy_ip" not in browser.profiles[profile]
    assert "proxy_user" not in browser.profiles[profile]


async def test_an_unknown_action_and_a_body_that_is_no_object_are_refused() -> None:
    browser = FakeIxBrowser()
    assert await call(browser, "profile-explode", {}) == (404, 1001, [])
    assert await call(browser, "group-list", [1]) == (200, 1007, [])
    status, answer = await browser.handle(IMPORT, b"\xff{")
    assert (status, json.loads(answer)["error"]["code"]) == (404, 1007)


async def test_logged_out_everything_asks_to_log_in() -> None:
    browser = FakeIxBrowser()
    browser.logged_in = False
    for action in ACTIONS:
        assert await code_of(browser, action, {}) == 1002


async def test_codes_are_fresh_and_can_be_chosen() -> None:
    browser = FakeIxBrowser()
    assert len({browser.offer() for _ in range(100)}) == 100
    assert browser.offer(code="76686828-89727101") == "76686828-89727101"


VALUES = st.none() | st.booleans() | st.integers(-2, 2000) | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
FIELDS = ["page", "limit", "type", "title", "name", "transfer_code", "group_id", "profile_id", "sort", "password"]
INFO = st.dictionaries(st.sampled_from(sorted({*CUSTOM, *EXTRACTION, "proxy_id", "proxy_user"})), VALUES)


@given(
    st.sampled_from(sorted(ACTIONS)),
    st.dictionaries(st.sampled_from(FIELDS), VALUES),
    st.fixed_dictionaries({}, optional={"proxy_config": VALUES | INFO, "proxy_info": VALUES | INFO}),
)
async def test_no_request_breaks_the_stand_in(action: str, body: dict[str, Any], proxies: dict[str, Any]) -> None:
    browser = FakeIxBrowser()
    browser.add_profile("Etsy")
    code = browser.offer(code="76686828-89727101")
    await call(browser, action, body | proxies)
    await call(browser, IMPORT, body | proxies | {"transfer_code": code})
