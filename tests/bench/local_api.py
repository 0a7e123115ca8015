"""Calls of the Local API beside ixBrowser's official client, and imports through the whole importer."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ixbrowser_local_api

from bot.ixbrowser.client import LocalApi
from tests.bench.report import show, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.http_ixbrowser import ServedIxBrowser
from tests.support.world import running, settings_for

#: The two clients take turns, so that what else the machine does is shared.
ROUNDS = 4
IMPORTS = 100
IMPORT_SECONDS = 0.2
CONCURRENCY = 3


def compare(calls: int) -> None:
    """Print both tables."""
    _calls(calls)
    asyncio.run(_imports())


@contextmanager
def _station() -> Iterator[str]:
    """The address of a stand-in in a process of its own, so that neither client shares a processor with it."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    process = processes.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection) -> None:
    async def serve() -> None:
        browser = FakeIxBrowser()
        browser.add_group("Group 1")
        served = ServedIxBrowser(browser)
        await served.start()
        told.send(served.url)
        await asyncio.Event().wait()

    asyncio.run(serve())


def _calls(calls: int) -> None:
    theirs = ours = 0.0
    with _station() as url:
        for _ in range(ROUNDS):
            theirs += _official(url, calls // ROUNDS)
            ours += _own(url, calls // ROUNDS)
    rows = [
        ("official client", f"{calls / theirs:.0f}", "1.00"),
        ("this client", f"{calls / ours:.0f}", f"{theirs / ours:.2f}"),
    ]
    show(f"{calls} calls of group-list, one after another", ("", "calls a second", "of the official"), rows)


def _official(url: str, calls: int) -> float:
    client: Any = ixbrowser_local_api.IXBrowserClient(port=urlsplit(url).port)  # type: ignore[no-untyped-call] # it has none
    client.get_group_list()
    began = time.perf_counter()
    for _ in range(calls):
        client.get_group_list()
    took = time.perf_counter() - began
    client.close()
    return took


def _own(url: str, calls: int) -> float:
    async def call() -> float:
        client = LocalApi(url)
        await client.groups()
        began = time.perf_counter()
        for _ in range(calls):
            await client.groups()
        took = time.perf_counter() - began
        await client.close()
        return took

    return asyncio.run(call())


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
