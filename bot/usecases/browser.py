"""What the station needs of ixBrowser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ixbrowser_objects import Group, ImportRequest, ListedProxy, Profile, ReceivedRecord, TrafficPackage
from bot.domain.outcome import Outcome
from bot.domain.proxy import Extraction


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
