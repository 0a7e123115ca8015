"""What Telegram can refuse of the calls that the bot makes, and what the bot does then.

Collected from the sources of tdlib/telegram-bot-api (``Client.cpp``, ``ClientManager.cpp``) and tdlib/td (the other
files). ``server`` stands for codes of Telegram's own server, which both hand on; of a 403 whose text is a code in
capitals they make a 400. Refusals of what this bot never sends (files, replies, other keyboards) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.standins.telegram import FakeTelegram


class Reaction(StrEnum):
    """What the bot does."""

    LEAVES_CHAT_ALONE = "keeps what it has to say until somebody writes in that chat"
    USES_GROUP_ITSELF = "sends it to the group, outside of the topic"
    SENDS_ANEW = "sends a new message in place of the one that can't be edited"
    TAKES_AS_DONE = "takes it as done"
    KEEPS_MESSAGE = "takes the buttons off, or tells the person that the secret stays"
    IGNORES = "goes on: nothing depends on it"
    DROPS = "logs an error and drops the message, which would be refused for ever"
    WAITS = "waits as long as it is told to"
    MOVES = "moves everything of the chat to the supergroup"
    RETRIES = "tries again, after longer and longer pauses"
    ENDS_BOT = "ends with a sentence about the token"


SEND, EDIT, DISARM, DELETE = "sendMessage", "editMessageText", "editMessageReplyMarkup", "deleteMessage"
LEAVE = "leaveChat"
ANSWER, MENU, POLL, START = "answerCallbackQuery", "setMyCommands", "getUpdates", "getMe"


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: who gives it to which call. ``in_topic`` is a message that was to go into a topic."""

    method: str
    status: int
    words: str
    source: str
    reaction: Reaction
    in_topic: bool = False
    retry_after: int = 0
    migrate_to: int = 0

    def __str__(self) -> str:
        return f"{self.method}-{self.status}-{self.words}"

    def happen(self, telegram: FakeTelegram, times: int = 1) -> None:
        """Have the next calls of the method refused like this."""
        named = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to}
        parameters = {name: value for name, value in named.items() if value}
        telegram.fail(self.method, self.status, self.words, times, carried_out=False, **parameters)


def _bad(method: str, source: str, reaction: Reaction, *texts: str, in_topic: bool = False) -> Iterator[Refused]:
    for text in texts:
        yield Refused(method, 400, f"Bad Request: {text}", source, reaction, in_topic)


def _forbidden(method: str, source: str, *texts: str) -> Iterator[Refused]:
    for text in texts:
        yield Refused(method, 403, f"Forbidden: {text}", source, Reaction.LEAVES_CHAT_ALONE)


_ACCESS = "Client.cpp check_chat_access"
_CHECK = "Client.cpp check_chat"
_FAIL = "MessagesManager.cpp process_send_message_fail_error"

_UNREACHABLE_CODES = ("CHANNEL_INVALID", "CHANNEL_PRIVATE", "FROZEN_METHOD_INVALID", "FROZEN_PARTICIPANT_MISSING")
_NO_WRITING_CODES = (
    "CHAT_WRITE_FORBIDDEN",
    "CHAT_RESTRICTED",
    "CHAT_ADMIN_REQUIRED",
    "CHAT_SEND_PLAIN_FORBIDDEN",
    "USER_BANNED_IN_CHANNEL",
)
_REMOVED = (
    "user is deactivated",
    "bot was kicked from the group chat",
    "bot is not a member of the group chat",
    "bot was kicked from the supergroup chat",
    "bot is not a member of the supergroup chat",
    "bot was kicked from the channel chat",
    "bot is not a member of the channel chat",
)
_CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def _of_every_call(method: str, patience: Reaction, other: Reaction) -> Iterator[Refused]:
    """What is refused before anybody looks at the call; ``patience`` on a flood, ``other`` on the rest."""
    yield Refused(method, 429, "Too Many Requests: retry after 1", "Query.cpp", patience, retry_after=1)
    yield Refused(method, 500, "Internal Server Error: restart", "Client.cpp get_closing_error", other)
    yield Refused(method, 500, "Internal Server Error: Request aborted", "Client.cpp fail_query_with_error", other)


def _of_the_token(method: str) -> Iterator[Refused]:
    yield Refused(method, 401, "Unauthorized", "Client.cpp get_closing_error", Reaction.ENDS_BOT)
    yield Refused(method, 401, "Unauthorized: invalid token specified", "ClientManager.cpp send", Reaction.ENDS_BOT)


