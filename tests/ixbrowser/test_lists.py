"""Lists are read completely, from servers that behave and from servers that do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from bot.errors import BrowserInvalidAnswer
from bot.ixbrowser.lists import MAX_PAGES, MAX_READINGS
from tests.ixbrowser.scripted import Scripted, always, api, envelope

Row = dict[str, Any]


def rows(count: int) -> list[Row]:
    return [{"id": number, "title": f"Group {number}"} for number in range(count)]


def answer(total: object, page: Sequence[object] | None) -> httpx.Response:
    return httpx.Response(200, content=envelope({"total": total, "data": page}))


async def ids(transport: Scripted) -> list[int]:
    return [group.id for group in await api(transport).groups()]


async def test_a_server_that_gives_fewer_rows_than_asked_for_is_read_to_the_end() -> None:
    def capped(_action: str, body: Row) -> httpx.Response:
        limit = min(body["limit"], 10)
        return answer(35, rows(35)[(body["page"] - 1) * limit :][:limit])

    assert await ids(Scripted(capped)) == list(range(35))


async def test_a_server_that_skips_as_many_rows_as_it_was_asked_for_loses_none() -> None:
    def capped(_action: str, body: Row) -> httpx.Response:
        return answer(35, rows(35)[(body["page"] - 1) * body["limit"] :][: min(body["limit"], 10)])

    assert await ids(Scripted(capped)) == list(range(35))


async def test_a_server_that_gives_all_rows_at_once_is_asked_once() -> None:
    transport = Scripted(lambda _action, _body: answer(250, rows(250)))
    assert await ids(transport) == list(range(250))
    assert len(transport.requests) == 1


async def test_a_server_that_gives_the_same_page_again_and_again_is_unreadable() -> None:
    transport = Scripted(lambda _action, _body: answer(250, rows(100)))
    with pytest.raises(BrowserInvalidAnswer):
        await ids(transport)
    assert len(transport.requests) == 2 * MAX_READINGS


async def test_a_server_whose_rows_never_end_is_given_up() -> None:
    def endless(_action: str, body: Row) -> httpx.Response:
        return answer(10**9, [{"id": body["page"]}])

    transport = Scripted(endless)
    with pytest.raises(BrowserInvalidAnswer):
        await ids(transport)
    assert len(transport.requests) == MAX_PAGES


async def test_a_row_that_moved_to_the_next_page_meanwhile_counts_once() -> None:
    def moved(_action: str, body: Row) -> httpx.Response:
        return answer(150, rows(100) if body["page"] == 1 else rows(150)[99:])

    assert await ids(Scripted(moved)) == list(range(150))


async def test_a_list_is_read_again_when_its_total_changes_on_the_way() -> None:
    totals = iter([101, 102, 102, 102])

    def growing(_action: str, body: Row) -> httpx.Response:
        # Newest first: a row that comes between two pages is on neither, while all the others are.
        total = next(totals)
        return answer(total, rows(total)[::-1][(body["page"] - 1) * 100 :][:100])

    assert await ids(Scripted(growing)) == list(range(102))[::-1]


async def test_a_list_that_never_holds_still_is_unreadable() -> None:
    transport = Scripted(lambda _action, _body: answer(1000 + len(transport.requests), rows(100)))
    with pytest.raises(BrowserInvalidAnswer):
        await ids(transport)
    assert len(transport.requests) == 2 * MAX_READINGS


async def test_a_list_that_ends_early_is_believed_when_it_does_so_twice() -> None:
    def short(_action: str, body: Row) -> httpx.Response:
        return answer(105, rows(100) if body["page"] == 1 else [])

    transport = Scripted(short)
    assert await ids(transport) == list(range(100))
    assert len(transport.requests) == 4


async def test_a_list_that_ends_early_in_different_ways_is_not_believed() -> None:
    early = [rows(101)[:100], [], rows(101)[1:], []]
    pages = iter([*early, rows(101)[1:], []])
    transport = Scripted(lambda _action, _body: answer(105, next(pages)))
    assert await ids(transport) == list(range(1, 101))
    assert len(transport.requests) == 6


async def test_a_list_that_ends_early_once_is_read_to_the_end_the_second_time() -> None:
    pages = iter([rows(100), [], rows(100), rows(105)[100:]])
    assert await ids(Scripted(lambda _action, _body: answer(105, next(pages)))) == list(range(105))


async def test_a_list_that_counts_rows_and_shows_none_is_unreadable() -> None:
    transport = Scripted(lambda _action, _body: answer(3, None))
    with pytest.raises(BrowserInvalidAnswer):
        await ids(transport)
    assert len(transport.requests) == MAX_READINGS


async def test_rows_that_cannot_be_read_are_left_out_of_groups_and_proxies() -> None:
    page = [{"id": "7", "title": "Seven"}, {"title": "no id"}, "text", None, {"id": True}, {"id": 8.0, "title": None}]
    groups = await api(always(envelope({"total": "6", "data": page}))).groups()
    assert [(group.id, group.title) for group in groups] == [(7, "Seven"), (8, "")]


async def test_a_reading_of_the_records_with_a_row_that_cannot_be_read_is_no_reading() -> None:
    for row in ({"name": "no id"}, "text", None):
        page = {"total": 2, "data": [{"id": 1, "transfer_code": None, "name": "x"}, row]}
        with pytest.raises(BrowserInvalidAnswer):
            await api(always(envelope(page))).received_records()


@pytest.mark.parametrize(
    "data",
    [None, [], "x", 1, {}, {"total": 1, "data": {"0": 1}}, {"total": 1}, {"total": -1, "data": []}, {"data": []}],
)
async def test_an_answer_that_is_no_list_is_unreadable(data: object) -> None:
    with pytest.raises(BrowserInvalidAnswer):
        await api(always(envelope(data))).received_records()


async def test_static_and_saved_proxies_stay_apart_on_a_server_that_ignores_the_filter() -> None:
    page = [
        {"id": 1, "type": 1, "proxy_ip": "192.0.2.1", "proxy_port": 1080},
        {"id": 2, "type": "2", "proxy_ip": "192.0.2.2", "proxy_port": "80"},
    ]
    client = api(always(envelope({"total": 2, "data": page})))
    assert [(proxy.id, proxy.port) for proxy in await client.saved_proxies()] == [(1, "1080")]
    assert [(proxy.id, proxy.port) for proxy in await client.static_proxies()] == [(2, "80")]
