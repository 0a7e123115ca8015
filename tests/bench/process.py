"""The real programs as processes of their own, between served stand-ins, and what they use of the machine."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.database import url_of
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.support.http_ixbrowser import ServedIxBrowser
from tests.support.http_telegram import HttpTelegram

RUN = ("-m", "bot", "run")
ECHO = ("-m", "tests.bench.echo_bot")


@dataclass(frozen=True, slots=True)
class Running:
    """A process that has said that it runs."""

    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """Resident megabytes."""
        return float(self.process.memory_info().rss) / 1e6


@asynccontextmanager
async def started(program: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Running]:
    """The program, from when it says that it runs until the block ends; its errors are shown when it does not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program, env=os.environ | dict(environment), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    said = b""
    try:
        async with asyncio.timeout(60):
            async for line in process.stderr:
                said += line
                if b"The bot is running" in line:
                    break
            else:
                raise RuntimeError(said.decode())
        draining = asyncio.ensure_future(process.stderr.read())
        yield Running(psutil.Process(process.pid))
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def served(
    telegram: FakeTelegram, browser: FakeIxBrowser, folder: Path, admins: Sequence[int] = (1,)
) -> AsyncIterator[Mapping[str, str]]:
    """Both stand-ins over HTTP while the block runs; the environment of a program that is to use them."""
    served_browser = ServedIxBrowser(browser)
    await served_browser.start()
    try:
        async with HttpTelegram(telegram) as served_telegram:
            yield {
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": served_telegram.origin,
                "IXBROWSER_URL": served_browser.url,
                "DATABASE_URL": url_of(folder),
                "ADMIN_IDS": ",".join(map(str, admins)),
                "LOG_LEVEL": "WARNING",
                "XDG_DATA_HOME": str(folder),
            }
    finally:
        await served_browser.stop()
