"""Many imports through the whole application, beside the time that ixBrowser alone would take for them."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.report import show, spread, times
from tests.standins.ixbrowser import FakeIxBrowser
from tests.support.world import button_of, running, settings_for

CONCURRENCY = 3
#: How many imports, and the seconds that ixBrowser takes for each.
SIZES = ((100, 0.2), (200, 0.05))


async def measure(count: int, seconds: float) -> float:
    """Seconds from the tap on Import until the card says that all are imported."""
    browser = FakeIxBrowser()
    browser.import_seconds = seconds
    codes = [browser.offer(f"Shop {number}") for number in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(
            Path(folder), ixbrowser_timeout=60, ixbrowser_concurrency=CONCURRENCY, log_level="WARNING"
        )
        async with running(settings, browser=browser) as world:
            # Telegram cuts a text at 4096 characters, and each part of it is a message of its own.
            await world.say(" ".join(codes))
            await world.tap("Keep")
            card = world.card()
            began = time.perf_counter()
            world.telegram.press(world.ana, card, button_of(card, "✅ Import"))
            await world.telegram.settled(lambda: f"All {count} imported" in world.newest(world.ana.id).text, 120)
            return time.perf_counter() - began


async def compare(rounds: int) -> None:
    """Print the table."""
    rows = []
    for count, seconds in SIZES:
        ideal = count * seconds / CONCURRENCY
        found = [await measure(count, seconds) for _ in range(rounds)]
        beside = spread([one / ideal for one in found], 3)
        rows.append((f"{count} of {times(seconds)} each", times(ideal), times(statistics.median(found)), beside))
    title = f"Imports, {CONCURRENCY} at a time, log and cards included; median of {rounds}"
    show(title, ("", "ideal", "took", "of the ideal"), rows)
