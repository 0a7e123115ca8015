"""Where an import stands, and what follows for others when that changes. ``import_transitions`` has what changes it."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
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


#: Statuses in which an import has not ended.
UNDER_WAY = frozenset({Status.QUEUED, Status.SENDING, Status.CHECKING})

#: Where a link is still being seen to.
LINK_OPEN = frozenset({ProxyStatus.PENDING, ProxyStatus.SETTING})


@dataclass(frozen=True, slots=True)
class ImportState:
    """All of an import that events change.

    ``attempts`` counts the claims, ``unanswered`` the attempts whose answer is not known, ``restricted`` the answers
    1008 in a row. ``without_proxy``: ixBrowser would not take the extraction link with the import, which is therefore
    sent without, and the link set afterwards. ``held``: it has waited so long that its person is asked first.
    ``verdict``: how it ends if the received records prove that it was not imported, ``FAILED`` or ``CANCELLED``; None
    when it is to be sent again. ``takes_link``: its proxy comes from an extraction link, which is looked up, and set
    where it is missing, once the profile is there. ``code_kept``: its code can be read, as it must be to send it or to
    find it in the records. ``key_lost``: the key was lost with which its code and its secrets were encrypted.
    ``station``: who sees to it. ``looks``: complete readings of the received records in which it was looked for.
    """

    status: Status
    waiting_since: datetime
    attempts: int = 0
    unanswered: int = 0
    restricted: int = 0
    without_proxy: bool = False
    cancel_wanted: bool = False
    held: bool = False
    waiting_for: str | None = None
    verdict: Status | None = None
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    error_code: int | None = None
    error_message: str = ""
    profile_id: int | None = None
    profile_name: str = ""
    record_id: int | None = None
    proxy_status: ProxyStatus | None = None
    takes_link: bool = False
    code_kept: bool = True
    key_lost: bool = False
    station: str = ""
    looks: int = 0


def needs_secrets(state: ImportState) -> bool:
    """Whether the password or link of the import's proxy may still be sent."""
    return state.status in UNDER_WAY or state.proxy_status in LINK_OPEN | {ProxyStatus.MISSING}


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a change of one import.

    ``card_behind``: the card shows less than is known. ``repost``: it is to stand below what has been written since,
    since it asks something. ``waited``: the person has been told of a wait, so that the end is told in a message of its
    own. ``announce_again``: so it is, although an end has been told already. ``secrets_unneeded``: this import needs
    no secret any more. ``to_send``, ``to_verify``, ``link_to_set``: there is something to do for the sender, the
    verifier, the extraction link setter.
    """

    card_behind: bool = False
    repost: bool = False
    waited: bool = False
    announce_again: bool = False
    secrets_unneeded: bool = False
    to_send: bool = False
    to_verify: bool = False
    link_to_set: bool = False

    def __or__(self, other: Consequences) -> Consequences:
        """What follows from both changes."""
        return Consequences(*(one or another for one, another in zip(astuple(self), astuple(other), strict=True)))


def consequences(before: ImportState, after: ImportState) -> Consequences:
    """What follows from the change of one import from ``before`` to ``after``."""

    def becomes(status: Status) -> bool:
        return after.status is status and before.status is not status

    # A result that has just been answered is shown together with the profile's name, or when that does not come.
    awaits_name = before.status is Status.SENDING and after.status is Status.IMPORTED
    retried = before.proxy_status is ProxyStatus.MISSING and after.proxy_status is ProxyStatus.PENDING
    let_go_on = before.held and not after.held and after.status is Status.QUEUED
    return Consequences(
        card_behind=not awaits_name and _shown(before) != _shown(after),
        repost=after.held and not before.held,
        waited=after.status is Status.QUEUED and after.waiting_for != before.waiting_for,
        announce_again=retried or (before.status is Status.UNKNOWN and after.status is Status.CHECKING),
        secrets_unneeded=needs_secrets(before) and not needs_secrets(after),
        to_send=let_go_on or (before.status is Status.CHECKING and after.status is Status.QUEUED),
        to_verify=becomes(Status.CHECKING),
        link_to_set=after.proxy_status is ProxyStatus.PENDING and before.proxy_status is not ProxyStatus.PENDING,
    )


def _shown(state: ImportState) -> tuple[object, ...]:
    """What a card shows of an import. What is being sent looks like what is queued, and a link being set like one
    that is to be."""
    status = Status.QUEUED if state.status is Status.SENDING else state.status
    proxy_status = ProxyStatus.PENDING if state.proxy_status is ProxyStatus.SETTING else state.proxy_status
    unsent = status is Status.QUEUED
    return (
        status,
        proxy_status,
        state.cancel_wanted,
        state.held,
        state.waiting_for if unsent else None,
        state.profile_id,
        state.profile_name,
    )
