"""The audit: who did what, to whom, when and in which chat. It has ids, no names and no codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

#: Who did it where that is nobody who is known.
NOBODY = 0


class AuditKind(StrEnum):
    """What was done. A kind that was written once keeps its word; a button has room for 18 letters of it."""

    DENIED = "denied"  # what a role does not allow; ``detail`` is the use case, empty for whatever a stranger wanted
    CONFIRMED = "confirmed"  # a batch of imports; ``object_id`` is its number
    CANCELLED = "cancelled"  # of a batch
    CODES_SHOWN = "codes_shown"  # of a draft; ``object_id`` is its number
    ASKED = "asked"  # to be let in; ``object_id`` is the number of the request
    REFUSED_ACCESS = "refused_access"  # to somebody who had asked
    ALLOWED = "allowed"  # somebody; ``detail`` is the role
    REMOVED = "removed"  # somebody
    INVITED = "invited"  # ``object_id`` is the invitation, ``detail`` its role, the subject for whom alone it is
    JOINED = "joined"  # by the invitation ``object_id``, which the subject has made; ``detail`` is the role
    INVITATION_REVOKED = "invitation_revoked"  # ``object_id``, which the subject has made
    ROLE_CHANGED = "role_changed"  # of somebody; ``detail`` is the role
    KEPT_CODES_SHOWN = "kept_codes_shown"  # of somebody who was removed; ``object_id`` is the list's number
    GROUP_JOINED = "group_joined"  # a group chat, by whoever added the bot or was first to write to it
    GROUP_ALLOWED = "group_allowed"  # ``object_id`` is the number of the group chat
    GROUP_REFUSED = "group_refused"
    GROUP_LEFT = "group_left"  # the bot was removed
    FEED_CHANGED = "feed_changed"  # ``detail`` says how: begun, moved, ended, or a kind and how loud it is
    HANDED_OVER = "handed_over"  # codes, to the subject or (None) the team; ``object_id`` is the handoff
    TAKEN = "taken"  # codes of the handoff ``object_id``, which the subject has left
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REASSIGNED = "reassigned"  # the handoff ``object_id``, to the subject or (None) the team
    SPLIT = "split"
    HANDED_CODES_SHOWN = "returned_shown"  # of the handoff ``object_id``
    MEMBERS_CONFIRMED = "members_confirmed"  # after the database was restored; ``object_id`` is the generation
    RECOVERY_GOES_ON = "recovery_goes_on"  # ``object_id`` is the generation
    RECOVERY_STOPPED = "recovery_stopped"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``kind`` is a word that a newer version may have written. Who was erased has a pseudonym for an id."""

    id: int
    at: datetime
    kind: str
    actor_id: int
    subject_id: int | None
    chat_id: int | None
    object_id: int | None
    detail: str


class Audit(Protocol):
    def note(
        self,
        kind: AuditKind,
        actor_id: int,
        *,
        chat_id: int | None = None,
        subject_id: int | None = None,
        object_id: int | None = None,
        detail: str = "",
    ) -> None:
        """Add an entry. ``subject_id`` is the person to whom it was done, ``object_id`` the number of a row.

        ``detail`` is a word of the program's own, never one that somebody has typed.
        """

    def find(
        self, *, person_id: int | None, kind: str | None, size: int, before: int | None = None, after: int | None = None
    ) -> Sequence[AuditEntry]:
        """Up to so many entries of one kind, and of one person as who did it or to whom it was done, newest first.

        ``before`` asks for the newest that are older than that id, ``after`` for the oldest that are newer.
        """

    def people(self) -> Sequence[int]:
        """Everybody of whom there is an entry; whose newest entry is the newest comes first."""

    def last_denied(self, actor_id: int) -> datetime | None:
        """When somebody was denied something last."""

    def count_denied(self, since: datetime, most: int) -> int:
        """How many denials there are since then, counted up to so many."""
