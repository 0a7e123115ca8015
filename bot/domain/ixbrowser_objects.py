"""What ixBrowser has, as the rest of the program sees it: groups, proxies, profiles, received records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode


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
    """One transfer that this account has received, and when, as far as that is told.

    ``account`` is that account as ixBrowser shows it, masked.
    """

    id: int
    code: TransferCode | None
    profile_name: str
    account: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as the profile list shows it. ``proxy_mode`` is 1 residential, 2 custom, 3 static, 4 extraction."""

    id: int
    name: str
    group_id: int | None
    group_title: str
    proxy_mode: int | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a proxy is found and how one speaks to it, in the words of the Local API."""

    type: str
    ip: str
    port: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is sent for one code. ``proxy`` is complete; ``group_id`` None means the default group.

    ``bypass`` holds the domains that do not go through the proxy; it is sent wherever a proxy choice is. ``address``
    is the saved proxy's, where one was chosen.
    """

    code: TransferCode
    group_id: int | None
    proxy: ProxyChoice
    bypass: tuple[str, ...] = ()
    address: Address | None = None
