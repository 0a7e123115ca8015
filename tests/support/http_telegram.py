"""The pretend Telegram behind real HTTP on the loopback interface."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from aiohttp import web

from tests.standins.telegram import FakeTelegram, TelegramAway, method_called
from tests.standins.telegram_state import Upload

_LARGEST_BODY = 64 * 1024 * 1024


class HttpTelegram:
    """Serves a ``FakeTelegram`` as ``/bot<token>/<method>``; ``origin`` is the address to give to the bot.

    As an async context manager it runs within the block. ``stop`` and ``start`` take it off the network and put it back
    on the same port.
    """

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._serve)
        # A poller that hangs up is no poller any more, so its handler is cancelled with its connection.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    async def _serve(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], method_called(request.match_info["method"])
        try:
            status, body = await self._telegram.handle(token, method, await _parameters(request))
        except TelegramAway:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return web.Response(status=status, body=body, content_type="application/json")


async def _parameters(request: web.Request) -> dict[str, object]:
    params: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        params.update(await request.json())
        return params
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = Upload(value.filename, value.file.read())
        else:
            params[name] = value
    return params
