"""A computer that gets another name goes on with what it was doing."""

from __future__ import annotations

from pathlib import Path

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import FakeTelegram
from tests.support.world import running, settings_for


async def test_what_waited_under_the_old_name_is_imported_under_the_new(tmp_path: Path) -> None:
    telegram, browser = FakeTelegram(), FakeIxBrowser()
    async with running(settings_for(tmp_path, station="macbook"), telegram=telegram, browser=browser) as world:
        browser.running = False
        await world.say(browser.offer("Shop Berlin"))
        await world.tap("Default")
        await world.tap("Keep")
        await world.tap("Import")
    browser.running = True

    async with running(settings_for(tmp_path, station="macbook-2"), telegram=telegram, browser=browser) as world:
        await telegram.settled(lambda: "Imported" in world.newest(world.ana.id).text, 20)
        [row] = await world.log()

    assert (row["status"], row["station"]) == ("imported", "macbook-2")
