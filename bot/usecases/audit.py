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
    ROLE_CHANGED = "role_changed"  # of somebody; ``detail`` is the role
    KEPT_CODES_SHOWN = "kept_codes_shown"  # of somebody who was removed; ``object_id`` is the list's number


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
