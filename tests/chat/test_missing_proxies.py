"""A profile that came without its proxy: it is set afterwards, tried again or left."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.tables import secrets
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import refusal
from tests.standins.ixbrowser_world import TakesExtraction
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Message
from tests.support.chatting import (
    labels,
    timed,
    until_ended,
)
from tests.support.world import ADMIN, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

LINK = "https://proxies.example.com/get?key=distinctive"
SET_LINK = "profile-update-proxy-for-api-extraction"


async def with_extraction_link(world: World, code: str) -> Message:
    """Choose an extraction link; the confirm card."""
    await world.say(code)
    await world.tap("Extraction link")
    await world.say(LINK)
    await world.tap("socks5")
    await world.tap("ip:port")
    card = await world.tap("When the old one stops working")
    assert "Import this profile?" in card.text
    return card


async def test_a_link_that_the_import_did_not_take_is_set_afterwards(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        world.browser.takes_extraction = TakesExtraction.IGNORED
        await with_extraction_link(world, world.browser.offer())
        await world.tap("✅ Import")
        await until_ended(world, clock)
        [row] = await world.log()
        assert (row["status"], row["proxy_status"]) == ("imported", "set")
        [profile] = world.browser.profiles.values()
        assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)


async def proxy_missing(world: World) -> Message:
    """Have a profile imported whose link ixBrowser takes neither way; its card."""
    world.browser.takes_extraction = TakesExtraction.IGNORED
    world.browser.always(SET_LINK, refusal(101044))
    await with_extraction_link(world, world.browser.offer("Shop"))
    return await world.tap("✅ Import")


async def test_when_only_the_proxy_is_missing_that_is_said_and_can_be_tried_again(world: World) -> None:
    card = await proxy_missing(world)
    assert "Imported" in card.text
    assert "only the proxy is missing" in card.text
    assert "(error 101044)" in card.text
    assert labels(card)[:2] == ["Set the proxy again", "Leave it as it is"]
    assert "only the proxy is missing" in (await world.say("/history")).text

    world.browser.heal()
    result = await world.tap("Set the proxy again", message=card)
    assert "proxy is missing" not in result.text
    assert result is not card
    assert "Set the proxy again" not in labels(result)
    [profile] = world.browser.profiles.values()
    assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)
    assert len(world.browser.imports) == 1
    assert await world.rows(secrets) == []


async def test_a_missing_proxy_that_stays_missing_is_said_again(world: World) -> None:
    card = await proxy_missing(world)
    again = await world.tap("Set the proxy again", message=card)
    assert "only the proxy is missing" in again.text
    assert labels(again)[:2] == ["Set the proxy again", "Leave it as it is"]


async def test_a_missing_proxy_can_be_left(world: World) -> None:
    card = await proxy_missing(world)
    assert len(await world.rows(secrets)) == 1
    left = await world.tap("Leave it as it is", message=card)
    assert left is card
    assert "set one in ixBrowser" in left.text
    assert labels(left) == ["Another code"]
    assert await world.rows(secrets) == []
    [row] = await world.log()
    assert (row["status"], row["proxy_status"]) == ("imported", "given_up")


async def test_a_restart_between_the_import_and_the_proxy_forgets_nothing(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    settings = settings_for(tmp_path)
    browser.takes_extraction = TakesExtraction.IGNORED
    browser.always("profile-list", refusal(1010))
    async with running(settings, telegram=telegram, browser=browser) as world:
        await with_extraction_link(world, browser.offer())
        card = telegram.chat(ADMIN).card
        telegram.press(world.ana, card, card.button("✅ Import"))
        await telegram.settled(lambda: "Setting the proxy" in world.newest(ADMIN).text)
        [profile] = browser.profiles.values()
        assert profile["proxy_mode"] == 2
    browser.heal()
    async with running(settings, telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: "Setting the proxy" not in world.newest(ADMIN).text)
        await world.rest()
        [row] = await world.log()
        assert (row["status"], row["proxy_status"]) == ("imported", "set")
        assert (profile["proxy_mode"], profile["proxy_url"]) == (4, LINK)
        assert len(browser.imports) == 1
        assert await world.rows(secrets) == []
