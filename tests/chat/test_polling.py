"""How updates come in: acknowledged when handled, in order within a chat, side by side, and whatever Telegram does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat.polling import AckAfterHandlingRequest, OrderedByChat
from tests.standins.telegram import FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.chatting import everybody, held_changes, ready_to_import, said
from tests.support.clock import MovableClock
from tests.support.world import ADMIN, World


async def test_updates_are_acknowledged_only_when_handled(world: World) -> None:
    with held_changes(world) as held:
        first = world.telegram.say(world.ana, "/help")
        await held.began.wait()
        second = world.telegram.say(world.ana, "/start")
        assert world.telegram.updates.pending == [first, second]
    await world.rest()
    assert world.telegram.updates.pending == []
    assert len(said(world)) == 2


async def test_messages_of_one_chat_are_handled_in_order(world: World) -> None:
    for number in range(20):
        world.telegram.say(world.ana, f"/allow {5000 + number}")
    await world.rest()
    assert [text.split()[0] for text in said(world)] == [str(5000 + number) for number in range(20)]


# --- the processor ----------------------------------------------------------------------------------------------------


def _update(update_id: int, chat_id: int) -> Update:
    chat = {"id": chat_id, "type": "private", "first_name": "A"}
    person = {"id": chat_id, "is_bot": False, "first_name": "A"}
    message = {"message_id": update_id, "date": 1, "chat": chat, "from": person, "text": "x"}
    return Update.de_json({"update_id": update_id, "message": message}, None)


async def test_one_chat_waits_for_itself_and_not_for_another() -> None:
    processor = OrderedByChat()
    await processor.initialize()
    happened: list[str] = []
    go_on, began = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        happened.append("slow begins")
        began.set()
        await go_on.wait()
        happened.append("slow ends")

    async def quick(name: str) -> None:
        happened.append(name)

    first = asyncio.create_task(processor.process_update(_update(1, 1), slow()))
    await began.wait()
    second = asyncio.create_task(processor.process_update(_update(2, 1), quick("same chat")))
    await processor.process_update(_update(3, 2), quick("other chat"))
    await processor.process_update("no update at all", quick("none"))
    go_on.set()
    await asyncio.gather(first, second)
    assert happened == ["slow begins", "other chat", "none", "slow ends", "same chat"]
    assert (processor._locks, dict(processor._waiting)) == ({}, {})
    await processor.shutdown()


async def test_a_handler_that_fails_leaves_its_chat_free() -> None:
    processor = OrderedByChat()

    async def fail() -> None:
        raise KeyError

    async def work() -> None:
        done.set()

    done = asyncio.Event()
    with pytest.raises(KeyError):
        await processor.process_update(_update(1, 1), fail())
    await processor.process_update(_update(2, 1), work())
    assert done.is_set()


# --- what can't be read -----------------------------------------------------------------------------------------------


UNREADABLE = {"message": {"message_id": "many", "chat": {"type": "private"}, "text": "the secret of somebody"}}


async def test_an_update_that_cannot_be_parsed_is_skipped_and_reported(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.telegram.say(world.ana, "/help")
    bad = world.telegram.raw_update(UNREADABLE)
    world.telegram.say(world.ana, "/start")
    await world.rest()
    assert len(said(world)) == 2
    reports = [record.getMessage() for record in caplog.records if str(bad) in record.getMessage()]
    assert reports == [f"update {bad} (['message']) can't be parsed and is skipped: KeyError"]
    assert "the secret of somebody" not in caplog.text
    # It is skipped for good.
    caplog.clear()
    await world.say("/help")
    assert caplog.text == ""


async def test_a_press_counts_whatever_stands_in_the_message_that_was_pressed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    card = await ready_to_import(world, world.browser.offer("Shop"))
    message = card.json() | {"entities": [{"type": "a kind of next year"}], "reply_markup": {"inline_keyboard": [[{}]]}}
    data = card.button("✅ Import").callback_data
    world.telegram.raw_update(
        {
            "callback_query": {
                "id": "77",
                "from": world.ana.json(),
                "message": message,
                "chat_instance": "1",
                "data": data,
            }
        }
    )
    await world.rest()
    assert "“Shop”" in world.newest(ADMIN).text
    assert "can't be parsed" not in caplog.text


async def test_updates_of_a_kind_that_nobody_asked_for_do_no_harm(world: World) -> None:
    world.telegram.raw_update({"poll": {"id": "1", "question": "?", "options": []}})
    world.telegram.raw_update({"a kind of next year": {"id": 1}})
    await world.rest()
    assert "Hello" in (await world.say("/start")).text


class Scripted(InProcessRequest):
    """A way to Telegram whose answers are given in advance."""

    def __init__(self, *answers: tuple[int, Any] | Exception) -> None:
        super().__init__(FakeTelegram(), read_timeout=7)
        self.answers = list(answers)

    async def do_request(self, *_args: Any, **_more: Any) -> tuple[int, bytes]:
        given = self.answers.pop(0)
        if isinstance(given, Exception):
            raise given
        status, answer = given
        return status, json.dumps(answer).encode()


async def poll(request: AckAfterHandlingRequest, offset: int = 0, method: str = "getUpdates") -> tuple[int, Any]:
    """One call as PTB makes it; status and body."""
    data = RequestData([RequestParameter("offset", offset, None)])
    status, payload = await request.do_request(f"https://example.org/bot1:x/{method}", "POST", data)
    return status, json.loads(payload)


def handled_first(*answers: tuple[int, Any] | Exception) -> tuple[AckAfterHandlingRequest, MovableClock]:
    clock = MovableClock()
    return AckAfterHandlingRequest(Scripted(*answers), asyncio.Queue(), clock, everybody), clock


def updates(*some: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"ok": True, "result": list(some)}


GOOD = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}}
BAD = {"update_id": 6, **UNREADABLE}


async def test_only_what_is_asked_for_a_second_time_is_looked_at() -> None:
    request, _ = handled_first(updates(GOOD, BAD), updates(GOOD, BAD), updates(GOOD))
    assert (await poll(request))[1]["result"] == [GOOD, BAD]
    assert (await poll(request))[1]["result"] == [GOOD, {"update_id": 6}]
    assert (await poll(request, 7))[1]["result"] == [GOOD]


async def test_a_bad_update_behind_others_is_found_too() -> None:
    later = {**GOOD, "update_id": 9}
    request, _ = handled_first(updates(later), updates({**BAD, "update_id": 10}), updates({**BAD, "update_id": 10}))
    await poll(request)
    await poll(request, 10)
    assert (await poll(request, 10))[1]["result"] == [{"update_id": 10}]


@pytest.mark.parametrize("body", [{"ok": True}, {"ok": True, "result": [7]}, {"ok": True, "result": None}])
async def test_an_answer_that_is_no_list_of_updates_is_passed_on_and_logged(
    body: Any, caplog: pytest.LogCaptureFixture
) -> None:
    request, _ = handled_first((200, body))
    assert await poll(request) == (200, body)
    assert "can't be read" in caplog.text


# --- what the supervisor needs to know --------------------------------------------------------------------------------


REFUSED = {"ok": False}


@pytest.mark.parametrize(
    "answers", [[(401, REFUSED)], [(404, REFUSED), (404, REFUSED)], [(404, REFUSED), (401, REFUSED)]]
)
async def test_a_token_that_is_not_taken_is_noted(answers: list[tuple[int, Any]]) -> None:
    request, _ = handled_first(*answers)
    await poll(request)
    assert request.revoked.is_set()


@pytest.mark.parametrize("get_me", [(200, {"ok": True}), (502, REFUSED), NetworkError("no route")])
async def test_a_404_that_is_not_telegrams_own_is_a_fault_that_passes(get_me: Any) -> None:
    request, _ = handled_first((404, REFUSED), get_me)
    assert (await poll(request))[0] == 502
    assert not request.revoked.is_set()


async def test_of_other_calls_nothing_is_noted() -> None:
    request, clock = handled_first((401, {"ok": False}), updates(GOOD))
    began = clock.awake()
    await poll(request, method="deleteWebhook")
    await clock.advance(5)
    await poll(request, method="getMe")
    assert not request.revoked.is_set()
    assert request.succeeded_at == began


async def test_it_is_known_when_updates_last_came() -> None:
    request, clock = handled_first(updates(), (502, {"ok": False}))
    await clock.advance(5)
    await poll(request)
    came = clock.awake()
    await clock.advance(5)
    await poll(request)
    assert request.succeeded_at == came


async def test_the_request_within_is_opened_closed_and_timed_as_before() -> None:
    request, _ = handled_first()
    await request.initialize()
    assert request.read_timeout == 7
    await request.shutdown()
