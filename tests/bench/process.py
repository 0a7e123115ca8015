"""The real programs as processes of their own, and what they use of the machine."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

RUN = ("-m", "bot", "run")
ECHO = ("-m", "tests.bench.echo_bot")


@dataclass(frozen=True, slots=True)
class Running:
    """A process that has said that it runs, ``started_in`` seconds after it was started."""

    process: psutil.Process
    started_in: float

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
    began = time.perf_counter()
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
        took = time.perf_counter() - began
        draining = asyncio.ensure_future(process.stderr.read())
        yield Running(psutil.Process(process.pid), took)
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)
    finally:
        process.kill()
        await process.wait()
