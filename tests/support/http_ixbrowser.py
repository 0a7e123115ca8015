"""The stand-in of ixBrowser over real HTTP on the loopback interface."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_faults import ConnectionCut, NotRunning

HOST = "127.0.0.1"


class ServedIxBrowser:
    """A server that can be stopped and started again on the same port, in the running event loop."""

    def __init__(self, browser: FakeIxBrowser) -> None:
        self.browser = browser
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._open: set[asyncio.Transport] = set()
        self._seen: set[int] = set()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def connections(self) -> int:
        """How many connections have brought a request so far."""
        return len(self._seen)

    async def start(self) -> None:
        """Listen: on a free port at first, on the same one afterwards."""
        app = web.Application()
        app.router.add_post("/api/v2/{action}", self._answer)
        # Who hangs up is noticed at once, as by ixBrowser itself; the stand-in finishes what it has begun.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close: new connections are refused, those that wait for an answer are cut."""
        if self._runner is None:
            return
        for transport in self._open:
            transport.abort()
        await self._runner.cleanup()
        self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        transport = request.transport
        assert transport is not None
        self._open.add(transport)
        self._seen.add(transport.get_extra_info("peername")[1])
        try:
            status, answer = await self.browser.handle(request.match_info["action"], await request.read())
        except (NotRunning, ConnectionCut):
            transport.abort()
            return web.Response()
        finally:
            self._open.discard(transport)
        return web.Response(status=status, body=answer, content_type="application/json")


@asynccontextmanager
async def served(browser: FakeIxBrowser) -> AsyncIterator[ServedIxBrowser]:
    """Serve a stand-in until the block ends."""
    server = ServedIxBrowser(browser)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        await browser.close()
