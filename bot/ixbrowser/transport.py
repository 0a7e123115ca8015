"""Connections to the Local API on the loopback interface, for httpx.

httpx's own transport serves every asynchronous library, which costs a call several turns of the event loop, gives each
read and write a limit of its own, and sends a request's head and body apart. Here connections are asyncio's, the caller
limits the whole call, and a request leaves in one piece: two thirds of the processor time of a call (measured). The
protocol and the pool are httpcore's, as they are under httpx's own transport.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import AsyncIterator, Iterable
from typing import Any, cast

import httpcore
import httpx

#: Unread bytes of a connection above which no more are taken from the system.
_BUFFERED = 2**20

#: What httpcore raises here, and httpx's name for it.
_HTTPX_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
}
_ERRORS = tuple(_HTTPX_ERRORS)


class LoopbackTransport(httpx.AsyncBaseTransport):
    """Plain HTTP/1.1, on at most ``idle`` kept connections, each kept for ``idle_seconds`` at most.

    Of the request's time limits only ``connect`` is looked at. Raises httpx's transport errors.
    """

    def __init__(self, *, idle: int | None = None, idle_seconds: float | None = None) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=None,
            max_keepalive_connections=idle,
            keepalive_expiry=idle_seconds,
            network_backend=_Network(),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(asked)
        except _ERRORS as error:
            raise _HTTPX_ERRORS[type(error)](str(error)) from error
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.aiter_stream():
                yield piece
        except _ERRORS as error:
            raise _HTTPX_ERRORS[type(error)](str(error)) from error

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Network(httpcore.AsyncNetworkBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,  # noqa: ARG002 - httpcore's own signature
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's own signature
    ) -> _Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                # ``localhost`` may be two addresses, one of which only swallows what is sent to it.
                _, connection = await loop.create_connection(_Connection, host, port, happy_eyeballs_delay=0.25)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return connection


class _Connection(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. What is written leaves when an answer to it is waited for."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._unsent = bytearray()
        self._received = bytearray()
        self._arrived = asyncio.Event()
        self._ended = False
        self._error: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._arrived.set()
        if len(self._received) > _BUFFERED:
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self._ended = True
        self._arrived.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        self._arrived.set()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - as above
        self._unsent += buffer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - as above
        if self._unsent and not self._ended:
            self._transport.write(self._unsent)
            self._unsent = bytearray()
        while not self._received and not self._ended:
            self._arrived.clear()
            await self._arrived.wait()
        piece = bytes(self._received[:max_bytes])
        del self._received[:max_bytes]
        if not piece and self._error is not None:
            raise httpcore.ReadError(type(self._error).__name__)
        self._transport.resume_reading()
        return piece

    async def aclose(self) -> None:
        self._transport.abort()

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return self._is_readable()
        return self._transport.get_extra_info(info)

    def _is_readable(self) -> bool:
        """Whether a connection at rest was closed by the server, or brings what nobody has asked for."""
        if self._ended or self._received:
            return True
        # The system may know what the event loop has not been told yet.
        with selectors.DefaultSelector() as selector:
            selector.register(self._transport.get_extra_info("socket"), selectors.EVENT_READ)
            return bool(selector.select(0))
