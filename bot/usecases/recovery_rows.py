"""What is kept of a recovery, and what the use cases need of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Misfit(StrEnum):
    """Why a database does not fit what was noted beside the installation."""

    OLDER = "older"  # it knows less than was there: a backup
    MOVED = "moved"  # it is another one, or from another computer or folder


class Decision(StrEnum):
    """What an admin has said to the ixBrowser account that they were shown."""

    WAITING = "waiting"
    STOPPED = "stopped"
    GOING_ON = "going_on"


@dataclass(frozen=True, slots=True)
class Recovery:
    """The latest one. ``settled``: the received records were read twice since it goes on, or it never needed it."""

    generation: int
    why: Misfit
    decision: Decision
    members_confirmed: bool
    settled: bool

    @property
    def is_over(self) -> bool:
        return self.members_confirmed and self.settled and self.decision is Decision.GOING_ON


@dataclass(frozen=True, slots=True)
class NewestRecord:
    """What a station has received last, as ixBrowser shows it; without a name where it has received nothing."""

    station: str
    name: str = ""
    account: str = ""
    received_at: datetime | None = None
    is_empty: bool = False


class Recoveries(Protocol):
    def generation(self) -> int:
        """The database's own, from 1."""

    def current(self) -> Recovery | None:
        """The recovery with which this generation began; None for the first."""

    def begin(self, generation: int, why: Misfit, now: datetime) -> None:
        """The database is of this generation from here on."""

    def lock(self) -> Recovery | None:
        """``current``, which nobody else changes until the transaction ends."""

    def decide(self, generation: int, decision: Decision, by: int | None, now: datetime) -> None: ...

    def confirm_members(self, generation: int, by: int | None, now: datetime) -> None: ...

    def note_settled(self, generation: int, now: datetime) -> None: ...

    def note_newest(self, generation: int, newest: NewestRecord) -> bool:
        """What a station has received last; whether something else was noted before."""

    def newest(self, generation: int) -> Sequence[NewestRecord]:
        """By the names of their stations."""

    def forget_what_is_shown(self) -> None:
        """Nothing is said that was still to be said, and no link or card of before leads anywhere.

        What is secret in a chat, and was to go, goes at once.

        What is under way, or has ended without being told, is to be shown as new messages.
        """

    def people_under_way(self) -> Sequence[int]:
        """Everybody who has an open draft, or an import that has not ended."""
