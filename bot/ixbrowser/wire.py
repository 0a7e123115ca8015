"""One call of the Local API, and the one place where what can go wrong with it becomes our own errors.

Requests go straight to httpx's transports. A client on top of them would add redirects, cookies and the system's
proxies, none of which a loopback interface has and one of which would be given transfer codes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection

import httpx

from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.ixbrowser.models import Envelope, clean_text, read
from bot.ixbrowser.payloads import Body, secrets_of
from bot.ixbrowser.transport import LoopbackTransport
from bot.usecases.heartbeats import waiting

CONNECT_SECONDS = 3.0
MAX_ANSWER_BYTES = 32 * 2**20
MAX_MESSAGE_LENGTH = 300
MAX_PORT = 65_535

#: Shorter than the five seconds after which many servers close an idle connection, so that a list is not asked for on
#: a connection that is closed at the same moment.
_KEEPALIVE_SECONDS = 2.0
_HEADERS = httpx.Headers({"Content-Type": "application/json"})
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Wire:
    """The way to the Local API at ``url``."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._base = _base(url)
        self._addresses: dict[str, httpx.URL] = {}
        if transport is not None:
            self._kept = self._fresh = transport
            return
        secure = self._base is not None and self._base.scheme == "https"
        self._kept, self._fresh = _transports(secure=secure)

    async def close(self) -> None:
        for transport in {self._kept, self._fresh}:
            await transport.aclose()

    async def call(self, action: str, body: Body, *, seconds: float, fresh: bool = False) -> object:
        """The ``data`` of the answer.

        ``seconds`` bound the whole call. ``fresh`` makes a connection of its own, so that what may be done only once is
        not lost with an idle connection. Raises ``BrowserError``, whatever is answered; no secret of the body is in its
        text.
        """
        status, answer = await self._exchange(action, body, seconds, fresh=fresh)
        envelope = read(Envelope, _decoded(answer))
        if envelope is None:
            raise BrowserInvalidAnswer(f"{action}: the answer (HTTP {status}) is not one of ixBrowser's")
        if envelope.error.code != 0:
            raise BrowserRefusal(envelope.error.code, _without(secrets_of(body), envelope.error.message))
        return envelope.data

    async def _exchange(self, action: str, body: Body, seconds: float, *, fresh: bool) -> tuple[int, bytes]:
        request = httpx.Request(
            "POST",
            self._address(action),
            headers=_HEADERS,
            content=json.dumps(body).encode(),
            extensions={"timeout": httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)).as_dict()},
        )
        # Raised after the except clauses, so that no fault carries another's text along.
        fault: BrowserError
        try:
            with waiting(seconds):
                async with asyncio.timeout(seconds):
                    return await _answer(self._fresh if fresh else self._kept, request)
        except _NOT_CONNECTED:
            fault = BrowserNotRunning("ixBrowser is not running, or can't be reached")
        except (TimeoutError, httpx.TimeoutException):
            fault = BrowserNoAnswer(f"{action}: no answer within {round(seconds, 2):g} s")
        except (httpx.HTTPError, OSError, ValueError) as cut:
            fault = BrowserNoAnswer(f"{action}: the connection was cut ({type(cut).__name__})")
        raise fault

    def _address(self, action: str) -> httpx.URL:
        # Joining anew each time would be a tenth of the whole call.
        if action not in self._addresses:
            if self._base is None:
                raise BrowserNotRunning("the address of ixBrowser can't be used")
            self._addresses[action] = self._base.join(action)
        return self._addresses[action]


def _transports(*, secure: bool) -> tuple[httpx.AsyncBaseTransport, httpx.AsyncBaseTransport]:
    """One that keeps connections for a moment, and one that makes a connection for each request."""
    if not secure:
        return LoopbackTransport(idle_seconds=_KEEPALIVE_SECONDS), LoopbackTransport(idle=0)
    # ixBrowser itself speaks plain HTTP; this is for whoever has put a server with a certificate in front of it.
    verify = httpx.create_ssl_context(trust_env=False)
    kept = httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_SECONDS)
    fresh = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return (
        httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=kept),
        httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=fresh),
    )


async def _answer(transport: httpx.AsyncBaseTransport, request: httpx.Request) -> tuple[int, bytes]:
    """HTTP status and body of the answer."""
    response = await transport.handle_async_request(request)
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > MAX_ANSWER_BYTES:
                raise BrowserInvalidAnswer("the answer is far too long to be one of ixBrowser's")
    finally:
        await response.aclose()
    return response.status_code, bytes(body)


def _base(url: str) -> httpx.URL | None:
    """The address that the names of actions are joined to, None where no connection can ever be made to it."""
    try:
        base = httpx.URL(url.strip().rstrip("/") + "/api/v2/")
        base.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError):
        return None
    usable = base.scheme in {"http", "https"} and base.host and (base.port is None or 0 < base.port <= MAX_PORT)
    return base if usable else None


def _decoded(answer: bytes) -> object:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None


def _without(secrets: Collection[str], message: str) -> str:
    """A message as it may be shown: cut to a sentence, and free of the secrets that its request held."""
    forms = {form for secret in secrets for form in (clean_text(secret), json.dumps(secret)[1:-1])}
    for form in sorted(forms, key=len, reverse=True):
        message = message.replace(form, "•••")
    return message[:MAX_MESSAGE_LENGTH]
