"""Puts messages into the chat: what Telegram refuses becomes one of few answers that the presenter understands."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.chat.callbacks import style_of
from bot.chat.generation import Generation
from bot.usecases.records import Buttons

_LOG = logging.getLogger(__name__)

#: The chat is out of reach, whatever is asked for. A text in capitals is a code of Telegram's server.
_NO_CHAT = (
    "chat not found",
    "can't access the chat",
    "peer_id_invalid",
    "chat_id_invalid",
    "channel_invalid",
    "channel_private",
    "channel_public_group_na",
    "user_deleted",
    "user_bot_invalid",
    "frozen_method_invalid",
    "frozen_participant_missing",
)
#: The bot may not write in the chat.
_NO_WRITING = (
    "rights to send",
    "no write access",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "chat_guest_send_forbidden",
    "chat_send_plain_forbidden",
    "user_banned_in_channel",
    "allow_payment_required",
)
#: The topic is gone, or closed.
_NO_TOPIC = ("thread not found", "topic_deleted", "topic_closed", "chat is not a forum")
#: What was to be replied to is gone, or is in another topic.
_NO_REPLY = ("message to be replied not found", "reply_message_id_invalid", "reply_to_invalid")
#: The message is gone, or no longer one that can be edited. The server knows no message of a group that has become a
#: supergroup; only who sends there is told that it has.
_NO_MESSAGE = (
    "message to edit not found",
    "message not found",
    "can't be edited",
    "no text in the message to edit",
    "message_id_invalid",
    "msg_id_invalid",
    "message_author_required",
    "message_edit_time_expired",
    "peer_id_invalid",
    "chat_id_invalid",
)
#: The bot is no more in the group.
_REMOVED = ("bot was kicked", "bot is not a member", "chat was deleted")
#: The Bot API server has let go of the bot and takes it up again by itself.
_NOT_NOW = ("logged out",)


def _shown(text: str, markup: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the methods that send and edit take of a message, as the Bot API has it."""
    return {
        "text": text,
        "parse_mode": ParseMode.HTML,
        "reply_markup": markup,
        "link_preview_options": {"is_disabled": True},
    }


def _keyboard(buttons: Buttons, generation: Generation) -> Mapping[str, Any] | None:
    rows = [[_button(label, data, generation) for label, data in row] for row in buttons if row]
    return {"inline_keyboard": rows} if rows else None


def _button(label: str, data: str, generation: Generation) -> Mapping[str, str]:
    """A button, in a colour where what it does counts. Apps that know no colours leave them out."""
    if data.startswith("https://"):
        return {"text": label, "url": data}
    style = style_of(data)
    return {"text": label, "callback_data": generation.marked(data), **({} if style is None else {"style": style})}


def _reply(message_id: int | None) -> dict[str, Any]:
    """What makes a message a reply to this one, as long as that is there."""
    if message_id is None:
        return {}
    return {"reply_parameters": {"message_id": message_id, "allow_sending_without_reply": True}}


def is_passing(refusal: BadRequest) -> bool:
    """Whether the Bot API server refuses for a moment only."""
    return _says(refusal, _NOT_NOW)


def is_removal(refusal: Forbidden) -> bool:
    """Whether the bot is refused since it is no more in the group."""
    return _says(refusal, _REMOVED)


def _says(refusal: TelegramError, one_of: tuple[str, ...]) -> bool:
    said = str(refusal).lower()
    return any(words in said for words in one_of)


@contextlib.contextmanager
def _as_forbidden(*refusals: tuple[str, ...]) -> Iterator[None]:
    """Raise ``Forbidden`` for these refusals, which Telegram gives with the status of a wrong call."""
    try:
        yield
    except BadRequest as refusal:
        if any(_says(refusal, one_of) for one_of in refusals):
            raise Forbidden(refusal.message) from refusal
        raise


