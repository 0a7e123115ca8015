"""Answers that no real ixBrowser would give, behind httpx without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from bot.ixbrowser.client import LocalApi

Respond = Callable[[str, dict[str, Any]], httpx.Response]


class Scripted(httpx.AsyncBaseTransport):
    """Calls ``respond`` with the action and the body of each request, and remembers them."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self.requests: list[tuple[str, dict[str, Any]]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        action = request.url.path.removeprefix("/api/v2/")
        self.requests.append((action, body))
        return self._respond(action, body)


def always(answer: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Scripted:
    """The same answer to everything."""
    return Scripted(lambda _action, _body: httpx.Response(status, headers=headers, stream=httpx.ByteStream(answer)))


def failing(fault: Exception) -> Scripted:
    """The same fault of the transport for everything."""

    def respond(_action: str, _body: dict[str, Any]) -> httpx.Response:
        raise fault

    return Scripted(respond)


def envelope(data: object, code: object = 0, **error: object) -> bytes:
    return json.dumps({"error": {"code": code, **error}, "data": data}).encode()


def api(transport: httpx.AsyncBaseTransport, timeout: float = 60.0) -> LocalApi:
    return LocalApi("http://127.0.0.1:53200", transport=transport, timeout=timeout)
