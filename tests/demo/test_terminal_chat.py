from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from rich.console import Console

from bot.demo.telegram import DemoTelegram
from bot.demo.telegram_state import Person
from bot.demo.terminal import Extras, chat
from bot.demo.texts import help_lines
from bot.demonstration import saying
from tests.support.telegram_calls import keyboard

T = saying("en")
TOKEN = "7000000001:nobody"
LIMIT = 5.0
BUTTONS = keyboard([("Shout", "shout"), ("Delete", "delete")], [("Quiet", "quiet")])


async def call(telegram: DemoTelegram, method: str, **params: Any) -> Any:
    return await telegram.handle(method, params)


class EchoBot:
    """Echoes what is written, below a card with buttons; deletes what holds a secret; confirms what it has handled."""

    def __init__(self, telegram: DemoTelegram) -> None:
        self._telegram = telegram

    async def serve(self) -> None:
        offset = 0
        while True:
            for update in await call(self._telegram, "getUpdates", offset=offset, timeout=50):
                offset = update["update_id"] + 1
                await (self._message(update["message"]) if "message" in update else self._press(update))

    async def _message(self, message: dict[str, Any]) -> None:
        text = f"You said: {message['text']}"
        await call(self._telegram, "sendMessage", chat_id=message["chat"]["id"], text=text, reply_markup=BUTTONS)
        if "secret" in message["text"]:
            await self._delete(message)

    async def _press(self, update: dict[str, Any]) -> None:
        query = update["callback_query"]
        popup = {"shout": "Loud!", "delete": "Gone.", "quiet": ""}[query["data"]]
        await call(self._telegram, "answerCallbackQuery", callback_query_id=query["id"], text=popup)
        if query["data"] == "shout":
            place = {"chat_id": query["message"]["chat"]["id"], "message_id": query["message"]["message_id"]}
            await call(self._telegram, "editMessageText", **place, text=query["message"]["text"].upper())
        elif query["data"] == "delete":
            await self._delete(query["message"])

    async def _delete(self, message: dict[str, Any]) -> None:
        await call(self._telegram, "deleteMessage", chat_id=message["chat"]["id"], message_id=message["message_id"])