def _sending() -> Iterator[Refused]:
    yield from _forbidden(SEND, _ACCESS, *_REMOVED, "the group chat was deleted")
    yield from _forbidden(SEND, _FAIL, "bot can't initiate conversation with a user")
    yield from _forbidden(SEND, _FAIL, "the bot can't send messages to the bot")
    yield from _forbidden(SEND, "server, Client.cpp fail_query_with_error", "bot was blocked by the user")
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    yield Refused(SEND, 400, moved, _ACCESS, Reaction.MOVES, migrate_to=-1001)

    alone = Reaction.LEAVES_CHAT_ALONE
    yield from _bad(SEND, _CHECK, alone, "chat not found", "private chat not found")
    yield from _bad(SEND, "DialogManager.cpp can_send_message_to_dialog", alone, "have no write access to the chat")
    yield from _bad(
        SEND, "DialogManager.cpp can_send_message_to_dialog", alone, "need administrator rights in the channel chat"
    )
    yield from _bad(
        SEND,
        "MessageContent.cpp can_send_message_content",
        alone,
        "not enough rights to send text messages to the chat",
    )
    yield from _bad(SEND, "MessagesManager.cpp on_send_message_fail", alone, "CHAT_GUEST_SEND_FORBIDDEN")
    yield from _bad(SEND, "MessagesManager.cpp on_send_message_fail", alone, "ALLOW_PAYMENT_REQUIRED_10")
    yield from _bad(
        SEND, _FAIL, alone, "CHANNEL_PUBLIC_GROUP_NA", "USER_DELETED", "USER_BOT_INVALID", "PEER_ID_INVALID"
    )
    yield from _bad(SEND, "server", alone, "CHAT_ID_INVALID", *_UNREACHABLE_CODES, *_NO_WRITING_CODES)

    topic = Reaction.USES_GROUP_ITSELF
    yield from _bad(SEND, "Client.cpp check_message_topic", topic, "message thread not found", in_topic=True)
    yield from _bad(SEND, "MessageTopic.cpp get_message_topic", topic, "chat is not a forum", in_topic=True)
    yield from _bad(SEND, "server", topic, "TOPIC_CLOSED", "TOPIC_DELETED", in_topic=True)
    # The first topic, which is written to without naming it, can be closed as well.
    yield from _bad(SEND, "server", alone, "TOPIC_CLOSED")

    drops = Reaction.DROPS
    yield from _bad(SEND, _FAIL, drops, "message is too long")
    yield from _bad(SEND, "Client.cpp get_formatted_text", drops, "text is too long")
    yield from _bad(SEND, "MessageEntity.cpp fix_formatted_text", drops, "text must be non-empty")
    yield from _bad(SEND, "Client.cpp get_input_message_text", drops, "message text is empty")
    broken = "can't parse entities: Unexpected end tag at byte offset 1"
    yield from _bad(SEND, "MessageEntity.cpp parse_html", drops, broken)
    yield from _bad(SEND, "ReplyMarkup.cpp", drops, "inline keyboard button text must be encoded in UTF-8")
    yield from _bad(SEND, "Client.cpp fail_query_with_error", drops, "reply markup is too long")
    yield from _bad(SEND, "server", drops, "BUTTON_DATA_INVALID", "BUTTON_URL_INVALID", "REPLY_MARKUP_INVALID")
    yield from _bad(SEND, "server", drops, "ENTITY_BOUNDS_INVALID", "MESSAGE_EMPTY")

    yield from _of_every_call(SEND, Reaction.WAITS, Reaction.RETRIES)
    yield Refused(SEND, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    misdirected = "Misdirected Request: unallowed token specified"
    yield Refused(SEND, 421, misdirected, "ClientManager.cpp send", Reaction.RETRIES)
    yield from _of_the_token(SEND)


def _editing() -> Iterator[Refused]:
    yield from _forbidden(EDIT, _ACCESS, *_REMOVED)
    yield from _forbidden(EDIT, "server, Client.cpp fail_query_with_error", "bot was blocked by the user")
    alone = Reaction.LEAVES_CHAT_ALONE
    yield from _bad(EDIT, _CHECK, alone, "chat not found", "private chat not found")
    yield from _bad(EDIT, "DialogManager.cpp check_dialog_access", alone, "have no write access to the chat")
    yield from _bad(EDIT, "MessagesManager.cpp EditMessageQuery", alone, "can't access the chat")
    yield from _bad(EDIT, "server", alone, *_UNREACHABLE_CODES, *_NO_WRITING_CODES)

    anew = Reaction.SENDS_ANEW
    yield from _bad(EDIT, "Client.cpp check_message", anew, "message to edit not found")
    yield from _bad(EDIT, "MessagesManager.cpp edit_message_text", anew, "message not found", "message can't be edited")
    text = "there is no text in the message to edit"
    yield from _bad(EDIT, "MessagesManager.cpp edit_message_text", anew, text)
    yield from _bad(EDIT, "MessagesManager.cpp on_get_message_error", anew, "MESSAGE_ID_INVALID", "MSG_ID_INVALID")
    yield from _bad(EDIT, "server", anew, "MESSAGE_AUTHOR_REQUIRED", "MESSAGE_EDIT_TIME_EXPIRED", "TOPIC_CLOSED")
    # As of a group that has become a supergroup: only who sends there is told where it has gone.
    yield from _bad(EDIT, "server", anew, "PEER_ID_INVALID", "CHAT_ID_INVALID")

    yield from _bad(EDIT, "Client.cpp fail_query_with_error", Reaction.TAKES_AS_DONE, _NOT_MODIFIED)
    yield from _bad(EDIT, "server", Reaction.DROPS, "MESSAGE_TOO_LONG", "BUTTON_DATA_INVALID", "MESSAGE_EMPTY")
    yield from _bad(EDIT, "MessageEntity.cpp fix_formatted_text", Reaction.DROPS, "text must be non-empty")
    yield from _of_every_call(EDIT, Reaction.WAITS, Reaction.RETRIES)
    yield Refused(EDIT, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    yield from _of_the_token(EDIT)


def _disarming() -> Iterator[Refused]:
    ignores = Reaction.IGNORES
    yield from _bad(DISARM, "Client.cpp check_message", ignores, "message to edit not found")
    yield from _bad(DISARM, "MessagesManager.cpp edit_message_reply_markup", ignores, "message can't be edited")
    yield from _bad(DISARM, "Client.cpp fail_query_with_error", ignores, _NOT_MODIFIED)
    yield from _bad(DISARM, "server", ignores, "MESSAGE_ID_INVALID", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED")
    yield from _forbidden(DISARM, _ACCESS, "bot was kicked from the supergroup chat")
    yield from _of_every_call(DISARM, Reaction.WAITS, Reaction.RETRIES)
    yield Refused(DISARM, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)


def _deleting() -> Iterator[Refused]:
    yield from _forbidden(DELETE, _ACCESS, *_REMOVED, "the group chat was deleted")
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    yield Refused(DELETE, 400, moved, _ACCESS, Reaction.MOVES, migrate_to=-1001)
    alone = Reaction.LEAVES_CHAT_ALONE
    yield from _bad(DELETE, _CHECK, alone, "chat not found", "private chat not found")
    yield from _bad(DELETE, "MessageQueryManager.cpp DeleteMessagesQuery", alone, "can't access the chat")
    yield from _bad(DELETE, "server", alone, *_UNREACHABLE_CODES)

    yield from _bad(DELETE, "Client.cpp check_message", Reaction.TAKES_AS_DONE, "message to delete not found")
    keeps = Reaction.KEEPS_MESSAGE
    yield from _bad(DELETE, "MessagesManager.cpp delete_messages", keeps, "message can't be deleted")
    yield from _bad(DELETE, "MessagesManager.cpp delete_messages", keeps, "message can't be deleted for everyone")
    yield from _bad(DELETE, "server", keeps, "CHAT_ADMIN_REQUIRED", "MESSAGE_ID_INVALID")
    yield from _of_every_call(DELETE, Reaction.WAITS, Reaction.RETRIES)
    yield Refused(DELETE, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    yield from _of_the_token(DELETE)


def _leaving() -> Iterator[Refused]:
    done = Reaction.TAKES_AS_DONE
    for words in (*_REMOVED, "the group chat was deleted"):
        yield Refused(LEAVE, 403, f"Forbidden: {words}", _ACCESS, done)
    yield from _bad(LEAVE, _CHECK, done, "chat not found")
    yield from _bad(LEAVE, "server", done, *_UNREACHABLE_CODES)
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    yield Refused(LEAVE, 400, moved, _ACCESS, Reaction.MOVES, migrate_to=-1001)
    yield from _bad(LEAVE, "server", Reaction.DROPS, "USER_NOT_PARTICIPANT")
    yield from _of_every_call(LEAVE, Reaction.WAITS, Reaction.RETRIES)
    yield Refused(LEAVE, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    yield from _of_the_token(LEAVE)


def _others() -> Iterator[Refused]:
    late = "query is too old and response timeout expired or query ID is invalid"
    yield from _bad(ANSWER, "Client.cpp fail_query_with_error", Reaction.IGNORES, late)
    yield from _bad(ANSWER, "server", Reaction.IGNORES, "MESSAGE_TOO_LONG")
    yield from _of_every_call(ANSWER, Reaction.IGNORES, Reaction.IGNORES)

    yield from _bad(MENU, "server", Reaction.IGNORES, "BOT_COMMAND_INVALID", "BOT_COMMANDS_TOO_MUCH")
    yield from _bad(MENU, "BotCommand.cpp", Reaction.IGNORES, "command description must be non-empty")
    yield from _of_every_call(MENU, Reaction.RETRIES, Reaction.RETRIES)
    yield from _of_the_token(MENU)

    yield Refused(POLL, 409, _CONFLICT, "Client.cpp abort_long_poll", Reaction.RETRIES)
    yield Refused(POLL, 409, _WEBHOOK, "Client.cpp process_get_updates_query", Reaction.RETRIES)
    yield Refused(POLL, 409, "Conflict: terminated by setWebhook request", "Client.cpp", Reaction.RETRIES)
    yield Refused(POLL, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    yield from _of_every_call(POLL, Reaction.WAITS, Reaction.RETRIES)
    yield from _of_the_token(POLL)

    yield from _of_every_call(START, Reaction.RETRIES, Reaction.RETRIES)
    yield Refused(START, 400, "Logged out", "Client.cpp get_closing_error", Reaction.RETRIES)
    yield from _of_the_token(START)


REFUSALS = (*_sending(), *_editing(), *_disarming(), *_deleting(), *_leaving(), *_others())
