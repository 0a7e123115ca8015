"""python-telegram-bot's requests over aiohttp: a step of a conversation makes two, and httpx takes thrice as long."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from aiohttp_socks import ProxyConnector, ProxyError
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.usecases.heartbeats import beat

#: Seconds for each part of a call, unless the call says otherwise.
SECONDS = 5.0

_DEFAULT = BaseRequest.DEFAULT_NONE
_JSON = {"Content-Type": "application/json"}


class Transport(BaseRequest):
    """A pool of ``connections`` to the Bot API, through ``proxy`` (an ``http://`` or ``socks5://`` URL) if it is given.

    What goes wrong on the way is told by its kind alone: its text may hold the address, and with it the token.
    """

    def __init__(self, *, connections: int, proxy: str | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return SECONDS

    async def initialize(self) -> None:
        """Open the pool. It needs a running event loop."""
        if self._session is None or self._session.closed:
            limits: dict[str, Any] = {"limit": self._connections}
            connector = (
                TCPConnector(**limits) if self._proxy is None else ProxyConnector.from_url(self._proxy, **limits)
            )
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar(), auto_decompress=True)

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917 - python-telegram-bot's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,  # noqa: ARG002 - aiohttp has no limit for writing alone
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        """One call of the Bot API; status and body. Raises ``TimedOut`` and ``NetworkError``."""
        if self._session is None:
            raise RuntimeError("the transport is not open")
        timeout = ClientTimeout(
            total=None,
            connect=_seconds(pool_timeout),
            sock_connect=_seconds(connect_timeout),
            sock_read=_seconds(read_timeout),
        )
        try:
            async with self._session.request(method, url, **_body(request_data), timeout=timeout) as response:
                beat()
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, ProxyError, OSError) as error:
            raise NetworkError(f"no answer from Telegram: {type(error).__name__}") from None


def _seconds(given: Any) -> float | None:
    return SECONDS if given is _DEFAULT else given


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """What aiohttp is to send: JSON, made in a fraction of the time that a form takes; a form where there are files."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {"data": request_data.json_payload, "headers": _JSON}
    form = FormData(request_data.json_parameters)
    for name, (file_name, content, kind) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return {"data": form}
