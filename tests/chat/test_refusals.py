"""What the bot does on each refusal of the table: with messages through ``Messages``, with the rest as a whole bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext._utils import networkloop

from bot.app import App
from bot.chat.messages import Messages
from bot.errors import SettingError
from bot.external_systems import ExternalSystems
from tests.standins.ixbrowser import FakeIxBrowser
from tests.standins.ixbrowser_transport import InProcess
from tests.standins.refusals import (
    ANSWER,
    DELETE,
    DISARM,
    EDIT,
    LEAVE,
    MENU,
    POLL,
    REFUSALS,
    SEND,
    START,
    Reaction,
    Refused,
)
from tests.standins.telegram import TOKEN, FakeTelegram
from tests.standins.telegram_request import InProcessRequest
from tests.support.chatting import all_run, said, timed
from tests.support.jumping_clock import JumpingClock
from tests.support.world import World, running, settings_for

GROUP, TOPIC = -1000, 7
#: Seconds; far more than anything here takes.
PATIENCE = 20.0


def rows(*methods: str) -> list[Refused]:
    return [refused for refused in REFUSALS if refused.method in methods]


def test_no_refusal_stands_twice_in_the_table() -> None:
    keys = [(refused.method, refused.status, refused.words, refused.in_topic) for refused in REFUSALS]
    assert len(keys) == len(set(keys))


# --- messages ---------------------------------------------------------------------------------------------------------

#: What leaves ``Messages`` for the presenter, which waits by it. The first that fits counts: to python-telegram-bot a
#: ``BadRequest`` is a ``NetworkError``.
_RAISED: dict[type[TelegramError], Reaction] = {
    Forbidden: Reaction.LEAVES_CHAT_ALONE,
    RetryAfter: Reaction.WAITS,
    ChatMigrated: Reaction.MOVES,
    InvalidToken: Reaction.ENDS_BOT,
    BadRequest: Reaction.DROPS,
    NetworkError: Reaction.RETRIES,
}


@pytest.fixture
def telegram() -> FakeTelegram:
    telegram = FakeTelegram()
    telegram.add_group(GROUP, "Team", threads=(TOPIC,))
    return telegram


@pytest.fixture
async def messages(telegram: FakeTelegram) -> AsyncIterator[Messages]:
    bot = Bot(TOKEN, request=InProcessRequest(telegram), get_updates_request=InProcessRequest(telegram))
    async with bot:
        yield Messages(bot)


async def reaction_of(messages: Messages, telegram: FakeTelegram, refused: Refused) -> Reaction:
    """Have the call refused; what the bot does then."""
    number = await messages.send(GROUP, None, "Card", [[("Yes", "d:1:1:yes")]])
    refused.happen(telegram)
    try:
        match refused.method:
            case "sendMessage":
                await messages.send(GROUP, TOPIC if refused.in_topic else None, "Result", [])
                return Reaction.USES_GROUP_ITSELF
            case "editMessageText":
                edited = await messages.edit(GROUP, number, "Result", [])
                return Reaction.TAKES_AS_DONE if edited else Reaction.SENDS_ANEW
            case "editMessageReplyMarkup":
                await messages.remove_buttons(GROUP, number)
                return Reaction.IGNORES
            case "leaveChat":
                await messages.leave(GROUP)
                return Reaction.TAKES_AS_DONE
            case _:
                gone = await messages.delete(GROUP, number)
                return Reaction.TAKES_AS_DONE if gone else Reaction.KEEPS_MESSAGE
    except TelegramError as error:
        return next(reaction for kind, reaction in _RAISED.items() if isinstance(error, kind))


@pytest.mark.parametrize("refused", rows(SEND, EDIT, DISARM, DELETE, LEAVE), ids=str)
async def test_a_refused_message(messages: Messages, telegram: FakeTelegram, refused: Refused) -> None:
    assert await reaction_of(messages, telegram, refused) is refused.reaction
    if refused.reaction is Reaction.USES_GROUP_ITSELF:
        assert (telegram.chat(GROUP).last.text, telegram.chat(GROUP).last.thread) == ("Result", None)
    else:
        assert [message.text for message in telegram.chat(GROUP).messages] == ["Card"]


async def test_a_first_topic_that_is_closed_too_leaves_the_chat_alone(
    messages: Messages, telegram: FakeTelegram
) -> None:
    telegram.fail("sendMessage", 400, "Bad Request: TOPIC_CLOSED", times=2)
    with pytest.raises(Forbidden, match=r"(?i)topic_closed"):
        await messages.send(GROUP, TOPIC, "Result", [])


# --- everything else --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("refused", rows(ANSWER), ids=str)
async def test_a_refused_answer_to_a_press(tmp_path: Path, refused: Refused) -> None:
    async with running(settings_for(tmp_path)) as world:
        await world.say(world.browser.offer())
        refused.happen(world.telegram)
        assert "Import this profile?" in (await world.tap("Keep")).text


@pytest.mark.parametrize("refused", [row for row in rows(MENU) if row.reaction is not Reaction.ENDS_BOT], ids=str)
async def test_a_refused_menu(tmp_path: Path, refused: Refused) -> None:
    telegram = FakeTelegram()
    refused.happen(telegram)
    async with running(settings_for(tmp_path), telegram=telegram) as world:
        if refused.reaction is Reaction.RETRIES:
            await telegram.settled(telegram.menu, PATIENCE)
        assert "How to import" in (await world.say("/help")).text
        assert bool(telegram.menu()) is (refused.reaction is Reaction.RETRIES)


@pytest.fixture
async def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[World, JumpingClock]]:
    """A bot whose pauses after a failed getUpdates the test moves."""
    async with timed(tmp_path) as (world, clock):
        monkeypatch.setattr(networkloop, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": clock.sleep}))
        yield world, clock


@pytest.mark.parametrize("refused", [row for row in rows(POLL) if row.reaction is not Reaction.ENDS_BOT], ids=str)
async def test_a_refused_poll(scene: tuple[World, JumpingClock], refused: Refused) -> None:
    world, clock = scene
    refused.happen(world.telegram, times=2)
    world.telegram.say(world.ana, "/help")
    async with asyncio.timeout(PATIENCE):
        while not any("How to import" in text for text in said(world)):
            clock.jump(1)
            await all_run(world)


async def served(tmp_path: Path, telegram: FakeTelegram, *, until_answered: bool = True) -> None:
    """Serve until the bot has answered, or for as long as it runs; raises what ends it before."""
    browser = FakeIxBrowser()
    outside = ExternalSystems(
        InProcessRequest(telegram), InProcessRequest(telegram, read_timeout=30), InProcess(browser)
    )
    app = App(settings_for(tmp_path), outside)
    await app.prepare()
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(app.serve(stop, ready.set))
    answered = asyncio.create_task(telegram.handled(PATIENCE))
    try:
        async with asyncio.timeout(PATIENCE):
            ends = {serving, answered} if until_answered else {serving}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.set()
        answered.cancel()
        with suppress(asyncio.CancelledError):
            await answered
        try:
            await serving
        finally:
            await app.close()
            await browser.close()


@pytest.mark.parametrize("refused", rows(START), ids=str)
async def test_a_refused_start(tmp_path: Path, refused: Refused) -> None:
    telegram = FakeTelegram()
    ana = telegram.add_person(1001, "Ana")
    telegram.say(ana, "/help")
    refused.happen(telegram)
    if refused.reaction is Reaction.RETRIES:
        await served(tmp_path, telegram)
        assert telegram.updates.pending == []
        return
    with pytest.raises(SettingError if refused.reaction is Reaction.ENDS_BOT else BadRequest):
        await served(tmp_path, telegram)
    assert telegram.updates.pending != []


@pytest.mark.parametrize("refused", [row for row in rows(MENU, POLL) if row.reaction is Reaction.ENDS_BOT], ids=str)
async def test_a_token_that_is_no_longer_taken(tmp_path: Path, refused: Refused) -> None:
    telegram = FakeTelegram()
    telegram.say(telegram.add_person(1001, "Ana"), "/help")
    refused.happen(telegram, times=100)
    with pytest.raises(SettingError):
        # Menus are published beside the answers: one may come first.
        await served(tmp_path, telegram, until_answered=False)
