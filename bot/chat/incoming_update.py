"""One update as the bot understands it: who, where, and what was said or pressed."""

from __future__ import annotations

from dataclasses import dataclass, field

from telegram import Message, Update
from telegram.constants import ChatType

from bot.usecases.records import Place

#: Telegram's own id for an admin of a group who hides behind it.
ANONYMOUS_ADMIN = 1087968824

#: Characters of a language's code that are kept. Telegram bounds neither these nor what follows in it.
LANGUAGE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """``text`` is what was typed, a caption included. ``message_id`` is the message typed, or the one pressed on.

    ``data`` is what the pressed button carries, None where nothing was pressed. ``to_bot`` says that the bot is meant:
    it always is in private, in a group by a reply to it.
    """

    update_id: int
    user_id: int
    person_name: str
    language: str
    chat_id: int
    thread_id: int | None
    message_id: int | None
    text: str = field(default="", repr=False)
    to_bot: bool = True
    data: str | None = None

    @property
    def where(self) -> Place:
        return Place(self.user_id, self.chat_id, self.thread_id, self.language)

    @property
    def private(self) -> bool:
        return self.user_id == self.chat_id

    @property
    def argument(self) -> str:
        """What stands behind a command."""
        return "".join(self.text.split(maxsplit=1)[1:]).strip()


def read_update(update: Update, bot_id: int) -> IncomingUpdate | None:
    """The update, or None for an update behind which no person can be told: a channel, an anonymous admin."""
    person, chat = update.effective_user, update.effective_chat
    message = update.effective_message
    if person is None or chat is None or person.is_bot or person.id == ANONYMOUS_ADMIN:
        return None
    if update.callback_query is None and message is not None and message.sender_chat is not None:
        return None
    read = message if isinstance(message, Message) else None
    typed = None if update.callback_query is not None else read
    return IncomingUpdate(
        update_id=update.update_id,
        user_id=person.id,
        person_name=person.full_name,
        language=(person.language_code or "")[:LANGUAGE_LENGTH],
        chat_id=chat.id,
        thread_id=_thread(read),
        message_id=None if message is None else message.message_id,
        text="" if typed is None else typed.text or typed.caption or "",
        to_bot=chat.type == ChatType.PRIVATE or update.callback_query is not None or _replies_to(typed, bot_id),
        data=None if update.callback_query is None else update.callback_query.data or "",
    )


def _thread(message: Message | None) -> int | None:
    if message is None or not message.is_topic_message:
        return None
    return message.message_thread_id


def _replies_to(message: Message | None, bot_id: int) -> bool:
    answered = None if message is None else message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
