"""The people, chats and messages of the pretend Telegram, and how the Bot API writes them as JSON."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.standins.telegram_html import Entity

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Telegram account. Who has not ``started`` can't be written to by the bot."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str = "en"
    started: bool = True
    is_bot: bool = False

    def json(self) -> Json:
        fields: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            fields["username"] = self.username
        if not self.is_bot:
            fields["language_code"] = self.language_code
        return fields


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: what it says, what it sends or opens, and its colour (the Bot API's ``style``)."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    style: str | None = None

    def json(self) -> Json:
        fields = {"text": self.text, "callback_data": self.callback_data, "url": self.url, "style": self.style}
        return {name: value for name, value in fields.items() if value is not None}


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ForcedReply:
    """A message has phones open a reply to it: all of them, or those of who is mentioned or replied to in it alone."""

    selective: bool = False
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class KeyboardButton:
    """A button below the keyboard. With ``request_id`` it opens the list of people, of whom ``most`` can be chosen.

    ``is_bot`` says which of them are offered, None for all; the bot is told their names and usernames if it asks so.
    """

    text: str
    request_id: int | None = None
    is_bot: bool | None = None
    with_name: bool = False
    with_username: bool = False
    most: int = 1


@dataclass(slots=True, eq=False)
class Message:
    """One message as it stands now.

    ``text`` is plain (a file's caption, too), ``html`` as it was sent, ``date`` in Unix seconds, ``thread`` the id of a
    forum's topic. ``changed`` counts changes of the whole pretend Telegram: the higher, the later this one changed.
    """

    id: int
    chat: Chat = field(repr=False)
    sender: Person
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    html: str = ""
    buttons: Rows = ()
    thread: int | None = None
    reply_to: Message | None = field(default=None, repr=False)
    silent: bool = False
    edited: int = 0
    edit_date: int = 0
    deleted: bool = False
    changed: int = 0
    kind: str = "text"
    media: Json = field(default_factory=dict)
    file: Upload | None = None
    forced_reply: ForcedReply | None = None
    keyboard: tuple[KeyboardButton, ...] | None = None

    def mentions(self, person: Person) -> bool:
        """Whether the person is named in it by a link to them, or by their username."""
        named = {f"tg://user?id={person.id}"}
        links = {entity.get("url") for entity in self.entities}
        return bool(named & links) or (person.username is not None and f"@{person.username}" in self.text.split())

    def opens_reply(self, person: Person) -> bool:
        """Whether the person's phone opens a reply to it by itself."""
        if self.forced_reply is None or self.deleted:
            return False
        answered = self.reply_to is not None and self.reply_to.sender is person
        return not self.forced_reply.selective or answered or self.mentions(person)

    @property
    def from_bot(self) -> bool:
        return self.sender.is_bot

    @property
    def all_buttons(self) -> list[Button]:
        """The buttons of all rows, in reading order."""
        return [button for row in self.buttons for button in row]

    def button(self, wanted: str) -> Button:
        """The button that says this, or sends this; LookupError when there is none."""
        for button in self.all_buttons:
            if wanted in (button.text, button.callback_data):
                return button
        raise LookupError(f"no button {wanted!r} among {[button.text for button in self.all_buttons]}")

    def json(self, *, with_reply: bool = True) -> Json:
        fields: Json = {
            "message_id": self.id,
            "from": self.sender.json(),
            "chat": self.chat.json(),
            "date": self.date,
            **self.media,
        }
        if self.text:
            fields["text" if self.kind == "text" else "caption"] = self.text
        if self.entities:
            fields["entities" if self.kind == "text" else "caption_entities"] = self.entities
        if self.edit_date:
            fields["edit_date"] = self.edit_date
        if self.thread is not None:
            fields |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.reply_to is not None and with_reply and not self.reply_to.deleted:
            fields["reply_to_message"] = self.reply_to.json(with_reply=False)
        if self.buttons:
            fields["reply_markup"] = {"inline_keyboard": [[button.json() for button in row] for row in self.buttons]}
        return fields

    def transcript(self, *, numbered: bool = False) -> str:
        """One message in plain words: who, what, the buttons, these numbered through if wanted."""
        marks = [self.kind] * (self.kind != "text") + ["edited"] * bool(self.edited) + ["deleted"] * self.deleted
        mark = f" ({', '.join(marks)})" if marks else ""
        lines = [*self.text.splitlines(), *self.button_rows(numbered=numbered)]
        return f"{self.sender.first_name}{mark}: " + "\n    ".join(lines)

    def button_rows(self, *, numbered: bool) -> list[str]:
        """The rows of buttons as text: ``#1 [Import]  #2 [Cancel]``."""
        numbers = itertools.count(1)
        return [
            "  ".join(f"#{next(numbers)} [{button.text}]" if numbered else f"[{button.text}]" for button in row)
            for row in self.buttons
        ]


@dataclass(slots=True, eq=False)
class Chat:
    """A chat, and all that was ever said in it.

    ``threads`` not empty makes a supergroup a forum with these topics. ``can_delete`` is the bot's right to delete
    what others wrote in a group; only admins have it, and an admin sees all that is said. With ``privacy`` the bot is
    shown commands, what mentions it and replies to it, unless it is an admin. ``closed`` in words (``bot was kicked
    from the supergroup chat``) refuses all with 403. ``flooded_until`` is a moment of the stand-in's clock.
    """

    id: int
    kind: ChatKind
    title: str = ""
    person: Person | None = None
    threads: tuple[int, ...] = ()
    can_delete: bool = False
    privacy: bool = False
    closed: str | None = None
    migrated_to: int | None = None
    flooded_until: float = -math.inf
    messages: list[Message] = field(default_factory=list, repr=False)
    by_id: dict[int, Message] = field(default_factory=dict, repr=False)

    def newest(self, wanted: Callable[[Message], object]) -> Message:
        """The newest message that is still there and is wanted; LookupError when there is none."""
        for message in reversed(self.messages):
            if not message.deleted and wanted(message):
                return message
        raise LookupError(f"no such message in chat {self.id}")

    @property
    def keyboard(self) -> tuple[KeyboardButton, ...]:
        """The buttons below the keyboard, which stay until a message takes them away or brings others."""
        keyboards = (message.keyboard for message in reversed(self.messages) if message.keyboard is not None)
        return next(keyboards, ())

    @property
    def last(self) -> Message:
        """The newest message, whoever wrote it."""
        return self.newest(lambda _: True)

    @property
    def answer(self) -> Message:
        """The newest message of the bot."""
        return self.newest(lambda message: message.from_bot)

    @property
    def card(self) -> Message:
        """The newest message with buttons."""
        return self.newest(lambda message: message.buttons)

    def json(self) -> Json:
        fields: Json = {"id": self.id, "type": self.kind}
        if self.person is None:
            return fields | {"title": self.title} | ({"is_forum": True} if self.threads else {})
        fields["first_name"] = self.person.first_name
        if self.person.username:
            fields["username"] = self.person.username
        return fields

    def transcript(self) -> str:
        """The whole chat in plain words, deleted messages too."""
        return "\n".join(message.transcript() for message in self.messages)


@dataclass(frozen=True, slots=True)
class Answer:
    """A press that the bot has answered: its query's id, who pressed what, what popped up, and what link was opened."""

    id: str
    person: Person
    chat: Chat
    data: str
    text: str
    show_alert: bool
    url: str = ""
