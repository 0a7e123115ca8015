"""Another program that polls with the bot's token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.standins.telegram import FakeTelegram


@asynccontextmanager
async def rival(telegram: FakeTelegram, pause: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """It polls for as long as the block lasts, and tries again after a ``pause`` when a poll of its was ended."""

    async def poll() -> None:
        while True:
            await telegram.handle(telegram.token, "getUpdates", {"timeout": 50})
            await pause()

    polling = asyncio.create_task(poll())
    try:
        yield
    finally:
        polling.cancel()
        await asyncio.wait({polling})
