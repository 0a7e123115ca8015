"""What must end by itself: drafts nobody answers, updates that can't come again, old codes, invitations."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.errors import StorageError
from bot.storage.retention import Forgets, Piece
from bot.storage.work import SqlStore, SqlWork
from bot.usecases.access_request_ends import expire_requests
from bot.usecases.draft_changes import drop_kept_proxies
from bot.usecases.draft_closing import close_draft
from bot.usecases.handoff_ends import tidy_handoffs
from bot.usecases.handoff_reminders import remind_of_handoffs
from bot.usecases.heartbeats import rest, watched
from bot.usecases.import_queue import give_up_missing_proxies
from bot.usecases.invitation_ends import end_expired
from bot.usecases.ports import Clock
from bot.usecases.records import DraftState

_LOG = logging.getLogger(__name__)

DRAFT_LIFE = timedelta(days=1)
#: Telegram keeps an update for 24 hours; the rest is for clocks that differ.
UPDATE_LIFE = timedelta(days=2)
#: The code of an import that has not arrived is kept for Try again.
CODE_LIFE = timedelta(days=30)
#: Who has asked to be let in is forgotten so long after it has ended, and so is how people were called in whatever else
#: admins have had cards of.
REQUEST_LIFE = timedelta(days=30)
#: Codes that somebody has taken and not confirmed for so long wait again.
TAKEN_FOR = timedelta(hours=4)
#: Errors are kept for looking them up in the log; of a station that is gone nothing is shown after that.
FAILURE_LIFE, STATION_LIFE = timedelta(days=30), timedelta(days=1)
#: Drafts with what came of them that are looked at in one transaction, and how many such pieces there are in a round.
PIECE, PIECES = 200, 500
#: What had not ended when the log was walked through last is looked at again after this time.
WALK_ANEW = timedelta(days=1)
#: Seconds between two rounds, and before a round that failed is tried again.
ROUND = 300.0
AGAIN = 1.0
_FOR_EVER: Mapping[Forgets, timedelta] = {}


class Housekeeping:
    """Runs beside everything else, and ends what nobody ends. ``retention``: how long what is kept."""

    def __init__(
        self,
        store: SqlStore,
        clock: Clock,
        taken_for: timedelta = TAKEN_FOR,
        retention: Mapping[Forgets, timedelta] = _FOR_EVER,
    ) -> None:
        self._store = store
        self._clock = clock
        self._taken_for = taken_for
        self._retention = retention
        self._walked: dict[Forgets, int] = {}
        self._walk_began: datetime | None = None

    async def run(self) -> None:
        """Until cancelled."""
        with watched("housekeeping"):
            await self._run()

    async def _run(self) -> None:
        while True:
            pause = ROUND
            try:
                await self.tidy()
            except StorageError as error:
                _LOG.warning("tidying the database has to wait: %s", error)
                pause = AGAIN
            await rest(self._clock, asyncio.Event(), pause)

    async def tidy(self) -> None:
        """One round: expire, give up, forget."""
        await self._store.write(_tidy, self._taken_for)
        now = self._clock.now()
        if self._walk_began is None or not timedelta(0) <= now - self._walk_began < WALK_ANEW:
            self._walked, self._walk_began = {}, now
        for what, life in self._retention.items():
            await self._walk(what, now - life)

    async def _walk(self, what: Forgets, before: datetime) -> None:
        """Forget piece by piece. Others have their turns in between, since each is a transaction like theirs."""
        for _ in range(PIECES):
            piece = await self._store.write(_forget, what, before, self._walked.get(what, 0))
            self._walked[what] = piece.last
            if piece.over:
                return


def _forget(work: SqlWork, what: Forgets, before: datetime, after: int) -> Piece:
    return work.retention.forget(what, before, after=after, limit=PIECE)


def _tidy(work: SqlWork, taken_for: timedelta) -> None:
    for stored in work.drafts.unanswered_since(work.now - DRAFT_LIFE):
        close_draft(work, stored, DraftState.EXPIRED)
    tidy_handoffs(work, taken_for)
    remind_of_handoffs(work)
    drop_kept_proxies(work)
    give_up_missing_proxies(work)
    work.drafts.forget_codes_of_ended(work.now - DRAFT_LIFE)
    work.deletion_offers.forget_older_than(work.now - UPDATE_LIFE)
    work.private_links.forget_expired_before(work.now)
    end_expired(work)
    work.updates.forget_older_than(work.now - UPDATE_LIFE)
    work.imports.forget_codes(work.now - CODE_LIFE)
    expire_requests(work)
    work.access_requests.forget_ended_before(work.now - REQUEST_LIFE)
    work.invitations.forget_ended_before(work.now - REQUEST_LIFE)
    work.group_chats.forget_ended_before(work.now - REQUEST_LIFE)
    work.wrong_codes.forget_told_before(work.now - REQUEST_LIFE)
    work.feed.forget_told_before(work.now - CODE_LIFE)
    work.handoffs.forget_ended_before(work.now - CODE_LIFE)
    work.kept_codes.forget_older_than(work.now - CODE_LIFE)
    work.health.forget_before(work.now - FAILURE_LIFE, work.now - STATION_LIFE)
