"""One import in each status, with short names of the statuses, for tests of what an event leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.import_events import Answered
from bot.domain.import_state import ImportState, ProxyStatus, Status
from bot.domain.outcome import Imported, NotSent, Refused, Unknown
from tests.support.import_states import ATTEMPT, CONFIRMED, NOW

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
QUEUED = ImportState(Status.QUEUED, waiting_since=CONFIRMED, station="office")
SENDING = replace(QUEUED, status=Status.SENDING, attempts=ATTEMPT, sent_at=CONFIRMED)
CHECKING = replace(SENDING, status=Status.CHECKING, unanswered=1)
IMPORTED = replace(SENDING, status=Status.IMPORTED, finished_at=NOW, profile_id=7)
LINKED = replace(IMPORTED, takes_link=True, proxy_status=ProxyStatus.PENDING, profile_name="Shop")
UNKNOWN = replace(CHECKING, status=Status.UNKNOWN, finished_at=NOW)

QUEUED_, SENDING_, CHECKING_, IMPORTED_ = Status.QUEUED, Status.SENDING, Status.CHECKING, Status.IMPORTED
FAILED, CANCELLED = Status.FAILED, Status.CANCELLED


def answered(outcome: Imported | Refused | NotSent | Unknown, **facts: float) -> Answered:
    return Answered(ATTEMPT, outcome, NOW, **facts)
