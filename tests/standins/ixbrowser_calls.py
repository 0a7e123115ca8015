"""Requests to the stand-in of ixBrowser as the network would bring them."""

from __future__ import annotations

import json
from typing import Any

from tests.standins.ixbrowser import FakeIxBrowser

IMPORT = "profile-transfer-code-import"
RECORDS = "profile-transfer-record-list"

BYPASS = {"enable_bypass": "0", "bypass_list": ""}
CUSTOM = {"proxy_mode": 2, "proxy_type": "http", "proxy_ip": "192.0.2.1", "proxy_port": "80"} | BYPASS
EXTRACTION = {
    "proxy_mode": 4,
    "proxy_type": "http",
    "proxy_service": "general",
    "proxy_data_format_type": "txt",
    "proxy_data_txt_format": "ip:port",
    "proxy_extraction_method": "invalid",
    "proxy_url": "https://proxies.example",
}


async def call(browser: FakeIxBrowser, action: str, body: object) -> tuple[int, int, Any]:
    """HTTP status, error code and data."""
    status, answer = await browser.handle(action, json.dumps(body).encode())
    parts = json.loads(answer)
    assert isinstance(parts["error"]["message"], str)
    assert isinstance(parts["error"]["time"], int)
    return status, parts["error"]["code"], parts["data"]


async def code_of(browser: FakeIxBrowser, action: str, body: object) -> int:
    """The error code alone."""
    return (await call(browser, action, body))[1]


async def send(browser: FakeIxBrowser, code: str) -> int:
    """The error code of the answer to an import of this transfer code."""
    return await code_of(browser, IMPORT, {"transfer_code": code})
