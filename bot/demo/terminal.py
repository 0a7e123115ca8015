"""A chat with the bot in the terminal: one person of the pretend Telegram, whose phone is the keyboard."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from bot.demo import texts
from bot.demo.telegram import DemoTelegram
from bot.demo.telegram_state import Answer, Button, Message, Person
from bot.demo.terminal_screen import Screen
from bot.demo.texts import Say


@dataclass(frozen=True, slots=True)
class Extras:
    """What the demo can do beside the chat.

    ``codes`` gives transfer codes, each with a word on what it is; ``log`` the import log as headings and rows; ``off``
    closes the pretend ixBrowser, ``on`` starts it; ``hint`` says what to try next, after what the bot has just shown.
    """

    codes: Callable[[], Sequence[tuple[str, str]]]
    log: Callable[[], Awaitable[tuple[Sequence[str], Sequence[Sequence[str]]]]]
    off: Callable[[], Awaitable[None]]
    on: Callable[[], Awaitable[None]]
    hint: Callable[[], Awaitable[str | None]]


async def chat(
    telegram: DemoTelegram,
    person: Person,
    *,
    t: Say,
    lines: AsyncIterator[str],
    console: Console,
    idle: Callable[[], Awaitable[None]],
    extras: Extras,
    patience: float = 90.0,
) -> None:
    """Let the person talk with the bot until the lines end, or ``/quit``.

    After each line the bot is waited for: until it has confirmed every update, and then until ``idle`` returns, which
    is to be so when the bot has shown all that it has to show; ``patience`` (seconds) limits both together. What comes
    later is shown when it comes. Ctrl-C cancels this coroutine, which leaves no task behind.
    """
    session = _Session(telegram, person, t=t, screen=Screen(console, t), idle=idle, extras=extras, patience=patience)
    await session.run(lines)


class _Session:
    def __init__(
        self,
        telegram: DemoTelegram,
        person: Person,
        *,
        t: Say,
        screen: Screen,
        idle: Callable[[], Awaitable[None]],
        extras: Extras,
        patience: float,
    ) -> None:
        self._telegram = telegram
        self._person = person
        self._chat = telegram.chat(person.id)
        self._t = t
        self._screen = screen
        self._idle = idle
        self._extras = extras
        self._patience = patience
        self._shown: set[int] = set()
        self._changes_seen = 0
        self._popups_seen = 0

    async def run(self, lines: AsyncIterator[str]) -> None:
        self._screen.note(texts.greeting(self._t, self._person.first_name))
        await self._answered()
        while (line := await self._next_line(lines)) is not None:
            await self._do(line.strip())
            await self._answered()

    async def _next_line(self, lines: AsyncIterator[str]) -> str | None:
        """The next line; None at the end. What the bot has to say meanwhile is shown above the prompt."""
        reading = asyncio.create_task(_read(lines))
        try:
            self._screen.prompt()
            while not await self._news_before(reading):
                await self._settle()
                self._screen.break_prompt()
                await self._show_answers()
                self._screen.prompt()
            line = reading.result()
        finally:
            await _end(reading)
        return None if line is None or line.strip() == "/quit" else line

    async def _news_before(self, reading: asyncio.Task[str | None]) -> bool:
        """Wait for a line or for news; whether it is the line that came."""
        news = asyncio.create_task(self._telegram.until(self._has_news))
        try:
            await asyncio.wait({reading, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(news)
        return reading.done()

    async def _answered(self) -> None:
        """Wait for what the bot answers, and show it."""
        await self._settle()
        await self._show_answers()

    async def _show_answers(self) -> None:
        self._show_news()
        if hint := await self._extras.hint():
            self._screen.note(hint)

    async def _settle(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._telegram.until(lambda: not self._telegram.pending)
                await self._idle()
        except TimeoutError:
            self._screen.note(texts.at_work(self._t))

    # --- what was typed ---------------------------------------------------------------------------------------------

    async def _do(self, line: str) -> None:
        if not any(character.isprintable() and not character.isspace() for character in line):
            return
        named = self._named(line)
        is_message = named is None and not re.fullmatch(r"#\d+|!.*", line)
        self._screen.typed(line, bubble=is_message)
        if is_message:
            self._telegram.say(self._person, line)
            self._show_news()
        elif named is not None:
            self._press(*named)
        elif line.startswith("#"):
            self._press_numbered(int(line[1:]))
        else:
            await self._extra(line[1:].strip())

    def _named(self, line: str) -> tuple[Message, Button] | None:
        """The newest button that ``line`` names behind a "#", with its message; signs around a name may be left out."""
        name = _name(line.removeprefix("#"))
        if not line.startswith("#") or not name or name.isdecimal():
            return None
        for message in reversed(self._chat.messages):
            for button in message.all_buttons:
                if not message.deleted and _name(button.text) == name:
                    return message, button
        return None

    def _press_numbered(self, number: int) -> None:
        card = self._chat.card
        if card is None:
            self._screen.note(texts.no_buttons(self._t))
            return
        buttons = card.all_buttons
        if not 0 < number <= len(buttons):
            self._screen.note(texts.no_such_button(self._t, number, len(buttons)))
            return
        self._press(card, buttons[number - 1])

    def _press(self, message: Message, button: Button) -> None:
        if button.callback_data is None:
            text, url = button.text, button.url
            self._screen.note(texts.opens(self._t, text, url) if url else texts.does_nothing(self._t, text))
            return
        self._screen.note(texts.pressed(self._t, button.text))
        self._telegram.press(self._person, message, button)

    async def _extra(self, name: str) -> None:
        if name == "codes":
            self._screen.table((texts.code_heading(self._t), ""), self._extras.codes())
        elif name == "log":
            self._screen.table(*await self._extras.log())
        elif name == "off":
            await self._extras.off()
            self._screen.note(texts.closed(self._t))
        elif name == "on":
            await self._extras.on()
            self._screen.note(texts.runs(self._t))
        else:
            for line in texts.help_lines(self._t):
                self._screen.note(line)

    # --- what there is to see ---------------------------------------------------------------------------------------

    def _news(self) -> list[Message]:
        return [message for message in self._chat.messages if message.changed > self._changes_seen]

    def _popups(self) -> list[Answer]:
        answers = [answer for answer in self._telegram.answers if answer.text and answer.chat is self._chat]
        return answers[self._popups_seen :]

    def _has_news(self) -> bool:
        return bool(self._news() or self._popups())

    def _show_news(self) -> None:
        """Show what has changed since last time, in the order in which it changed."""
        for popup in self._popups():
            self._screen.popup(popup)
            self._popups_seen += 1
        card = self._chat.card
        for message in sorted(self._news(), key=lambda message: message.changed):
            self._changes_seen = message.changed
            if not message.deleted:
                self._screen.message(message, numbered=message is card)
                self._shown.add(message.id)
            elif message.id in self._shown:
                self._screen.deleted(message)


def _name(label: str) -> str:
    """What a button is called by: without ✅, ➕ and the like, and in whatever case."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", label).casefold()


async def _read(lines: AsyncIterator[str]) -> str | None:
    return await anext(lines, None)


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.wait({task})
