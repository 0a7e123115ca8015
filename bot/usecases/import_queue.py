"""The import log as the station works it off, and the groups that are to be made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.import_state import ProxyStatus, Status
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the import log, as the importer needs it.

    ``unanswered`` counts the attempts whose answer is not known. ``verdict`` is how the row ends if the received
    records prove that it was not imported: ``FAILED`` or ``CANCELLED``, None when it is to be sent again.
    ``without_proxy`` says that ixBrowser would not take the extraction link with the import, which is therefore sent
    without and the link set afterwards. ``held`` rows have waited so long that their person is asked first.
    """

    id: int
    batch_id: int
    code: TransferCode
    group_id: int | None
    proxy: ProxyChoice
    bypass: tuple[str, ...]
    status: Status
    created_at: datetime
    waiting_since: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    unanswered: int = 0
    restricted: int = 0
    held: bool = False
    without_proxy: bool = False
    cancel_wanted: bool = False
    verdict: Status | None = None
    error_code: int | None = None
    error_message: str = ""
    profile_id: int | None = None
    profile_name: str = ""
    record_id: int | None = None
    proxy_status: ProxyStatus | None = None
    finished_at: datetime | None = None


class ImportLog(Protocol):
    """The import log, which is the queue as well. Every method is one transaction, committed when it returns.

    Only rows of one's own station are seen. ``change`` writes the named fields of ``ImportRow`` and moves the card's
    revision on, so that its person is told, unless ``quiet``. It does nothing, and says so by returning False, when the
    row is no longer in the status that the caller believes it in (``expect``).
    """

    async def recover(self, besides: Collection[int] = ()) -> Sequence[ImportRow]:
        """Every row found ``sending`` becomes ``checking`` with one more in ``unanswered``; those rows.

        At start nobody is sending. Later, after a claim of which it is not known whether it was committed, ``besides``
        names the rows that are truly being sent.
        """

    async def claim(self, limit: int, *, last: Collection[int] = ()) -> Sequence[ImportRow]:
        """Take up to ``limit`` queued rows, oldest first, that are neither held nor wanted cancelled.

        Those named in ``last`` come after all others, so that one row that cannot be sent does not stand before the
        rest. The rows are ``sending`` with ``sent_at`` and one more attempt when this returns: committed before
        anything is sent. A row that waits for something (see ``wait``) is claimed quietly: trying it again is no news,
        and what it waits for stays until it is said to be over.
        """

    async def checking(self) -> Sequence[ImportRow]: ...

    async def cancelled_while_queued(self) -> Sequence[ImportRow]:
        """Queued rows whose person wants them cancelled."""

    async def proxies_to_set(self) -> Sequence[ImportRow]:
        """Imported rows whose ``proxy_status`` is pending or setting."""

    async def unnamed(self) -> Sequence[ImportRow]:
        """Imported rows, of the last day, whose profile's number is known and its name is not."""

    async def change(self, row_id: int, *, expect: Status, quiet: bool = False, **fields: object) -> bool: ...

    async def wait(self, reason: str | None) -> None:
        """All queued rows wait for this (``away``, ``1002``, ``1008``, ``1010``), or no longer for anything (None).

        Said again after every fruitless try; only the cards of rows that did not wait for it already move on.
        """

    async def hold_older_than(self, moment: datetime) -> int:
        """Queued rows that have waited since before ``moment`` are held until their person says so; how many."""

    async def claimed_records(self, record_ids: Sequence[int]) -> frozenset[int]:
        """Those of the received records that a row has been found by already."""

    async def claimed_profiles(self, profile_ids: Sequence[int]) -> frozenset[int]:
        """Those of the profiles that a row has already."""


# --- groups to be made ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """A draft whose person wants a new group. ``sent``: a call that makes it may have been sent already."""

    draft_id: int
    title: str
    sent: bool


class GroupRequests(Protocol):
    """The drafts that wait for a group to be made. Every method is one transaction, committed when it returns.

    A False says that the draft no longer wants this group.
    """

    async def wanted(self) -> Sequence[GroupRequest]: ...

    async def intend(self, draft_id: int, title: str) -> bool:
        """Note that the group is about to be made: the request is ``sent`` from now on."""

    async def made(self, draft_id: int, title: str, group_id: int) -> bool: ...

    async def failed(self, draft_id: int, title: str, reason: str, code: int | None) -> bool:
        """The request ends without a group: ``away``, ``refused`` (with its ``code``), ``unreadable`` or ``silent``."""
