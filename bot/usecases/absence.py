"""The bot was off for so long that Telegram has dropped what was sent to it: its people are told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.usecases.ports import UnitOfWork
from bot.usecases.records import User

#: Telegram keeps an update for 24 hours; the rest is for the time until the next one is fetched.
KEPT_BY_TELEGRAM = timedelta(hours=23)
#: Only who has used the bot in the time before is told.
ACTIVE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Absence:
    """From when to when nothing was fetched, and who is told."""

    since: datetime
    until: datetime
    people: Sequence[User]


@dataclass(frozen=True, slots=True)
class Fetched:
    """Updates were fetched from ``since`` until ``until`` with no long pause."""

    since: datetime
    until: datetime


def note_polling(work: UnitOfWork, fetched: Fetched) -> Absence | None:
    """Note that updates are fetched; the absence that has ended with that, if Telegram has dropped some meanwhile."""
    before = work.polling.last()
    work.polling.note(fetched.until)
    if before is None or fetched.since - before <= KEPT_BY_TELEGRAM:
        return None
    active = work.polling.active_since(before - ACTIVE_WITHIN)
    people = [user for user in active if user.role is not None or user.id in work.settings_admins]
    return Absence(before, fetched.since, people)
