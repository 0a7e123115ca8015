"""No secret is in the text of an error, in what it carries along, or in an outcome."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.outcome import Refused
from bot.domain.proxy import Custom, Extraction, ExtractionMethod, ProxyType, Saved, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError
from bot.ixbrowser.client import LocalApi
from bot.ixbrowser.models import ProfileRow, ProxyRow, RecordRow, read
from tests.ixbrowser.scripted import Scripted, always, api, envelope, failing

CODE = "76686828-89727101"
PASSWORD = 'Zx9-planted"password'
LINK = "https://proxies.example/planted?key=Qw8"
SECRETS = (CODE, "planted")  # the word is in the password and in the link, however they are escaped
EXTRACTION = Extraction(LINK, ProxyType.HTTP, TextFormat.IP_PORT, ExtractionMethod.EVERY_OPENING)
TYPED = ImportRequest(TransferCode(CODE), None, Custom("192.0.2.1", 80, ProxyType.HTTP, "ana", PASSWORD))
LINKED = ImportRequest(TransferCode(CODE), None, EXTRACTION)
ADDRESS = Address("http", "192.0.2.1", "80", "ana", PASSWORD)
SAVED = ImportRequest(TransferCode(CODE), None, Saved(301), address=ADDRESS)


def texts(error: BaseException | None) -> str:
    """Everything that any log could print of an error and of what led to it."""
    found = ""
    while error is not None:
        found += f"{error!s} {error!r} {error.args} " + "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    return found


async def told(call: Awaitable[object]) -> str:
    try:
        return repr(await call)
    except BrowserError as error:
        return texts(error)


def calls(client: LocalApi) -> list[Callable[[], Awaitable[object]]]:
    return [
        lambda: client.import_profile(TYPED),
        lambda: client.import_profile(LINKED),
        lambda: client.import_profile(SAVED),
        lambda: client.saved_address(Saved(301)),
        lambda: client.set_extraction(1, EXTRACTION, ()),
        client.received_records,
        client.saved_proxies,
        lambda: client.profile(1),
    ]


def echo(code: int) -> Scripted:
    """Refuses everything, and repeats what it was sent."""

    def respond(_action: str, body: dict[str, Any]) -> httpx.Response:
        message = f"no: {json.dumps(body)}"
        return httpx.Response(200, content=envelope(body, code, message=message))

    return Scripted(respond)


ROWS = [
    {"id": 301, "proxy_type": "socks4", "proxy_ip": "192.0.2.1", "proxy_password": PASSWORD, "transfer_code": CODE},
    {"id": PASSWORD, "proxy_password": PASSWORD, "transfer_code": CODE, "profile_id": LINK, "password": PASSWORD},
]


@pytest.mark.parametrize(
    "transport",
    [
        echo(1000),
        echo(1004),
        echo(0),
        always(envelope({"total": 2, "data": ROWS})),
        always(envelope({"total": PASSWORD, "data": ROWS})),
        always(envelope({"profile_id": PASSWORD, "transfer_code": CODE, "proxy_url": LINK})),
        always(f'{{"error": {{"code": "{PASSWORD} {CODE}"}}, "data": "{LINK}"}}'.encode()),
        always(f"{PASSWORD} {CODE} {LINK}".encode(), 502),
        failing(httpx.ReadError("cut", request=httpx.Request("POST", "http://127.0.0.1", content=CODE))),
    ],
)
async def test_no_error_and_no_outcome_tells_a_secret(transport: Scripted) -> None:
    for call in calls(api(transport)):
        text = await told(call())
        assert text
        assert not [secret for secret in SECRETS if secret in text]


#: What stands before the password that is repeated.
SAID = "bad password "


@given(
    st.text(alphabet=st.characters(codec="utf-8"), min_size=6, max_size=30).filter(
        lambda password: password not in SAID
    )
)
async def test_no_password_that_ixbrowser_repeats_is_told(password: str) -> None:
    request = ImportRequest(TransferCode(CODE), None, Custom("192.0.2.1", 80, ProxyType.HTTP, "ana", password))

    def respond(_action: str, body: dict[str, Any]) -> httpx.Response:
        message = f"{SAID}{body['proxy_config']['proxy_password']}"
        return httpx.Response(200, content=envelope([], 1000, message=message))

    outcome = await api(Scripted(respond)).import_profile(request)
    assert outcome == Refused(1000, f"{SAID}•••")


def test_rows_that_hold_a_secret_do_not_print_it() -> None:
    assert PASSWORD not in repr(read(ProxyRow, {"id": 1, "proxy_password": PASSWORD}))
    record = read(RecordRow, {"id": 1, "transfer_code": CODE, "name": "Etsy"})
    assert record is not None
    assert CODE not in repr(record)
    assert CODE not in repr(record.record())


def test_the_sites_own_login_is_never_read() -> None:
    row = read(ProfileRow, {"profile_id": 1, "username": "ana@shop.example", "password": PASSWORD})
    assert row is not None
    assert not {"username", "password"} & set(row.model_dump())
