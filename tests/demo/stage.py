"""A pretend Telegram with a bot that echoes, and a terminal in front of it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from rich.console import Console

from bot.demo.telegram import DemoTelegram
from bot.demo.telegram_state import Person
from bot.demo.terminal import Extras, chat
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
