"""Calls of the Local API beside ixBrowser's official client, and imports through the whole importer."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import ixbrowser_local_api

from bot.demo.ixbrowser import FakeIxBrowser
from bot.ixbrowser.client import LocalApi
from tests.bench.report import show, times
from tests.support.http_ixbrowser import ServedIxBrowser
from tests.support.world import running, settings_for

IMPORTS = 100
IMPORT_SECONDS = 0.2
CONCURRENCY = 3


async def compare(calls: int) -> None:
    """Print both tables."""
    await _calls(calls)
    await _imports()


async def _calls(calls: int) -> None:
    browser = FakeIxBrowser()
    browser.add_group("Group 1")
    served = ServedIxBrowser(browser)
    await served.start()
    official: Any = ixbrowser_local_api.IXBrowserClient(port=served.port)  # type: ignore[no-untyped-call] # it has none
    ours = LocalApi(served.url)

    def officially() -> float:
        began = time.perf_counter()
        for _ in range(calls):
            official.get_group_list()
        return time.perf_counter() - began

    await ours.groups()
    theirs = await asyncio.to_thread(officially)
    began = time.perf_counter()
    for _ in range(calls):
        await ours.groups()
    took = time.perf_counter() - began
    await ours.close()
    official.close()
    await served.stop()
    rows = [
        ("official client", f"{calls / theirs:.0f}", "1.00"),
        ("this client", f"{calls / took:.0f}", f"{theirs / took:.2f}"),
    ]
    show(f"{calls} calls of group-list, one after another", ("", "calls a second", "of the official"), rows)


async def _imports() -> None:
    browser = FakeIxBrowser()
    browser.import_seconds = IMPORT_SECONDS
    codes = [browser.offer(f"Shop {number}") for number in range(IMPORTS)]
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(
            Path(folder), ixbrowser_timeout=60, ixbrowser_concurrency=CONCURRENCY, log_level="WARNING"
        )
        async with running(settings, browser=browser) as world:
            await world.say(" ".join(codes))
            await world.tap("Keep")
            card = world.card()
            began = time.perf_counter()
            world.telegram.press(world.ana, card, card.all_buttons[0])
            await world.telegram.settled(lambda: f"All {IMPORTS} imported" in world.newest(world.ana.id).text, 60)
            took = time.perf_counter() - began
    ideal = IMPORTS * IMPORT_SECONDS / CONCURRENCY
    rows = [("ideal", times(ideal), "1.00"), ("this bot, log included", times(took), f"{took / ideal:.3f}")]
    title = f"{IMPORTS} imports of {times(IMPORT_SECONDS)} each, {CONCURRENCY} at a time"
    show(title, ("", "took", "of the ideal"), rows)
