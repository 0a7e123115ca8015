from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_state import Person
from tests.support.telegram_calls import call

LIMIT = 5.0


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram(now=lambda: 1_700_000_000.0)


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    return telegram.add_person(7, "Ana")


async def texts(telegram: FakeTelegram, **params: object) -> list[str]:
    return [update["message"]["text"] for update in await call(telegram, "getUpdates", **params)]


async def waiting_poll(telegram: FakeTelegram, **params: object) -> asyncio.Task[tuple[int, bytes]]:
    """A long poll that has reached the stand-in and found nothing."""
    calls = len(telegram.calls)
    poll = asyncio.create_task(telegram.handle(telegram.token, "getUpdates", {"timeout": 50, **params}))
    await telegram.settled(lambda: len(telegram.calls) > calls)
    return poll


async def result(poll: asyncio.Task[tuple[int, bytes]]) -> Any:
    async with asyncio.timeout(LIMIT):
        _, body = await poll
    return json.loads(body)


async def test_updates_are_given_until_an_offset_confirms_them(telegram: FakeTelegram, ana: Person) -> None:
    first = telegram.say(ana, "one")
    second = telegram.say(ana, "two")
    assert await texts(telegram) == ["one", "two"]
    assert await texts(telegram, offset=first) == ["one", "two"]
    assert await texts(telegram, offset=str(second)) == ["two"]
    assert telegram.updates.pending == [second]
    assert await texts(telegram, offset=second + 1) == []
    assert await texts(telegram) == []


async def test_a_limit_gives_the_oldest(telegram: FakeTelegram, ana: Person) -> None:
    for text in ("one", "two", "three"):
        telegram.say(ana, text)
    assert await texts(telegram, limit=2) == ["one", "two"]


async def test_a_negative_offset_keeps_the_newest_alone(telegram: FakeTelegram, ana: Person) -> None:
    for text in ("one", "two", "three"):
        telegram.say(ana, text)
    assert await texts(telegram, offset=-2) == ["two", "three"]
    assert await texts(telegram) == ["two", "three"]


async def test_an_offset_of_another_sequence_of_ids_confirms_nothing(telegram: FakeTelegram, ana: Person) -> None:
    telegram.updates.next_id = 5
    telegram.say(ana, "one")
    assert await texts(telegram, offset=900_000) == ["one"]
    assert await texts(telegram) == ["one"]


async def test_updates_of_more_than_a_day_are_forgotten() -> None:
    moment = 1_700_000_000.0
    telegram = FakeTelegram(now=lambda: moment)
    ana = telegram.add_person(7, "Ana")
    telegram.say(ana, "yesterday")
    moment += 24 * 60 * 60 + 1
    telegram.say(ana, "today")
    assert await texts(telegram) == ["today"]


async def test_a_long_poll_ends_with_the_first_update(telegram: FakeTelegram, ana: Person) -> None:
    poll = await waiting_poll(telegram)
    telegram.say(ana, "hello")
    (update,) = (await result(poll))["result"]
    assert update["message"]["text"] == "hello"


async def test_a_long_poll_without_updates_ends_empty(telegram: FakeTelegram) -> None:
    telegram_result = await call(telegram, "getUpdates", timeout=1)
    assert telegram_result == []


async def test_of_two_pollers_the_older_one_is_ended(telegram: FakeTelegram, ana: Person) -> None:
    older = await waiting_poll(telegram)
    newer = await waiting_poll(telegram)
    answer = await result(older)
    assert (answer["error_code"], answer["description"]) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    telegram.say(ana, "hello")
    assert len((await result(newer))["result"]) == 1


async def test_a_poller_that_hangs_up_leaves_the_place_to_the_next(telegram: FakeTelegram, ana: Person) -> None:
    gone = await waiting_poll(telegram)
    gone.cancel()
    await asyncio.wait({gone}, timeout=LIMIT)
    poll = await waiting_poll(telegram)
    telegram.say(ana, "hello")
    assert gone.cancelled()
    assert len((await result(poll))["result"]) == 1


async def test_only_the_kinds_that_were_asked_for_come_and_the_choice_is_remembered(
    telegram: FakeTelegram, ana: Person
) -> None:
    await call(telegram, "getUpdates", allowed_updates='["edited_message"]')
    telegram.say(ana, "one")
    await call(telegram, "getUpdates")
    telegram.edit(ana, telegram.chat(7).last, "two")
    (update,) = await call(telegram, "getUpdates")
    assert update["edited_message"]["text"] == "two"
    await call(telegram, "getUpdates", offset=update["update_id"] + 1, allowed_updates=[])
    telegram.say(ana, "three")
    assert await texts(telegram) == ["three"]


async def test_a_member_changing_is_not_told_unless_asked_for(telegram: FakeTelegram) -> None:
    telegram.updates.add("chat_member", {})
    assert await call(telegram, "getUpdates") == []
    telegram.raw_update({"chat_member": {"odd": True}})
    (update,) = await call(telegram, "getUpdates")
    assert update["chat_member"] == {"odd": True}
