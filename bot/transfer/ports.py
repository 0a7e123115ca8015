"""What the core needs of the outside: a browser, a log of imports, a clock, and someone to tell."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.transfer.code import TransferCode
from bot.transfer.outcome import Outcome
from bot.transfer.proxy import Extraction, ProxyChoice


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


# --- what ixBrowser lists -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class ListedProxy:
    """A row of ixBrowser's proxy list. ``type`` is its text as ixBrowser gives it, ``port`` its digits."""

    id: int
    type: str
    host: str
    port: str
    user: str
    note: str
    purchased: bool

    @property
    def label(self) -> str:
        """How it is told from others at a glance, without its password."""
        address = f"{self.type} {self.host}:{self.port}".strip()
        return f"{address} · {self.note}" if self.note else address


@dataclass(frozen=True, slots=True)
class TrafficPackage:
    """A purchased package of residential traffic; ``used_mb`` and ``limit_mb`` are megabytes as ixBrowser writes."""

    id: int
    supplier: str
    used_mb: str
    limit_mb: str


@dataclass(frozen=True, slots=True)
class ReceivedRecord:
    """One transfer that this account has received."""

    id: int
    code: TransferCode | None
    profile_name: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as the profile list shows it. ``proxy_mode`` is 1 residential, 2 custom, 3 static, 4 extraction."""

    id: int
    name: str
    group_id: int | None
    group_title: str
    proxy_mode: int | None


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is sent for one code. ``proxy`` is complete; ``group_id`` None means the default group.

    ``bypass`` holds the domains that do not go through the proxy; it is sent wherever a proxy choice is.
    """

    code: TransferCode
    group_id: int | None
    proxy: ProxyChoice
    bypass: tuple[str, ...] = ()


class Browser(Protocol):
    """ixBrowser, through its Local API.

    Only ``import_profile`` never raises for what ixBrowser or the way to it does: its answer is an outcome. All others
    raise ``BrowserError`` (away, refusal, unreadable, silent). Lists are complete: every page is read, again if their
    total changed meanwhile.
    """

    async def import_profile(self, request: ImportRequest) -> Outcome:
        """Send one import, on a connection of its own.

        A saved proxy's address is looked up first: where that fails the import is ``NotSent``, and ``Refused`` with
        code 2002 where the proxy is gone.
        """

    async def received_records(self) -> Sequence[ReceivedRecord]: ...

    async def groups(self) -> Sequence[Group]: ...

    async def create_group(self, title: str) -> int:
        """Make a group; its id. Not idempotent."""

    async def saved_proxies(self) -> Sequence[ListedProxy]: ...

    async def static_proxies(self) -> Sequence[ListedProxy]: ...

    async def traffic_packages(self) -> Sequence[TrafficPackage]: ...

    async def profile(self, profile_id: int) -> Profile | None: ...

    async def profiles_named(self, name: str) -> Sequence[Profile]:
        """Every profile whose name is exactly this."""

    async def set_extraction(self, profile_id: int, proxy: Extraction, bypass: tuple[str, ...]) -> None:
        """Set an extraction link as the proxy of a profile that is there already."""


# --- the import log -------------------------------------------------------------------------------------------------


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
class GroupWish:
    """A draft whose person wants a new group. ``sent``: a call that makes it may have been sent already."""

    draft_id: int
    title: str
    sent: bool


class GroupDesk(Protocol):
    """The drafts that wait for a group to be made. Every method is one transaction, committed when it returns.

    A False says that the draft no longer wants this group.
    """

    async def wanted(self) -> Sequence[GroupWish]: ...

    async def intend(self, draft_id: int, title: str) -> bool:
        """Note that the group is about to be made: the wish is ``sent`` from now on."""

    async def made(self, draft_id: int, title: str, group_id: int) -> bool: ...

    async def failed(self, draft_id: int, title: str, reason: str, code: int | None) -> bool:
        """The wish ends without a group: ``away``, ``refused`` (with its ``code``), ``unreadable`` or ``silent``."""


class Clock(Protocol):
    """Time of both sorts, so that a test can move it."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""

    def awake(self) -> float:
        """Seconds that the computer has been awake; only differences mean something."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Wait until the event is set (True) or the seconds have passed awake (False)."""
