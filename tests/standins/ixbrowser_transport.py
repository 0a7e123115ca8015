"""The stand-in of ixBrowser behind httpx, with no network in between."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import ConnectionCut, NotRunning


class InProcess(httpx.AsyncBaseTransport):
    """Hands requests to the stand-in. The request's read time-out counts, by the stand-in's own ``sleep``."""

    def __init__(self, browser: FakeIxBrowser) -> None:
        self._browser = browser

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        action = request.url.path.removeprefix("/api/v2/")
        try:
            status, answer = await self._in_time(request, self._browser.handle(action, body))
        except NotRunning:
            raise httpx.ConnectError("connection refused", request=request) from None
        except ConnectionCut:
            raise httpx.ReadError("connection cut", request=request) from None
        return httpx.Response(status, content=answer, headers={"Content-Type": "application/json"}, request=request)

    async def _in_time(self, request: httpx.Request, work: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        seconds = request.extensions.get("timeout", {}).get("read")
        if seconds is None:
            return await work
        answer, limit = asyncio.create_task(work), asyncio.ensure_future(self._browser.sleep(seconds))
        try:
            await asyncio.wait({answer, limit}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise httpx.ReadTimeout("no answer in time", request=request)
            return answer.result()
        finally:
            answer.cancel()
            limit.cancel()
