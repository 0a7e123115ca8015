"""Makes the groups that people want: each once, although making one is not idempotent."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.error_codes import Meaning, meaning
from bot.errors import BrowserError, BrowserNotRunning, BrowserRefusal
from bot.station.background_worker import IDLE, BackOff, CancellableReads, Worker, WorkerGroup, attempt
from bot.station.failures import reason_of
from bot.station.proof_times import ProofTimes
from bot.station.send_window import SendWindow
from bot.usecases import group_requests
from bot.usecases.browser import Browser
from bot.usecases.group_requests import GroupRequest
from bot.usecases.ports import Clock, Store

logger = logging.getLogger(__name__)

#: Calls without proof that the group was made, after which its person is told.
CREATES = 3

#: Seconds between a look in vain and the next, at least.
SHORTEST = 5.0

#: Seconds that ``stop`` waits for a call under way. Cut off, it is looked for at the next start.
STOP_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a group could not be made, in the words of ``group_requests.failed``, and what that says of the call."""

    reason: str
    code: int | None = None
    meaning: Meaning = Meaning.UNKNOWN


@dataclass(slots=True)
class _Progress:
    """How far one request has come.

    ``maybe_made``: the group may have been made without our knowing. ``creates``: calls without proof that it was made;
    ``failure`` is the last one's.
    """

    maybe_made: bool
    creates: int = 0
    failure: Failure | None = None


class GroupCreator:
    """Looks for each wanted title, and makes the group where there is none: a look before any repeat."""

    def __init__(self, store: Store, browser: Browser, clock: Clock, times: ProofTimes) -> None:
        self._store = store
        self._browser = browser
        self._clock = clock
        self._times = times
        # By title, whoever wants it, and though nobody does any more: until when, in seconds awake, a call for it may
        # be under way. It is sent only after a look that began no sooner.
        self._due: dict[str, float] = {}
        self._reads = CancellableReads(clock)
        self._worker = Worker("making groups", self._step, clock)
        self._workers = WorkerGroup(clock, [self._worker], STOP_WITHIN)
        self._progress: dict[tuple[int, str], _Progress] = {}
        self._begun = clock.awake()
        self._last_look = 0.0
        self._not_before = 0.0
        self._pauses = BackOff(SHORTEST)

    def groups_requested(self) -> None:
        """Somebody wants a group."""
        self._not_before = min(self._not_before, self._last_look + SHORTEST)
        self._worker.wake()

    async def run(self) -> None:
        """Make groups until stopped or cancelled."""
        self._begun = self._clock.awake() + self._times.others_send_for
        await self._workers.run()

    async def stop(self) -> None:
        """Make nothing more; returns when ``run`` has ended, within about three seconds."""
        self._workers.halt()
        self._reads.give_up()
        await self._workers.ended()

    async def _step(self) -> float:
        requests = await self._store.read(group_requests.wanted)
        self._progress = {(request.draft_id, request.title): self._of(request) for request in requests}
        if not requests:
            return IDLE
        now = self._clock.awake()
        if now < self._not_before:
            return self._not_before - now
        self._last_look = now
        try:
            groups = await self._reads.run(self._browser.groups())
        except BrowserError as error:
            return await self._look_failed(requests, error)
        self._pauses.reset()
        self._due = {title: due for title, due in self._due.items() if due > now}
        ids = {group.title: group.id for group in reversed(groups)}
        for request in requests:
            progress = self._of(request)
            if request.title in ids:
                await self._made(request, ids[request.title])
            elif request.title in self._due:
                continue
            elif progress.failure is not None and progress.creates >= CREATES:
                await self._fail(request, progress.failure)
            else:
                await self._make(request, progress)
                # A look comes before the next: two drafts may want the same title.
                return 0.0
        now = self._clock.awake()
        # Looked at meanwhile too: a call that got no answer may have been carried out long before it is repeated.
        pause = max(self._times.grace, SHORTEST)
        return min([min(self._due.get(title, now) - now, pause) for _, title in self._progress], default=IDLE)

    def _of(self, request: GroupRequest) -> _Progress:
        known = self._progress.get((request.draft_id, request.title))
        if known is None and request.sent:
            # A call of an earlier process may still be under way.
            self._due.setdefault(request.title, self._begun + self._times.lasts)
        return known or _Progress(maybe_made=request.sent)

    async def _look_failed(self, requests: Sequence[GroupRequest], error: BrowserError) -> float:
        if self._worker.stopping:
            return 0.0
        logger.warning("the groups cannot be read: %s", error)
        failure = failure_of(error)
        patient = [request for request in requests if self._of(request).maybe_made or failure.meaning is Meaning.WAIT]
        for request in requests:
            if request not in patient:
                await self._fail(request, failure)
        return self._pause() if patient else IDLE

    def _pause(self) -> float:
        pause = self._pauses.next()
        self._not_before = self._clock.awake() + pause
        return pause

    async def _make(self, request: GroupRequest, progress: _Progress) -> None:
        window = SendWindow(self._clock)
        if not await self._store.write(group_requests.intend, request.draft_id, request.title):
            return
        if window.is_over:
            logger.warning("draft %d: its group was not asked for in time, and is another time", request.draft_id)
            return
        was_maybe_made, progress.maybe_made = progress.maybe_made, True
        try:
            group_id = await attempt(self._browser.create_group(request.title))
        except BrowserError as error:
            logger.warning("draft %d: its group was not made: %s", request.draft_id, error)
            failure = failure_of(error)
            match failure.meaning:
                case Meaning.WAIT | Meaning.BLOCKED:
                    progress.maybe_made = was_maybe_made
                    if was_maybe_made or failure.meaning is Meaning.WAIT:
                        self._pause()
                    else:
                        await self._fail(request, failure)
                case Meaning.EXISTS:
                    progress.creates, progress.failure = CREATES, failure
                case Meaning.REFUSED:
                    await self._fail(request, failure)
                case Meaning.UNKNOWN:
                    # It was sent no later than now.
                    self._due[request.title] = self._clock.awake() + self._times.lasts
                    progress.creates += 1
                    progress.failure = failure
        else:
            # Should this not be noted, or not be in the list at once, the group is waited for all the same.
            self._due[request.title] = self._clock.awake() + self._times.grace
            await self._made(request, group_id)

    async def _made(self, request: GroupRequest, group_id: int) -> None:
        await self._store.write(group_requests.made, request.draft_id, request.title, group_id)
        self._progress.pop((request.draft_id, request.title), None)
        logger.info("draft %d: its group is there as %d", request.draft_id, group_id)

    async def _fail(self, request: GroupRequest, failure: Failure) -> None:
        await self._store.write(group_requests.failed, request.draft_id, request.title, failure.reason, failure.code)
        self._progress.pop((request.draft_id, request.title), None)
        logger.info("draft %d: its group was not made: %s %s", request.draft_id, failure.reason, failure.code or "")


def failure_of(error: BrowserError) -> Failure:
    """What a call that was to look for a group, or to make one, has failed by."""
    match error:
        case BrowserNotRunning():
            return Failure(reason_of(error), meaning=Meaning.BLOCKED)
        case BrowserRefusal(code=code):
            return Failure(reason_of(error), code, meaning(code).making_group)
        case _:
            return Failure(reason_of(error))
