"""Who listens at the Local API's address, for where what answers there is not what ixBrowser answers."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
from enum import StrEnum

import httpx

from bot.ixbrowser.models import Envelope, read
from bot.ixbrowser.wire import CONNECT_SECONDS

#: Seconds for an answer, of which the beginning is enough.
_ANSWER_SECONDS = 5.0
_ENOUGH_BYTES = 64 * 1024

#: The first two bytes of what a TLS server says to somebody who speaks anything else.
_TLS_ALERT = b"\x15\x03"
#: What servers that speak HTTP to tell so say instead.
_WANTS_TLS = re.compile(rb"HTTP/1\.[01] 400 .*(?:HTTPS (?:port|server)|\bTLS\b)", re.IGNORECASE | re.DOTALL)

_QUESTION = b'{"page": 1, "limit": 1}'

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Listener(StrEnum):
    """Who listens; ``IXBROWSER`` where its own envelope came after all."""

    NOBODY = "nobody"
    UNKNOWN_HOST = "unknown_host"
    SILENT = "silent"
    IXBROWSER = "ixbrowser"
    OTHER_API = "other_api"
    WEB_SERVER = "web_server"
    NO_HTTP = "no_http"
    TLS = "tls"  # where http:// was written
    NO_TLS = "no_tls"  # where https:// was written
    UNTRUSTED = "untrusted"  # its certificate


async def find_listener(url: str) -> Listener:
    """Who listens at an origin such as ``http://127.0.0.1:53200``. It is asked for a list, which changes nothing."""
    address = httpx.URL(url)
    try:
        plain = await _connect(address, secure=False)
    except socket.gaierror:
        return Listener.UNKNOWN_HOST
    except (OSError, TimeoutError, UnicodeError):
        return Listener.NOBODY
    if address.scheme == "https":
        plain[1].transport.abort()
        return await _find_behind_tls(address)
    answer = await _ask(address, plain)
    if await _speaks_tls(address, answer):
        return Listener.TLS
    return _kind(answer)


async def _find_behind_tls(address: httpx.URL) -> Listener:
    try:
        return _kind(await _ask(address, await _connect(address, secure=True)))
    except ssl.SSLCertVerificationError:
        return Listener.UNTRUSTED
    except (OSError, TimeoutError):
        return Listener.NO_TLS


async def _speaks_tls(address: httpx.URL, answer: bytes | None) -> bool:
    """Whether who gave this answer to plain HTTP speaks TLS."""
    if answer:
        return answer.startswith(_TLS_ALERT) or _WANTS_TLS.match(answer) is not None
    try:
        _, writer = await _connect(address, secure=True)
    except ssl.SSLCertVerificationError:
        return True
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


def port_of(address: httpx.URL) -> int:
    """The port that is meant, also where none is written."""
    return address.port or (443 if address.scheme == "https" else 80)


async def _connect(address: httpx.URL, *, secure: bool) -> Streams:
    context = httpx.create_ssl_context(trust_env=False) if secure else None
    async with asyncio.timeout(CONNECT_SECONDS):
        return await asyncio.open_connection(address.host, port_of(address), ssl=context)


async def _ask(address: httpx.URL, streams: Streams) -> bytes | None:
    """The beginning of the answer, empty where the connection is closed without one, None where nothing comes."""
    reader, writer = streams
    head = (
        f"POST /api/v2/group-list HTTP/1.1\r\nHost: {address.netloc.decode()}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(_QUESTION)}\r\nConnection: close\r\n\r\n"
    )
    answer = b""
    try:
        writer.write(head.encode() + _QUESTION)
        async with asyncio.timeout(_ANSWER_SECONDS):
            while len(answer) < _ENOUGH_BYTES and (piece := await reader.read(_ENOUGH_BYTES)):
                answer += piece
    except TimeoutError:
        return answer or None
    except OSError:
        return answer
    finally:
        writer.transport.abort()
    return answer


def _kind(answer: bytes | None) -> Listener:
    if answer is None:
        return Listener.SILENT
    if not answer.startswith(b"HTTP/"):
        return Listener.NO_HTTP
    head, _, body = answer.partition(b"\r\n\r\n")
    # Around a body that comes in pieces stand their lengths.
    content = _decoded(body[body.find(b"{") : body.rfind(b"}") + 1])
    if read(Envelope, content) is not None:
        return Listener.IXBROWSER
    is_json = b"/json" in head.lower() or (content is not None and b"/html" not in head.lower())
    return Listener.OTHER_API if is_json else Listener.WEB_SERVER


def _decoded(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
