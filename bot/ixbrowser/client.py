"""The Local API as the core needs it: the ``Browser`` of ``bot.station.ports``."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx

from bot.domain.error_codes import PROXY_MISSING, PROXY_TYPE_UNKNOWN
from bot.domain.ixbrowser_objects import (
    Address,
    Group,
    ImportRequest,
    ListedProxy,
    Profile,
    ReceivedRecord,
    TrafficPackage,
)
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown, classify
from bot.domain.proxy import Extraction, ProxyType, Saved
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNotRunning, BrowserRefusal
from bot.ixbrowser.lists import read_all
from bot.ixbrowser.models import (
    PURCHASED,
    GroupRow,
    ImportedProfile,
    NewGroup,
    PackageRow,
    Page,
    ProfileRow,
    ProxyRow,
    RecordRow,
    Row,
    read,
)
from bot.ixbrowser.payloads import Body, extraction_body, import_body
from bot.ixbrowser.wire import Wire
from bot.usecases.heartbeats import waiting

#: A list is asked for again where it failed, so it is not waited for as long as what must not be repeated.
LIST_SECONDS = 20.0

PROXY_GONE = Refused(PROXY_MISSING, "Proxy information does not exist")
UNKNOWN_TYPE = Refused(PROXY_TYPE_UNKNOWN, "Proxy type not in range")

_RECEIVED = 2
_SAVED = 1

R = TypeVar("R", bound=Row)


class LocalApi:
    """ixBrowser at ``url``, an origin such as ``http://127.0.0.1:53200``.

    ``timeout``: seconds that an import, and any other change, may take.
    ``concurrency``: how many imports, and beside them how many pages of lists, are under way at a time. ``ping`` and
    other changes wait for none of them.
    ``transport``: instead of the network, for one that is in the process.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 60.0,
        concurrency: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._wire = Wire(url, transport)
        self._seconds = timeout
        self._list_seconds = min(timeout, LIST_SECONDS)
        self._imports = asyncio.Semaphore(concurrency)
        self._pages = asyncio.Semaphore(concurrency)

    async def close(self) -> None:
        """Close every connection."""
        await self._wire.close()

    async def ping(self) -> int:
        """How many groups there are, by the cheapest call that only a running and logged-in ixBrowser answers.

        It waits for no other call: how long it takes says how fast ixBrowser answers.
        """
        return (await self._page_now("group-list", {"page": 1, "limit": 1})).total

    async def import_profile(self, request: ImportRequest) -> Outcome:
        async with _turn(self._imports):
            return await self._send_import(import_body(request))

    async def saved_address(self, proxy: Saved) -> Address | Refused | NotSent:
        try:
            async with asyncio.timeout(self._list_seconds):
                rows = await self._proxies(_SAVED)
        except BrowserRefusal as refusal:
            return NotSent(refusal.code, refusal.message)
        except (BrowserError, TimeoutError) as fault:
            return NotSent(None, str(fault) or "the list of saved proxies took too long")
        row = next((row for row in rows if row.id == proxy.proxy_id), None)
        if row is None:
            return PROXY_GONE
        if row.proxy_type.lower() not in set(ProxyType):
            return UNKNOWN_TYPE
        return Address(row.proxy_type.lower(), row.proxy_ip, row.proxy_port, row.proxy_user, row.proxy_password)

    async def received_records(self) -> Sequence[ReceivedRecord]:
        rows = await self._list("profile-transfer-record-list", {"type": _RECEIVED}, RecordRow, every=True)
        return [row.record() for row in rows]

    async def groups(self) -> Sequence[Group]:
        return [row.group() for row in await self._list("group-list", {}, GroupRow)]

    async def create_group(self, title: str) -> int:
        # The order among the groups is required as well; 0 is what the official client sends.
        created = read(NewGroup, {"id": await self._change("group-create", {"title": title, "sort": 0})})
        if created is None:
            raise BrowserInvalidAnswer("group-create: the new group's number can't be read")
        return created.id

    async def saved_proxies(self) -> Sequence[ListedProxy]:
        return [row.listed(purchased=False) for row in await self._proxies(_SAVED)]

    async def static_proxies(self) -> Sequence[ListedProxy]:
        return [row.listed(purchased=True) for row in await self._proxies(PURCHASED)]

    async def traffic_packages(self) -> Sequence[TrafficPackage]:
        return [row.package() for row in await self._list("traffic-package-list", {}, PackageRow)]

    async def profile(self, profile_id: int) -> Profile | None:
        rows = await self._list("profile-list", {"profile_id": profile_id}, ProfileRow, every=True)
        return next((row.profile() for row in rows if row.profile_id == profile_id), None)

    async def profiles_named(self, name: str) -> Sequence[Profile]:
        # The filter finds names that hold this one, too.
        rows = await self._list("profile-list", {"name": name}, ProfileRow, every=True)
        return [row.profile() for row in rows if row.name == name]

    async def set_extraction(self, profile_id: int, proxy: Extraction, bypass: tuple[str, ...]) -> None:
        await self._change("profile-update-proxy-for-api-extraction", extraction_body(profile_id, proxy, bypass))

    async def _send_import(self, body: Body) -> Outcome:
        try:
            data = await self._wire.call("profile-transfer-code-import", body, seconds=self._seconds, fresh=True)
        except BrowserNotRunning as away:
            return NotSent(None, str(away))
        except BrowserRefusal as refusal:
            return classify(refusal.code, refusal.message)
        except BrowserError as lost:
            return Unknown(None, str(lost))
        imported = read(ImportedProfile, data)
        if imported is None:
            return Unknown(None, "ixBrowser said yes, but not which number the profile has")
        return Imported(imported.profile_id)

    async def _proxies(self, kind: int) -> list[ProxyRow]:
        rows = await self._list("proxy-list", {"type": kind}, ProxyRow)
        return [row for row in rows if row.type in {kind, None}]

    async def _list(self, action: str, query: Body, model: type[R], *, every: bool = False) -> list[R]:
        """All rows of a list; one that can't be read is left out, or makes the list unreadable if ``every``."""

        async def fetch(page: int, limit: int) -> Page:
            return await self._page(action, query | {"page": page, "limit": limit})

        rows = [read(model, row) for row in await read_all(fetch, model.key)]
        if every and None in rows:
            raise BrowserInvalidAnswer(f"{action}: a row can't be read")
        return [row for row in rows if row is not None]

    async def _page(self, action: str, body: Body) -> Page:
        async with _turn(self._pages):
            return await self._page_now(action, body)

    async def _page_now(self, action: str, body: Body) -> Page:
        page = read(Page, await self._wire.call(action, body, seconds=self._list_seconds))
        if page is None:
            raise BrowserInvalidAnswer(f"{action}: the answer is not a list")
        return page

    async def _change(self, action: str, body: Body) -> object:
        # At once: its caller has looked whether what it has committed may still be sent, and makes one at a time.
        return await self._wire.call(action, body, seconds=self._seconds, fresh=True)


@asynccontextmanager
async def _turn(calls: asyncio.Semaphore) -> AsyncIterator[None]:
    """One of the calls that may be under way at a time, as soon as there are fewer."""
    # Any number may be before it. Each has a limit of its own, and the loop that one hangs in is seen.
    with waiting(math.inf):
        await calls.acquire()
    try:
        yield
    finally:
        calls.release()
