"""What ``transfer-bot check`` says of ixBrowser's address, by who listens there."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.checks import Finding, _ixbrowser
from bot.ixbrowser import listener
from tests.support.world import settings_for

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def server(serve: Serve, certified: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Somebody who listens on this computer; the address, always with ``http://``."""

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(closing, "127.0.0.1", 0, ssl=certified)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()


async def ixbrowser_finding(url: str) -> Finding:
    """What is said of ixBrowser when this is its address."""
    return await _ixbrowser(settings_for(Path("/nowhere"), ixbrowser_url=url))


async def hear(reader: asyncio.StreamReader) -> bytes:
    """The beginning of what is asked."""
    return await reader.read(2**16)


def saying(answer: bytes) -> Serve:
    """Somebody who gives everybody this answer, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hear(reader)
        writer.write(answer)

    return serve


def http(status: str, kind: str, body: str) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


ADSPOWER = '{"code": 0, "msg": "success", "data": {"list": []}}'


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (http("200 OK", "text/html", "<!doctype html><p>{}</p>"), "a web server"),
        (http("404 Not Found", "text/plain", "404 page not found"), "a web server"),
        (http("200 OK", "application/json", ADSPOWER), "another program with an interface like it"),
        (http("404 Not Found", "application/json", "[]"), "another program with an interface like it"),
        (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n\r\n', "another program with an"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "speaks no HTTP"),
        (b"\x05\xff", "speaks no HTTP"),
        (b"", "speaks no HTTP"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "speaks TLS"),
        (
            http("400 Bad Request", "text/html", "<h1>400</h1>The plain HTTP request was sent to HTTPS port"),
            "speaks TLS",
        ),
        (http("400 Bad Request", "text/plain", "Client sent an HTTP request to an HTTPS server."), "speaks TLS"),
        (
            http("200 OK", "application/json", '{"error": {"code": 0, "message": "ok"}, "data": "soon"}'),
            "running at 127.0.0.1",
        ),
    ],
)
async def test_who_answers_in_ixbrowsers_place_is_told(answer: bytes, what: str) -> None:
    async with server(saying(answer)) as url:
        finding = await ixbrowser_finding(url)

    assert not finding.right
    assert what in finding.said
    assert url.rpartition(":")[2] in finding.said
    assert "look at IXBROWSER_URL" in finding.said or "update ixBrowser" in finding.said


@pytest.fixture
def certified() -> ssl.SSLContext:
    """For a server with a certificate that nobody trusts."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(Path(__file__).parent / "support/localhost.pem")
    return context


async def test_a_port_that_speaks_tls_is_told(certified: ssl.SSLContext) -> None:
    async with server(saying(http("200 OK", "text/html", "")), certified) as url:
        finding = await ixbrowser_finding(url)
        trusted_not = await ixbrowser_finding(url.replace("http:", "https:"))

    assert "speaks TLS, which ixBrowser itself does not" in finding.said
    assert "has a certificate that this computer does not trust" in trusted_not.said


async def test_a_port_that_speaks_no_tls_where_it_is_written_is_told_and_asked_nothing() -> None:
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await hear(reader))
        writer.write(http("400 Bad Request", "text/html", ""))

    async with server(serve) as url:
        finding = await ixbrowser_finding(url.replace("http:", "https:"))

    assert "speaks no TLS: write http:// in IXBROWSER_URL" in finding.said
    assert not any(b"group-list" in piece for piece in heard)


async def test_somebody_who_never_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "_ANSWER_SECONDS", 0.2)

    async def serve(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        while await hear(reader):
            pass

    async with server(serve) as url:
        finding = await ixbrowser_finding(url)

    assert finding.said.startswith("something listens at 127.0.0.1, port ")
    assert "does not answer: start ixBrowser again" in finding.said
