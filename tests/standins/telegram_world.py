"""The world around the bot: people who write, press, edit and delete."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.telegram_chats import Chats
from tests.standins.telegram_checks import deep_link
from tests.standins.telegram_files import FileMethods
from tests.standins.telegram_html import FormattedText
from tests.standins.telegram_state import Answer, Button, Chat, Json, Message, Person
from tests.standins.telegram_text import is_empty, split, tidy, typed_entities


@dataclass(frozen=True, slots=True)
class Press:
    """A press that the bot has not answered yet; ``at`` is a moment of the stand-in's clock."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    inaccessible: bool


class World(Chats):
    """What people do, each with the id of the update that the bot gets of it.

    A ``chat`` that is left out is the person's private chat with the bot. ``answers`` are the presses that the bot has
    answered, in order; ``press_lifetime`` is how long it may take for that.
    """

    def __init__(self, bot: Person, now: Callable[[], float]) -> None:
        super().__init__(bot, now)
        self.answers: list[Answer] = []
        self.press_lifetime = 900.0
        self.unanswered: dict[str, Press] = {}
        self.files = FileMethods()
        self._query_ids = itertools.count(4_000_000_000_000_001)

    def say(
        self,
        person: Person,
        text: str,
        chat: Chat | int | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
    ) -> int:
        """Write a message; ValueError when there is nothing in it.

        One that is too long goes out as several, as Telegram's programs send it; the id is then the last one's.
        """
        update_id = 0
        for part in split(_typed(text)):
            update_id = self._tell(
                self.post(
                    self._where(person, chat),
                    person,
                    text=part,
                    entities=typed_entities(part),
                    thread=thread,
                    reply_to=reply_to,
                )
            )
        return update_id

    def follow(self, person: Person, url: str) -> int:
        """Open a link that starts the bot, and tap Start; LookupError for any other address."""
        handed_over = deep_link(url, self.bot.username)
        if handed_over is None:
            raise LookupError(f"{url!r} does not start this bot")
        return self.say(person, f"/start {handed_over}")

    def send_photo(self, person: Person, caption: str = "", chat: Chat | int | None = None) -> int:
        sizes = [{**_file("photo"), "width": 90, "height": 60}]
        return self._send(person, chat, "photo", {"photo": sizes}, caption)

    def send_sticker(self, person: Person, chat: Chat | int | None = None) -> int:
        sticker = _file("sticker") | {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        return self._send(person, chat, "sticker", {"sticker": sticker | {"is_animated": False, "is_video": False}})

    def send_voice(self, person: Person, chat: Chat | int | None = None) -> int:
        return self._send(person, chat, "voice", {"voice": _file("voice") | {"duration": 3}})

    def send_document(
        self,
        person: Person,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        chat: Chat | int | None = None,
        mime_type: str = "text/plain",
    ) -> int:
        file_id = self.files.keep(name, content)
        document = {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(content)}
        document |= {"file_name": name, "mime_type": mime_type}
        return self._send(person, chat, "document", {"document": document}, caption)

    def edit(self, person: Person, message: Message, text: str) -> int:
        """The person changes the text of a message of theirs; LookupError when it is not theirs or is gone."""
        if message.sender is not person or message.deleted:
            raise LookupError("only one's own messages that are still there can be edited")
        message.text = _typed(text)
        message.entities = typed_entities(message.text)
        self.touch_edited(message)
        return self._tell(message, "edited_message")

    def delete(self, message: Message) -> None:
        """Somebody deletes a message; the bot is not told, as bots never are."""
        message.deleted = True
        self._touch(message)

    def press(self, person: Person, message: Message, button: str | Button, *, inaccessible: bool = False) -> int:
        """Press the button that says or sends this; LookupError when there is none, or the message is gone.

        A ``Button`` is pressed whether or not it is there: a phone that has not seen the last edit, or a forged press.
        With ``inaccessible`` the bot is given the message's id only, as of messages that Telegram no longer gives out.
        """
        if message.deleted:
            raise LookupError("the message has been deleted")
        pressed = button if isinstance(button, Button) else message.button(button)
        if pressed.callback_data is None:
            raise LookupError(f"the button {pressed.text!r} sends nothing")
        return self._press(person, message, pressed.callback_data, inaccessible=inaccessible)

    def resend_unanswered_press(self) -> int:
        """The newest press without an answer comes once more, as a new update; LookupError when there is none."""
        if not self.unanswered:
            raise LookupError("every press has been answered")
        _, press = self.unanswered.popitem()
        return self._press(press.person, press.message, press.data, inaccessible=press.inaccessible)

    def raw_update(self, update: dict[str, Any]) -> int:
        """Any update at all, without its ``update_id``, such as ``{"message": {...}}``."""
        return self.updates.add_raw(update)

    def _where(self, person: Person, chat: Chat | int | None) -> Chat:
        where = self.chat(person.id if chat is None else chat)
        if where.person is person:
            person.started = True
        return where

    def _send(self, person: Person, chat: Chat | int | None, kind: str, media: Json, caption: str = "") -> int:
        return self._tell(self.post(self._where(person, chat), person, kind=kind, media=media, text=caption))

    def _press(self, person: Person, message: Message, data: str, *, inaccessible: bool) -> int:
        press = Press(str(next(self._query_ids)), person, message, data, self.now(), inaccessible)
        self.unanswered[press.id] = press
        gone = {"chat": message.chat.json(), "message_id": message.id, "date": 0}
        query = {
            "id": press.id,
            "from": person.json(),
            "message": gone if inaccessible else message.json(),
            "chat_instance": str(message.chat.id),
            "data": data,
        }
        return self.updates.add("callback_query", query)


def _typed(text: str) -> str:
    """The text as it arrives when somebody sends it."""
    clean = tidy(FormattedText(text)).text
    if is_empty(clean):
        raise ValueError("a message without text can't be sent")
    return clean


def _file(name: str) -> Json:
    return {"file_id": f"{name}-1", "file_unique_id": f"{name}-u1", "file_size": 1234}
