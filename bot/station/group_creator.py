"""Makes the groups that people want: each once, although making one is not idempotent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.outcome import LOGGED_OUT, TOO_FAST
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.background_worker import IDLE, PROVE_NOTHING, BackOff, CancellableReads, Worker, WorkerGroup, attempt
from bot.usecases.browser import Browser
from bot.usecases.import_queue import GroupRequest, GroupRequests
from bot.usecases.ports import Clock

logger = logging.getLogger(__name__)

#: The Local API's refusal of a title that a group has already.
TITLE_TAKEN = 105002

#: Calls without proof that the group was made, after which its person is told.
CREATES = 3

#: Seconds between a look in vain and the next, at least.
SHORTEST = 5.0

#: Seconds that ``stop`` waits for a call under way. Cut off, it is looked for at the next start.
STOP_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a group could not be made, in the words of ``GroupRequests.failed``."""

    reason: str
    code: int | None = None


@dataclass(slots=True)
class _Making:
    """How far one request has come.

    ``open`` says that the group may have been made without our knowing; ``fault`` is the last call's.
    """

    open: bool
    creates: int = 0
    fault: Fault | None = None


class GroupCreator:
    """Looks for each wanted title, and makes the group where there is none: a look before any repeat.

    ``timeout`` and ``grace`` are seconds: whatever ixBrowser still does for a call is done, and shows in the list of
    groups, no later than both together after it was sent.
    """

    def __init__(
        self, requests: GroupRequests, browser: Browser, clock: Clock, *, timeout: float, grace: float
    ) -> None:
        self._requests = requests
        self._browser = browser
        self._clock = clock
        self._grace = grace
        self._lasts = timeout + grace
        # By title, whoever wants it, and though nobody does any more: until when, in seconds awake, a call for it may
        # be under way. It is sent only after a look that began no sooner.
        self._due: dict[str, float] = {}
        self._reads = CancellableReads(clock)
        self._worker = Worker("making groups", self._step, clock)
        self._workers = WorkerGroup(clock, [self._worker], STOP_WITHIN)
        self._makings: dict[tuple[int, str], _Making] = {}
        self._begun = clock.awake()
        self._last_look = 0.0
        self._not_before = 0.0
        self._pauses = BackOff(SHORTEST)

    def poke(self) -> None:
        """Somebody wants a group."""
        self._not_before = min(self._not_before, self._last_look + SHORTEST)
        self._worker.wake()

    async def run(self) -> None:
        """Make groups until stopped or cancelled."""
        self._begun = self._clock.awake()
        await self._workers.run()

    async def stop(self) -> None:
        """Make nothing more; returns when ``run`` has ended, within about three seconds."""
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    async def _step(self) -> float:
        requests = await self._requests.wanted()
        self._makings = {(request.draft_id, request.title): self._making(request) for request in requests}
        if not requests:
            return IDLE
        now = self._clock.awake()
        if now < self._not_before:
            return self._not_before - now
        self._last_look = now
        try:
            groups = await self._reads.run(self._browser.groups())
        except BrowserError as error:
            return await self._looked_in_vain(requests, error)
        self._pauses.reset()
        self._due = {title: due for title, due in self._due.items() if due > now}
        ids = {group.title: group.id for group in reversed(groups)}
        for request in requests:
            making = self._making(request)
            if request.title in ids:
                await self._made(request, ids[request.title])
            elif request.title in self._due:
                continue
            elif making.fault is not None and making.creates >= CREATES:
                await self._fail(request, making.fault)
            else:
                await self._make(request, making)
                # A look comes before the next: two drafts may want the same title.
                return 0.0
        now = self._clock.awake()
        # Looked at meanwhile too: a call that got no answer may have been carried out long before it is repeated.
        pause = max(self._grace, SHORTEST)
        return max(min([min(self._due.get(title, now) - now, pause) for _, title in self._makings], default=IDLE), 0.0)

    def _making(self, request: GroupRequest) -> _Making:
        known = self._makings.get((request.draft_id, request.title))
        if known is None and request.sent:
            # A call of an earlier process may still be under way.
            self._due.setdefault(request.title, self._begun + self._lasts)
        return known or _Making(open=request.sent)

    async def _looked_in_vain(self, requests: Sequence[GroupRequest], error: BrowserError) -> float:
        if self._worker.stopping:
            return 0.0
        logger.warning("the groups cannot be read: %s", error)
        fault = fault_of(error)
        patient = [request for request in requests if self._making(request).open or fault.code == TOO_FAST]
        for request in requests:
            if request not in patient:
                await self._fail(request, fault)
        return self._pause() if patient else IDLE

    def _pause(self) -> float:
        pause = self._pauses.next()
        self._not_before = self._clock.awake() + pause
        return pause

    async def _make(self, request: GroupRequest, making: _Making) -> None:
        if not await self._requests.intend(request.draft_id, request.title):
            return
        was_open, making.open = making.open, True
        try:
            group_id = await attempt(self._browser.create_group(request.title))
        except BrowserError as error:
            logger.warning("draft %d: its group was not made: %s", request.draft_id, error)
            fault = fault_of(error)
            if fault.reason == "away" or fault.code in {LOGGED_OUT, TOO_FAST}:
                making.open = was_open
                if making.open or fault.code == TOO_FAST:
                    self._pause()
                else:
                    await self._fail(request, fault)
            elif fault.code == TITLE_TAKEN:
                making.creates, making.fault = CREATES, fault
            elif fault.reason == "refused" and fault.code not in PROVE_NOTHING:
                await self._fail(request, fault)
            else:
                # It was sent no later than now.
                self._due[request.title] = self._clock.awake() + self._lasts
                making.creates += 1
                making.fault = fault
        else:
            # Should this not be noted, or not be in the list at once, the group is waited for all the same.
            self._due[request.title] = self._clock.awake() + self._grace
            await self._made(request, group_id)

    async def _made(self, request: GroupRequest, group_id: int) -> None:
        await self._requests.made(request.draft_id, request.title, group_id)
        self._makings.pop((request.draft_id, request.title), None)
        logger.info("draft %d: its group is there as %d", request.draft_id, group_id)

    async def _fail(self, request: GroupRequest, fault: Fault) -> None:
        await self._requests.failed(request.draft_id, request.title, fault.reason, fault.code)
        self._makings.pop((request.draft_id, request.title), None)
        logger.info("draft %d: its group was not made: %s %s", request.draft_id, fault.reason, fault.code or "")


def fault_of(error: BrowserError) -> Fault:
    match error:
        case BrowserNotRunning():
            return Fault("away")
        case BrowserRefusal():
            return Fault("refused", error.code)
        case BrowserInvalidAnswer():
            return Fault("unreadable")
        case _:
            return Fault("silent")
