"""What tests of the import log share: a round of the sender, and an event of each kind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.domain.import_events import (
    Answered,
    CancelWanted,
    Claimed,
    ClaimReleased,
    Event,
    GoOn,
    HeldTooLong,
    KeyLost,
    LookAgain,
    MaybeSent,
    NameFound,
    ProvenAbsent,
    ProxyGivenUp,
    ProxyIntended,
    ProxyMissing,
    ProxyRetried,
    ProxySet,
    RecordFound,
    RecordsUnreadable,
    Recovered,
    StationChanged,
    WaitChanged,
)
from bot.domain.import_state import Status
from bot.domain.import_transitions import HOLD_AFTER, PROOF_WITHIN, TRIED_FOR
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown
from bot.usecases import import_queue
from bot.usecases.import_queue import Round
from bot.usecases.import_rows import ImportRow
from tests.storage.arranged import Arranged
from tests.storage.support import NOW, STATION

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
ELSEWHERE = "home"
ENDED = (Status.IMPORTED, Status.FAILED, Status.CANCELLED, Status.UNKNOWN)
NOTHING = Round([], [])


async def send_round(
    arranged: Arranged,
    limit: int = 0,
    *,
    last: Collection[int] = (),
    besides: Collection[int] = (),
    hold: bool = False,
    wait: WaitChanged | None = None,
) -> Round:
    return await arranged.run(import_queue.send_round, limit=limit, last=last, besides=besides, hold=hold, wait=wait)


async def claimed_ids(arranged: Arranged, limit: int, *, last: Collection[int] = ()) -> list[int]:
    return ids((await send_round(arranged, limit, last=last)).claimed)


def ids(found: Sequence[ImportRow]) -> list[int]:
    return [row.id for row in found]


def answered(outcome: Outcome, attempt: int = 0) -> Answered:
    return Answered(attempt, outcome, NOW)


#: One event of each kind, and of each outcome.
EVENTS: Sequence[Event] = (
    Claimed(NOW),
    ClaimReleased(0, NOW),
    answered(Imported(5)),
    answered(Refused(110002, "no such code")),
    answered(NotSent(1010, "too fast")),
    answered(Unknown(None, "no answer")),
    answered(Imported(5), attempt=7),
    Recovered(),
    MaybeSent(NOW),
    RecordFound(9, "Shop", 5, NOW),
    ProvenAbsent(0, NOW),
    RecordsUnreadable(TRIED_FOR, NOW + PROOF_WITHIN),
    CancelWanted(NOW),
    HeldTooLong(NOW + 2 * HOLD_AFTER),
    GoOn(NOW + DAY),
    WaitChanged("away"),
    LookAgain(),
    NameFound("Shop"),
    StationChanged(STATION),
    KeyLost(NOW),
    ProxyIntended(),
    ProxySet(),
    ProxyMissing(2002, "no proxy"),
    ProxyRetried(),
    ProxyGivenUp(),
)
