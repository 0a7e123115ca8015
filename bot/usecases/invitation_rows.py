"""Rows of invitations, and what the use cases need of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.invitation import InvitationState
from bot.usecases.records import Role


@dataclass(frozen=True, slots=True)
class Invitation:
    """``made_at`` is when its link was made, ``bot_username`` whose link it is.

    With ``for_user_id`` it is for one person alone, who is called ``for_name``.
    """

    id: int
    revision: int
    state: InvitationState
    made_by: int
    role: Role
    uses: int
    used: int
    life: timedelta
    bot_username: str
    made_at: datetime | None = None
    expires_at: datetime | None = None
    for_user_id: int | None = None
    for_name: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody has come by an invitation. ``removed`` once their access was taken away, ``removed_by`` by whom."""

    id: int
    invitation_id: int
    user_id: int
    username: str
    role: Role
    removed: bool = False
    removed_by: int | None = None


class Invitations(Protocol):
    """Of a link's token only the hash is kept.

    The token itself can be made again for as long as its invitation is open: from a random number in the row and the
    key of the database, which is in no row.
    """

    def begin(self, made_by: int, *, role: Role, uses: int, life: timedelta, bot_username: str, now: datetime) -> int:
        """A new one, for which something is still to be chosen; its number."""

    def find(self, invitation_id: int) -> Invitation | None: ...

    def find_by_token(self, token: str) -> Invitation | None: ...

    def lock(self, invitation_id: int) -> Invitation | None: ...

    def lock_by_token(self, token: str) -> Invitation | None: ...

    def lock_open(self) -> Sequence[Invitation]:
        """The open ones."""

    def lock_open_of(self, user_id: int) -> Sequence[Invitation]:
        """The open ones that this person has made."""

    def lock_expired(self, now: datetime) -> Sequence[Invitation]:
        """The open ones whose time is over."""

    def save(self, invitation: Invitation) -> None:
        """Write one that was locked, with a higher revision. Of one that is not open no token can be made again."""

    def make_link(self, invitation_id: int) -> None:
        """Give it a token."""

    def token(self, invitation_id: int) -> str | None:
        """The token of an open one; None where it can't be made again."""

    def open_page(self, skip: int, size: int) -> Sequence[Invitation]:
        """The open ones, newest first."""

    def count_open(self) -> int: ...

    def forget_unfinished_before(self, moment: datetime) -> None:
        """Delete those that were begun before, and have no link."""

    def bar(self, user_id: int, now: datetime) -> None:
        """Nobody who opens a link that was made up to now is let in as this person."""

    def barred_at(self, user_id: int) -> datetime | None: ...

    def add_joining(self, invitation: Invitation, user_id: int, username: str, now: datetime) -> int:
        """Note that somebody has come by it; the number of that."""

    def find_joining(self, joining_id: int) -> Joining | None: ...

    def note_removed(self, user_id: int, by: int | None) -> Sequence[int]:
        """Whoever came by an invitation has lost their access; the numbers of their joinings."""
