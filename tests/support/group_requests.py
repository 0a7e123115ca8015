"""The drafts that want a group, in memory, and the maker of groups at work on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from bot.errors import StorageError
from bot.station.group_creator import GroupCreator
from bot.usecases.import_queue import GroupRequest
from tests.support.browser import ScriptedBrowser
from tests.support.clock import MovableClock, settle

TIMEOUT = 60.0
GRACE = 15.0
TITLE = "Магазины 商店 <b>"


@dataclass(slots=True)
class MemoryGroupRequests:
    """``made_as`` and ``failures`` are what became of the requests, by draft; ``faults`` names those that raise now."""

    requests: dict[int, GroupRequest] = field(default_factory=dict)
    made_as: dict[int, int] = field(default_factory=dict)
    failures: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    faults: dict[str, StorageError] = field(default_factory=dict)

    def request(self, draft_id: int, title: str, *, sent: bool = False) -> None:
        self.failures.pop(draft_id, None)
        self.requests[draft_id] = GroupRequest(draft_id, title, sent)

    async def wanted(self) -> Sequence[GroupRequest]:
        self._check("wanted")
        return list(self.requests.values())

    async def intend(self, draft_id: int, title: str) -> bool:
        self._check("intend")
        if not self._wants(draft_id, title):
            return False
        self.requests[draft_id] = replace(self.requests[draft_id], sent=True)
        return True

    async def made(self, draft_id: int, title: str, group_id: int) -> bool:
        self._check("made")
        if not self._wants(draft_id, title):
            return False
        del self.requests[draft_id]
        self.made_as[draft_id] = group_id
        return True

    async def failed(self, draft_id: int, title: str, reason: str, code: int | None) -> bool:
        self._check("failed")
        if not self._wants(draft_id, title):
            return False
        del self.requests[draft_id]
        self.failures[draft_id] = (reason, code)
        return True

    def _wants(self, draft_id: int, title: str) -> bool:
        return draft_id in self.requests and self.requests[draft_id].title == title

    def _check(self, name: str) -> None:
        if name in self.faults:
            raise self.faults[name]


@dataclass(slots=True)
class Making:
    clock: MovableClock
    requests: MemoryGroupRequests
    browser: ScriptedBrowser
    maker: GroupCreator = field(init=False)
    running: asyncio.Task[None] | None = None

    async def start(self, grace: float = GRACE) -> None:
        self.maker = GroupCreator(self.requests, self.browser, self.clock, timeout=TIMEOUT, grace=grace)
        self.running = asyncio.create_task(self.maker.run())
        await settle()

    async def request(self, draft_id: int = 1, title: str = TITLE) -> None:
        self.requests.request(draft_id, title)
        self.maker.poke()
        await settle()


@asynccontextmanager
async def making(*, started: bool = True) -> AsyncIterator[Making]:
    clock = MovableClock()
    made = Making(clock, MemoryGroupRequests(), ScriptedBrowser(clock))
    if started:
        await made.start()
    try:
        yield made
    finally:
        if made.running is not None:
            made.running.cancel()
            with suppress(asyncio.CancelledError):
                await made.running
