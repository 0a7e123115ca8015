"""Proxies that ixBrowser has itself: which kinds are offered, and what of them arrives there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.domain.draft import Step
from bot.domain.proxy import Extraction
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import refusal
from tests.support.chatting import labels, said, timed
from tests.support.journeys import ASKS, LINK, ONWARD, WAYS, asked, draft_of, furnish, newcomer, walk
from tests.support.sent_proxies import NO_BYPASS, custom, gone, sent
from tests.support.world import World

KEY_LINK = "https://proxies.example/next?key=k3y88f2ab91"

#: Tests that share a world with the others of this module.
busy = pytest.mark.asyncio(loop_scope="module")

CONFIRM = ASKS[Step.CONFIRM]


# --- proxies that ixBrowser has ---------------------------------------------------------------------------------------


@busy
async def test_a_saved_proxy_is_sent_with_the_address_that_ixbrowser_keeps(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.SAVED, person)
    card = await busy_world.tap("socks5 203.0.113.7:1080", person)
    assert "Proxy: socks5 203.0.113.7:1080 (saved)" in card.text
    assert await sent(busy_world, code, person) == custom(user="eva", password="kept by ixBrowser")
    assert "kept by ixBrowser" not in "\n".join(said(busy_world, person))


@busy
async def test_a_static_proxy_is_sent_by_its_number(busy_world: World) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.STATIC, person)
    card = await busy_world.tap("http 198.51.100.9:8000", person)
    assert "Proxy: http 198.51.100.9:8000 (static)" in card.text
    [number] = [key for key, row in busy_world.browser.proxies.items() if row["type"] == 2]
    assert await sent(busy_world, code, person) == {"proxy_mode": 3, "proxy_id": number} | NO_BYPASS


@busy
@pytest.mark.parametrize(("label", "new_ip"), [("Keep the IP (5–60 min)", False), ("New IP at every opening", True)])
async def test_a_residential_proxy_is_sent_with_its_package_and_its_ip_policy(
    busy_world: World, label: str, new_ip: bool
) -> None:
    person = await newcomer(busy_world)
    card, code = await asked(busy_world, Step.IP_POLICY, person)
    assert labels(card)[:2] == ["Keep the IP (5–60 min)", "New IP at every opening"]
    [package] = busy_world.browser.packages
    card = await busy_world.tap(label, person)
    policy = "a new IP at every opening" if new_ip else "the IP stays for 5–60 minutes"
    assert f"Proxy: Supplier A · {package} (residential, {policy})" in card.text
    wanted = {"proxy_mode": 1, "proxy_id": package, "gateway": "Default", "traffic_package_ip_policy": new_ip}
    assert await sent(busy_world, code, person) == wanted | NO_BYPASS


@busy
@pytest.mark.parametrize(
    ("type_", "format_", "label", "method"),
    [
        ("http", "ip:port", "When the old one stops working", "invalid"),
        ("https", "ip:port:username:password", "At every opening", "every_type"),
        ("socks5", "username:password@ip:port", "When the old one stops working", "invalid"),
        ("ssh", "ip:port@username:password", "At every opening", "every_type"),
        ("http", "username:password:ip:port", "At every opening", "every_type"),
    ],
)
async def test_an_extraction_link_is_sent_with_its_type_format_and_method(
    busy_world: World, type_: str, format_: str, label: str, method: str
) -> None:
    person = await newcomer(busy_world)
    _, code = await asked(busy_world, Step.LINK, person)
    card = await walk(busy_world, LINK, f"[{type_}]", f"[{format_}]", f"[{label}]", person=person)
    when = f"{label[0].lower()}{label[1:]}"
    assert f"Proxy: from a link ({type_}, {format_}), a new one {when}" in card.text
    assert gone(busy_world, person, LINK)
    assert "k3y-of-the-link" not in "\n".join(said(busy_world, person))
    assert (
        await sent(busy_world, code, person)
        == {
            "proxy_mode": 4,
            "proxy_check_line": "global_line",
            "proxy_type": type_,
            "proxy_service": "general",
            "proxy_data_format_type": "txt",
            "proxy_data_txt_format": format_,
            "proxy_extraction_method": method,
            "proxy_url": LINK,
        }
        | NO_BYPASS
    )


@busy
@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("proxies.example/next?key=s3cr3t", "This is not a link"),
        ("https://proxies.example/two words", "This is not a link"),
        (f"https://proxies.example/{'s3cr3t' * 400}", "This is too long"),
    ],
)
async def test_what_is_no_link_is_said_and_deleted_all_the_same(busy_world: World, text: str, remark: str) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, Step.LINK, person)
    card = await busy_world.say(text, person)
    assert remark in card.text
    assert ASKS[Step.LINK] in card.text
    assert gone(busy_world, person, text)


@busy
@pytest.mark.parametrize("at", [Step.LINK_TYPE, Step.FORMAT, Step.METHOD])
async def test_a_link_that_is_typed_again_where_a_tap_is_wanted_is_the_new_one(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    again = f"{KEY_LINK}&again=1"
    card = await busy_world.say(again, person)
    assert ASKS[Step.LINK_TYPE] in card.text
    assert gone(busy_world, person, again)
    draft = await draft_of(busy_world, person)
    assert draft.proxy == Extraction(link=again)


@busy
@pytest.mark.parametrize("at", [Step.RESIDENTIAL, Step.IP_POLICY, Step.CONFIRM])
async def test_words_where_a_tap_is_wanted_are_answered_and_stay(busy_world: World, at: Step) -> None:
    person = await newcomer(busy_world)
    await asked(busy_world, at, person)
    card = await busy_world.say("the first one please", person)
    advice = "Tap ✅ Import to start" if at is Step.CONFIRM else "Please tap one of the buttons below."
    assert advice in card.text
    assert ASKS[at] in card.text
    assert not gone(busy_world, person, "the first one please")


# --- which kinds are offered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("add", "offered"),
    [
        (lambda _: None, []),
        (FakeIxBrowser.add_saved_proxy, ["Saved"]),
        (FakeIxBrowser.add_static_proxy, ["Static"]),
        (FakeIxBrowser.add_traffic_package, ["Residential"]),
    ],
)
async def test_kinds_that_ixbrowser_has_none_of_are_not_offered(
    world: World, add: Callable[[FakeIxBrowser], object], offered: list[str]
) -> None:
    add(world.browser)
    card = await world.say(world.browser.offer())
    assert labels(card) == ["Keep", "Direct", "Custom", "Extraction link", *offered, "Hand over", "Back", "Cancel"]


async def test_many_saved_proxies_stand_on_pages(world: World) -> None:
    for number in range(20):
        world.browser.add_saved_proxy("http", f"203.0.113.{number}", port="80", note=f"No {number} <b>& 店")
    code = world.browser.offer()
    card = await walk(world, code, "[Saved]")
    assert "Page 1 of 3" in card.text
    assert labels(card)[0] == "http 203.0.113.0:80 · No 0 <b>& 店"
    card = await walk(world, "[Next ›]", "[Next ›]")
    assert labels(card)[:4] == [f"http 203.0.113.{number}:80 · No {number} <b>& 店" for number in range(16, 20)]
    card = await world.tap("http 203.0.113.19:80")
    assert "Proxy: http 203.0.113.19:80 · No 19 <b>& 店 (saved)" in card.text
    assert await sent(world, code, world.ana) == custom("http", "203.0.113.19", "80", "", "")


async def test_a_list_of_proxies_that_has_become_empty_says_so(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.add_saved_proxy()
        await world.say(world.browser.offer())
        world.browser.proxies.clear()
        clock.jump(10)
        card = await world.tap("Saved")
        assert "ixBrowser has none of these any more. Tap Back." in card.text
        assert labels(card) == ["Hand over", "Back", "Cancel"]
        assert "Saved" not in labels(await world.tap("Back"))


async def test_where_no_list_of_proxies_can_be_read_the_other_kinds_are_offered(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        furnish(world.browser)
        await world.say(world.browser.offer())
        world.browser.logged_in = False
        card = await world.tap("Default")
        assert "ixBrowser is logged out. Log in on the computer" in card.text
        assert labels(card) == [
            "Keep",
            "Direct",
            "Custom",
            "Extraction link",
            "Try again",
            "Hand over",
            "Back",
            "Cancel",
        ]

        world.browser.logged_in = True
        clock.jump(2)
        card = await world.tap("Try again")
        assert "logged out" not in card.text
        assert labels(card)[4:] == ["Saved", "Static", "Residential", "Hand over", "Back", "Cancel"]


@pytest.mark.parametrize("at", [Step.SAVED, Step.STATIC, Step.RESIDENTIAL])
async def test_of_proxies_that_cannot_be_read_now_the_last_list_is_shown_and_can_be_tried_again(
    tmp_path: Path, at: Step
) -> None:
    async with timed(tmp_path) as (world, clock):
        furnish(world.browser)
        code = world.browser.offer()
        *before, last = WAYS[at]
        await walk(world, code, *before)
        clock.jump(10)
        world.browser.running = False
        card = await walk(world, last)
        assert ASKS[at] in card.text
        assert (
            "ixBrowser is not running. Somebody has to start it on the computer."
            " This list is from less than a minute ago." in card.text
        )
        assert labels(card)[1:] == ["Try again", "Hand over", "Back", "Cancel"]

        world.browser.running = True
        clock.jump(2)
        assert "not running" not in (await world.tap("Try again")).text
        card = await walk(world, *ONWARD[at])
        assert CONFIRM in card.text
        assert [found.text for found in (await draft_of(world)).codes] == [code]


async def test_one_list_that_fails_does_not_stop_the_others(world: World) -> None:
    world.browser.add_traffic_package("Supplier A")
    world.browser.always("proxy-list", refusal(1004))
    card = await world.say(world.browser.offer())
    assert "ixBrowser had an internal error" in card.text
    assert "Residential" in labels(card)
    assert CONFIRM in (await world.tap("Keep")).text
