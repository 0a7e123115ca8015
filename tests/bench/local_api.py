"""Calls of the Local API beside those of ixBrowser's official client."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

import ixbrowser_local_api

from bot.ixbrowser.client import LocalApi
from tests.bench.report import show, spread
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.http_ixbrowser import ServedIxBrowser

#: The two clients take turns, so that what else the machine does is shared.
ROUNDS = 5


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


def compare(calls: int) -> None:
    """Print the table."""
    theirs, ours = [], []
    with _station() as url:
        for _ in range(ROUNDS):
            theirs.append(_official(url, calls // ROUNDS))
            ours.append(_own(url, calls // ROUNDS))
    rows = [
        ("official client", f"{statistics.median(theirs):.0f}", "1.00"),
        (
            "this client",
            f"{statistics.median(ours):.0f}",
            spread([own / official for own, official in zip(ours, theirs, strict=True)]),
        ),
    ]
    title = f"{calls} calls of group-list, one after another, in {ROUNDS} turns each"
    show(title, ("", "calls a second", "of the official"), rows)


def _official(url: str, calls: int) -> float:
    """Calls a second."""
    client: Any = ixbrowser_local_api.IXBrowserClient(port=urlsplit(url).port)  # type: ignore[no-untyped-call] # it has none
    client.get_group_list()
    began = time.perf_counter()
    for _ in range(calls):
        client.get_group_list()
    took = time.perf_counter() - began
    client.close()
    return calls / took


def _own(url: str, calls: int) -> float:
    """Calls a second."""

    async def call() -> float:
        client = LocalApi(url)
        await client.groups()
        began = time.perf_counter()
        for _ in range(calls):
            await client.groups()
        took = time.perf_counter() - began
        await client.close()
        return calls / took

    return asyncio.run(call())
