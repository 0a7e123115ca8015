"""The people, chats and messages of the pretend Telegram, and how the Bot API writes them as JSON."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from typing import Any

from bot.demo.telegram_html import Span

Json = dict[str, Any]

_COMMAND = re.compile(r"/[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language: str = "en"

    def json(self) -> Json:
        fields: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        return fields | ({"username": self.username} if self.username else {"language_code": self.language})


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says, what it sends or opens, and its colour as the Bot API names it."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    style: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(slots=True, eq=False)
class Message:
    """One message as it stands now.

    ``text`` is plain. ``changed`` counts changes of the whole pretend Telegram: the higher, the later this one changed.
    """

    id: int
    chat: Chat = field(repr=False)
    sender: Person
    text: str
    spans: tuple[Span, ...] = ()
    buttons: Rows = ()
    edited: bool = False
    deleted: bool = False
    changed: int = 0
    date: int = field(default_factory=lambda: int(time.time()))

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def all_buttons(self) -> list[Button]:
        """The buttons of all rows, in reading order."""
        return [button for row in self.buttons for button in row]

    @property
    def looks(self) -> tuple[object, ...]:
        """What can be seen of it: not what its buttons send."""
        rows = [[(button.text, button.url, button.style) for button in row] for row in self.buttons]
        return self.text, self.spans, rows

    def json(self) -> Json:
        fields: Json = {
            "message_id": self.id,
            "from": self.sender.json(),
            "chat": self.chat.json(),
            "date": self.date,
            "text": self.text,
        }
        if not self.from_bot and (command := _COMMAND.match(self.text)):
            fields["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return fields

    def transcript(self, edited: str, *, numbered: bool) -> str:
        """The message in plain words: who, what, the buttons, these numbered through if wanted.

        ``edited`` is the word for one that has been changed.
        """
        lines = [*self.text.splitlines(), *self.button_rows(numbered=numbered)]
        return f"{self.sender.first_name}{f' ({edited})' if self.edited else ''}: " + "\n    ".join(lines)

    def button_rows(self, *, numbered: bool) -> list[str]:
        """The rows of buttons as text: ``#1 [Import]  #2 [Cancel]``."""
        numbers = itertools.count(1)
        return [
            "  ".join(f"#{next(numbers)} [{button.text}]" if numbered else f"[{button.text}]" for button in row)
            for row in self.buttons
        ]


@dataclass(slots=True, eq=False)
class Chat:
    """A person's private chat with the bot, and all that was said in it."""

    person: Person
    messages: list[Message] = field(default_factory=list, repr=False)

    @property
    def card(self) -> Message | None:
        """The newest message with buttons."""
        with_buttons = (message for message in reversed(self.messages) if message.buttons and not message.deleted)
        return next(with_buttons, None)

    def json(self) -> Json:
        return {"id": self.person.id, "type": "private", "first_name": self.person.first_name}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot has answered to a press of a button in this chat."""

    chat: Chat
    text: str
