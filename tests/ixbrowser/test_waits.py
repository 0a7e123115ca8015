"""What waits for ixBrowser is no hang before its time-out, and what waits for its turn is none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from bot.domain.ixbrowser_objects import ImportRequest
from bot.domain.outcome import Imported
from bot.domain.proxy import Extraction, ExtractionMethod, Keep, ProxyType, TextFormat
from bot.domain.transfer_code import TransferCode
from bot.ixbrowser.client import LIST_SECONDS, LocalApi
from bot.usecases.heartbeats import SILENT_FOR, Heartbeats, watched
from tests.support.clock import MovableClock, settle


class Slow(httpx.AsyncBaseTransport):
    """Answers once it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()
        self.actions: list[str] = []

    @property
    def asked(self) -> int:
        return len(self.actions)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.actions.append(request.url.path.rpartition("/")[2])
        await self.may.wait()
        assert request.method == "POST"
        return httpx.Response(200, json={"error": {"code": 0, "message": "success"}, "data": {"profile_id": 7}})


LINK = Extraction("https://give.example/one", ProxyType.SOCKS5, TextFormat.IP_PORT, ExtractionMethod.WHEN_INVALID)


def hanging(hearts: Heartbeats) -> list[str]:
    return [silence.name for silence in hearts.silent()]


async def test_a_call_may_take_its_time_and_what_comes_after_it_may_not() -> None:
    clock, slow = MovableClock(), Slow()
    hearts = Heartbeats(clock.awake)
    api = LocalApi("http://127.0.0.1:53200", timeout=600, transport=slow)

    async def importing() -> None:
        with watched("importing"):
            request = ImportRequest(TransferCode("76686828-89727101"), None, Keep())
            assert await api.import_profile(request) == Imported(7)
            assert await api.import_profile(request) == Imported(7)
            await asyncio.Event().wait()

    with hearts.watching():
        task = asyncio.create_task(importing())
    await clock.advance(600)
    assert hanging(hearts) == []
    slow.may.set()
    await settle()
    await clock.advance(SILENT_FOR)
    assert hanging(hearts) == []
    await clock.advance(1)
    assert hanging(hearts) == ["importing"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_call_may_wait_for_its_turn_as_long_as_those_before_it_take() -> None:
    clock, slow = MovableClock(), Slow()
    hearts = Heartbeats(clock.awake)
    api = LocalApi("http://127.0.0.1:53200", concurrency=1, transport=slow)

    async def looking(name: str) -> None:
        with watched(name):
            await api.groups()

    with hearts.watching():
        tasks = [asyncio.create_task(looking(name)) for name in ("first", "second")]
    await clock.advance(LIST_SECONDS + hearts.late_by)
    assert hanging(hearts) == []
    # By then the first should have been ended; the second will be, in its turn.
    await clock.advance(600)
    assert hanging(hearts) == ["first"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_look_whether_it_answers_waits_for_no_other_call() -> None:
    slow = Slow()
    api = LocalApi("http://127.0.0.1:53200", concurrency=1, transport=slow)
    calls = [asyncio.create_task(call) for call in (api.groups(), api.groups(), api.ping())]
    await settle()
    assert slow.asked == 2
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (lambda api: api.create_group("Shops"), "group-create"),
        (lambda api: api.set_extraction(7, LINK, ()), "profile-update-proxy-for-api-extraction"),
    ],
    ids=["group", "link"],
)
async def test_what_may_be_sent_for_a_few_seconds_alone_waits_for_no_other_call(
    change: Callable[[LocalApi], Awaitable[object]], action: str
) -> None:
    slow = Slow()
    api = LocalApi("http://127.0.0.1:53200", concurrency=3, transport=slow)
    calls = [asyncio.ensure_future(call) for call in (*(api.groups() for _ in range(4)), change(api))]
    await settle()
    assert slow.actions == ["group-list"] * 3 + [action]
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
