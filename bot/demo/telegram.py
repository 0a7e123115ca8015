"""The demo's pretend Telegram: private chats with one bot. It believes what it is told and refuses next to nothing."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from bot.demo.telegram_html import read_html
from bot.demo.telegram_state import Answer, Button, Chat, Json, Message, Person, Rows


class Refusal(Exception):
    """The Bot API's answer is a 400 with these words."""


class DemoTelegram:
    """Telegram for one bot. ``answers`` are the presses that the bot has answered, in order."""

    def __init__(self, token: str) -> None:
        self.bot = Person(int(token.partition(":")[0]), "Transfer Bot", is_bot=True, username="transfer_demo_bot")
        self.answers: list[Answer] = []
        self._chats: dict[int, Chat] = {}
        self._updates: list[Json] = []
        self._presses: dict[str, Chat] = {}
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(1001)
        self._query_ids = itertools.count(4_000_000_000_000_001)
        self._changes = itertools.count(1)
        self._changed = asyncio.Event()
        self._methods: Mapping[str, Callable[[Json], object]] = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_reply_markup,
            "deletemessage": self._delete_message,
            "answercallbackquery": self._answer_callback_query,
        }

    # --- the people -------------------------------------------------------------------------------------------------

    def add_person(self, user_id: int, first_name: str, language: str = "en") -> Person:
        """Somebody with a private chat with the bot; ``language`` is the one of their Telegram."""
        person = Person(user_id, first_name, language=language)
        self._chats[user_id] = Chat(person)
        return person

    def chat(self, user_id: int) -> Chat:
        """The person's chat; KeyError when there is none."""
        return self._chats[user_id]

    def say(self, person: Person, text: str) -> None:
        """Write a message to the bot."""
        self._update("message", self._post(self.chat(person.id), person, text).json())

    def press(self, person: Person, message: Message, button: Button) -> None:
        """Press a button that sends something."""
        query_id = str(next(self._query_ids))
        self._presses[query_id] = message.chat
        query = {
            "id": query_id,
            "from": person.json(),
            "message": message.json(),
            "chat_instance": str(person.id),
            "data": button.callback_data,
        }
        self._update("callback_query", query)

    # --- waiting ----------------------------------------------------------------------------------------------------

    @property
    def pending(self) -> list[int]:
        """The ids of the updates that the bot has not confirmed."""
        return [update["update_id"] for update in self._updates]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until it holds. It is looked at again at each change."""
        while not holds():
            await self._changed.wait()

    # --- what the bot calls -----------------------------------------------------------------------------------------

    async def handle(self, method: str, params: Json) -> Any:
        """The result of one call; ``Refusal`` where what it is about is not there."""
        name = method.lower()
        if name == "getupdates":
            return await self._get_updates(int(params.get("offset", 0)), float(params.get("timeout", 0)))
        # What the bot sets, such as its menus, shows nowhere in a terminal.
        return self._methods[name](params) if name in self._methods else True

    async def _get_updates(self, offset: int, seconds: float) -> list[Json]:
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        self._tell()
        try:
            async with asyncio.timeout(seconds):
                await self.until(lambda: self._updates)
        except TimeoutError:
            return []
        return list(self._updates)

    def _get_me(self, _: Json) -> Json:
        rights = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return self.bot.json() | dict.fromkeys(rights, False)

    def _send_message(self, params: Json) -> Json:
        chat = self._chats.get(int(params["chat_id"]))
        if chat is None:
            raise Refusal("Bad Request: chat not found")
        text, spans = read_html(params["text"])
        return self._post(chat, self.bot, text, spans=spans, buttons=_buttons(params)).json()

    def _edit_text(self, params: Json) -> Json:
        message = self._message(params, "edit")
        before = message.looks
        message.text, message.spans = read_html(params["text"])
        message.buttons = _buttons(params)
        if message.looks != before:
            message.edited = True
            self._touch(message)
        return message.json()

    def _edit_reply_markup(self, params: Json) -> Json:
        message = self._message(params, "edit")
        message.buttons = _buttons(params)
        message.edited = True
        self._touch(message)
        return message.json()

    def _delete_message(self, params: Json) -> bool:
        message = self._message(params, "delete")
        message.deleted = True
        self._touch(message)
        return True

    def _answer_callback_query(self, params: Json) -> bool:
        chat = self._presses.pop(params["callback_query_id"], None)
        if chat is None:
            raise Refusal("Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answers.append(Answer(chat, params.get("text") or ""))
        self._tell()
        return True

    # --- its state --------------------------------------------------------------------------------------------------

    def _message(self, params: Json, purpose: str) -> Message:
        chat = self._chats.get(int(params["chat_id"]))
        for message in chat.messages if chat is not None else ():
            if message.id == int(params["message_id"]) and not message.deleted:
                return message
        raise Refusal(f"Bad Request: message to {purpose} not found")

    def _post(self, chat: Chat, sender: Person, text: str, **fields: Any) -> Message:
        message = Message(next(self._message_ids), chat, sender, text, **fields)
        chat.messages.append(message)
        self._touch(message)
        return message

    def _touch(self, message: Message) -> None:
        message.changed = next(self._changes)
        self._tell()

    def _update(self, kind: str, content: Json) -> None:
        self._updates.append({"update_id": next(self._update_ids), kind: content})
        self._tell()

    def _tell(self) -> None:
        """Those who wait look again."""
        self._changed.set()
        self._changed = asyncio.Event()


def _buttons(params: Json) -> Rows:
    rows = (params.get("reply_markup") or {}).get("inline_keyboard", ())
    return tuple(tuple(map(_button, row)) for row in rows)


def _button(button: Json) -> Button:
    return Button(button["text"], button.get("callback_data"), button.get("url"), button.get("style"))
