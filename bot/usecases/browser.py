"""What the station needs of ixBrowser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ixbrowser_objects import (
    Address,
    Group,
    ImportRequest,
    ListedProxy,
    Profile,
    ReceivedRecord,
    TrafficPackage,
)
from bot.domain.outcome import NotSent, Outcome, Refused
from bot.domain.proxy import Extraction, Saved


class Browser(Protocol):
    """ixBrowser, through its Local API.

    ``import_profile`` and ``saved_address`` never raise for what ixBrowser or the way to it does: their answer is an
    outcome. All others raise ``BrowserError`` (not running, refusal, invalid answer, no answer). Lists are complete:
    every page is read, again if their total changed meanwhile. ``create_group`` and ``set_extraction`` send at once,
    however many other calls are under way.
    """

    async def import_profile(self, request: ImportRequest) -> Outcome:
        """Send one import, on a connection of its own. A saved proxy's address has been looked up already."""

    async def saved_address(self, proxy: Saved) -> Address | Refused | NotSent:
        """The address of a saved proxy as ixBrowser knows it now.

        ``NotSent`` where it can't be looked up, ``Refused`` (2002, 101008) where the proxy is gone or of a type that an
        import does not take: what then becomes of the import.
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
