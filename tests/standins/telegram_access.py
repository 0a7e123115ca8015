"""Whether the bot gets into a chat: what Telegram checks before it lets a bot read, delete or write there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.standins.telegram_checks import Params, Refusal, bad_request, integer, string
from tests.standins.telegram_state import Chat

if TYPE_CHECKING:
    from tests.standins.telegram_chats import Chats


def known_chat(chats: Chats, params: Params) -> Chat:
    if not string(params, "chat_id"):
        raise bad_request("chat_id is empty")
    chat = chats.find(integer(params, "chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    return chat


def open_chat(chats: Chats, params: Params) -> Chat:
    """The chat, where the bot is still a guest."""
    chat = known_chat(chats, params)
    if chat.migrated_to is not None:
        what = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, what, migrate_to_chat_id=chat.migrated_to)
    if chat.closed:
        raise Refusal(403, f"Forbidden: {chat.closed}")
    return chat


def writable_chat(chats: Chats, params: Params) -> Chat:
    """The chat, where the bot may write now."""
    chat = open_chat(chats, params)
    if chat.person is not None and not chat.person.started:
        raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
    if chat.id in chats.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    wait = chat.flooded_until - chats.now()
    if wait > 0:
        seconds = math.ceil(wait)
        raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    return chat