class Messages:
    """Sends, edits and deletes.

    Raises telegram's ``RetryAfter``, ``Forbidden``, ``ChatMigrated`` and ``NetworkError`` for the presenter to wait by;
    a ``BadRequest`` leaves only where nothing can be done about it.
    """

    def __init__(self, bot: Bot, generation: Generation | None = None) -> None:
        self._bot = bot
        self._generation = generation or Generation()

    async def send(
        self,
        chat_id: int,
        thread_id: int | None,
        text: str,
        buttons: Buttons,
        *,
        reply_to: int | None = None,
        silent: bool = False,
    ) -> int:
        """The new message's id. A topic that is gone falls back to the group itself, where nothing is replied to.

        A silent message rings no phone.
        """
        shown = {**_shown(text, _keyboard(buttons, self._generation)), "disable_notification": silent}
        return await self._send(chat_id, thread_id, shown, reply_to)

    async def ask(
        self, chat_id: int, thread_id: int | None, text: str, placeholder: str, *, reply_to: int | None = None
    ) -> int:
        """The same with a message to which a reply is opened: on the phone of who is mentioned or replied to in it."""
        forced = {"force_reply": True, "selective": True, "input_field_placeholder": placeholder}
        # Who is asked has just tapped; nobody else's phone is to ring.
        return await self._send(chat_id, thread_id, {**_shown(text, forced), "disable_notification": True}, reply_to)

    async def ask_person(self, chat_id: int, text: str, label: str, request_id: int) -> int:
        """The same with a message whose button, below the keyboard, opens Telegram's list of people."""
        wanted = {"request_id": request_id, "user_is_bot": False, "request_name": True, "request_username": True}
        keyboard = [[{"text": label, "request_users": wanted}]]
        shown = _shown(text, {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True})
        return await self._send(chat_id, None, {**shown, "disable_notification": True}, None)

    async def end_asking(self, chat_id: int, text: str) -> int:
        """The same with a message that takes that button away."""
        shown = _shown(text, {"remove_keyboard": True})
        return await self._send(chat_id, None, {**shown, "disable_notification": True}, None)

    async def _send(self, chat_id: int, thread_id: int | None, message: dict[str, Any], reply_to: int | None) -> int:
        with _as_forbidden(_NO_CHAT, _NO_WRITING):
            if thread_id is not None:
                try:
                    return await self._send_into(chat_id, thread_id, message, reply_to)
                except BadRequest as refusal:
                    if not _says(refusal, _NO_TOPIC):
                        raise
            with _as_forbidden(_NO_TOPIC):
                # Outside of every topic it is the group's first that may be closed.
                return await self._send_into(chat_id, None, message, None if thread_id else reply_to)

    async def _send_into(
        self, chat_id: int, thread_id: int | None, message: dict[str, Any], reply_to: int | None
    ) -> int:
        where = {"chat_id": chat_id, "message_thread_id": thread_id}
        try:
            sent = await self._call("SendMessage", **where, **message, **_reply(reply_to))
        except BadRequest as refusal:
            if reply_to is None or not _says(refusal, _NO_REPLY):
                raise
            sent = await self._call("SendMessage", **where, **message)
        return int(sent["message_id"])

    async def _call(self, method: str, **parameters: object) -> Any:
        """What the Bot API answers, as it came.

        Of a message that was sent nothing but its id is needed, and python-telegram-bot's objects of it and its buttons
        cost an eighth of a conversation step (measured). It warns of names that are methods of its own, so they are
        written with a capital here: to the Bot API case is all the same.
        """
        try:
            return await self._bot.do_api_request(method, api_kwargs=parameters)
        except EndPointNotFound as refusal:
            # So it takes every 401 and 404, and a method that everybody uses is there.
            raise InvalidToken from refusal
        except BadRequest as refusal:
            if is_passing(refusal):
                raise NetworkError(refusal.message) from refusal
            raise

    async def edit(self, chat_id: int, message_id: int, text: str, buttons: Buttons) -> bool:
        """Whether the message shows this now; False when it is no longer there or can't be edited."""
        shown = _shown(text, _keyboard(buttons, self._generation))
        with _as_forbidden(_NO_CHAT, _NO_WRITING):
            try:
                await self._call("EditMessageText", chat_id=chat_id, message_id=message_id, **shown)
            except BadRequest as refusal:
                if _says(refusal, _NO_MESSAGE + _NO_TOPIC):
                    return False
                if not _says(refusal, ("not modified",)):
                    raise
        return True

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Whether the message is gone; False where Telegram refuses to delete it."""
        try:
            with _as_forbidden(_NO_CHAT):
                await self._call("DeleteMessage", chat_id=chat_id, message_id=message_id)
        except BadRequest as refusal:
            return _says(refusal, ("message to delete not found",))
        return True

    async def leave(self, chat_id: int) -> None:
        """Leave a group chat. One that is out of reach is left already."""
        try:
            with _as_forbidden(_NO_CHAT):
                await self._call("LeaveChat", chat_id=chat_id)
        except Forbidden as refusal:
            _LOG.debug("chat %s was left already: %s", chat_id, refusal)

    async def remove_buttons(self, chat_id: int, message_id: int) -> None:
        """Take the buttons off a message that can't be deleted."""
        try:
            await self._call("EditMessageReplyMarkup", chat_id=chat_id, message_id=message_id)
        except BadRequest:
            _LOG.debug("the buttons of an old card stay: its message is out of reach")
