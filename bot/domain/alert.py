"""What admins are told of the bot itself: which kinds there are, how loud each is, and when a change is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.loudness import Loudness

#: What lasts no longer is no change.
BLINK = timedelta(minutes=2)


class AlertKind(StrEnum):
    """One line a kind; its default is below, and its words are in ``bot.chat.alerts.texts``."""

    BROWSER = "browser"
    CONFLICT = "conflict"
    DISK = "disk"
    BACKUP = "backup"
    CRASH = "crash"
    VERSION = "version"


#: For whom has chosen nothing.
DEFAULTS: Mapping[AlertKind, Loudness] = {
    AlertKind.BROWSER: Loudness.LOUD,
    AlertKind.CONFLICT: Loudness.LOUD,
    AlertKind.DISK: Loudness.LOUD,
    AlertKind.BACKUP: Loudness.LOUD,
    AlertKind.CRASH: Loudness.SILENT,
    AlertKind.VERSION: Loudness.SILENT,
}


@dataclass(frozen=True, slots=True)
class Observed:
    """Something that admins are told of: what they were told last, what is seen of it, since when, and when last."""

    told: str
    seen: str
    since: datetime
    seen_at: datetime


def observe(before: Observed | None, seen: str, now: datetime, *, well: str) -> Observed:
    """What is known after it was seen so; it is to be told where ``told`` has changed.

    ``well`` is what nobody need be told of something that was never seen before.
    """
    if before is None:
        before = Observed(well, well, now, now)
    # Of the time in which nobody has looked nothing is known, nor where the computer's clock was put back.
    lasts = before.seen == seen and timedelta(0) <= now - before.seen_at < BLINK
    since = before.since if lasts else now
    told = seen if now - since >= BLINK else before.told
    return Observed(told, seen, since, now)
