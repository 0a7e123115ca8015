"""The audit: who did what, to whom, when and in which chat. It has ids, no names and no codes."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class AuditKind(StrEnum):
    """What was done. A kind that was written once keeps its word."""

    DENIED = "denied"  # what a role does not allow; ``detail`` is the use case
    CONFIRMED = "confirmed"  # a batch of imports; ``object_id`` is its number
    CANCELLED = "cancelled"  # of a batch
    CODES_SHOWN = "codes_shown"  # of a draft; ``object_id`` is its number
    ALLOWED = "allowed"  # somebody; ``detail`` is the role
    REMOVED = "removed"  # somebody
    GROUP_JOINED = "group_joined"  # a group chat, by whoever added the bot or was first to write to it
    GROUP_ALLOWED = "group_allowed"  # ``object_id`` is the number of the group chat
    GROUP_REFUSED = "group_refused"
    GROUP_LEFT = "group_left"  # the bot was removed


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
