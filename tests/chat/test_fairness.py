"""Imports of several people, told from their screens: turns, the plan's daily limit, many wrong codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.imports.texts import waits
from bot.chat.translator import translator
from bot.chat.wrong_codes.texts import many_wrong_codes
from bot.usecases.wrong_codes import MOST
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_actions import IMPORT
from tests.standins.ixbrowser_faults import refusal
from tests.standins.telegram import FakeTelegram
from tests.support.chatting import imported, labels, ready_to_import, said, timed, until, until_ended, until_shown
from tests.support.world import ADMIN, MEMBER, World, running, settings_for

pytestmark = pytest.mark.usefixtures("calm_log")

LIMIT = "the daily limit of your ixBrowser plan is reached"


async def test_one_code_behind_two_hundred_of_somebody_else_waits_for_two_imports_at_most(tmp_path: Path) -> None:
    async with timed(tmp_path, ixbrowser_timeout=60) as (world, clock):
        await world.let_in(world.mai)
        one = world.browser.offer("Mai's own")
        mais = await ready_to_import(world, one, person=world.mai)
        anas = await ready_to_import(world, *[world.browser.offer() for _ in range(200)])
        world.browser.import_seconds = 10
        world.telegram.press(world.ana, anas, "✅ Import 200")
        await until(world, clock, lambda: len(world.browser.imports) == 3)

        world.telegram.press(world.mai, mais, "✅ Import")
        await until(world, clock, lambda: "“Mai's own”" in world.newest(MEMBER).text, seconds=60)
        sent = [request["transfer_code"] for request in world.browser.imports]
        assert sent.index(one) - 3 <= 2
        assert len(sent) < 20
        world.telegram.press(world.ana, anas, "Cancel")
        await until_ended(world, clock)


async def test_the_daily_limit_is_told_and_tried_once_an_hour_also_after_a_restart(tmp_path: Path) -> None:
    async with timed(tmp_path) as (world, clock):
        codes = [world.browser.offer() for _ in range(2)]
        card = await ready_to_import(world, *codes)
        world.browser.always(IMPORT, refusal(1017))
        world.telegram.press(world.ana, card, "✅ Import 2")
        waiting = await until_shown(world, clock, LIMIT)
        assert labels(waiting) == ["Cancel"]
        tried = len(world.browser.imports)
        clock.jump(3500)
        await world.rest()
        assert len(world.browser.imports) == tried
        clock.jump(200)
        await until(world, clock, lambda: len(world.browser.imports) == tried + 1, seconds=60)

        # Ten minutes later the plan has room again.
        world.browser.heal()
        clock.jump(600)
        await world.rest()
        assert len(world.browser.imports) == tried + 1
        await until_ended(world, clock, seconds=2 * 3600)
        assert "All 2 imported" in world.newest(ADMIN).text


async def test_a_new_process_keeps_to_the_hour(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        browser.always(IMPORT, refusal(1017))
        card = await ready_to_import(world, browser.offer())
        world.telegram.press(world.ana, card, "✅ Import")
        await world.telegram.settled(lambda: LIMIT in world.newest(ADMIN).text)
    tried = len(browser.imports)
    browser.heal()
    async with running(settings_for(tmp_path), telegram=telegram, browser=browser) as world:
        await world.say("/help")
        other = await ready_to_import(world, browser.offer())
        world.telegram.press(world.ana, other, "✅ Import")
        await world.telegram.settled(lambda: LIMIT in other.text)
        assert len(browser.imports) == tried
        for message in (card, other):
            world.telegram.press(world.ana, message, "Cancel")
            await world.rest()
        assert [row["status"] for row in await world.log()] == ["cancelled"] * 2


@pytest.mark.parametrize("language", ["en", "ru", "zh-hans", "vi"])
def test_the_sentences_are_there_in_every_language(language: str) -> None:
    t = translator(language)
    assert (LIMIT in waits(t, "1017")) == (language == "en")
    assert "1&lt;2" in many_wrong_codes(t, "1<2")
    assert str(MOST) in many_wrong_codes(t, "Mai")


async def test_many_wrong_codes_of_one_person_are_one_line_to_the_admins_and_nobody_is_stopped(world: World) -> None:
    await world.let_in(world.mai)
    wrong = [world.browser.unused_code() for _ in range(MOST + 5)]
    await imported(world, *wrong[:MOST], person=world.mai)
    assert not any("wrong codes" in text for text in said(world))
    await imported(world, *wrong[MOST:], person=world.mai)
    await world.rest()
    lines = [text for text in said(world) if "wrong codes" in text]
    assert lines == [many_wrong_codes(translator("en"), "Mai")]
    assert not any("wrong codes" in text for text in said(world, world.mai))
    assert "Imported" in (await imported(world, person=world.mai)).text