class Output(io.StringIO):
    """What has been shown, and waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = asyncio.Event()

    def write(self, text: str) -> int:
        self._written.set()
        return super().write(text)

    async def shows(self, text: str) -> None:
        while text not in self.getvalue():
            self._written.clear()
            await self._written.wait()


class Stage:
    """A pretend Telegram with its echo bot, and one terminal before it."""

    def __init__(self, *, terminal: bool = False) -> None:
        self.telegram = DemoTelegram(TOKEN)
        self.ana: Person = self.telegram.add_person(7, "Ana")
        self.output = Output()
        self.console = Console(
            file=self.output, force_terminal=terminal, width=200, color_system=None, highlight=False, _environ={}
        )
        self.switched: list[str] = []
        self.hints: list[str] = []
        self.patience = LIMIT
        self.idle: Callable[[], Awaitable[None]] = self._at_once

    async def talk(self, lines: AsyncIterator[str]) -> list[str]:
        """Everything that is shown, line by line."""
        bot = asyncio.create_task(EchoBot(self.telegram).serve())
        try:
            async with asyncio.timeout(LIMIT):
                await chat(
                    self.telegram,
                    self.ana,
                    t=T,
                    lines=lines,
                    console=self.console,
                    idle=self.idle,
                    extras=Extras(
                        codes=lambda: [("76686828-89727101", "fresh")],
                        log=self._log,
                        off=self._off,
                        on=self._on,
                        hint=self._hint,
                    ),
                    patience=self.patience,
                )
        finally:
            bot.cancel()
            await asyncio.wait({bot})
        return self.output.getvalue().splitlines()

    async def _at_once(self) -> None:
        pass

    async def _log(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        return ("id", "status"), [("1", "imported")]

    async def _hint(self) -> str | None:
        return self.hints.pop() if self.hints and self.telegram.chat(7).messages else None

    async def _off(self) -> None:
        self.switched.append("off")

    async def _on(self) -> None:
        self.switched.append("on")


async def piped(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def shown(*lines: str) -> list[str]:
    """What a plain run with these lines shows below the greeting."""
    return (await Stage().talk(piped(*lines)))[1:]


CARD = ["    #1 [Shout]  #2 [Delete]", "    #3 [Quiet]"]


async def test_what_is_said_and_what_is_answered_are_shown_in_order() -> None:
    assert await shown("hello", "  ", "\u200b", "bye") == [
        "Ana: hello",
        "Transfer Bot: You said: hello",
        *CARD,
        "Ana: bye",
        "Transfer Bot: You said: bye",
        *CARD,
    ]


async def test_a_number_presses_that_button_of_the_newest_card() -> None:
    assert (await shown("one", "two", "#1"))[-4:] == [
        "> #1",
        "You pressed [Shout]",
        "(pop-up) Loud!",
        "Transfer Bot (edited): YOU SAID: TWO",
    ]


async def test_a_press_without_a_pop_up_shows_none() -> None:
    assert (await shown("one", "#3"))[-2:] == ["> #3", "You pressed [Quiet]"]


async def test_a_deleted_card_is_noted_and_its_buttons_are_gone() -> None:
    assert (await shown("one", "#2", "#1"))[-5:] == [
        "You pressed [Delete]",
        "(pop-up) Gone.",
        "(The bot deleted its earlier message.)",
        "> #1",
        "There are no buttons yet.",
    ]


async def test_a_secret_that_the_bot_deletes_is_noted() -> None:
    assert (await shown("my secret"))[-1] == "(The bot deleted your message.)"


async def test_what_was_deleted_before_it_was_shown_is_not_noted() -> None:
    stage = Stage()

    async def idle() -> None:
        message = await call(stage.telegram, "sendMessage", chat_id=7, text="oops")
        await call(stage.telegram, "deleteMessage", chat_id=7, message_id=message["message_id"])

    stage.idle = idle
    assert "deleted" not in "\n".join(await stage.talk(piped("one")))


@pytest.mark.parametrize("number", ["#0", "#4", "#99999999999999999999"])
async def test_a_wrong_number_is_explained(number: str) -> None:
    assert (await shown("one", number))[-1] == f"There is no button #{int(number[1:])}: the newest card has 3."


@pytest.mark.parametrize("line", ["#Quiet", "#quiet", "#✅ Quiet"])
async def test_a_name_presses_the_newest_button_that_is_called_so(line: str) -> None:
    assert (await shown("one", line))[-2:] == [f"> {line}", "You pressed [Quiet]"]


async def test_the_sign_before_a_name_need_not_be_typed() -> None:
    stage = Stage()
    buttons = keyboard([("➕ New group", "quiet")])
    await call(stage.telegram, "sendMessage", chat_id=7, text="Which?", reply_markup=buttons)
    assert "You pressed [➕ New group]" in await stage.talk(piped("#New group"))


async def test_a_number_with_words_is_a_message() -> None:
    assert (await shown("#1 please"))[:2] == ["Ana: #1 please", "Transfer Bot: You said: #1 please"]


async def test_quit_ends_before_the_lines_do() -> None:
    assert (await shown("/quit", "never said")) == []


async def test_a_button_that_opens_a_page_says_so() -> None:
    stage = Stage()
    buttons = [{"text": "Site", "url": "https://example.com"}, {"text": "Copy", "copy_text": {"text": "x"}}]
    await call(
        stage.telegram,
        "sendMessage",
        chat_id=7,
        text="Links",
        reply_markup={"inline_keyboard": [buttons]},
    )
    output = await stage.talk(piped("#1", "#2"))
    assert "[Site] opens https://example.com" in output
    assert "[Copy] does nothing here." in output
    assert stage.telegram.pending == []


async def test_the_extras_show_codes_and_the_log_and_switch_the_browser() -> None:
    stage = Stage()
    output = await stage.talk(piped("!codes", "!log", "!off", "! on", "!what"))
    assert "76686828-89727101 | fresh" in output
    assert "1 | imported" in output
    assert stage.switched == ["off", "on"]
    assert output[-7:] == help_lines(T)
    assert stage.telegram.chat(7).messages == []


async def test_a_hint_stands_below_what_the_bot_has_shown() -> None:
    stage = Stage()
    stage.hints = ["Try next: this."]
    assert (await stage.talk(piped("one", "two")))[1:6] == [
        "Ana: one",
        "Transfer Bot: You said: one",
        *CARD,
        "Try next: this.",
    ]


async def test_each_line_waits_until_the_bot_is_idle() -> None:
    stage = Stage()
    told = 0

    async def idle() -> None:
        nonlocal told
        if stage.telegram.chat(7).messages:
            told += 1
            await call(stage.telegram, "sendMessage", chat_id=7, text=f"Result {told}")

    stage.idle = idle
    output = await stage.talk(piped("one", "two"))
    assert [line for line in output if line.startswith(("Ana", "Transfer Bot"))] == [
        "Ana: one",
        "Transfer Bot: You said: one",
        "Transfer Bot: Result 1",
        "Ana: two",
        "Transfer Bot: You said: two",
        "Transfer Bot: Result 2",
    ]


async def test_a_bot_that_never_rests_does_not_hold_up_the_chat() -> None:
    stage = Stage()
    stage.patience = 0.05

    async def idle() -> None:
        await asyncio.Event().wait()

    stage.idle = idle
    output = await stage.talk(piped("one"))
    assert "The bot is still working. Its answer is shown here later." in output
    assert "Transfer Bot: You said: one" in output


async def test_what_comes_while_nobody_types_is_shown_at_once() -> None:
    stage = Stage(terminal=True)
    other = stage.telegram.add_person(8, "Ben")

    async def lines() -> AsyncIterator[str]:
        yield "one"
        await call(stage.telegram, "sendMessage", chat_id=7, text="Imported after all")
        stage.telegram.say(other, "not for Ana's eyes")
        await stage.output.shows("Imported after all")

    await stage.talk(lines())
    assert "not for Ana's eyes" not in stage.output.getvalue()
    assert "╭─ Transfer Bot" in stage.output.getvalue()


async def test_a_line_that_fails_to_be_read_ends_the_chat_with_its_error() -> None:
    async def lines() -> AsyncIterator[str]:
        yield "one"
        raise OSError("the terminal is gone")

    with pytest.raises(OSError, match="the terminal is gone"):
        await Stage().talk(lines())


async def test_being_cancelled_leaves_no_task_behind() -> None:
    stage = Stage()
    waiting = asyncio.Event()

    async def lines() -> AsyncIterator[str]:
        waiting.set()
        await asyncio.Event().wait()
        yield "never"

    talk = asyncio.create_task(stage.talk(lines()))
    async with asyncio.timeout(LIMIT):
        await waiting.wait()
        talk.cancel()
        with suppress(asyncio.CancelledError):
            await talk
    assert asyncio.all_tasks() == {asyncio.current_task()}
