"""An importer at work on a database in memory, a scripted browser, and a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from bot.station.importer import Importer
from bot.station.proof_times import ProofTimes
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle
from tests.support.memory_store import MemoryStore

CODE = "11112222-33334444"
OTHER = "55556666-77778888"
TIMEOUT = 60.0
GRACE = 15.0


@dataclass(slots=True)
class Station:
    clock: MovableClock
    store: MemoryStore
    browser: ScriptedBrowser
    concurrency: int = 3
    importer: Importer = field(init=False)
    running: asyncio.Task[None] | None = None

    async def start(self, grace: float = GRACE, others_send_for: float = 0.0) -> None:
        """A new process, which does what it can do at once."""
        self.importer = Importer(
            self.store,
            self.browser,
            self.clock,
            ProofTimes(TIMEOUT, grace, others_send_for),
            concurrency=self.concurrency,
        )
        connect(self.store, self.importer)
        self.running = asyncio.create_task(self.importer.run())
        await settle()

    async def kill(self) -> None:
        assert self.running is not None
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running

    async def confirm(self, code: str = CODE) -> int:
        """An import that somebody confirms now; its row."""
        row_id = self.store.add(code)
        self.importer.imports_queued()
        await settle()
        return row_id

    async def cancel(self, row_id: int) -> None:
        self.store.cancel(row_id)
        await settle()


def connect(store: MemoryStore, importer: Importer) -> None:
    """Have the signals of the database's transactions reach the importer."""
    store.handlers = {
        "imports_queued": importer.imports_queued,
        "imports_to_verify": importer.imports_to_verify,
        "links_to_set": importer.links_to_set,
    }


@asynccontextmanager
async def station(*, concurrency: int = 3, started: bool = True) -> AsyncIterator[Station]:
    clock = MovableClock()
    made = Station(clock, MemoryStore(clock), ScriptedBrowser(clock), concurrency)
    if started:
        await made.start()
    try:
        yield made
    finally:
        if made.running is not None:
            await made.kill()
