"""The Bot API's methods about messages: sent, edited, deleted, and presses on their buttons answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.standins.telegram_access import known_chat, open_chat, writable_chat
from tests.standins.telegram_checks import (
    Params,
    bad_request,
    caption,
    deep_link,
    flag,
    forced_reply,
    integer,
    keyboard,
    message_ids,
    message_text,
    string,
    structure,
    too_long,
)
from tests.standins.telegram_keyboards import chat_keyboard
from tests.standins.telegram_state import Answer, Chat, Json, Message, Rows, Upload
from tests.standins.telegram_world import World

#: A bot can delete messages for two days.
DELETABLE_SECONDS = 2 * 24 * 60 * 60
_POPUP_LIMIT = 200


class MessageMethods:
    """``table`` has a function for each method, by its name in small letters; they raise ``Refusal``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.table: dict[str, Callable[[Params], Any]] = {
            "sendmessage": self._send_message,
            "sendphoto": self._send_photo,
            "senddocument": self._send_document,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_reply_markup,
            "deletemessage": self._delete_message,
            "deletemessages": self._delete_messages,
            "answercallbackquery": self._answer_callback_query,
        }

    def _send_message(self, params: Params) -> Json:
        text = message_text(params)
        rows = keyboard(params)
        chat = writable_chat(self._world, params)
        if too_long(text):
            raise bad_request("message is too long")
        html = string(params, "text")
        return self._post(params, chat, rows, text=text.text, entities=text.entities, html=html).json()

    def _send_photo(self, params: Params) -> Json:
        size = {"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 60}
        return self._send_file(params, "photo", [size])

    def _send_document(self, params: Params) -> Json:
        upload = params.get("document")
        name = upload.name if isinstance(upload, Upload) else "file"
        return self._send_file(params, "document", {"file_id": name, "file_unique_id": name, "file_name": name})

    def _send_file(self, params: Params, kind: str, media: object) -> Json:
        upload = params.get(kind)
        if not upload:
            raise bad_request(f"there is no {kind} in the request")
        text = caption(params)
        rows = keyboard(params)
        message = self._post(
            params,
            writable_chat(self._world, params),
            rows,
            text=text.text,
            entities=text.entities,
            html=string(params, "caption"),
            kind=kind,
            media={kind: media},
            file=upload if isinstance(upload, Upload) else None,
        )
        return message.json()

    def _post(self, params: Params, chat: Chat, rows: Rows, **fields: Any) -> Message:
        return self._world.post(
            chat,
            self._world.bot,
            buttons=rows,
            thread=_thread(params, chat),
            reply_to=_replied_to(params, chat),
            silent=flag(params, "disable_notification"),
            forced_reply=forced_reply(params),
            keyboard=chat_keyboard(params, chat),
            **fields,
        )

    def _message(self, params: Params, chat: Chat, purpose: str) -> Message:
        message = chat.by_id.get(integer(params, "message_id"))
        if message is None or message.deleted:
            raise bad_request(f"message to {purpose} not found")
        return message

    def _own_message(self, params: Params) -> Message:
        chat = known_chat(self._world, params)
        if chat.migrated_to is not None:
            # Only who would write is told that the group has moved. What an edit is told is up to Telegram's server.
            raise bad_request("PEER_ID_INVALID")
        message = self._message(params, writable_chat(self._world, params), "edit")
        if not message.from_bot or message.forced_reply is not None or message.keyboard is not None:
            raise bad_request("message can't be edited")
        return message

    def _edit_text(self, params: Params) -> Json:
        text = message_text(params)
        rows = keyboard(params, inline_only=True)
        message = self._own_message(params)
        if message.kind != "text":
            raise bad_request("there is no text in the message to edit")
        if too_long(text):
            raise bad_request("MESSAGE_TOO_LONG")
        _must_change((message.text, message.entities, message.buttons), (text.text, text.entities, rows))
        message.text, message.entities, message.buttons = text.text, text.entities, rows
        message.html = string(params, "text")
        self._world.touch_edited(message)
        return message.json()

    def _edit_reply_markup(self, params: Params) -> Json:
        rows = keyboard(params, inline_only=True)
        message = self._own_message(params)
        _must_change(message.buttons, rows)
        message.buttons = rows
        self._world.touch_edited(message)
        return message.json()

    def _delete_message(self, params: Params) -> bool:
        if not string(params, "chat_id"):
            raise bad_request("chat identifier is not specified")
        chat = open_chat(self._world, params)
        if not integer(params, "message_id"):
            raise bad_request("message identifier is not specified")
        message = self._message(params, chat, "delete")
        self._check_deletable(message)
        self._world.delete(message)
        return True

    def _delete_messages(self, params: Params) -> bool:
        wanted = message_ids(params)
        chat = open_chat(self._world, params)
        messages = [message for number in wanted if (message := chat.by_id.get(number)) and not message.deleted]
        for message in messages:
            self._check_deletable(message)
        for message in messages:
            self._world.delete(message)
        return True

    def _check_deletable(self, message: Message) -> None:
        chat = message.chat
        allowed = chat.kind == "private" or message.from_bot or chat.can_delete
        if not allowed or self._world.now() - message.date > DELETABLE_SECONDS:
            raise bad_request(f"message can't be deleted{'' if chat.kind == 'supergroup' else ' for everyone'}")

    def _answer_callback_query(self, params: Params) -> bool:
        text = string(params, "text")
        press = self._world.unanswered.get(string(params, "callback_query_id"))
        if press is None or self._world.now() - press.at > self._world.press_lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if len(text) > _POPUP_LIMIT:
            raise bad_request("MESSAGE_TOO_LONG")
        url = string(params, "url")
        if url and deep_link(url, self._world.bot.username) is None:
            # Of other addresses only a game's may be opened, which a bot has registered.
            raise bad_request("URL_INVALID")
        del self._world.unanswered[press.id]
        alert = flag(params, "show_alert")
        self._world.answers.append(Answer(press.id, press.person, press.message.chat, press.data, text, alert, url))
        self._world.changed(press.message.chat.id)
        return True


def _must_change(old: object, new: object) -> None:
    if old == new:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )


def _thread(params: Params, chat: Chat) -> int | None:
    """The topic to write into: it must be there in a forum, never is in private, and means nothing elsewhere."""
    thread = integer(params, "message_thread_id")
    if thread <= 0 or (chat.kind != "private" and not chat.threads):
        return None
    if thread not in chat.threads:
        raise bad_request("message thread not found")
    return thread


def _replied_to(params: Params, chat: Chat) -> Message | None:
    reply = structure(params, "reply_parameters", "reply parameters")
    if reply is None:
        number = integer(params, "reply_to_message_id")
        reply = {"message_id": number, "allow_sending_without_reply": params.get("allow_sending_without_reply")}
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    if not integer(reply, "message_id"):
        return None
    message = chat.by_id.get(integer(reply, "message_id"))
    if message is None or message.deleted:
        if flag(reply, "allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return message
