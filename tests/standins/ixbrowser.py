"""A stand-in of ixBrowser's Local API: the same actions and refusals, and every fault on demand. No sockets."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from tests.standins.ixbrowser_actions import ACTIONS, IMPORT
from tests.standins.ixbrowser_audit import Audit
from tests.standins.ixbrowser_checks import MESSAGES, ActionRefused, refuse_unless
from tests.standins.ixbrowser_faults import ConnectionCut, Fault, FaultScript, NotRunning, spoil
from tests.standins.ixbrowser_world import Offer, Row, World

Sleep = Callable[[float], Awaitable[object]]
T = TypeVar("T")


class FakeIxBrowser(World):
    """ixBrowser as the bot meets it.

    ``running`` and ``logged_in`` can be switched at any time. ``import_seconds`` pass before an import is done,
    ``call_seconds`` before anything else is, ``late_records`` before a finished import shows among the received
    records; all of them by ``sleep``. ``requests`` holds everything that arrived.
    """

    def __init__(self, *, sleep: Sleep = asyncio.sleep, now: Callable[[], float] = time.time) -> None:
        super().__init__(now)
        self.sleep = sleep
        self.running = True
        self.logged_in = True
        self.import_seconds = 0.0
        self.call_seconds = 0.0
        self.late_records = 0.0
        self._faults = FaultScript()
        self.requests: list[tuple[str, Row]] = []
        self._audit = Audit(lambda: [row["id"] for row in self.records])
        self._under_way: set[asyncio.Task[Any]] = set()

    async def handle(self, action: str, body: bytes) -> tuple[int, bytes]:
        """HTTP status and body of the answer to ``POST /api/v2/<action>``.

        Raises ``NotRunning`` or ``ConnectionCut`` where there is none. What has begun is finished even if the caller
        hangs up meanwhile.
        """
        if not self.running:
            raise NotRunning
        request = _parsed(body)
        self.requests.append((action, request or {}))
        if action == IMPORT:
            self.imports.append(request or {})
        self._audit.arrived(action, request or {})
        work = self._start(self._work(action, request, self._faults.take(action)))
        status, answer = await asyncio.shield(work)
        self._audit.answered(action, request or {}, answer)
        return status, answer

    def fail(self, action: str, *faults: Fault) -> None:
        """The next requests of this action meet these faults, one each."""
        self._faults.fail(action, *faults)

    def always(self, action: str, fault: Fault) -> None:
        """Every request of this action meets this fault until ``heal``, after those that ``fail`` has lined up."""
        self._faults.always(action, fault)

    def heal(self, action: str | None = None) -> None:
        """Nothing more goes wrong, with this action or with any."""
        self._faults.heal(action)

    @property
    def events(self) -> list[tuple[str, str]]:
        """In order: what arrived, as (action, transfer code or ``""``), and the ends of complete record readings."""
        return self._audit.events

    def violations(self) -> list[str]:
        """A sentence for every code that was imported twice, or sent again without a look at the records."""
        twice = [f"{code} was imported {count} times" for code, count in self.made.items() if count > 1]
        blindly = [f"{code} was sent again with no look at the records" for code in self._audit.sent_blindly]
        return twice + blindly

    def publish(self, code: str, offer: Offer) -> None:
        if self.late_records:
            self._start(self._publish_late(code, offer, self.late_records))
        else:
            super().publish(code, offer)

    async def settled(self) -> None:
        """Wait until everything that has begun is done."""
        while under_way := {task for task in self._under_way if not task.done()}:
            await asyncio.wait(under_way)

    async def close(self) -> None:
        """Drop whatever is still under way."""
        for task in self._under_way:
            task.cancel()
        await self.settled()

    async def _work(self, action: str, request: Row | None, fault: Fault) -> tuple[int, bytes]:
        await self._pause(fault.before)
        status, answer = 200, b""
        if fault.done:
            await self._pause(self.import_seconds if action == IMPORT else self.call_seconds)
            status, answer = self._do(action, request)
        if fault.code:
            status, answer = self._refused(action, fault.code, fault.message, fault.status)
        await self._pause(fault.after)
        if not self.running:
            raise ConnectionCut
        return spoil(fault.reply, status, answer)

    def _do(self, action: str, request: Row | None) -> tuple[int, bytes]:
        try:
            refuse_unless(self.logged_in, 1002)
            if action not in ACTIONS:
                return self._refused(action, 1001, status=404)
            if request is None:
                return self._refused(action, 1007)
            return 200, self._envelope(0, MESSAGES[0], ACTIONS[action](self, request))
        except ActionRefused as refused:
            return self._refused(action, refused.code)

    def _refused(
        self, action: str, code: int, message: str | None = None, status: int | None = None
    ) -> tuple[int, bytes]:
        # The reference gives HTTP 404 for a refused import; everything else is refused with 200.
        status = status or (404 if action == IMPORT else 200)
        return status, self._envelope(code, MESSAGES.get(code, "Error") if message is None else message, [])

    def _envelope(self, code: int, message: str, data: object) -> bytes:
        error = {"code": code, "message": message, "time": int(self.now())}
        return json.dumps({"error": error, "data": data}, ensure_ascii=False).encode()

    async def _publish_late(self, code: str, offer: Offer, seconds: float) -> None:
        await self.sleep(seconds)
        super().publish(code, offer)

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            await self.sleep(seconds)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Who asked may have hung up: then nobody else looks whether the connection was to be cut.
            task.exception()


def _parsed(body: bytes) -> Row | None:
    """The request's JSON object, None if it is none."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return request if isinstance(request, dict) else None
