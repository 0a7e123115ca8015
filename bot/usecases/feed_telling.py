"""What is told in the team's feed next, and when: at most so many messages a minute, and the rest together.

Nothing of it is in memory. What was told, and in which message, is a mark on each event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.loudness import Loudness
from bot.usecases.feed_rows import Ended, Feed, FeedEvent, FeedKind, HandedOver
from bot.usecases.group_chats import works_in
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import LoggedImport, Place

#: Telegram takes about so many messages a minute in one group.
MOST, WITHIN = 20, timedelta(minutes=1)
#: Seconds after which it is looked again whether Telegram takes anything.
LOOK_AGAIN = 5.0
#: For so long a batch is kept back for the names of its profiles, which are looked up one after another.
NAMES_WITHIN = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """A batch of one person, by how its imports have ended."""

    name: str
    imported: Sequence[LoggedImport]
    failed: Sequence[LoggedImport]
    unknown: Sequence[LoggedImport]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many imports of somebody have ended how, and how many codes they have handed over."""

    name: str
    imported: int = 0
    failed: int = 0
    unknown: int = 0
    handed_over: int = 0

    @property
    def total(self) -> int:
        return self.imported + self.failed + self.unknown + self.handed_over


@dataclass(frozen=True, slots=True)
class Together:
    """What had to wait, counted by person: who comes first has done most."""

    people: Sequence[Counts]


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """One message of the feed."""

    where: Place
    silent: bool
    said: BatchEnded | HandedOver | Together


def feed_due(work: UnitOfWork) -> float | None:
    """Seconds until something may be told: 0 for now, None where nothing waits."""
    feed = work.feed.find()
    waiting = [] if feed is None else work.feed.waiting()
    if feed is None or not waiting:
        return None
    if _ready(work, waiting):
        return _seconds_left(work, feed)
    return min((event.created_at + NAMES_WITHIN - work.now).total_seconds() for event in waiting)


def is_telling(work: UnitOfWork) -> bool:
    """Whether something is told within a moment, once the names of its profiles are there if not at once."""
    feed = work.feed.find()
    return feed is not None and feed_due(work) is not None and _seconds_left(work, feed) == 0


def _ready(work: UnitOfWork, events: Sequence[FeedEvent]) -> Sequence[FeedEvent]:
    """Those of the events that are not kept back for a name."""
    young = {
        event.id: event.said.imported
        for event in events
        if isinstance(event.said, Ended) and work.now - NAMES_WITHIN < event.created_at <= work.now
    }
    nameless = set(work.feed.nameless([row for rows in young.values() for row in rows]))
    return [event for event in events if nameless.isdisjoint(young.get(event.id, ()))]


def _seconds_left(work: UnitOfWork, feed: Feed) -> float:
    if len(work.outbox.waiting([feed.chat_id])) >= MOST:
        # Telegram does not take what was put there: no more is, which would all come at once.
        return LOOK_AGAIN
    said = work.feed.messages(work.now - WITHIN, work.now)
    if len(said) < MOST:
        return 0.0
    # As soon as there are fewer than that again.
    return max(0.0, (said[-MOST] + WITHIN - work.now).total_seconds())


def next_message(work: UnitOfWork) -> FeedMessage | None:
    """Take what is to be told next, which is marked as told; None where nothing is to be told now."""
    feed = work.feed.find(lock=True)
    if feed is None:
        return None
    if not works_in(work, feed.chat_id):
        work.feed.end()
        return None
    waiting = work.feed.waiting()
    told = [event for event in waiting if _loudest(feed, event) is not Loudness.OFF]
    left_out = {event.id for event in waiting} - {event.id for event in told}
    work.feed.note_told(left_out, work.now, None)
    told = list(_ready(work, told))
    if not told or _seconds_left(work, feed) > 0:
        return None
    # Whatever had to wait is told together with all that waits by now.
    had_to_wait = len(work.feed.messages(told[0].created_at - WITHIN, work.now)) >= MOST
    told = told if had_to_wait else told[:1]
    work.feed.note_told([event.id for event in told], work.now, told[0].id)
    silent = all(_loudest(feed, event) is Loudness.SILENT for event in told)
    return FeedMessage(feed.where, silent, _said(work, told))


def _loudest(feed: Feed, event: FeedEvent) -> Loudness:
    loudness = {feed.loudness(kind) for kind in event.said.kinds}
    return next((each for each in (Loudness.LOUD, Loudness.SILENT) if each in loudness), Loudness.OFF)


def _said(work: UnitOfWork, events: Sequence[FeedEvent]) -> BatchEnded | HandedOver | Together:
    if len(events) > 1:
        return Together(_counted(work, events))
    [event] = events
    return event.said if isinstance(event.said, HandedOver) else _batch(work, event.subject_id, event.said)


def _batch(work: UnitOfWork, batch_id: int, ended: Ended) -> BatchEnded:
    batch = work.batches.find(batch_id)
    rows: Mapping[int, LoggedImport] = {} if batch is None else {row.id: row for row in batch.rows}
    imported, failed, unknown = (
        [rows[row_id] for row_id in ids if row_id in rows] for ids in (ended.imported, ended.failed, ended.unknown)
    )
    name = next((_called(row.user_id, row.user_name) for row in rows.values()), "")
    return BatchEnded(name, imported, failed, unknown)


def _called(user_id: int, name: str) -> str:
    return name or str(user_id)


def _counted(work: UnitOfWork, events: Sequence[FeedEvent]) -> Sequence[Counts]:
    people = work.feed.people([event.subject_id for event in events if isinstance(event.said, Ended)])
    # Of who has handed something over nothing but the name is kept.
    names: dict[int | str, str] = {}
    counts: Counter[tuple[int | str, str]] = Counter()
    by_name = {_called(*person): person[0] for person in people.values()}
    for event in events:
        if isinstance(event.said, HandedOver):
            who: int | str = by_name.get(event.said.giver, event.said.giver)
            names.setdefault(who, event.said.giver)
            counts[who, FeedKind.HANDED_OVER] += event.said.count
        else:
            who, name = people.get(event.subject_id, (0, ""))
            names.setdefault(who, _called(who, name))
            for kind, ids in (
                ("imported", event.said.imported),
                ("failed", event.said.failed),
                ("unknown", event.said.unknown),
            ):
                counts[who, kind] += len(ids)
    each = [
        Counts(name, *(counts[who, kind] for kind in ("imported", "failed", "unknown", "handed_over")))
        for who, name in names.items()
    ]
    return sorted(each, key=lambda person: -person.total)
