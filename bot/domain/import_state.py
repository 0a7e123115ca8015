"""Where an import stands."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where an import stands; the words of the import log."""

    QUEUED = "queued"
    SENDING = "sending"
    CHECKING = "checking"
    IMPORTED = "imported"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class ProxyStatus(StrEnum):
    """Where a proxy stands that is looked up, and set where needed, after the import."""

    PENDING = "pending"  # to be looked up in the profile list
    SETTING = "setting"  # a call that sets it may be under way
    SET = "set"
    MISSING = "missing"  # imported without it; its person may have it tried again
    GIVEN_UP = "given_up"
