"""How the bot is: noted by hub and stations, and read by admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alert import AlertKind, Observed
from bot.domain.loudness import Loudness
from bot.usecases.actor import Actor
from bot.usecases.alerts import alert_choices, changed, told_of
from bot.usecases.conflicts import token_shared
from bot.usecases.health_rows import BrowserHealth, BrowserState, Disk, Failure, HubHealth, Queue
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place

#: What was noted longer ago says nothing of now.
FRESH = timedelta(minutes=2)
#: References of errors that are shown.
MOST_REFERENCES = 5
#: Bytes: with less the disk is nearly full, and is so until there is as much as the second.
NEARLY_FULL, ENOUGH = 500 * 2**20, 2**30
#: Of a crash admins are told no sooner again.
CRASH_AGAIN = timedelta(hours=1)
#: On a system of which it is not known when it was started: so long after its last sign a process that has not ended in
#: order has ended with the computer.
CRASH_WITHIN = timedelta(minutes=15)

FULL, ROOM = "full", "room"


# --- what is noted ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun:
    """What has changed since the hub ran before. ``before`` is another version, if one ran."""

    crashed: bool = False
    before: str = ""


def begin_serving(work: UnitOfWork, version: str, booted_at: datetime | None) -> Begun:
    """The hub has started. ``booted_at`` is when its computer has, where that is known."""
    now, last = work.now, work.health.hub()
    work.health.note_hub(HubHealth(version, now, now))
    if last is None:
        return Begun()
    crashed = not last.ended and _is_crash(last, now, booted_at) and _is_news(work)
    return Begun(crashed, last.version if last.version != version else "")


def _is_crash(last: HubHealth, now: datetime, booted_at: datetime | None) -> bool:
    """What was ended by the computer's end, or a power cut, has not crashed."""
    return now - last.seen_at < CRASH_WITHIN if booted_at is None else booted_at <= last.seen_at


def _is_news(work: UnitOfWork) -> bool:
    told = told_of(work, AlertKind.CRASH)
    if told is not None and timedelta(0) <= work.now - told.seen_at < CRASH_AGAIN:
        return False
    work.alerts.note(AlertKind.CRASH, Observed("told", "told", work.now, work.now))
    return True


def end_serving(work: UnitOfWork) -> None:
    """The hub ends in order."""
    hub = work.health.hub()
    if hub is not None:
        work.health.note_hub(replace(hub, seen_at=work.now, ended=True))


@dataclass(frozen=True, slots=True)
class Changes:
    """What admins are to be told now. ``several`` is whether there are several stations."""

    browsers: Sequence[BrowserHealth] = ()
    several: bool = False
    disk: Disk | None = None
    disk_full: bool = False


def look_around(work: UnitOfWork, telegram_at: datetime | None, disk: Disk | None) -> Changes:
    """The hub serves; what has changed for longer than a blink."""
    hub = work.health.hub()
    if hub is not None:
        work.health.note_hub(replace(hub, seen_at=work.now, ended=False, telegram_at=telegram_at, disk=disk))
    known = [each for each in work.health.browsers() if work.now - each.seen_at < FRESH]
    browsers = [
        each
        for each in known
        if changed(work, f"{AlertKind.BROWSER}:{each.station}", _for_people(each.state), well=BrowserState.READY)
    ]
    if disk is not None:
        told = told_of(work, AlertKind.DISK)
        least = ENOUGH if told is not None and told.told == FULL else NEARLY_FULL
        state = FULL if disk.free < least else ROOM
        if changed(work, AlertKind.DISK, state, well=ROOM):
            return Changes(browsers, len(known) > 1, disk, state == FULL)
    return Changes(browsers, len(known) > 1)


def _for_people(state: BrowserState) -> BrowserState:
    """What is different for them; the rest is one and the same absence."""
    return state if state in {BrowserState.READY, BrowserState.LOGGED_OUT} else BrowserState.AWAY


def note_browser(work: UnitOfWork, state: BrowserState, latency_ms: int | None = None) -> None:
    """A station has looked at its ixBrowser."""
    work.health.note_browser(state, work.now, latency_ms)


def note_failure(work: UnitOfWork, reference: str) -> None:
    """Something failed; the log has more under this reference."""
    work.health.note_failure(Failure(work.now, reference))


# --- what is read -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """``since`` is when the reader's day has begun."""

    where: Place
    since: datetime


@dataclass(frozen=True, slots=True)
class HealthStatus:
    """All that is known. ``failure_count`` and ``failures`` are of the reader's day, the newest first."""

    now: datetime
    hub: HubHealth | None
    browsers: Sequence[BrowserHealth]
    queue: Queue
    database_bytes: int
    failure_count: int
    failures: Sequence[Failure]
    #: None as long as the bot has made none.
    last_backup: datetime | None = None
    #: Whether another process polls with the bot's token.
    token_shared: bool = False


@dataclass(frozen=True, slots=True)
class StatusRead:
    status: HealthStatus
    choices: Mapping[AlertKind, Loudness]


def read_status(work: UnitOfWork, actor: Actor, command: ReadStatus) -> StatusRead | None:
    """How the bot is, and what the actor is told of that; None where others look on."""
    require(actor, UseCase.READ_STATUS)
    if not command.where.private:
        return None
    return StatusRead(status_since(work, command.since), alert_choices(work, actor.user_id))


def status_since(work: UnitOfWork, since: datetime) -> HealthStatus:
    """The same for whoever sits at the computer."""
    health = work.health
    count, failures = health.failures_since(since, MOST_REFERENCES)
    return HealthStatus(
        work.now,
        health.hub(),
        health.browsers(),
        health.queue(),
        health.database_bytes(),
        count,
        failures,
        work.backups.last(),
        token_shared(work),
    )
