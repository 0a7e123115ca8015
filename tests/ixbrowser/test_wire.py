"""Whatever is answered, and however the connection fails, it becomes one of our own errors."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ixbrowser_objects import Address, ImportRequest
from bot.domain.outcome import Imported, NotSent, Outcome, Refused, Unknown
from bot.domain.proxy import Custom, Keep, ProxyType, Saved
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserError, BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.ixbrowser.client import LocalApi
from bot.ixbrowser.wire import MAX_ANSWER_BYTES, MAX_MESSAGE_LENGTH
from tests.ixbrowser.scripted import Scripted, always, api, envelope, failing

KEEP = ImportRequest(TransferCode("76686828-89727101"), None, Keep())
OUTCOMES = Imported | Refused | NotSent | Unknown

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(["total", "0", "1e400", "110002"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "data", "total", "id", "profile_id", "title"]), inner
        )
    ),
    max_leaves=12,
)
ERRORS = st.fixed_dictionaries({"code": JSON}, optional={"message": JSON})
ENVELOPES = st.fixed_dictionaries({"error": ERRORS, "data": JSON})
PAGES = st.fixed_dictionaries({"total": JSON | st.integers(0, 5), "data": JSON | st.lists(JSON, max_size=3)})
ANSWERS = (
    st.binary(max_size=200)
    | (JSON | ENVELOPES).map(lambda value: json.dumps(value).encode())
    | (JSON | PAGES).map(envelope)
)


async def every_call(client: LocalApi) -> AsyncIterator[tuple[str, Any]]:
    for call in (
        client.ping,
        client.groups,
        client.saved_proxies,
        client.static_proxies,
        client.traffic_packages,
        client.received_records,
        lambda: client.create_group("x"),
        lambda: client.profile(1),
        lambda: client.profiles_named("x"),
    ):
        try:
            yield "answer", await call()
        except BrowserError as error:
            yield "error", error


@given(ANSWERS, st.sampled_from([200, 204, 404, 502]))
async def test_no_answer_raises_anything_but_our_errors(answer: bytes, status: int) -> None:
    client = api(always(answer, status))
    results = [result async for result in every_call(client)]
    assert len(results) == 9
    assert isinstance(await client.import_profile(KEEP), OUTCOMES)
    assert isinstance(await client.saved_address(Saved(1)), Address | NotSent | Refused)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b'{"error": {"code": 0}',
        b'{"error": null}',
        b'{"data": {}}',
        b"[" * 100_000,
        b'{"error": {"code": ' + b"9" * 5000 + b"}}",
        b'{"error": {"code": NaN}}',
        b'{"error": {"code": 1e400}}',
        b'{"error": {"code": 0.5}}',
        b'{"error": {"code": true}}',
        b'{"error": {"code": false}}',
        b'{"error": {"code": null}}',
        b'{"error": {"code": "zero"}}',
        b'{"error": {"code": 99999999999999999999}}',
        b'\xff\xfe{"error"',
        b"<html>502</html>",
    ],
)
async def test_an_answer_that_is_not_the_envelope_is_unreadable(answer: bytes) -> None:
    with pytest.raises(BrowserInvalidAnswer, match="HTTP 502"):
        await api(always(answer, 502)).create_group("x")
    assert isinstance(await api(always(answer, 502)).import_profile(KEEP), Unknown)


@pytest.mark.parametrize("code", [0, 0.0, "0", " 0 "])
async def test_a_success_is_known_however_its_zero_is_written(code: object) -> None:
    assert await api(always(envelope(5, code), 404)).create_group("x") == 5


@pytest.mark.parametrize("code", [110002, 110002.0, "110002"])
async def test_a_refusal_is_known_however_its_number_is_written(code: object) -> None:
    outcome = await api(always(envelope(None, code))).import_profile(KEEP)
    assert outcome == Refused(110002, "")


async def test_the_status_does_not_matter_when_the_envelope_is_there() -> None:
    answer = envelope([], 110002, message="The transfer code is wrong", time=1)
    for status in (200, 404, 500):
        assert await api(always(answer, status)).import_profile(KEEP) == Refused(110002, "The transfer code is wrong")


@pytest.mark.parametrize("data", [None, [], {}, 5, {"profile_id": None}, {"profile_id": 0}, {"profile_id": True}])
async def test_a_success_without_the_profiles_number_is_unknown(data: object) -> None:
    assert isinstance(await api(always(envelope(data))).import_profile(KEEP), Unknown)


@pytest.mark.parametrize("number", [812, "812", 812.0])
async def test_the_profiles_number_is_read_however_it_is_written(number: object) -> None:
    assert await api(always(envelope({"profile_id": number}))).import_profile(KEEP) == Imported(812)


@pytest.mark.parametrize("data", [None, [], {"id": 5}, "", True, -1])
async def test_a_new_group_without_a_number_is_unreadable(data: object) -> None:
    with pytest.raises(BrowserInvalidAnswer):
        await api(always(envelope(data))).create_group("x")


@pytest.mark.parametrize(
    ("fault", "error", "outcome"),
    [
        (httpx.ConnectError("refused"), BrowserNotRunning, NotSent),
        (httpx.ConnectTimeout("slow"), BrowserNotRunning, NotSent),
        (httpx.PoolTimeout("busy"), BrowserNotRunning, NotSent),
        (httpx.UnsupportedProtocol("ftp"), BrowserNotRunning, NotSent),
        (httpx.ReadError("cut"), BrowserNoAnswer, Unknown),
        (httpx.WriteError("cut"), BrowserNoAnswer, Unknown),
        (httpx.ReadTimeout("slow"), BrowserNoAnswer, Unknown),
        (httpx.WriteTimeout("slow"), BrowserNoAnswer, Unknown),
        (httpx.RemoteProtocolError("odd"), BrowserNoAnswer, Unknown),
        (httpx.DecodingError("odd"), BrowserNoAnswer, Unknown),
        (ConnectionResetError("cut"), BrowserNoAnswer, Unknown),
    ],
)
async def test_faults_of_the_connection_say_whether_anything_can_have_been_sent(
    fault: Exception, error: type[BrowserError], outcome: type[Outcome]
) -> None:
    with pytest.raises(error):
        await api(failing(fault)).groups()
    assert isinstance(await api(failing(fault)).import_profile(KEEP), outcome)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:53200",
        "ftp://127.0.0.1",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://" + "a" * 70 + ".example",
        "http://exa mple:1",
        "http://\x00",
    ],
)
async def test_an_address_that_cannot_be_used_is_an_ixbrowser_that_is_away(url: str) -> None:
    client = LocalApi(url)
    with pytest.raises(BrowserNotRunning):
        await client.groups()
    assert isinstance(await client.import_profile(KEEP), NotSent)
    await client.close()


async def test_a_body_that_is_not_what_its_encoding_says_is_silent() -> None:
    with pytest.raises(BrowserNoAnswer):
        await api(always(b"not gzip at all", headers={"Content-Encoding": "gzip"})).groups()
    packed = gzip.compress(envelope({"total": 0, "data": []}))
    assert await api(always(packed, headers={"Content-Encoding": "gzip"})).groups() == []


async def test_an_answer_without_end_is_given_up() -> None:
    class Endless(httpx.AsyncByteStream):
        sent = 0

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                self.sent += 2**20
                yield b" " * 2**20

    stream = Endless()
    with pytest.raises(BrowserInvalidAnswer):
        await api(Scripted(lambda _action, _body: httpx.Response(200, stream=stream))).groups()
    assert stream.sent <= MAX_ANSWER_BYTES + 2**20


async def test_an_answer_that_trickles_is_silent_when_the_time_is_over() -> None:
    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

    client = api(Scripted(lambda _action, _body: httpx.Response(200, stream=Trickle())), timeout=0.05)
    with pytest.raises(BrowserNoAnswer, match=r"within 0\.05 s"):
        await client.groups()
    assert isinstance(await client.import_profile(KEEP), Unknown)


async def test_halves_of_characters_in_names_do_not_reach_the_database() -> None:
    page = {"total": 1, "data": [{"id": 1, "transfer_code": "", "name": "cut \ud83d here\x00 \U0001f6d2"}]}
    records = await api(always(envelope(page))).received_records()
    assert records[0].profile_name == "cut \ufffd here\ufffd \U0001f6d2"


async def test_a_refusal_that_repeats_what_was_sent_does_not_pass_it_on() -> None:
    def echo(_action: str, body: dict[str, Any]) -> httpx.Response:
        return httpx.Response(200, content=envelope([], 1000, message=f"bad: {json.dumps(body)}"))

    proxy = Custom("192.0.2.1", 1080, ProxyType.HTTP, "ana", "hunter2-secret")
    outcome = await api(Scripted(echo)).import_profile(ImportRequest(KEEP.code, None, proxy))
    assert isinstance(outcome, Refused)
    assert "hunter2" not in outcome.message
    assert KEEP.code.text not in outcome.message
    assert "192.0.2.1" in outcome.message


async def test_a_refusal_of_any_length_is_cut_to_a_sentence() -> None:
    with pytest.raises(BrowserRefusal) as refused:
        await api(always(envelope([], 1004, message="x" * 10**6))).ping()
    assert len(refused.value.message) == MAX_MESSAGE_LENGTH
