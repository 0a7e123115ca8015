"""The team's feed as rows: where it is, how loud it is, and what is still to be told in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.loudness import Loudness
from bot.usecases.records import Place


class FeedKind(StrEnum):
    """What the feed tells, in the order of its card."""

    IMPORTED = "imported"
    HANDED_OVER = "handed_over"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Feed:
    """The one feed of the team. ``language`` is that of the admin who has put it there, ``set_at`` when it began.

    Every change of it raises ``revision``, which its buttons carry.
    """

    chat_id: int
    thread_id: int | None
    language: str
    set_at: datetime
    imported: Loudness
    handed_over: Loudness
    failed: Loudness
    revision: int

    @property
    def where(self) -> Place:
        """It is nobody's."""
        return Place(0, self.chat_id, self.thread_id, self.language)

    def is_at(self, where: Place) -> bool:
        return (self.chat_id, self.thread_id) == (where.chat_id, where.thread_id)

    def loudness(self, kind: FeedKind) -> Loudness:
        return {
            FeedKind.IMPORTED: self.imported,
            FeedKind.HANDED_OVER: self.handed_over,
            FeedKind.FAILED: self.failed,
        }[kind]


@dataclass(frozen=True, slots=True)
class Ended:
    """A batch has ended: the ids of its imports by how they ended. What was cancelled is nobody's concern."""

    imported: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()

    @property
    def kinds(self) -> frozenset[FeedKind]:
        kinds = {FeedKind.IMPORTED} if self.imported else set()
        return frozenset(kinds | ({FeedKind.FAILED} if self.failed or self.unknown else set()))

    def besides(self, told: Ended) -> Ended:
        """What of it was not told before."""
        return Ended(
            tuple(row for row in self.imported if row not in set(told.imported)),
            tuple(row for row in self.failed if row not in set(told.failed)),
            tuple(row for row in self.unknown if row not in set(told.unknown)),
        )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Somebody has left codes for somebody, or (None) for the team. ``masks`` are the first of ``count`` codes'."""

    giver: str
    receiver: str | None
    masks: tuple[str, ...]
    count: int

    @property
    def kinds(self) -> frozenset[FeedKind]:
        return frozenset({FeedKind.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """Something to be told. ``subject_id`` is the number of the batch or of the handoff."""

    id: int
    subject_id: int
    said: Ended | HandedOver
    created_at: datetime


class FeedRows(Protocol):
    def find(self, *, lock: bool = False) -> Feed | None:
        """The feed; None where the team has none. With ``lock`` it stays as it is until the transaction ends."""

    def begin(self, where: Place, now: datetime) -> None:
        """Make this place the feed where there is none, with what is usual; nothing is waiting to be told in it."""

    def write(self, feed: Feed) -> None:
        """Write all of it but the revision, which is raised."""

    def end(self, chat_id: int | None = None) -> bool:
        """Whether there was a feed, in this chat if one is given; there is none now, and nothing to be told."""

    def move_chat(self, old: int, new: int) -> None:
        """A group has become a supergroup."""

    def ended(self, batch_ids: Collection[int], since: datetime) -> Mapping[int, Ended]:
        """How those of these batches have ended of which nothing is under way, as far as that was since then."""

    def told(self, batch_id: int) -> Ended:
        """What there were events of already."""

    def add(self, subject_id: int, said: Ended | HandedOver, now: datetime) -> None: ...

    def waiting(self) -> Sequence[FeedEvent]:
        """What is still to be told, oldest first."""

    def nameless(self, import_ids: Collection[int]) -> Collection[int]:
        """Those of these imports of whose profile no name is known."""

    def messages(self, after: datetime, until: datetime) -> Sequence[datetime]:
        """When each of the messages was said, oldest first, of those in this time."""

    def note_told(self, event_ids: Collection[int], now: datetime, message: int | None) -> None:
        """These are told, in a message with the number of one of them; None where they are left out.

        Who has handed over what to whom is forgotten with it.
        """

    def people(self, batch_ids: Collection[int]) -> Mapping[int, tuple[int, str]]:
        """Whose each of these batches is: id and name."""

    def forget_told_before(self, moment: datetime) -> None: ...
