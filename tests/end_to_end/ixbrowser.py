"""The stand-in of ixBrowser for tests that wait for what arrives there, or do something at that very moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_world import Row
from tests.standins.telegram_waiting import Predicate, Watchers


class WatchedIxBrowser(FakeIxBrowser):
    """``when_asked`` is called with the action of each request when it arrives and nothing is done for it yet,
    ``when_done`` when it is done and nobody has been told yet."""

    def __init__(self) -> None:
        super().__init__()
        self.when_asked: Callable[[str], None] = lambda _: None
        self.when_done: Callable[[str], None] = lambda _: None
        self._watchers = Watchers()

    async def handle(self, action: str, body: bytes) -> tuple[int, bytes]:
        # The request is on record when this runs, since nothing is awaited before.
        asyncio.get_running_loop().call_soon(self._watchers.changed, None)
        self.when_asked(action)
        return await super().handle(action, body)

    def _do(self, action: str, request: Row | None) -> tuple[int, bytes]:
        answer = super()._do(action, request)
        self.when_done(action)
        return answer

    async def asked(self, predicate: Predicate, seconds: float) -> None:
        """Wait until the predicate holds, which is looked at again at each request; AssertionError if not in time."""
        came = await self._watchers.wait(predicate, seconds, None)
        assert came, f"not so within {seconds} s; asked so far: {self.events}"

    async def is_sent(self, code: str, seconds: float) -> None:
        """Wait until the import of a code has arrived."""
        await self.asked(lambda: any(body.get("transfer_code") == code for body in self.imports), seconds)
